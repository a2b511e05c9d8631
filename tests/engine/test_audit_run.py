"""Audits run by a real engine over real sshds: bounds, faults, kill -9, cancelling, heavy turns."""

import pytest

from noc_console.audit.asking import ask_to_recheck, ask_to_run
from noc_console.audit.audit import CollectState
from noc_console.audit.audit_records import (
    evidence_of,
    findings_of,
    open_audit,
    results_of,
    servers_of,
)
from noc_console.audit.finding import Result
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.store.orders import OrderState, cancel, get
from noc_console.store.settings import put_setting
from tests.engine.running import add, closed, now, trust, wait_until
from tests.sshd import Sshd, free_port

CHECK = """
[[check]]
id = "{id}"
title = "{id}"
rationale = "A test asks it."
severity = "low"
references = ["man:sh(1)"]
privilege = "plain"
needs = []
parser = "words"
options = {{ fields = ["name"] }}
item = "{{name}}"
empty = "pass"
empty_sentence = "Nothing is there."
mend = "Take it away."
cost = "{cost}"
deadline_s = 60
[check.run]
all = '''{command}'''
[[check.rule]]
result = "warn"
sentence = "{{name}} is there."
where = [["name", "is not", ""]]
"""


def put_checks(store, **commands):
    """Write a site's own checks, A1 the light AA-01, H1 the heavy HH-01; give the ids."""
    folder = store.location.folder / "checks"
    folder.mkdir(exist_ok=True)
    words = 'step = "minimum services"\n'
    names = {f"{key[0]}{key[0]}-0{key[1]}": command for key, command in commands.items()}
    for name, command in names.items():
        cost = "heavy" if name.startswith("H") else "light"
        words += CHECK.format(id=name, cost=cost, command=command)
    (folder / "site.toml").write_text(words)
    put_setting(store, "audit.heavy_load", 1000.0)
    put_setting(store, "recorder.is_automatic", False)
    return list(names)


def begin(store, servers, checks, month="2026-11"):
    audit = open_audit(store, month, servers, catalogue="c", by="ann", now=now())
    return audit, ask_to_run(store, audit.id, checks=checks, asked_by="ann", now=now())


def states(store, audit):
    return {one.server_name: one.state for one in servers_of(store, audit.id)}


def result(store, audit, server, check):
    return results_of(store, audit.id)[server.id, check]


def test_a_run_collects_every_server_and_tells_how_far_it_is(store, sshd, start_engine):
    checks = put_checks(store, A1="echo one", A2=":", H1="echo heavy")
    web1, web2 = add(store, sshd, "web1"), add(store, sshd, "web2")
    start_engine(store).wait_until_watching()
    audit, number = begin(store, [web1, web2], checks)
    order = closed(store, number, 90)

    assert (order.state, order.outcome["ok"]) == (OrderState.DONE, True)
    assert "All 2 servers" in order.outcome["sentence"]
    assert {step["name"] for step in order.progress} >= {"web1", "web2", "heavy checks"}
    far = [
        (step["done"], step["of"], step["heavy_done"], step["heavy_of"])
        for step in order.progress
        if "done" in step
    ]
    assert far[:3] == [(1, 2, 0, 2), (2, 2, 0, 2), (2, 2, 0, 2)]
    assert far[-1] == (2, 2, 2, 2)
    for server in (web1, web2):
        assert result(store, audit, server, "AA-01").result is Result.WARN
        assert result(store, audit, server, "AA-02").result is Result.PASS
        assert result(store, audit, server, "HH-01").result is Result.WARN
        assert evidence_of(store, audit.id, server.id, "AA-01") == b"one\n"
    assert set(states(store, audit).values()) == {CollectState.DONE}
    row = servers_of(store, audit.id)[0]
    assert row.family == "debian"
    assert row.cpu_ms is not None


