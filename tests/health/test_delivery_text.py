"""What a message says, and that a stranger's words in it do nothing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.health.delivery.delivery import Item, ItemKind
from noc_console.health.delivery.smtp import mail_of
from noc_console.health.delivery.text import CHAT_LINES, MAIL_LINES, Message, message, span
from noc_console.health.verdict import Verdict
from tests.conftest import NOW
from tests.health.telling import MINUTE, alarm, anna, phone

NAMES = {1: "web1", 2: "mail1"}


def item(one, kind=ItemKind.RAISED):
    return Item(alarm_id=one.id, kind=kind, verdict=one.verdict)


def told(*alarms, to=None, kind=ItemKind.RAISED, now=NOW + 12 * MINUTE):
    known = {one.id: one for one in alarms}
    return message(to or anna(), [item(one, kind) for one in alarms], known, NAMES, now)


def test_one_alarm_says_how_bad_where_what_and_since_when():
    said = told(alarm(verdict=Verdict.DOWN, words="no answer on port 22"), to=anna())

    assert said.subject == "[noc-console] DOWN web1: no answer on port 22"
    assert said.body.splitlines()[0] == (
        "DOWN web1: no answer on port 22 (since 10:00 UTC, 12 min)"
    )
    assert "noc-console alarm ack 1" in said.body
    assert said.is_urgent


def test_times_are_those_of_the_recipients_clock():
    assert "since 11:00 CET" in told(alarm(), to=anna(zone="Europe/Berlin")).body


def test_a_flood_is_one_message_with_the_count_and_the_worst_first():
    many = [alarm(number, server_id=1 + number % 2) for number in range(1, 500)]
    worst = alarm(500, server_id=2, verdict=Verdict.DOWN, words="gone")
    said = told(*many, worst, to=phone())

    assert said.subject == "[noc-console] 500 alarms; worst DOWN mail1: gone"
    lines = said.body.splitlines()
    assert lines[0].startswith("DOWN mail1: gone")
    assert lines[CHAT_LINES] == f"… and {500 - CHAT_LINES} more; the Alarms page shows them all."
    assert len(told(*many, worst).body.splitlines()) == MAIL_LINES + 3


def test_an_alarm_of_a_whole_group_is_told_by_its_words():
    said = told(alarm(server_id=None, verdict=Verdict.DOWN, words="40 servers of web lost"))

    assert said.subject == "[noc-console] DOWN: 40 servers of web lost"


def test_the_end_says_how_long_it_lasted():
    over = alarm(cleared_at=NOW + timedelta(hours=2, minutes=5))
    said = told(over, kind=ItemKind.CLEARED, now=NOW + timedelta(hours=3))

    assert said.subject.startswith("[noc-console] 1 cleared; worst CLEARED") is False
    assert said.subject == "[noc-console] CLEARED web1: load 9.1, early line 4"
    assert "lasted 2 h 5 min" in said.body
    assert "alarm ack" not in said.body
    assert not said.is_urgent


def test_escalation_says_why_it_reaches_them():
    said = told(alarm(), to=anna(after_minutes=15))

    assert "Nobody has taken this up for 15 min." in said.body


@pytest.mark.parametrize(
    "trick",
    [
        "x\r\nBcc: all@example.com",
        "x\n\nnew body",
        "\x1b[2J\x07",
        "\u202ereversed",
    ],
)
def test_a_strangers_words_add_no_header_and_no_line(trick):
    said = told(alarm(words=trick))
    mail = mail_of(
        said, sender="noc@example.com", recipient="anna@example.com", name=trick, mark="1.2", at=NOW
    )

    assert len(said.body.splitlines()) == 3
    assert set(mail.keys()) <= {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "References"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert mail["Bcc"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == ["anna@example.com"]
    for control in ("\x1b", "\x07", "\u202e", "\r"):
        assert control not in said.subject + said.body


@pytest.mark.parametrize(
    "trick",
    ["@everyone", "<!channel>", "<@U123>", "[safe](http://evil)", "**bold**", "```x```", "a|b"],
)
def test_a_strangers_words_mention_nobody_and_format_nothing_in_a_chat(trick):
    said = told(alarm(words=trick), to=phone())

    assert not set("@<>[]*`|") & set(said.subject.removeprefix("[noc-console]"))
    assert not set("@<>[]*`|") & set(said.body)


@given(st.text(max_size=400))
def test_any_words_make_a_mail_of_one_subject_line(words):
    said = told(alarm(words=words))
    mail = mail_of(
        said, sender="noc@example.com", recipient="anna@example.com", name="A", mark="1", at=NOW
    )

    assert mail.as_bytes().count(b"\r\nSubject:") == 1
    assert b"\r\nBcc:" not in mail.as_bytes()


def test_a_message_keeps_its_mark_and_stands_in_the_thread_of_its_alarm():
    said = Message(subject="s", body="b", alarm_ids=(7, 8))
    mails = [
        mail_of(said, sender="n@e.org", recipient="a@e.org", name="A", mark="5.9", at=NOW)
        for _ in range(2)
    ]

    assert mails[0]["Message-ID"] == mails[1]["Message-ID"] == "<noc-console.5.9@e.org>"
    assert mails[0]["References"] == "<noc-console.alarm.7@e.org>"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (7500, "2 h 5 min"), (90_000, "1 d 1 h")],
)
def test_spans_read_in_their_two_largest_units(seconds, words):
    assert span(timedelta(seconds=seconds)) == words
