"""Audits by the words of a terminal: run with an engine of our own, shown, compared, agreed."""

import json
from datetime import UTC, datetime

import pytest

from noc_console.audit.audit_records import open_audit, put_collected
from noc_console.audit.check import Family
from noc_console.audit.finding import CheckResult, Finding, Result, Severity
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.store.location import StoreLocation
from noc_console.store.settings import put_setting
from noc_console.store.store import open_store
from tests.engine.running import add
from tests.sshd import Sshd

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOSTILE = "tcp/25 \x1b[2J is open"


@pytest.fixture
def store(tmp_path):
    opened = open_store(StoreLocation.parse(str(tmp_path / "store")))
    yield opened
    opened.close()


def finding(item, sentence=None, result=Result.FAIL):
    return Finding(
        check_id="FW-01",
        item=item,
        result=result,
        severity=Severity.CRITICAL,
        sentence=sentence or f"{item} is open",
        marks=(2,),
    )


def result(*findings, check_id="FW-01", why=""):
    worst = Result.FAIL if findings else Result.NOT_MEASURED if why else Result.PASS
    return CheckResult(
        check_id=check_id,
        result=worst,
        why=why,
        findings=findings,
        at=NOW,
        took_ms=5,
        cpu_ms=1,
        evidence=b"first\nsecond \x1b[31m\n",
        sha256="0" * 64,
        raw_bytes=12,
    )


@pytest.fixture
def months(store):
    """Two months of a server: in October a port, in November another beside it."""
    server = add_server(store, Server(name="web1", address="192.0.2.1", groups=("web",)), NOW)
    add_server(store, Server(name="web2", address="192.0.2.2"), NOW)
    for month, found in (
        ("2026-10", [result(finding("tcp/3306"), finding("tcp/21"))]),
        (
            "2026-11",
            [
                result(finding("tcp/3306"), finding("tcp/25", HOSTILE)),
                result(check_id="FW-03"),
                result(check_id="FW-04", why="The server does not have nft."),
            ],
        ),
    ):
        begun = open_audit(store, month, [server], catalogue="c", by="ann", now=NOW)
        put_collected(
            store,
            begun.id,
            server.id,
            found,
            family=Family.DEBIAN,
            system="Debian GNU/Linux 12",
            cpu_ms=900,
            now=NOW,
        )
    return server


def test_without_an_audit_the_next_step_is_said(say, store):
    assert "`noc-console audit run`" in say("audit", "list").out
    assert "`noc-console audit run`" in say("audit", "show").err


def test_audits_are_listed_with_how_far_they_are(say, months):
    told = json.loads(say("audit", "list", "--json").out)["audits"]

    assert [one["month"] for one in told] == ["2026-11", "2026-10"]
    assert told[0]["servers"] == {"waiting": 0, "running": 0, "done": 1, "failed": 0}
    assert (told[0]["results"]["fail"], told[0]["results"]["not measured"]) == (1, 1)
    assert "1 of 1" in say("audit", "list").out


def test_an_audit_is_shown_whole_by_server_and_with_evidence(say, months):
    assert "web1" in say("audit", "show", "2026-11").out
    found = say("audit", "show", "--server", "web1")
    assert "FW-01" in found.out
    assert "does not have nft" in found.out
    assert "FW-03" not in found.out
    assert "\x1b" not in found.out
    assert "FW-03" in say("audit", "show", "--server", "web1", "--all").out
    evidence = say("audit", "show", "--server", "web1", "--check", "fw-01", "--evidence").out
    assert evidence.splitlines()[:2] == ["      1  first", ">     2  second \\x1b[31m"]


def test_an_audit_as_json_has_each_check_with_its_findings(say, months):
    told = json.loads(say("audit", "show", "--json").out)
    checks = {one["check"]: one for one in told["servers"][0]["checks"]}

    assert sorted(one["item"] for one in checks["FW-01"]["findings"]) == ["tcp/25", "tcp/3306"]
    assert checks["FW-04"]["why"] == "The server does not have nft."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "2026-09"), "There is no audit of 2026-09"),
        (("show", "77"), "There is no audit 77"),
        (("show", "--server", "web9"), "has no server web9; did you mean web1?"),
        (("show", "--evidence"), "--evidence goes with"),
        (("show", "--server", "web1", "--check", "X-1", "--evidence"), "There is no evidence"),
        (("diff", "2026-10", "november"), "such as 2026-11"),
        (("run", "--check", "NO-99"), "There is no check NO-99"),
        (("run", "--group", "wep"), "No server is in a group wep; did you mean web?"),
        (("run", "--month", "2026-13"), "such as 2026-11"),
        (("agreed", "end", "7"), "Nothing of the number 7"),
        (("agreed", "propose", "--accept", " "), "Say why"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(say, months, words, sentence):
    told = say("audit", *words)

    assert told.code in {1, 2}
    assert sentence in told.err


def test_two_months_are_compared(say, months):
    told = json.loads(say("audit", "diff", "2026-10", "2026-11", "--json").out)
    changes = {one["item"]: (one["change"], one["since"]) for one in told["findings"]}

    assert changes == {
        "tcp/25": ("new", "2026-11"),
        "tcp/21": ("gone", "2026-10"),
        "tcp/3306": ("same", "2026-10"),
    }
    shown = say("audit", "diff", "2026-10", "2026-11").out
    assert "1 new, 1 gone, 1 same" in shown
    assert "tcp/3306" not in shown
    assert "tcp/3306" in say("audit", "diff", "2026-10", "2026-11", "--all").out
    assert "\x1b" not in shown


def test_what_is_agreed_is_added_inherited_and_ended(say, months):
    reason = ("--reason", "as built")
    assert say("audit", "agreed", "add", "port", "tcp/22", *reason).out == (
        "1: port tcp/22 is agreed for all servers.\n"
    )
    say("audit", "agreed", "add", "port", "tcp/443", "--group", "web", *reason)
    say("audit", "agreed", "add", "port", "tcp/25", "--server", "web2", *reason)
    told = json.loads(say("audit", "agreed", "list", "--server", "web1", "--json").out)
    assert [(one["for"], one["value"]) for one in told["agreed"]] == [
        ("all", "tcp/22"),
        ("group", "tcp/443"),
    ]
    assert "agreed no longer" in say("audit", "agreed", "end", "1").out
    assert "tcp/22" not in say("audit", "agreed", "list").out
    assert "tcp/22" in say("audit", "agreed", "list", "--ended").out


def test_what_an_audit_found_is_proposed_and_agreed_to(say, months):
    assert "2 may be agreed" in say("audit", "agreed", "propose").out
    assert "2 are agreed now" in say("audit", "agreed", "propose", "--accept", "as built").out
    assert "nothing beside" in say("audit", "agreed", "propose").out
    assert "tcp/3306" in say("audit", "agreed", "list", "--server", "web1").out


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_run_has_an_engine_of_its_own_and_a_check_is_done_again(say, store, tmp_path):
    put_setting(store, "recorder.is_automatic", False)
    sshd = Sshd(tmp_path / "sshd").start()
    try:
        add(store, sshd, "web1")
        told = say("audit", "run", "--server", "web1", "--check", "FW-01")
        again = say("audit", "recheck", "web1", "FW-01", "--json")
    finally:
        sshd.stop()

    assert told.code == 0, told.err
    assert "web1: 1 checks" in told.out
    assert "All 1 servers were collected." in told.out
    assert json.loads(again.out)["check"] == "FW-01"
    assert say("status", "--json").code == 0
