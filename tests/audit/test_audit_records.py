import hashlib

import pytest
import sqlalchemy as sa

from noc_console.audit.audit import AuditState, CollectState
from noc_console.audit.audit_records import (
    AuditIsSigned,
    UnknownAudit,
    evidence_of,
    findings_of,
    get_audit,
    list_audits,
    note_collecting,
    open_audit,
    put_collected,
    results_of,
    servers_of,
)
from noc_console.audit.check import Family
from noc_console.audit.finding import CheckResult, Finding, Result, Severity
from noc_console.fleet.server import Server, Site
from noc_console.store.changes import ChangeSignal
from noc_console.store.schema.audit import audit, audit_result
from tests.conftest import NOW

WEB1 = Server(
    id=1,
    name="web1",
    address="192.0.2.1",
    groups=("web",),
    sites=(Site(domain="a.example", customer="Ann"),),
)
WEB2 = Server(id=2, name="web2", address="192.0.2.2")


def begin(store, servers=(WEB1,), month="2026-11"):
    return open_audit(store, month, servers, catalogue="c" * 64, by="ann", now=NOW)


def result(check_id="FW-01", items=("tcp/3306",), evidence=b"LISTEN 0.0.0.0:3306\n"):
    findings = tuple(
        Finding(
            check_id=check_id,
            item=item,
            result=Result.FAIL,
            severity=Severity.CRITICAL,
            sentence=f"{item} is open to all and not agreed.",
            marks=(1,),
        )
        for item in items
    )
    return CheckResult(
        check_id=check_id,
        result=Result.FAIL if findings else Result.PASS,
        why="",
        findings=findings,
        at=NOW,
        took_ms=40,
        cpu_ms=None,
        evidence=evidence,
        sha256=hashlib.sha256(evidence).hexdigest(),
        raw_bytes=len(evidence),
    )


def collect(store, begun, server_id, *results):
    put_collected(
        store,
        begun.id,
        server_id,
        results,
        family=Family.DEBIAN,
        system="Debian 12",
        cpu_ms=900,
        now=NOW,
    )


def test_a_month_has_one_open_audit_and_new_servers_join_it(any_store):
    first = begin(any_store)
    again = begin(any_store, [WEB1, WEB2])

    assert again == first == get_audit(any_store, first.id)
    assert [one.server_name for one in servers_of(any_store, first.id)] == ["web1", "web2"]
    assert servers_of(any_store, first.id)[0].customers == ("Ann",)
    assert list_audits(any_store) == [first]


def test_what_was_collected_is_read_back_with_its_evidence(any_store):
    begun = begin(any_store)
    collect(any_store, begun, 1, result(), result("USR-01", (), b"root\n"))

    assert [finding.item for _, finding in findings_of(any_store, begun.id)] == ["tcp/3306"]
    assert {check: one.result for (_, check), one in results_of(any_store, begun.id).items()} == {
        "FW-01": Result.FAIL,
        "USR-01": Result.PASS,
    }
    assert evidence_of(any_store, begun.id, 1, "USR-01") == b"root\n"
    assert evidence_of(any_store, begun.id, 1, "USR-02") is None
    assert servers_of(any_store, begun.id)[0].state is CollectState.DONE


def test_a_check_that_is_made_again_takes_the_place_of_what_it_found_before(any_store):
    begun = begin(any_store)
    collect(any_store, begun, 1, result(items=("tcp/3306", "tcp/6379")))
    collect(any_store, begun, 1, result(items=("tcp/6379",), evidence=b"LISTEN 0.0.0.0:6379\n"))

    assert [finding.item for _, finding in findings_of(any_store, begun.id, 1)] == ["tcp/6379"]
    assert evidence_of(any_store, begun.id, 1, "FW-01") == b"LISTEN 0.0.0.0:6379\n"


def test_a_server_that_could_not_be_asked_says_why(store):
    begun = begin(store)
    note_collecting(store, begun.id, [1], CollectState.RUNNING, now=NOW)
    note_collecting(store, begun.id, [1], CollectState.FAILED, why="It does not answer.", now=NOW)

    (one,) = servers_of(store, begun.id)
    assert (one.state, one.why, one.started_at) == (CollectState.FAILED, "It does not answer.", NOW)


def test_a_signed_audit_takes_nothing_more(store):
    begun = begin(store)
    with store.write() as connection:
        connection.execute(sa.update(audit).values(state=AuditState.SIGNED.value))

    with pytest.raises(AuditIsSigned, match="begin a new revision"):
        begin(store)
    with pytest.raises(AuditIsSigned, match="signed meanwhile"):
        collect(store, begun, 1, result())
    with store.read() as connection:
        assert connection.execute(sa.select(audit_result)).all() == []


def test_an_audit_that_is_not_there_is_told_with_what_to_do(store):
    with pytest.raises(UnknownAudit, match="audit list"):
        get_audit(store, 9)


def test_desks_learn_that_something_was_found(store):
    begun = begin(store)
    signal = ChangeSignal(store)
    signal.poll()
    collect(store, begun, 1, result())

    assert "audit" in signal.poll()
