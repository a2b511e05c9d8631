"""Lines of sshd become events, whoever wrote the names in them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.logins.sshd_log import EventKind, LogClock, read_events

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CLOCK = LogClock(now=NOW, zone=timezone(timedelta(hours=2)))
KEY = "SHA256:3z0zkHOHaHumn0BZNF8sWh5qiJKDfaPSeRJNuNzDr1Q"
CA = "SHA256:08pSiXDl06WsdKrP+L0zc5rq/nqh7ajXQb2wSB3mvD4"


def events(*lines, clock=CLOCK):
    """Give the events of some lines."""
    return list(read_events(enumerate((one.encode() for one in lines), 1), clock))


def one(message, head="Mar  1 09:00:00 web01 sshd[12]: "):
    """Give the only event of one message."""
    [event] = events(head + message)
    return event


def test_a_login_by_key_has_its_fingerprint():
    event = one(f"Accepted publickey for ann from 203.0.113.7 port 4022 ssh2: ED25519 {KEY}")

    assert (event.kind, event.user, event.address, event.port) == (
        EventKind.ACCEPTED,
        "ann",
        "203.0.113.7",
        4022,
    )
    assert (event.method, event.fingerprint, event.is_by_password) == ("publickey", KEY, False)


def test_a_certificate_is_known_by_its_authority_for_each_has_a_new_key():
    event = one(
        f"Accepted publickey for ann from 2001:db8::7 port 4022 ssh2: ED25519-CERT {KEY} ID ann "
        f"(serial 7) CA ED25519 {CA}"
    )

    assert (event.fingerprint, event.address) == (f"CA {CA}", "2001:db8::7")


def test_an_old_fingerprint_in_md5_is_one_too():
    print_of_old = ":".join(["ab"] * 16)
    event = one(f"Accepted publickey for ann from 203.0.113.7 port 4 ssh2: RSA {print_of_old}")

    assert event.fingerprint == print_of_old


@pytest.mark.parametrize("method", ["password", "keyboard-interactive/pam"])
@pytest.mark.parametrize("what", ["Accepted", "Failed"])
def test_a_password_is_one_by_way_of_pam_too(what, method):
    assert one(f"{what} {method} for root from 203.0.113.7 port 4022 ssh2").is_by_password


@pytest.mark.parametrize(
    ("message", "kind", "user"),
    [
        ("Invalid user oracle from 203.0.113.7 port 40", EventKind.INVALID, "oracle"),
        ("Invalid user  from 203.0.113.7 port 40", EventKind.INVALID, ""),
        ("Invalid user x from 203.0.113.7", EventKind.INVALID, "x"),
        (
            "pam_unix(sshd:session): session opened for user ann(uid=1000) by (uid=0)",
            EventKind.OPENED,
            "ann",
        ),
        ("pam_unix(sshd:session): session closed for user ann", EventKind.ENDED, "ann"),
        ("Disconnected from user ann 203.0.113.7 port 40", EventKind.ENDED, "ann"),
        ("Connection closed by 203.0.113.7 port 40", EventKind.ENDED, ""),
        (
            "Received disconnect from 203.0.113.7 port 40:11: disconnected by user",
            EventKind.ENDED,
            "",
        ),
        ("Partial publickey for ann from 203.0.113.7 port 40 ssh2", EventKind.PARTIAL, "ann"),
    ],
)
def test_other_lines_that_matter(message, kind, user):
    event = one(message)

    assert (event.kind, event.user) == (kind, user)


@pytest.mark.parametrize(
    "message",
    [
        "Server listening on 0.0.0.0 port 22.",
        f"Accepted key ED25519 {KEY} found at /home/ann/.ssh/authorized_keys:1",
        "Connection closed by authenticating user root 203.0.113.7 port 40 [preauth]",
        "error: maximum authentication attempts exceeded for root from 203.0.113.7 port 4 ssh2",
    ],
)
def test_lines_that_tell_of_no_login_are_none(message):
    assert events(f"Mar  1 09:00:00 web01 sshd[12]: {message}") == []


def test_repeated_messages_count_as_often_as_they_were():
    event = one(
        "message repeated 4 times: [ Failed password for root from 203.0.113.7 port 40 ssh2]"
    )

    assert (event.kind, event.count) == (EventKind.FAILED, 4)


def test_a_line_that_stands_for_several_says_for_how_many_and_keeps_its_own_words():
    line = "Mar  1 09:00:00 web01 sshd[12]: Failed password for root from 203.0.113.7 port 4 ssh2"
    [event] = events(f"N=57\t{line}")

    assert (event.count, event.line) == (57, line)


FAILED = "Failed password for invalid user {} from 203.0.113.7 port 4022 ssh2"


@pytest.mark.parametrize(
    "name",
    [
        "root from 198.51.100.1 port 22 ssh2",
        "x sshd[1]: Accepted password for root from 198.51.100.1 port 22 ssh2",
        "message repeated 99 times: [ Accepted password for root",
        "",
        " ",
        "a b",
        "\\033[2J",
    ],
)
def test_a_name_that_looks_like_a_line_stays_a_name(name):
    event = one(FAILED.format(name))

    assert (event.kind, event.user, event.address, event.count) == (
        EventKind.FAILED,
        name,
        "203.0.113.7",
        1,
    )


HEADS = [
    ("Mar  1 09:00:00 web01 sshd[12]: ", datetime(2026, 3, 1, 7, tzinfo=UTC)),
    ("2026-03-01T09:00:00.123456+01:00 web01 sshd[12]: ", datetime(2026, 3, 1, 8, tzinfo=UTC)),
    ("2026-03-01T09:00:00+0100 web01 sshd-session[12]: ", datetime(2026, 3, 1, 8, tzinfo=UTC)),
    ("2026-03-01T09:00:00Z web01 sshd[12]: ", datetime(2026, 3, 1, 9, tzinfo=UTC)),
    ("2026-03-01T09:00:00 web01 sshd[12]:  ", datetime(2026, 3, 1, 7, tzinfo=UTC)),
    ("Mar  3 09:00:00 web01 sshd(pam_unix)[12]: ", datetime(2026, 3, 3, 7, tzinfo=UTC)),
    ("Mar  4 09:00:00 web01 sshd[12]: ", datetime(2025, 3, 4, 7, tzinfo=UTC)),
    ("Dec 31 23:59:59 web01 sshd[12]: ", datetime(2025, 12, 31, 21, 59, 59, tzinfo=UTC)),
    ("Feb 29 09:00:00 web01 sshd[12]: ", datetime(2024, 2, 29, 7, tzinfo=UTC)),
]


@pytest.mark.parametrize(("head", "at"), HEADS, ids=[head[:36] for head, _ in HEADS])
def test_stamps_of_every_kind_become_the_newest_time_that_is_not_of_the_future(head, at):
    event = one("Invalid user x from 203.0.113.7 port 4", head)

    assert event.at.replace(microsecond=0) == at


def test_a_week_begins_on_monday_in_the_servers_own_time():
    monday = one("Invalid user x from 203.0.113.7 port 4", "2026-03-02T00:30:00+02:00 w sshd[1]: ")
    sunday = one("Invalid user x from 203.0.113.7 port 4", "Mar  1 23:30:00 w sshd[1]: ")

    assert (monday.hour_of_week, sunday.hour_of_week) == (0, 6 * 24 + 23)


@pytest.mark.parametrize("stamp", ["Feb 30 09:00:00", "Xyz  1 09:00:00", "2026-13-01T09:00:00"])
def test_a_stamp_that_names_no_time_is_no_event(stamp):
    assert events(f"{stamp} web01 sshd[12]: Invalid user x from 203.0.113.7 port 4") == []


PARTS = st.sampled_from(
    [
        "Mar  1 09:00:00 ",
        "2026-03-01T09:00:00+01:00 ",
        "0001-01-01T00:00:00+14:00 ",
        "9999-12-31T23:59:59-12:00 ",
        "web01 ",
        "sshd[1]: ",
        "sshd-session[99]: ",
        "N=3\t",
        "Accepted password for ",
        "Failed password for ",
        "message repeated 3 times: [ ",
        "root",
        " from ",
        "203.0.113.7",
        " port 4022",
        " ssh2",
        f": RSA {KEY}",
        "]",
    ]
)


@given(st.binary(max_size=200) | st.lists(PARTS | st.text(max_size=9), max_size=9).map("".join))
def test_any_bytes_give_events_or_nothing(line):
    content = line if isinstance(line, bytes) else line.encode("utf-8", "surrogatepass")

    for event in read_events([(1, content)], CLOCK):
        assert event.at.tzinfo is UTC
        assert 0 <= event.hour_of_week < 168
