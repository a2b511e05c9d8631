"""`noc-console line`: which lines hold and why, chosen and taken back."""

import pytest


@pytest.fixture
def fleet(say):
    """Give the command line on a store with two servers."""
    say("server", "add", "web1", "--host", "192.0.2.1", "--group", "web")
    say("server", "add", "db1", "--host", "192.0.2.2", "--group", "db")
    return say


def line_of(say, key, *owner):
    told = say("line", "list", *owner, "--json").json
    return next(line for line in told["lines"] if line["key"] == key)


def test_the_list_says_which_line_holds_and_whose_it_is(fleet):
    told = fleet("line", "list", "web1")

    assert told.code == 0
    assert "0.7 a core for 5 min" in told.out
    assert "profile Every server" in told.out


def test_a_line_set_for_a_group_holds_for_its_servers_and_no_others(fleet):
    said = fleet("line", "set", "load1", "--group", "web", "--early", "1", "--cut-off", "3")

    assert (
        said.out == "load1 for group web: early 1 a core for 5 min, cut-off 3 a core for 1 min.\n"
    )
    assert line_of(fleet, "load1", "web1")["source"] == "group web"
    assert line_of(fleet, "load1", "db1")["early"] == 0.7


def test_what_is_not_named_stays_as_it_held(fleet):
    fleet("line", "set", "load1", "--group", "web", "--early", "1", "--cut-off", "3")
    fleet("line", "set", "load1", "web1", "--cut-off", "4", "--no-per-core")

    line = line_of(fleet, "load1", "web1")

    assert (line["early"], line["cut_off"], line.get("per_core")) == (1.0, 4.0, None)
    assert line["source"] == "this server"


def test_a_line_for_one_file_system_stands_beside_that_of_all(fleet):
    fleet("line", "set", "mount_used_percent:/backup", "web1", "--early", "97", "--cut-off", "99")

    assert line_of(fleet, "mount_used_percent:/backup", "web1")["cut_off"] == 99
    assert line_of(fleet, "mount_used_percent", "web1")["cut_off"] == 95


def test_a_value_can_be_silenced_and_told_of_again(fleet):
    assert "never told of" in fleet("line", "set", "zombies", "--all", "--off").out
    assert line_of(fleet, "zombies", "web1")["is_off"] is True

    assert fleet("line", "reset", "--all", "--key", "zombies").out == (
        "Took back 1 line of all servers.\n"
    )
    assert line_of(fleet, "zombies", "web1")["is_off"] is False


def test_a_reset_where_nothing_was_chosen_says_so(fleet):
    told = fleet("line", "reset", "web1")

    assert (told.code, told.err[:19]) == (1, "Nothing was chosen ")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("line", "set", "loda1", "web1", "--early", "1"), 1, "Nothing is measured"),
        (("line", "set", "load1", "web1", "--early", "9"), 1, "must be reached first"),
        (("line", "set", "load1", "web1"), 2, "Say what to change"),
        (("line", "set", "load1", "--early", "1"), 2, "Say for whom"),
        (("line", "list", "--group", "wbe"), 1, "There is no group called"),
        (("line", "profile", "webb", "web1"), 1, "There is no profile"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence_and_changes_nothing(fleet, words, code, sentence):
    told = fleet(*words)

    assert told.code == code
    assert sentence in told.err
    assert line_of(fleet, "load1", "web1")["source"] == "profile Every server"


def test_a_profile_is_chosen_for_a_group_and_taken_back(fleet):
    assert {one["key"] for one in fleet("line", "profile", "--json").json["profiles"]} == {
        "every",
        "shared-web",
        "mail",
        "database",
        "dns",
        "vps-node",
    }
    fleet("line", "profile", "database", "--group", "db")
    assert line_of(fleet, "mount_used_percent", "db1")["source"] == "profile Database"

    fleet("line", "profile", "none", "--group", "db")
    assert line_of(fleet, "mount_used_percent", "db1")["source"] == "profile Every server"
