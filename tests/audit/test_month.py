import pytest

from noc_console.audit.audit_records import open_audit, put_collected
from noc_console.audit.check import Family
from noc_console.audit.finding import CheckResult, Finding, Result, Severity
from noc_console.audit.month import AuditMonth, Change, compare, since_of
from noc_console.audit.month_records import (
    NoSuchMonth,
    audit_of_month,
    audits_before,
    check_month,
    read_month,
)
from noc_console.fleet.server import Server
from tests.conftest import NOW


def finding(item, result=Result.FAIL):
    return Finding(
        check_id="FW-01", item=item, result=result, severity=Severity.HIGH, sentence=item
    )


def month(name, *items, measured=True, results=None):
    return AuditMonth(
        month=name,
        audit_id=1,
        findings={
            (1, "FW-01", item): finding(item, (results or {}).get(item, Result.FAIL))
            for item in items
        },
        measured=frozenset({(1, "FW-01")} if measured else ()),
    )


def changes(earlier, later, older=()):
    return {one.item: (one.change, one.since) for one in compare(earlier, later, older)}


def test_each_finding_is_new_gone_changed_or_the_same_since():
    earlier = month("2026-10", "gone", "same", "changed")
    later = month("2026-11", "new", "same", "changed", results={"changed": Result.WARN})

    assert changes(earlier, later, [month("2026-09", "same")]) == {
        "new": (Change.NEW, "2026-11"),
        "gone": (Change.GONE, "2026-10"),
        "same": (Change.SAME, "2026-09"),
        "changed": (Change.CHANGED, "2026-10"),
    }


def test_what_was_not_looked_at_again_is_not_gone():
    found = changes(month("2026-10", "port"), month("2026-11", measured=False))

    assert found == {"port": (Change.NOT_LOOKED, "2026-10")}


def test_a_month_that_was_not_measured_neither_proves_nor_breaks_the_row():
    months = [
        month("2026-11", "port"),
        month("2026-10", measured=False),
        month("2026-09", "port"),
        month("2026-08"),
        month("2026-07", "port"),
    ]

    assert since_of((1, "FW-01", "port"), months) == "2026-09"


def test_what_asks_for_a_look_comes_first():
    earlier = month("2026-10", "same", "gone")
    later = month("2026-11", "same", "warns", "fails", results={"warns": Result.WARN})

    assert [one.item for one in compare(earlier, later)] == ["fails", "warns", "gone", "same"]


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "november", "", "2026-11-01"])
def test_what_is_no_month_is_said(text):
    with pytest.raises(NoSuchMonth, match="2026-11"):
        check_month(text)


def test_months_are_read_from_the_store_and_those_before_are_found(any_store):
    server = Server(id=1, name="web1", address="192.0.2.1")
    for name in ("2026-09", "2026-10", "2026-11"):
        begun = open_audit(any_store, name, [server], catalogue="c", by="ann", now=NOW)
    found = CheckResult(
        check_id="FW-01",
        result=Result.FAIL,
        why="",
        findings=(finding("tcp/25"),),
        at=NOW,
        took_ms=1,
        cpu_ms=None,
        evidence=b"",
        sha256="",
        raw_bytes=0,
    )
    put_collected(
        any_store,
        begun.id,
        1,
        [found],
        family=Family.DEBIAN,
        system="",
        cpu_ms=None,
        now=NOW,
    )
    read = read_month(any_store, audit_of_month(any_store, "2026-11"))

    assert list(read.findings) == [(1, "FW-01", "tcp/25")]
    assert read.measured == {(1, "FW-01")}
    assert [one.month for one in audits_before(any_store, begun)] == ["2026-10", "2026-09"]
    assert audits_before(any_store, begun, signed_only=True) == []
    with pytest.raises(NoSuchMonth, match="no audit of 2026-01"):
        audit_of_month(any_store, "2026-01")