def test_a_server_that_cannot_be_reached_is_not_measured_and_says_why(store, sshd, start_engine):
    checks = put_checks(store, A1="echo one", H1="echo heavy")
    web1 = add(store, sshd, "web1")
    gone = add_server(store, sshd.server("gone", port=free_port()), now())
    stranger = add_server(store, sshd.server("stranger", address="127.0.0.2"), now())
    start_engine(store).wait_until_watching()
    audit, number = begin(store, [web1, gone, stranger], checks)
    order = closed(store, number, 120)

    assert order.state is OrderState.DONE
    assert not order.outcome["ok"]
    assert order.outcome["failed"] == ["gone", "stranger"]
    assert result(store, audit, web1, "AA-01").result is Result.WARN
    for server in (gone, stranger):
        for check in checks:
            told = result(store, audit, server, check)
            assert told.result is Result.NOT_MEASURED
            assert server.name in told.why
    assert states(store, audit)["gone"] is CollectState.FAILED


def test_a_server_that_fails_later_keeps_what_was_measured_before(store, tmp_path, start_engine):
    own = Sshd(tmp_path / "sshd").start()
    try:
        checks = put_checks(store, A1="echo one")
        web1 = add(store, own, "web1")
        start_engine(store).wait_until_watching()
        audit, number = begin(store, [web1], checks)
        closed(store, number, 90)
    finally:
        own.stop()
    _, number = begin(store, [web1], checks)
    closed(store, number, 120)

    assert result(store, audit, web1, "AA-01").result is Result.WARN
    assert states(store, audit)["web1"] is CollectState.FAILED


def test_hostile_output_is_inert_bounded_and_harms_only_its_check(store, sshd, start_engine):
    checks = put_checks(
        store,
        A1="head -c 104857600 /dev/zero",
        A2="printf '\\033[2J=1+1|<script>\\n'",
        A3="trap : TERM; while :; do sleep 1; done",
        A4="echo four",
    )
    folder = store.location.folder / "checks" / "site.toml"
    folder.write_text(folder.read_text().replace("deadline_s = 60", "deadline_s = 2"))
    web1 = add(store, sshd, "web1")
    start_engine(store).wait_until_watching()
    audit, number = begin(store, [web1], checks)
    closed(store, number, 120)

    assert result(store, audit, web1, "AA-01").result is Result.NOT_MEASURED
    assert result(store, audit, web1, "AA-03").result is Result.NOT_MEASURED
    assert result(store, audit, web1, "AA-04").result is Result.WARN
    sentences = [one.sentence for _, one in findings_of(store, audit.id)]
    assert not any("\x1b" in one for one in sentences)
    assert len(evidence_of(store, audit.id, web1.id, "AA-01")) <= 65536


@pytest.mark.slow
def test_a_killed_engine_is_followed_by_one_that_goes_on_and_asks_nothing_twice(
    store, sshd, tmp_path, start_engine
):
    gate = tmp_path / "gate"
    checks = put_checks(
        store,
        A1="echo one",
        A2=f"while [ -e {gate} ]; do sleep 0.1; done; echo two",
    )
    put_setting(store, "audit.at_once", 1)
    web1, web2 = add(store, sshd, "web1"), add(store, sshd, "web2")
    engine = start_engine(store).wait_until_watching()
    audit, first_run = begin(store, [web1], checks)
    closed(store, first_run, 90)
    before = result(store, audit, web1, "AA-02").at

    gate.touch()
    open_audit(store, "2026-11", [web2], catalogue="c", by="ann", now=now())
    number = ask_to_run(store, audit.id, checks=checks, servers=None, asked_by="ann", now=now())
    wait_until(lambda: sshd.is_running(str(gate)), 60)
    engine.kill()
    gate.unlink()
    start_engine(store).wait_until_watching()
    order = closed(store, number, 120)

    assert order.state is OrderState.DONE
    assert [step["name"] for step in order.progress].count("goes on") == 2
    assert result(store, audit, web1, "AA-02").at > before
    assert result(store, audit, web2, "AA-02").result is Result.WARN
    assert set(states(store, audit).values()) == {CollectState.DONE}


def test_what_was_done_before_the_kill_is_not_done_again(store, sshd, tmp_path, start_engine):
    gate = tmp_path / "gate"
    gate.touch()
    heavy = f"while [ -e {gate} ]; do sleep 0.1; done; echo two"
    checks = put_checks(store, A1="echo one", H1=heavy)
    web1 = add(store, sshd, "web1")
    engine = start_engine(store).wait_until_watching()
    audit, number = begin(store, [web1], checks)
    wait_until(lambda: sshd.is_running(str(gate)), 90)
    before = result(store, audit, web1, "AA-01")
    engine.kill()
    gate.unlink()
    start_engine(store).wait_until_watching()
    closed(store, number, 120)

    assert result(store, audit, web1, "AA-01") == before
    assert result(store, audit, web1, "HH-01").result is Result.WARN


