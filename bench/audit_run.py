"""An audit: what its checks cost a server, and how long a run over many servers takes.

Baseline: the same commands, each by an `ssh` of its own, as a script over the fleet would do it.
The servers are this machine itself, so a run of a hundred carries the cost of a hundred servers.
"""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.loopback import (
    add_fleet,
    empty_store,
    is_watched,
    links_up,
    running_engine,
    running_sshds,
    wait_until,
)
from bench.measure import Baseline, Measure
from noc_console.audit.asking import ask_to_run
from noc_console.audit.audit_records import open_audit, servers_of
from noc_console.audit.batch import asked_of
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Check, Cost, Family, Privilege
from noc_console.engine.audit_server import ServerAsking
from noc_console.engine.gate_hands import RemoteHands
from noc_console.fleet.records import list_servers
from noc_console.links.accepted_keys import known_keys
from noc_console.links.ssh import connect
from noc_console.store import orders
from noc_console.store.store import Store
from tests.sshd import Sshd

LIGHT_AT_MOST_S = 5.0
AT_ONCE = 8
_SETTLE_S = 10.0
_GOAL_MS = 50.0


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure one server's checks, light and heavy, then a run over many."""
    every = load_catalogue().checks.values()
    checks = [one for one in every if one.privilege in {Privilege.PLAIN, Privilege.SUDO}]
    light = [one for one in checks if one.cost is Cost.LIGHT]
    heavy = [one for one in checks if one.cost is Cost.HEAVY]
    seen = [one for one in every if one.privilege in {Privilege.DESK, Privilege.STORE}]
    with running_sshds(folder / "sshds", 4) as sshds:
        store = empty_store(folder / "store", sshds)
        try:
            first = sshds[0]
            measures = [
                _cost(store, first, light, "the light checks", LIGHT_AT_MOST_S),
                _cost(store, first, heavy, "the heavy checks", None),
                *_many(store, folder, sshds, [*light, *seen], 10 if quick else 100),
            ]
        finally:
            store.close()
    return measures


def _cost(
    store: Store, sshd: Sshd, checks: Sequence[Check], what: str, at_most: float | None
) -> Measure:
    ours_s = _spent_on(sshd, lambda: _ask(store, sshd, checks))
    plain_s = _spent_on(sshd, lambda: _each_by_ssh(sshd, checks))
    return Measure(
        name=f"{what} of one server ({len(checks)}), its processor time with one login",
        unit="s",
        ours=ours_s,
        baseline=Baseline(name="(each by an ssh of its own)", value=plain_s),
        at_most=at_most,
    )


def _spent_on(sshd: Sshd, work: Callable[[], None]) -> float:
    """Give what a server spent on some sessions, once they ended: its listener waited for them."""
    if sshd.process is None:
        raise RuntimeError("the sshd does not run")
    listener = psutil.Process(sshd.process.pid)
    before_s = sum(listener.cpu_times())
    work()
    wait_until(lambda: not listener.children(), 60, "the end of the sessions")
    return sum(listener.cpu_times()) - before_s


def _ask(store: Store, sshd: Sshd, checks: Sequence[Check]) -> None:
    server = sshd.server("bench")
    hands = RemoteHands(None, lambda: connect(server, known=known_keys(store)))
    try:
        asking = ServerAsking(hands, server, now=_now, is_wanted=lambda: None)
        answers = asking.ask(checks)
    finally:
        hands.close()
    if answers.why:
        raise RuntimeError(answers.why)


def _each_by_ssh(sshd: Sshd, checks: Sequence[Check]) -> None:
    for one in asked_of(checks, Family.DEBIAN):
        subprocess.run(
            [
                *("ssh", "-q", "-i", str(sshd.key), "-p", str(sshd.port)),
                *("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"),
                *("-o", "BatchMode=yes", f"{sshd.server().user}@{sshd.address}"),
                f"LC_ALL=C timeout {one.check.deadline_s:g} /bin/sh -c {shlex.quote(one.command)}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=one.check.deadline_s + 60,
        )


def _many(
    store: Store, folder: Path, sshds: Sequence[Sshd], light: Sequence[Check], count: int
) -> list[Measure]:
    """Run all that is no heavy check; what is seen from here is asked of every server too."""
    add_fleet(store, sshds, count)
    servers = list_servers(store)
    with ExitStack() as around:
        engine = psutil.Process(around.enter_context(running_engine(folder / "store")).pid)
        wait_until(lambda: is_watched(store), 60, "an engine")
        wait_until(lambda: links_up(store) == count, 300, "every link")
        audit = open_audit(store, "2026-11", servers, catalogue="", by="bench", now=_now())
        window = around.enter_context(_open_window(folder))
        time.sleep(_SETTLE_S)
        before_s, started_s = _processor_s(engine), time.monotonic()
        number = ask_to_run(
            store, audit.id, checks=[one.id for one in light], asked_by="bench", now=_now()
        )
        wait_until(lambda: orders.get(store, number).state.is_closed, 3600, "the run's end")
        took_s, engine_s = time.monotonic() - started_s, _processor_s(engine) - before_s
        beats = json.loads(window.communicate(timeout=60)[0])
        outcome = orders.get(store, number).outcome or {}
        if not outcome.get("ok"):
            raise RuntimeError(str(outcome.get("sentence")))
        still_up = links_up(store)
    cpu_ms = [one.cpu_ms or 0 for one in servers_of(store, audit.id)]
    few = 4
    plain_s = _wall_by_ssh(sshds, light, few) * count / few
    return [
        Measure(
            name=f"a run over {count} servers, {AT_ONCE} at a time, on {os.cpu_count()} cores",
            unit="s",
            ours=took_s,
            baseline=Baseline(name=f"(by ssh, {few} servers measured)", value=plain_s),
            note=f"{len(light)} checks; {sum(cpu_ms) / len(cpu_ms):.0f} ms of each server, "
            f"{1000 * engine_s / count:.0f} ms of the engine, {still_up} links up at its end",
        ),
        Measure(
            name="the window at work on that audit meanwhile, its longest slice",
            unit="ms",
            ours=beats["worked most"],
            baseline=Baseline(name="(a person hears of it)", value=100.0),
            at_most=_GOAL_MS,
            note=f"99.9 % under {beats['worked p99.9']:.0f}; tabs changed {beats['tabs']} times",
        ),
    ]


@contextmanager
def _open_window(folder: Path) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "bench.audit_window", str(folder / "store")]
    window = subprocess.Popen(
        [*words, str(folder / "config")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_LOGGING_RULES": "*=false"},
    )
    try:
        yield window
    finally:
        window.kill()
        window.wait()


def _processor_s(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return spent.user + spent.system


def _wall_by_ssh(sshds: Sequence[Sshd], light: Sequence[Check], count: int) -> float:
    started_s = time.monotonic()
    with ThreadPoolExecutor(count) as pool:
        for _ in pool.map(
            lambda number: _each_by_ssh(sshds[number % len(sshds)], light), range(count)
        ):
            pass
    return time.monotonic() - started_s


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    from bench.__main__ import main

    sys.argv[1:1] = ["--only", "audit_run"]
    sys.exit(main())
