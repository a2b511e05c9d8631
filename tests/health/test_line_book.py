"""Which lines apply to a server and why; what people chose comes back as it was."""

import pytest

from noc_console.fleet.server import Server
from noc_console.health.line_book import ALL, LineBook, Owner, keys_in_order
from noc_console.health.line_records import (
    choose_lines,
    choose_profile,
    load_book,
    reset_lines,
)
from noc_console.health.lines import InvalidLines, Lines, lines_from_json, lines_to_json
from noc_console.health.measures import measure_of
from noc_console.health.profiles import EVERY, shipped_profiles
from tests.conftest import NOW

SERVER = Server(id=7, name="web", address="192.0.2.1", groups=("web", "old"))
HIGH, LOW = Lines(early=8.0, cut_off=9.0), Lines(early=1.0, cut_off=2.0)


def rule_of(book, key, server=SERVER):
    return book.line_set(server).rule(key)


def test_without_a_choice_the_profile_of_every_server_holds():
    rule = rule_of(LineBook(), "load1")

    assert (rule.lines.early, rule.lines.cut_off, rule.lines.early_minutes) == (0.7, 2.0, 5)
    assert rule.source == "profile Every server"
    assert rule.owner is None


@pytest.mark.parametrize("name", shipped_profiles())
def test_each_shipped_profile_has_lines_in_order_for_what_is_measured(name):
    profile = shipped_profiles()[name]

    assert profile.title
    assert profile.words.endswith(".")
    for key, lines in profile.lines.items():
        assert measure_of(key) is not None
        assert not lines.is_silent


def test_the_nearest_choice_holds_and_says_whose_it_is():
    group = LineBook(chosen={ALL: {"load1": HIGH}, Owner.group("old"): {"load1": LOW}})
    own = LineBook(chosen={**group.chosen, Owner.server(7): {"load1": HIGH}})

    assert rule_of(LineBook(chosen={ALL: {"load1": HIGH}}), "load1").source == "all servers"
    assert (rule_of(group, "load1").lines, rule_of(group, "load1").source) == (LOW, "group old")
    assert (rule_of(own, "load1").lines, rule_of(own, "load1").source) == (HIGH, "this server")


def test_of_two_groups_the_first_in_the_servers_list_counts():
    book = LineBook(
        chosen={Owner.group("old"): {"load1": LOW}, Owner.group("web"): {"load1": HIGH}}
    )

    assert rule_of(book, "load1").source == "group web"


def test_a_profile_lies_over_that_of_every_server_and_under_all_choices():
    book = LineBook(profiles={Owner.group("web"): "mail"}, chosen={ALL: {"zombies": LOW}})
    found = book.line_set(SERVER)

    assert found.profile.key == "mail"
    assert found.profile_source == "chosen for group web"
    assert found.rule("mail_queue").lines.early == 3000
    assert found.rule("steal_percent").source == "profile Every server"
    assert found.rule("zombies").source == "all servers"


def test_a_line_for_one_file_system_goes_before_that_of_all():
    book = LineBook(chosen={Owner.server(7): {"mount_used_percent:/backup": HIGH}})
    found = book.line_set(SERVER)

    assert found.lines("mount_used_percent:/backup") == HIGH
    assert found.lines("mount_used_percent:/").early == 85


def test_a_nearer_choice_for_all_file_systems_hides_a_farther_one_for_one():
    book = LineBook(
        chosen={
            ALL: {"mount_used_percent:/backup": HIGH},
            Owner.server(7): {"mount_used_percent": LOW},
        }
    )

    assert book.line_set(SERVER).lines("mount_used_percent:/backup") == LOW


def test_a_profile_this_program_does_not_know_is_as_none():
    book = LineBook(profiles={ALL: "of-a-newer-program"})

    assert book.line_set(SERVER).profile.key == EVERY


def test_lines_per_core_are_multiplied_and_others_are_not():
    found = LineBook().line_set(SERVER)

    assert found.lines("load1", 8).cut_off == 16.0
    assert found.lines("iowait_percent", 8).cut_off == 60.0
    assert found.lines("load1", 0).cut_off == 2.0


@pytest.mark.parametrize(
    "fields",
    [
        {"early": 5.0, "cut_off": 4.0},
        {"early": 4.0, "cut_off": 5.0, "below": True},
        {"early": -1.0},
        {"early": float("nan")},
        {"early": 1.0, "early_minutes": -1.0},
        {"early": 1.0, "hysteresis": 0.0},
    ],
)
def test_lines_that_cannot_be_right_are_refused_with_a_sentence(fields):
    with pytest.raises(InvalidLines) as caught:
        Lines(**fields)
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize("values", [{"earl": 1}, {"early": "x"}, {"per_core": 1}, {"early": True}])
def test_values_that_are_no_lines_are_refused(values):
    with pytest.raises(InvalidLines):
        lines_from_json(values)


def test_lines_come_back_from_json_as_they_were():
    for profile in shipped_profiles().values():
        for lines in profile.lines.values():
            assert lines_from_json(lines_to_json(lines)) == lines


def test_keys_stand_as_in_the_profile_and_those_of_one_thing_beside_their_family():
    keys = ["zombies", "mount_used_percent:/b", "load1", "tasks_total", "mount_used_percent"]

    assert keys_in_order(keys) == [
        "load1",
        "mount_used_percent",
        "mount_used_percent:/b",
        "zombies",
        "tasks_total",
    ]


def test_what_people_chose_is_kept_and_can_be_taken_back(any_store):
    own, group = Owner.server(7), Owner.group("web")
    choose_lines(any_store, own, {"load1": HIGH, "zombies": Lines()}, "anna", NOW)
    choose_lines(any_store, own, {"load1": LOW}, "ben", NOW)
    choose_lines(any_store, group, {"load1": HIGH}, "anna", NOW)
    choose_profile(any_store, group, "mail", "anna", NOW)

    book = load_book(any_store)
    assert book.of_owner(own) == {"load1": LOW, "zombies": Lines()}
    assert book.of_owner(group) == {"load1": HIGH}
    assert book.profiles == {group: "mail"}

    assert reset_lines(any_store, own, ["load1"]) == 1
    assert reset_lines(any_store, group) == 1
    choose_profile(any_store, group, "", "anna", NOW)
    assert load_book(any_store) == LineBook(chosen={own: {"zombies": Lines()}})


def test_what_is_not_measured_or_not_shipped_cannot_be_chosen(any_store):
    with pytest.raises(InvalidLines, match="Nothing is measured"):
        choose_lines(any_store, ALL, {"loda1": HIGH}, "anna", NOW)
    with pytest.raises(InvalidLines, match="no profile"):
        choose_profile(any_store, ALL, "webb", "anna", NOW)


def test_what_nothing_is_said_about_has_no_lines():
    lines = LineBook().line_set(SERVER)

    assert lines.lines("no_such_thing") is None
