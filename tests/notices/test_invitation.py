"""A calendar reads the event back as it was meant, and moves or strikes out the one it has."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from noc_console.notices.channels.invitation import invitation_of, invitation_text
from noc_console.notices.notice import Notice, NoticeKind, Send
from tests.notices.letters import AT, STARTS, TEXT, invitation


def event_of(one, name="Anna", **fields):
    usual = {
        "organizer": "noc@example.com",
        "organizer_name": "Example Hosting",
        "address": "anna@example.com",
        "name": name,
    }
    calendar = Calendar.from_ical(invitation_text(one, **(usual | fields)))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_an_event_has_the_exact_time_and_keeps_nobody_from_other_appointments():
    calendar, event = event_of(invitation())

    assert calendar["METHOD"] == "REQUEST"
    assert event.decoded("DTSTART") == STARTS
    assert event.decoded("DTEND") == STARTS + timedelta(minutes=15)
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["SUMMARY"] == TEXT.title
    assert event["DESCRIPTION"] == TEXT.plain
    assert event["ATTENDEE"] == "mailto:anna@example.com"
    assert event["ORGANIZER"].params["CN"] == "Example Hosting"


def test_a_change_is_the_same_event_with_a_higher_number():
    _, before = event_of(invitation(number=1))
    _, after = event_of(invitation(number=2, starts_at=STARTS + timedelta(hours=1)))

    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_cancelled_event_is_struck_out():
    calendar, event = event_of(invitation(is_cancelled=True, number=3))

    assert calendar["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    "name",
    ['Anna "the" Ä, B; C: D', "Anna\r\nATTENDEE:mailto:eve@example.com", "a^b", "איתן", "😀" * 40],
)
def test_a_name_stays_a_name(name):
    _, event = event_of(invitation(), name=name)

    assert event["ATTENDEE"] == "mailto:anna@example.com"
    assert event["ATTENDEE"].params["CN"] == " ".join(name.split())


@given(st.text(max_size=300), st.text(max_size=100))
def test_no_text_ends_the_event_or_makes_a_line_too_long(description, title):
    one = invitation(description=description, title=title)
    text = invitation_text(
        one, organizer="a@b.example", organizer_name=title, address="c@d.example", name=title
    )

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("\r\nBEGIN:") == 1
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert set(event) == {
        *("UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION"),
        *("STATUS", "TRANSP", "ORGANIZER", "ATTENDEE"),
    }


@pytest.mark.parametrize(
    ("send", "kind", "method"),
    [
        (Send.WEEK_BEFORE, NoticeKind.SCHEDULED, "REQUEST"),
        (Send.POSTPONED, NoticeKind.SCHEDULED, "REQUEST"),
        (Send.CANCELLED, NoticeKind.SCHEDULED, "CANCEL"),
        (Send.UPDATE, NoticeKind.SCHEDULED, None),
        (Send.FIRST_WORD, NoticeKind.UNSCHEDULED, None),
    ],
)
def test_what_changes_a_plan_brings_an_invitation(send, kind, method):
    notice = Notice(kind=kind, title="Work", starts_at=STARTS, minutes=15)
    one = invitation_of(notice, send, TEXT, token="t", number=2, sender="noc@example.com", at=AT)

    assert (one.method if one else None) == method


def test_a_notice_without_a_time_brings_none():
    notice = Notice(kind=NoticeKind.SCHEDULED, title="Work")

    assert (
        invitation_of(
            notice, Send.WEEK_BEFORE, TEXT, token="t", number=1, sender="n@e.example", at=AT
        )
        is None
    )


def test_the_hour_of_the_autumn_night_is_exact():
    starts = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    _, event = event_of(invitation(starts_at=starts, ends_at=starts + timedelta(minutes=120)))

    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=120)
