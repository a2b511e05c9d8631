"""What came back counts once, is noted with its mailing, and stops or spares whom it must."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.notices.bounces import ReturnKind, read_report
from noc_console.notices.channels.mailing import new_mark
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_contact, edit_contact, list_contacts
from noc_console.notices.mailing_records import mailing_of_mark
from noc_console.notices.notice import NoticeKind
from noc_console.notices.posting import PostingState
from noc_console.notices.returned_records import list_returned, note_refused, take_in
from noc_console.store.schema.notices import mailing, notice, posting
from tests.conftest import NOW
from tests.notices import returned_mail as sent
from tests.notices.letters import MARK


@pytest.fixture
def anna(any_store):
    return add_contact(any_store, Contact(address="anna@example.org"), "ann", NOW)


def put_mailing(store, contact, mark=MARK, state=PostingState.SENT, number=1):
    """Write a mail that went, with the posting and the notice it belongs to."""
    with store.write() as connection:
        notice_id = put(
            connection,
            notice,
            token=f"token-{mark}",
            kind="scheduled",
            state="approved",
            title="Work",
            content="{}",
            edition=1,
            made_by="ann",
            made_at=NOW,
            changed_by="ann",
            changed_at=NOW,
        )
        posting_id = put(
            connection,
            posting,
            notice_id=notice_id,
            version=1,
            send="week before",
            round=number,
            channel_id=1,
            channel_name="mail",
            channel_kind="email",
            act="post",
            state="sent",
            due_at=NOW,
            made_at=NOW,
            next_at=NOW,
        )
        return put(
            connection,
            mailing,
            posting_id=posting_id,
            contact_id=contact.id,
            address=contact.address,
            state=state.value,
            next_at=NOW,
            mark=mark,
        )


def put(connection, table, **values):
    """Write a row; what is not given is empty."""
    empty = {
        column.name: 0 if column.type.python_type is int else ""
        for column in table.columns
        if not column.nullable
        and not column.primary_key
        and column.name not in values
        and column.type.__class__.__name__ in {"Text", "Integer", "BigInteger", "Boolean"}
    }
    empty |= {
        column.name: []
        for column in table.columns
        if column.type.__class__.__name__ == "Json"
        and not column.nullable
        and column.name not in values
    }
    return connection.execute(
        sa.insert(table).values(**(empty | values)).returning(table.c.id)
    ).scalar_one()


def found(store, mark=MARK):
    with store.read() as connection:
        return mailing_of_mark(connection, mark)


def test_a_bounce_is_noted_with_its_mailing_once(any_store, anna):
    put_mailing(any_store, anna)
    report = read_report(sent.dsn())

    kept = take_in(any_store, report, NOW)
    assert kept is not None
    assert kept.address == "anna@example.org"
    assert take_in(any_store, report, NOW) is None

    assert found(any_store).state is PostingState.BOUNCED
    assert "no such user" in found(any_store).words
    assert len(list_returned(any_store, since=NOW - timedelta(days=1))) == 1


def test_an_address_that_is_dead_twice_gets_nothing_more(any_store, anna):
    marks = [MARK, new_mark()]
    for mark in marks:
        put_mailing(any_store, anna, mark)
    take_in(any_store, read_report(sent.dsn()), NOW)
    assert not list_contacts(any_store)[0].stopped_because
    take_in(any_store, read_report(sent.dsn() + b"\nthe same mail, reported again"), NOW)
    assert not list_contacts(any_store)[0].stopped_because

    take_in(any_store, read_report(sent.dsn(to=f"bounces+b{marks[1]}@example.com")), NOW)

    assert "no such user" in list_contacts(any_store)[0].stopped_because


def test_what_a_server_refuses_at_once_counts_too(any_store, anna):
    ids = [put_mailing(any_store, anna, mark) for mark in (MARK, new_mark())]
    for one in (ids[0], ids[0], ids[1]):
        note_refused(any_store, one, "5.1.1", "550 5.1.1 no such user", NOW)

    assert list_contacts(any_store)[0].stopped_because == "550 5.1.1 no such user"
    assert len(list_returned(any_store, since=NOW - timedelta(days=1))) == 2


def test_a_full_mailbox_stops_nobody(any_store, anna):
    for mark in (MARK, new_mark(), new_mark()):
        put_mailing(any_store, anna, mark)
        report = read_report(sent.dsn(to=f"bounces+b{mark}@example.com", status="5.2.2", said="x"))
        take_in(any_store, report, NOW)

    assert not list_contacts(any_store)[0].stopped_because


def test_an_address_that_was_mended_begins_anew(any_store, anna):
    for mark in (MARK, new_mark()):
        put_mailing(any_store, anna, mark)
        take_in(any_store, read_report(sent.dsn(to=f"bounces+b{mark}@example.com")), NOW)
    (stopped,) = list_contacts(any_store)
    assert stopped.stopped_because

    edit_contact(any_store, replace(stopped, address="new@example.org"), "ann", NOW)

    (mended,) = list_contacts(any_store)
    assert not mended.stopped_because
    put_mailing(any_store, mended, (third := new_mark()))
    take_in(any_store, read_report(sent.dsn(to=f"bounces+b{third}@example.com")), NOW)
    assert not list_contacts(any_store)[0].stopped_because


def test_who_leaves_gets_no_more_of_that_kind(any_store, anna):
    put_mailing(any_store, anna)
    take_in(any_store, read_report(sent.leaving()), NOW)

    assert list_contacts(any_store)[0].opt_outs == {NoticeKind.SCHEDULED}


def test_a_complaint_is_heard_like_leaving(any_store, anna):
    put_mailing(any_store, anna)
    take_in(any_store, read_report(sent.complaint()), NOW)

    assert list_contacts(any_store)[0].opt_outs == {NoticeKind.SCHEDULED}


def test_a_stranger_can_stop_nobody(any_store, anna):
    put_mailing(any_store, anna)
    stranger = sent.dsn(to=f"bounces+b{new_mark()}@example.com", original="")
    take_in(any_store, read_report(stranger), NOW)
    take_in(any_store, read_report(sent.leaving().replace(MARK.encode(), b"a" * 20)), NOW)

    (kept,) = list_contacts(any_store)
    assert not kept.stopped_because
    assert not kept.opt_outs
    assert found(any_store).state is PostingState.SENT
    assert {one.mailing_id for one in list_returned(any_store, since=NOW)} == {None}


def test_an_absence_note_proves_that_a_mail_in_doubt_arrived(any_store, anna):
    put_mailing(any_store, anna, state=PostingState.IN_DOUBT)
    take_in(any_store, read_report(sent.absence()), NOW)

    assert found(any_store).state is PostingState.SENT
    assert "It arrived" in found(any_store).words


def test_a_delay_is_told_and_changes_nothing_else(any_store, anna):
    put_mailing(any_store, anna)
    report = read_report(sent.dsn(action="delayed", status="4.4.1", said="smtp; 451 busy"))
    take_in(any_store, report, NOW)

    assert found(any_store).state is PostingState.SENT
    assert "451 busy" in found(any_store).words
    (kept,) = list_returned(any_store, since=NOW)
    assert kept.kind is ReturnKind.DELAYED
