"""A bulk edit changes what was asked on each server and nothing else."""

from dataclasses import fields

import pytest

from noc_console.desk.fleet_edit.bulk_change import BulkChange, changed_servers, words_in
from noc_console.fleet.server import Authentication, InvalidServer, Server, ServerKind

WEB = Server(
    id=1, name="web1", address="10.0.0.1", user="ops", groups=("web",), notes="Rack 4.", brand="A"
)
MAIL = Server(id=2, name="mail1", address="10.0.0.2", expected_services=("postfix", "dovecot"))
HERE = Server(id=3, name="here", kind=ServerKind.THIS_MACHINE)


def different(before: Server, after: Server) -> set[str]:
    names = (field.name for field in fields(Server))
    return {name for name in names if getattr(before, name) != getattr(after, name)}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (BulkChange(add_groups=("eu",)), "groups"),
        (BulkChange(add_services=("nginx",)), "expected_services"),
        (BulkChange(user="root"), "user"),
        (BulkChange(port=2222), "port"),
        (BulkChange(authentication=Authentication.KEY_FILE), "authentication"),
        (BulkChange(key_file="~/.ssh/fleet"), "key_file"),
        (BulkChange(jumps=("gate",)), "jumps"),
        (BulkChange(tick_s=30), "tick_s"),
        (BulkChange(brand="B"), "brand"),
        (BulkChange(notes_line="Moved in May."), "notes"),
    ],
)
def test_a_bulk_edit_changes_only_the_field_it_names(change: BulkChange, field: str) -> None:
    assert different(WEB, change.apply(WEB)) == {field}


def test_an_empty_change_leaves_every_server_out() -> None:
    assert BulkChange().is_empty
    assert changed_servers(BulkChange(), [WEB, MAIL, HERE]) == ()


def test_a_field_set_to_nothing_is_emptied_and_not_left_alone() -> None:
    assert BulkChange(user="").apply(WEB).user == ""
    assert BulkChange(jumps=()).apply(Server(name="x", address="x", jumps=("gate",))).jumps == ()


def test_a_group_already_there_is_not_doubled_and_a_removed_one_goes() -> None:
    change = BulkChange(add_groups=("web", "eu"), remove_groups=("old",))
    before = Server(name="x", address="x", groups=("old", "web"))

    assert change.apply(before).groups == ("web", "eu")


def test_how_this_machine_is_reached_never_changes() -> None:
    change = BulkChange(user="root", port=2222, jumps=("gate",), add_groups=("eu",))

    assert different(HERE, change.apply(HERE)) == {"groups"}


def test_a_server_never_jumps_over_itself() -> None:
    assert BulkChange(jumps=("web1", "gate")).apply(WEB).jumps == ("gate",)


def test_the_sentence_names_the_server_that_cannot_be_right() -> None:
    with pytest.raises(InvalidServer, match=r"web1: 'no service'"):
        changed_servers(BulkChange(add_services=("no service",)), [WEB])


def test_a_line_is_added_under_the_notes() -> None:
    assert BulkChange(notes_line="Moved.").apply(WEB).notes == "Rack 4.\nMoved."


def test_what_can_be_removed_is_what_any_of_the_servers_has() -> None:
    assert words_in([WEB, MAIL], "expected_services") == ("dovecot", "postfix")
