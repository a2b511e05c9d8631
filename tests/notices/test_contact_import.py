"""A table of customers' addresses is read whole, doubled by nothing, and forgets nobody's wish."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.importing.preview import Action, FileNotRead
from noc_console.notices.contact import Contact
from noc_console.notices.contact_import import compare, read_contacts
from noc_console.notices.notice import NoticeKind

WHMCS = (
    '"Client ID","First Name","Last Name","Company Name","Email","Language","Password"\n'
    '1,Anna,Müller,"Müller, Söhne & Co.",anna@example.com,german,secret\n'
    "2,Ben,,,ben@example.org,english,hunter2\n"
)


def only(text, **mapping):
    (one,) = read_contacts(text, "list.csv", mapping or None).contacts
    return one


def test_a_billing_systems_list_is_read_by_its_own_titles():
    table = read_contacts(WHMCS, "clients.csv")

    anna, ben = table.contacts
    assert anna == Contact(
        address="anna@example.com",
        name="Anna Müller",
        customers=("Müller, Söhne & Co.",),
        language="de",
    )
    assert ben.name == "Ben"
    assert ben.customers == ()


def test_what_is_not_understood_is_told_and_shows_no_secret():
    table = read_contacts(WHMCS, "clients.csv")

    assert [line.text for line in table.not_understood] == ["Client ID", "Password"]
    assert "hunter2" not in str(table.not_understood)


def test_an_address_is_one_contact_however_often_it_stands_there():
    one = only("email;customer\nA@example.com;Anna\na@EXAMPLE.com;Ben\n")

    assert one.address == "A@example.com"
    assert one.customers == ("Anna", "Ben")


def test_a_cell_may_hold_several_people():
    found = read_contacts('email\n"a@x.example; Ben B. <b@x.example>"\n', "f").contacts

    assert [(one.name, one.address) for one in found] == [
        ("", "a@x.example"),
        ("Ben B.", "b@x.example"),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("not an address,", "no e-mail address"),
        (",Anna", "no e-mail address"),
        ("a@b@c.example,", "no e-mail address"),
        ("a..b@c.example,", "no e-mail address"),
    ],
)
def test_a_row_without_a_good_address_is_a_line(row, why):
    table = read_contacts(f"email,name\n{row}\n", "f.csv")

    assert table.contacts == ()
    (line,) = table.not_understood
    assert line.number == 2
    assert why in line.why


@pytest.mark.parametrize(
    ("title", "cell", "field"),
    [("zone", "Europe/Nowhere", "zone"), ("language", "!!", "language"), ("opt-out", "sms", "x")],
)
def test_a_cell_that_cannot_be_is_left_out_and_told(title, cell, field):
    table = read_contacts(f"email,{title}\na@b.example,{cell}\n", "f.csv")

    assert table.contacts == (Contact(address="a@b.example"),)
    assert len(table.not_understood) == 1


@pytest.mark.parametrize(
    ("cell", "kinds"),
    [
        ("all", set(NoticeKind)),
        ("yes", set(NoticeKind)),
        ("scheduled", {NoticeKind.SCHEDULED}),
        ("no", set()),
        ("", set()),
    ],
)
def test_what_somebody_does_not_want_is_read(cell, kinds):
    assert only(f"email,unsubscribed\na@b.example,{cell}\n").opt_outs == kinds


def test_a_table_without_addresses_is_not_read():
    with pytest.raises(FileNotRead, match="first row must give"):
        read_contacts("name,company\nAnna,X\n", "f.csv")


def test_a_column_can_be_chosen_and_one_that_is_not_there_is_named():
    assert only("a,b\nx@y.example,Anna\n", address="a", name="b").name == "Anna"
    with pytest.raises(FileNotRead, match="no column 'c'"):
        read_contacts("a,b\n", "f.csv", {"address": "c"})
    with pytest.raises(FileNotRead, match="no field"):
        read_contacts("a,b\n", "f.csv", {"phone": "a", "address": "b"})


def test_a_second_import_adds_and_takes_nothing_away():
    before = Contact(
        id=1,
        address="a@b.example",
        name="Anna",
        customers=("One",),
        opt_outs=frozenset({NoticeKind.SCHEDULED}),
    )
    table = read_contacts("email,company,optout\na@b.example,Two,no\n", "f.csv")

    (row,) = compare(table, [before]).rows
    assert row.action is Action.UPDATE
    assert row.contact == replace(before, customers=("One", "Two"))
    (again,) = compare(table, [row.contact]).rows
    assert again.action is Action.SAME


def test_who_was_removed_comes_back_with_their_wish():
    gone = Contact(id=1, address="a@b.example", opt_outs=frozenset(NoticeKind))
    table = read_contacts("email\na@b.example\n", "f.csv")

    (row,) = compare(table, [], [gone]).rows
    assert row.action is Action.ADD
    assert row.contact.opt_outs == frozenset(NoticeKind)
    assert "come back" in row.notes[0]


def test_a_customer_the_fleet_does_not_know_is_told():
    table = read_contacts("email,customer\na@b.example,Anna  GmbH\nc@d.example,Ben\n", "f.csv")

    anna, ben = compare(table, [], [], ["anna gmbh"]).rows
    assert anna.notes == ()
    assert ben.notes == ("The fleet knows no customer “Ben”.",)


@given(st.text(max_size=300))
def test_any_rows_are_read(text):
    table = read_contacts(f"email,name\n{text}", "f.csv")

    assert len({one.key for one in table.contacts}) == len(table.contacts)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_sentence(content):
    with contextlib.suppress(FileNotRead):
        read_contacts(content.decode("cp1252", "replace"), "f.csv")
