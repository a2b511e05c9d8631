"""The window is told the senders of an audit from the evidence of that and of earlier months."""

from datetime import date, timedelta

import pytest

from noc_console.audit.audit_records import UnknownAudit, open_audit, put_collected
from noc_console.audit.check import Family
from noc_console.audit.earlier import earlier_evidence
from noc_console.audit.finding import Result
from noc_console.audit.spam.kept import read_panel
from noc_console.audit.spam.panel import SenderKind, Standing
from noc_console.fleet.server import Server
from tests.audit.judged import around, judged
from tests.conftest import NOW

WEB1 = Server(id=1, name="web1", address="192.0.2.1")
WEB2 = Server(id=2, name="web2", address="192.0.2.2")
LINE = "2026-11-27 10:00:00 1xX-0-2Q <= a@b.example U=shop P=local S=1"


def answer(last, counts, *, lines=""):
    """Give what MAIL-04 prints of days that end with `last`."""
    length = len(next(iter(counts.values())))
    days = [last - timedelta(days=length - 1 - number) for number in range(length)]
    told = ["MTA\texim", f"TODAY\t{last}", "DAYS\t" + " ".join(map(str, days))]
    told += [f"SENT\tuser\t{name}\t{' '.join(map(str, some))}" for name, some in counts.items()]
    return "\n".join([*told, *([lines] if lines else [])]) + "\n"


def put(store, month, answers):
    """Give an audit of a month that has collected an answer of MAIL-04 from each server."""
    begun = open_audit(store, month, [WEB1, WEB2], catalogue="c" * 64, by="ann", now=NOW)
    for server, output in answers.items():
        found = judged("MAIL-04", output)
        put_collected(
            store,
            begun.id,
            server.id,
            [found],
            family=Family.DEBIAN,
            system="Debian 12",
            cpu_ms=1,
            now=NOW,
        )
    return begun


def test_a_sender_is_shown_beside_what_the_month_before_kept_with_its_lines(store):
    put(store, "2026-10", {WEB1: answer(date(2026, 10, 31), {"shop": [20] * 20})})
    lines = f"LINE\tuser\tshop\t{LINE}"
    november = answer(date(2026, 11, 28), {"shop": [20, 900, 25]}, lines=lines)
    audit = put(store, "2026-11", {WEB1: november})

    shown = read_panel(store, audit.id, WEB1.id).senders[0]

    assert (shown.name, shown.kind, shown.standing) == ("shop", SenderKind.USER, Standing.HIGH)
    assert (shown.peak.day, shown.peak.mails, shown.month_mails) == (date(2026, 11, 27), 900, 945)
    assert shown.latest.is_partial
    assert [one.is_before for one in shown.days].count(True) == 19  # the last was not over then
    assert shown.lines == (LINE,)
    assert shown.key == (1, "MAIL-04", "user shop")


def test_a_server_without_mail_and_one_that_told_nothing_are_named(store):
    audit = put(store, "2026-11", {WEB1: "MTA\tnone\n", WEB2: "MTA\tpostfix\n"})

    panel = read_panel(store, audit.id)

    assert panel.no_mail == ("web1",)
    assert {(one.server_name, one.check_id) for one in panel.not_told} == {
        ("web1", "MAIL-05"),
        ("web2", "MAIL-04"),
        ("web2", "MAIL-05"),
    }
    assert all(one.why for one in panel.not_told)


def test_a_server_from_which_nothing_was_sent_has_no_row(store):
    quiet = "MTA\texim\nTODAY\t2026-11-28\nDAYS\t2026-11-27 2026-11-28\n"
    audit = put(store, "2026-11", {WEB1: quiet})

    assert read_panel(store, audit.id).senders == ()


def test_one_server_alone_can_be_read(store):
    days = answer(date(2026, 11, 28), {"shop": [20] * 20})
    audit = put(store, "2026-11", {WEB1: days, WEB2: days})

    assert {one.server_id for one in read_panel(store, audit.id, 2).senders} == {2}


def test_an_audit_that_is_not_there_is_said(store):
    with pytest.raises(UnknownAudit):
        read_panel(store, 99)


def test_evidence_of_earlier_months_only_is_the_past(store):
    old = answer(date(2026, 10, 31), {"shop": [20] * 3})
    put(store, "2026-10", {WEB1: old})
    audit = put(store, "2026-11", {WEB1: answer(date(2026, 11, 28), {"shop": [20] * 3})})
    put(store, "2026-12", {WEB1: answer(date(2026, 12, 28), {"shop": [20] * 3})})

    assert earlier_evidence(store, audit, 1, "MAIL-04") == (old.encode(),)
    assert earlier_evidence(store, audit, 2, "MAIL-04") == ()


def test_the_check_itself_is_judged_by_the_same_past():
    old = answer(date(2026, 10, 31), {"shop": [20] * 20}).encode()
    november = answer(date(2026, 11, 28), {"shop": [20, 900, 25]})
    known = around(earlier={"MAIL-04": (old, b"\0garbage of a year ago")})

    alone, beside = (judged("MAIL-04", november, surroundings=one) for one in (around(), known))

    assert (alone.result, beside.result) == (Result.NOT_MEASURED, Result.WARN)
