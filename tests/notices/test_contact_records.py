"""Contacts are kept once each, and what they do not want to hear outlives everything."""

from dataclasses import replace

import pytest

from noc_console.notices.contact import Contact, InvalidContact, choose
from noc_console.notices.contact_records import (
    AddressTaken,
    ContactChanged,
    UnknownContact,
    add_and_edit,
    add_contact,
    edit_contact,
    get_contact,
    list_contacts,
    list_removed,
    opt_out,
    remove_contact,
    stop,
)
from noc_console.notices.notice import NoticeKind
from noc_console.store.changes import ChangeSignal
from tests.conftest import NOW

ANNA = Contact(
    address="Anna@example.com",
    name="Anna, die Große\n",
    customers=("Müller, Söhne",),
    groups=("web",),
    zone="Europe/Berlin",
    language="de",
    opt_outs=frozenset({NoticeKind.SCHEDULED}),
    notes="calls back",
)


def add(store, one=ANNA):
    return add_contact(store, one, "ann", NOW)


def test_a_contact_is_read_as_it_was_written(any_store):
    kept = add(any_store)

    assert list_contacts(any_store) == (kept,)
    assert replace(kept, id=0) == ANNA
    assert get_contact(any_store, "anna@EXAMPLE.com") == kept


def test_a_change_is_seen_by_others(any_store):
    signal = ChangeSignal(any_store)
    signal.poll()
    add(any_store)

    assert "contact" in signal.poll()
    signal.close()


def test_an_address_is_there_once(any_store):
    add(any_store)
    with pytest.raises(AddressTaken):
        add(any_store, replace(ANNA, address="anna@example.com"))
    with pytest.raises(AddressTaken):
        add_and_edit(
            any_store,
            [Contact(address="a@b.example"), Contact(address="A@b.example")],
            [],
            "ann",
            NOW,
        )
    assert len(list_contacts(any_store)) == 1


def test_who_comes_back_after_removal_still_wants_what_they_wanted(any_store):
    kept = add(any_store)
    remove_contact(any_store, kept.id, "ann", NOW)
    assert list_contacts(any_store) == ()
    assert list_removed(any_store) == (kept,)

    again = add(any_store, Contact(address="anna@example.com"))

    assert again.id == kept.id
    assert again.opt_outs == ANNA.opt_outs
    assert list_removed(any_store) == ()


def test_an_address_may_move_to_that_of_a_removed_contact(any_store):
    gone = add(any_store)
    remove_contact(any_store, gone.id, "ann", NOW)
    ben = add(any_store, Contact(address="ben@example.com"))

    edit_contact(any_store, replace(ben, address="anna@example.com"), "ann", NOW)

    (now,) = list_contacts(any_store)
    assert now.id == ben.id
    assert now.opt_outs == ANNA.opt_outs


def test_a_contact_that_changed_meanwhile_stops_a_whole_import(any_store):
    kept = add(any_store)
    edit_contact(any_store, replace(kept, name="Other"), "ben", NOW)

    with pytest.raises(ContactChanged):
        add_and_edit(
            any_store,
            [Contact(address="new@example.com")],
            [(kept, replace(kept, name="Mine"))],
            "ann",
            NOW,
        )
    assert [one.name for one in list_contacts(any_store)] == ["Other"]


def test_an_address_that_is_not_there_is_told_with_near_ones(any_store):
    add(any_store)
    with pytest.raises(UnknownContact, match=r"did you mean Anna@example\.com"):
        get_contact(any_store, "ana@example.com")


def test_a_zone_nobody_knows_is_refused(store):
    with pytest.raises(InvalidContact, match="time zone"):
        add(store, replace(ANNA, zone="Europe/Nowhere"))


def test_leaving_and_stopping_are_noted_once(any_store):
    kept = add(any_store, replace(ANNA, opt_outs=frozenset()))
    with any_store.write() as connection:
        assert opt_out(connection, kept.id, NoticeKind.SCHEDULED, "themselves", NOW)
        assert not opt_out(connection, kept.id, NoticeKind.SCHEDULED, "themselves", NOW)
        assert stop(connection, kept.id, "550 no such user", "a bounce", NOW)
        assert not stop(connection, kept.id, "again", "a bounce", NOW)

    (now,) = list_contacts(any_store)
    assert now.opt_outs == {NoticeKind.SCHEDULED}
    assert now.stopped_because == "550 no such user"


@pytest.mark.parametrize(
    "fields",
    [
        {"address": "nobody"},
        {"address": "a b@c.example"},
        {"address": "a@b.example\nBcc: x@y.example"},
        {"address": "<a@b.example>"},
        {"address": f"{'a' * 65}@b.example"},
        {"address": "a@-b.example"},
        {"language": "German"},
        {"zone": "Europe Berlin"},
        {"customers": ("",)},
        {"name": "x" * 121},
    ],
)
def test_a_contact_that_cannot_be_is_refused(fields):
    with pytest.raises(InvalidContact):
        Contact(**({"address": "a@b.example"} | fields))


def test_those_a_notice_concerns_get_it_once_and_the_others_are_told_why():
    anna = Contact(address="anna@x.example", customers=("A  GmbH", "B"))
    left = replace(anna, address="left@x.example", opt_outs=frozenset({NoticeKind.SCHEDULED}))
    dead = replace(anna, address="dead@x.example", stopped_because="550 no such user")
    web = Contact(address="web@x.example", groups=("Web",))
    other = Contact(address="other@x.example", customers=("Z",))

    chosen = choose(
        [anna, left, dead, web, other],
        NoticeKind.SCHEDULED,
        customers=["a gmbh", "b", "Nobody Ltd"],
        groups=["web"],
    )

    assert chosen.contacts == (anna, web)
    assert [one for one, _ in chosen.left_out] == [left, dead]
    assert "no scheduled" in chosen.left_out[0][1]
    assert chosen.without_contact == ("Nobody Ltd",)


def test_faults_still_reach_who_wants_no_planned_work():
    left = Contact(
        address="a@x.example", customers=("A",), opt_outs=frozenset({NoticeKind.SCHEDULED})
    )

    assert choose([left], NoticeKind.UNSCHEDULED, customers=["A"]).contacts == (left,)


def test_for_all_reaches_everybody():
    anybody = Contact(address="a@x.example")

    assert choose([anybody], NoticeKind.SCHEDULED, is_for_all=True).contacts == (anybody,)
