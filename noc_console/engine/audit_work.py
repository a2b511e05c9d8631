"""Audits by order: runs, and one finding looked at again.

`begin` is called on the conductor's thread; the work is done on workers. A run that this engine
does not end is left as it is: its order waits for the next one.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event as StopFlag
from typing import Any

from noc_console.audit.asking import MENDINGS, RECHECK, RUN_AUDIT
from noc_console.audit.audit import Audit, AuditState
from noc_console.audit.audit_records import (
    AuditIsSigned,
    get_audit,
    list_audits,
    results_of,
    servers_of,
)
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.check import Check
from noc_console.audit.finding import CheckResult
from noc_console.audit.journal import EntryKind
from noc_console.audit.mending_records import note_after
from noc_console.engine.audit_collecting import Collecting
from noc_console.engine.audit_reach import Reach
from noc_console.engine.audit_run import AuditRun, RunAround, RunRefused, known_for
from noc_console.engine.events import Event
from noc_console.engine.gate_surroundings import EngineEnds
from noc_console.engine.roster import Roster
from noc_console.engine.workers import Workers
from noc_console.fleet.records import server_by_id
from noc_console.fleet.server import Server
from noc_console.store.orders import Order
from noc_console.store.store import Store

log = logging.getLogger(__name__)

KINDS = frozenset({RUN_AUDIT, RECHECK})
RUNS_AT_ONCE = 2
RECHECKS_AT_ONCE = 4

Finish = Callable[[Order, Callable[[], dict[str, Any]]], None]
"""Carries out work for an order and closes it with what came of it; on a worker."""


class AuditWork:
    """Takes the orders about audits. `finish` closes an order, as for all others."""

    def __init__(
        self, store: Store, roster: Roster, post: Callable[[Event], None], finish: Finish
    ) -> None:
        """Start the workers."""
        self._store = store
        self._finish = finish
        self._ends = StopFlag()
        self._around = RunAround(
            store=store,
            reach=Reach(roster, post, self._ends.wait),
            now=_now,
            wait=self._ends.wait,
            is_ending=self._ends.is_set,
        )
        self._runs = Workers("audit-run", RUNS_AT_ONCE)
        self._rechecks = Workers("audit-again", RECHECKS_AT_ONCE)

    def begin(self, order: Order) -> None:
        """Take up an order of one of `KINDS`; on the conductor's thread."""
        if order.kind == RUN_AUDIT:
            self._runs.submit(lambda: self._run(order))
        else:
            self._rechecks.submit(lambda: self._finish(order, lambda: self._again(order)))

    def close(self) -> None:
        """Leave what is under way to the next engine."""
        self._ends.set()
        self._runs.stop()
        self._rechecks.stop()

    def _run(self, order: Order) -> None:
        try:
            self._finish(order, lambda: self._ran(order))
        except _LeftAsItIs:
            log.info("the audit of order %s is left to the next engine", order.id)

    def _ran(self, order: Order) -> dict[str, Any]:
        try:
            return AuditRun(self._around, order).go()
        except EngineEnds as error:
            raise _LeftAsItIs from error

    def _again(self, order: Order) -> dict[str, Any]:
        """Do one check of one server again, now.

        Asked at the end of planned work, it is told of that as well: a signed audit takes nothing,
        so the newest open one does, or else only the work.
        """
        audit = get_audit(self._store, int(order.request["audit_id"]))
        server = server_by_id(self._store, order.server_id or 0)
        mendings = list(order.request.get(MENDINGS, ()))
        if audit.state is not AuditState.OPEN:
            if not mendings:
                raise AuditIsSigned("This audit is signed; begin a new revision to look again.")
            audit = open_audit_with(self._store, audit, server.id) or audit
        check = load_catalogue(checks_folder(self._store.location)).check(
            str(order.request["check_id"])
        )
        known = known_for(self._store, audit.id)
        if server.id not in known.rows:
            raise RunRefused(f"{server.name} is not part of this audit; run the audit on it first.")
        before = results_of(self._store, audit.id, server.id).get((server.id, check.id))
        collecting = Collecting(
            self._store,
            audit,
            self._around.reach,
            known,
            now=_now,
            wait=self._ends.wait,
            is_wanted=self._see_running,
        )
        base = collecting.base_of(server)
        if audit.state is AuditState.OPEN:
            result = collecting.collect_one(server, check, base)
            entry = {"server": server.name, "check": check.id, "result": result.result.value}
            collecting.note(EntryKind.LOOKED_AGAIN, entry, by=order.asked_by)
        else:
            result = collecting.look_one(server, check, base).results[0]
        if mendings:
            note_after(self._store, mendings, result, _now())
        return _told(server, check, result, before)

    def _see_running(self) -> None:
        if self._ends.is_set():
            raise EngineEnds("The engine ended before this was looked at again; ask again.")


def open_audit_with(store: Store, signed: Audit, server_id: int) -> Audit | None:
    """Give the newest open audit of the same scope that has a server; None where there is none."""
    for one in list_audits(store):
        is_open = one.scope == signed.scope and one.state is AuditState.OPEN
        if is_open and any(row.server_id == server_id for row in servers_of(store, one.id)):
            return one
    return None


def _told(
    server: Server, check: Check, result: CheckResult, before: CheckResult | None
) -> dict[str, Any]:
    was = f"; it was {before.result.value}" if before is not None else ""
    why = f" {result.why}" if result.why else ""
    return {
        "sentence": f"{check.id} on {server.name} is {result.result.value} now{was}.{why}",
        "ok": not result.result.needs_decision,
        "result": result.result.value,
        "before": before.result.value if before is not None else None,
    }


class _LeftAsItIs(BaseException):
    """Carried past the order desk, which closes the order for every other end."""


def _now() -> datetime:
    return datetime.now(UTC)
