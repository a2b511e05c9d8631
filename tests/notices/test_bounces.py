"""What comes back is told apart: bounces, delays, absence notes, complaints, leaving, people."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from noc_console.notices.bounces import ReturnKind, is_dead, read_report
from tests.notices import returned_mail as sent
from tests.notices.letters import MARK


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (sent.dsn(), ReturnKind.BOUNCED, "5.1.1"),
        (sent.dsn(status="5.0.0"), ReturnKind.BOUNCED, "5.1.1"),
        (sent.dsn(action="delayed", status="4.4.1", said="smtp; x"), ReturnKind.DELAYED, "4.4.1"),
        (sent.dsn(action="delivered", status="2.0.0", said="x"), ReturnKind.DELIVERED, "2.0.0"),
        (sent.dsn(action="Failed (final)"), ReturnKind.OTHER, ""),
        (sent.qmail(), ReturnKind.BOUNCED, "5.1.1"),
        (sent.exim(), ReturnKind.BOUNCED, "5.2.2"),
        (sent.exim(code="451 4.7.1 greylisted"), ReturnKind.DELAYED, "4.7.1"),
        (sent.exim(code="550 unroutable"), ReturnKind.BOUNCED, ""),
        (sent.exim(code="451 greylisted"), ReturnKind.DELAYED, ""),
        (sent.complaint(), ReturnKind.COMPLAINT, ""),
        (sent.absence(), ReturnKind.AUTO_REPLY, ""),
        (sent.absence(subject="Abwesenheitsnotiz: Wartung"), ReturnKind.AUTO_REPLY, ""),
        (sent.absence(subject="Hello", Auto_Submitted="auto-replied"), ReturnKind.AUTO_REPLY, ""),
        (sent.absence(subject="Hello", X_Autoreply="yes"), ReturnKind.AUTO_REPLY, ""),
        (sent.leaving(), ReturnKind.LEAVES, ""),
        (sent.leaving(tag="", subject=f"unsubscribe {MARK}"), ReturnKind.LEAVES, ""),
        (sent.written("Re: Maintenance", "When exactly?"), ReturnKind.OTHER, ""),
        (sent.written("Re: Maintenance", "Please unsubscribe me"), ReturnKind.OTHER, ""),
    ],
)
def test_each_kind_is_known(raw, kind, status):
    report = read_report(raw)

    assert (report.kind, report.status) == (kind, status)
    assert report.mark == MARK


def test_an_absence_note_to_the_address_for_leaving_leaves_nobody():
    report = read_report(sent.leaving(Auto_Submitted="auto-generated"))

    assert report.kind is not ReturnKind.LEAVES


def test_a_report_names_the_address_and_what_was_said():
    report = read_report(sent.dsn())

    assert report.address == "anna@example.org"
    assert report.words == "550 5.1.1 <anna@example.org>: no such user"


@pytest.mark.parametrize(
    "fields",
    [
        {"to": "noc@example.com"},
        {"to": "noc@example.com", "envelope": MARK, "original": ""},
        {"to": f"bounces+B{MARK.upper()}@example.com", "original": ""},
    ],
)
def test_the_mail_is_found_by_its_address_its_envelope_or_its_id(fields):
    assert read_report(sent.dsn(**fields)).mark == MARK


def test_a_report_of_another_mail_has_no_mark():
    report = read_report(sent.dsn(to="noc@example.com", original="Message-ID: <x@y.example>\n"))

    assert report.kind is ReturnKind.BOUNCED
    assert report.mark == ""


def test_what_a_stranger_writes_is_inert():
    report = read_report(sent.dsn(said="smtp; 550 5.1.1 \x1b[31mred\x07" + "x" * 5000))

    assert "\x1b" not in report.words
    assert len(report.words) <= 300


@pytest.mark.parametrize(
    ("status", "dead"),
    [("5.1.1", True), ("5.1.10", True), ("5.2.2", False), ("5.7.1", False), ("4.1.1", False)],
)
def test_only_some_refusals_say_that_the_address_is_dead(status, dead):
    assert is_dead(status) is dead


def test_parts_within_parts_without_end_are_read_to_an_end():
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000)
    )

    assert read_report(nested).kind is ReturnKind.OTHER


_SOME = [sent.dsn(), sent.exim(), sent.complaint(), sent.leaving()]


@given(st.binary(max_size=500))
@example(b"Content-Type: multipart/report; report-type*=x''%ff\n\n")
@example(b"Subject: =?utf-8?b?x?=\n\n")
@example(b"Subject: =?nonsense?q?x?=\nTo: \xff\xfe\n\n")
def test_any_bytes_give_a_report(raw):
    report = read_report(raw)

    assert report.words.isprintable()
    assert report.key


@given(st.sampled_from(_SOME), st.integers(0, 900), st.binary(max_size=30))
def test_any_damage_gives_a_report(raw, place, damage):
    report = read_report(raw[:place] + damage + raw[place + len(damage) :])

    assert report.words.isprintable()


def test_a_report_without_any_text_is_read():
    raw = b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nContent-Type: text/html\n\nno"

    assert read_report(raw).status == ""