@pytest.mark.slow
def test_a_stopped_engine_leaves_the_run_to_the_next_one(store, sshd, tmp_path, start_engine):
    gate = tmp_path / "gate"
    gate.touch()
    checks = put_checks(store, A1=f"while [ -e {gate} ]; do sleep 0.1; done; echo one")
    web1 = add(store, sshd, "web1")
    engine = start_engine(store).wait_until_watching()
    audit, number = begin(store, [web1], checks)
    wait_until(lambda: sshd.is_running(str(gate)), 90)
    engine.stop()

    assert get(store, number).state is OrderState.WAITING
    gate.unlink()
    start_engine(store).wait_until_watching()
    assert closed(store, number, 90).state is OrderState.DONE
    assert result(store, audit, web1, "AA-01").result is Result.WARN


def test_a_cancelled_run_ends_and_keeps_what_is_there(store, sshd, tmp_path, start_engine):
    gate = tmp_path / "gate"
    gate.touch()
    heavy = f"while [ -e {gate} ]; do sleep 0.1; echo x; done"
    checks = put_checks(store, A1="echo one", H1=heavy)
    web1 = add(store, sshd, "web1")
    start_engine(store).wait_until_watching()
    audit, number = begin(store, [web1], checks)
    wait_until(lambda: sshd.is_running(str(gate)), 90)
    cancel(store, number, now())
    gate.unlink()
    checked = ask_to_recheck(store, audit.id, web1.id, "AA-01", asked_by="ann", now=now())
    order = closed(store, checked, 90)

    assert order.state is OrderState.DONE
    assert order.outcome["result"] == "warn"
    assert order.outcome["before"] == "warn"
    assert get(store, number).state is OrderState.CANCELLED
    wait_until(lambda: states(store, audit)["web1"] is not CollectState.RUNNING)
    assert result(store, audit, web1, "AA-01").result is Result.WARN


def test_a_cancelled_run_leaves_no_server_as_running(store, sshd, tmp_path, start_engine):
    gate = tmp_path / "gate"
    gate.touch()
    checks = put_checks(store, A1=f"while [ -e {gate} ]; do sleep 0.1; echo x; done")
    web1 = add(store, sshd, "web1")
    start_engine(store).wait_until_watching()
    audit, number = begin(store, [web1], checks)
    wait_until(lambda: sshd.is_running(str(gate)), 90)
    cancel(store, number, now())
    wait_until(lambda: states(store, audit)["web1"] is CollectState.WAITING)
    gate.unlink()

    [row] = servers_of(store, audit.id)
    assert "withdrawn" in row.why


def test_one_check_done_again_says_what_it_was(store, sshd, tmp_path, start_engine):
    bad = tmp_path / "bad"
    bad.write_text("open\n")
    checks = put_checks(store, A1=f"cat {bad}")
    web1 = add(store, sshd, "web1")
    start_engine(store).wait_until_watching()
    audit, number = begin(store, [web1], checks)
    closed(store, number, 90)
    bad.write_text("")
    order = closed(
        store, ask_to_recheck(store, audit.id, web1.id, "AA-01", asked_by="ann", now=now()), 90
    )

    assert order.outcome["sentence"].startswith("AA-01 on web1 is pass now; it was warn.")
    assert findings_of(store, audit.id) == []
    assert servers_of(store, audit.id)[0].family == "debian"


@pytest.mark.parametrize(
    ("checks", "words"), [(["NO-99"], "None of these checks"), (None, "nothing left")]
)
def test_a_run_without_anything_to_do_says_so(store, sshd, start_engine, checks, words):
    put_checks(store, A1="echo one")
    trust(store, sshd)
    start_engine(store).wait_until_watching()
    audit = open_audit(
        store,
        "2026-11",
        [Server(id=99, name="deleted", address="192.0.2.9")],
        catalogue="c",
        by="ann",
        now=now(),
    )
    number = ask_to_run(store, audit.id, checks=checks, asked_by="ann", now=now())

    assert words in closed(store, number, 60).outcome["sentence"]
