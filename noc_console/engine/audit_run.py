"""One run of an audit by order: light checks of many servers at a time, heavy ones one at a time.

Runs on a worker of its own. Each server's results are in the store before it counts as done, so
that another engine can go on where this one was killed: nothing is asked twice, nothing is lost.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from noc_console.audit.agreed_records import list_agreed
from noc_console.audit.audit import AuditState, CollectState
from noc_console.audit.audit_records import (
    AuditIsSigned,
    findings_of,
    get_audit,
    note_collecting,
    results_of,
    servers_of,
)
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.finding import Result
from noc_console.audit.journal import EntryKind
from noc_console.audit.month_records import audits_before
from noc_console.engine.audit_collecting import HEAVY_WAIT, Collected, Collecting, Known
from noc_console.engine.audit_heavy import HeavyTurns
from noc_console.engine.audit_plan import ServerPlan, chosen_checks, hours_of, plan_run
from noc_console.engine.audit_reach import Reach
from noc_console.engine.gate_surroundings import EngineEnds
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.store import orders
from noc_console.store.failures import StoreError
from noc_console.store.orders import Order, OrderState
from noc_console.store.settings import get_setting
from noc_console.store.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 8
_LOOK_EVERY_S = 1.0
_MOST_STEPS = 60
"""Of progress that are told: the whole of it is written anew with each step."""
_MOST_ENGINES = 5
_GOES_ON = "goes on"


class RunCancelled(ConsoleError):
    """A person withdrew the run."""


class RunRefused(ConsoleError):
    """A run that cannot be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAround:
    """What a run needs of the engine."""

    store: Store
    reach: Reach
    now: Callable[[], datetime]
    wait: Callable[[float], object]
    """Waits so many seconds, or until the engine ends."""
    is_ending: Callable[[], bool]


@dataclass(slots=True)
class _Count:
    """How far a run is: servers asked the light checks, and heavy checks that had their turn."""

    of: int
    done: int = 0
    heavy_of: int = 0
    heavy_done: int = 0
    failed: list[str] = field(default_factory=list)
    told: int = 0


def known_for(store: Store, audit_id: int) -> Known:
    """Read what an audit's checks are judged against."""
    one = get_audit(store, audit_id)
    signed = audits_before(store, one, signed_only=True)
    before: dict[int, set[tuple[str, str]]] = {}
    if signed:
        before = {row.server_id: set() for row in servers_of(store, signed[0].id)}
        for server_id, finding in findings_of(store, signed[0].id):
            before.setdefault(server_id, set()).add(finding.key)
    return Known(
        agreed=list_agreed(store),
        before={server_id: frozenset(keys) for server_id, keys in before.items()},
        measured=frozenset(
            key
            for key, result in results_of(store, audit_id).items()
            if result.result is not Result.NOT_MEASURED
        ),
        rows={row.server_id: row for row in servers_of(store, audit_id)},
    )


class AuditRun:
    """Carries out one order to run an audit."""

    def __init__(self, around: RunAround, order: Order) -> None:
        """Nothing is done yet."""
        self._around = around
        self._store = around.store
        self._order = order
        self._is_cancelled = False
        self._failure: ConsoleError | None = None

    def go(self) -> dict[str, Any]:
        """Do it; gives the order's outcome.

        Raises:
            ConsoleError: it could not be done; what was collected stays.
            EngineEnds: the order is left to the next engine.
        """
        request = self._order.request
        audit = get_audit(self._store, int(request["audit_id"]))
        if audit.state is not AuditState.OPEN:
            raise AuditIsSigned("This audit is signed; begin a new revision to look again.")
        self._note_going_on()
        plans = self._plans(audit.id)
        known = known_for(self._store, audit.id)
        collecting = Collecting(
            self._store,
            audit,
            self._around.reach,
            known,
            now=self._around.now,
            wait=self._around.wait,
            is_wanted=self._see_wanted,
        )
        try:
            return self._collect_all(collecting, plans)
        except EngineEnds:
            raise
        except ConsoleError as error:
            self._leave_in_order(known, audit.id, error.sentence)
            raise

    def _collect_all(self, collecting: Collecting, plans: Sequence[ServerPlan]) -> dict[str, Any]:
        count = _Count(
            of=len(plans),
            done=sum(not plan.light for plan in plans),
            heavy_of=sum(len(plan.heavy) for plan in plans),
        )
        done = self._collect_light(collecting, plans, count)
        heavy = [
            (plan, done.get(plan.server.id) or collecting.base_of(plan.server))
            for plan in plans
            if plan.heavy and (plan.server.id in done or not plan.light)
        ]
        heavy = [(plan, base) for plan, base in heavy if not base.why]
        if heavy:
            self._collect_heavy(collecting, heavy, count)
        outcome = self._outcome(count)
        collecting.note(EntryKind.COLLECTED, outcome, by=self._order.asked_by)
        return outcome

    def _leave_in_order(self, known: Known, audit_id: int, sentence: str) -> None:
        """Have no server stand as running that nobody runs; one that was done before is done."""
        left: dict[CollectState, list[int]] = {CollectState.DONE: [], CollectState.WAITING: []}
        try:
            for row in servers_of(self._store, audit_id):
                if row.state is CollectState.RUNNING or row.why == HEAVY_WAIT:
                    before = known.rows.get(row.server_id)
                    was_done = before is not None and before.state is CollectState.DONE
                    left[CollectState.DONE if was_done else CollectState.WAITING].append(
                        row.server_id
                    )
            for state, ids in left.items():
                why = "" if state is CollectState.DONE else f"It was not done. {sentence}"
                if ids:
                    note_collecting(
                        self._store, audit_id, ids, state, why=why, now=self._around.now()
                    )
        except StoreError as error:
            log.info("an audit was left as it was: %s", error.sentence)

    def _plans(self, audit_id: int) -> list[ServerPlan]:
        request = self._order.request
        catalogue = load_catalogue(checks_folder(self._store.location))
        only = request.get("checks")
        checks = chosen_checks(catalogue.checks, None if only is None else set(only))
        if not checks:
            raise RunRefused(
                "None of these checks is in the catalogue; `noc-console audit checks` lists them."
            )
        wanted = request.get("servers")
        servers = [
            one
            for one in list_servers(self._store)
            if wanted is None or one.id in set(map(int, wanted))
        ]
        rows = {row.server_id: row for row in servers_of(self._store, audit_id)}
        results = results_of(self._store, audit_id)
        return plan_run(servers, checks, rows, results, self._order.asked_at)

    def _collect_light(
        self, collecting: Collecting, plans: Sequence[ServerPlan], count: _Count
    ) -> dict[int, Collected]:
        ended: SimpleQueue[Collected | ConsoleError | None] = SimpleQueue()
        light = [plan for plan in plans if plan.light]
        heavy = {plan.server.id: len(plan.heavy) for plan in light}
        workers = Workers("audit", min(max(1, self._setting("at_once", AT_ONCE)), 64))
        done: dict[int, Collected] = {}
        try:
            for plan in light:
                workers.submit(partial(self._collect, collecting, plan, ended))
            left = len(light)
            while left:
                self._see_wanted(looks=True)
                try:
                    found = ended.get(timeout=_LOOK_EVERY_S)
                except Empty:
                    continue
                left -= 1
                if isinstance(found, Collected):
                    done[found.server.id] = found
                    if found.why:
                        count.heavy_of -= heavy[found.server.id]
                    self._tell_server(found, count)
                elif found is not None:
                    self._failure = found  # the others see it and end
                    raise found
        finally:
            workers.stop()
        return done

    def _collect(
        self,
        collecting: Collecting,
        plan: ServerPlan,
        ended: "SimpleQueue[Collected | ConsoleError | None]",
    ) -> None:
        """Runs on a worker: whatever happens, the run hears of it."""
        found: Collected | ConsoleError | None
        try:
            found = collecting.collect(plan.server, plan.light, plan.heavy)
        except ConsoleError as error:
            found = error
        except Exception:  # a bug that one server brings out must not stop the others
            log.exception("%s: collecting met a bug", plan.server.name)
            found = None
        ended.put(found)

    def _collect_heavy(
        self,
        collecting: Collecting,
        heavy: Sequence[tuple[ServerPlan, Collected]],
        count: _Count,
    ) -> None:
        count.heavy_of = sum(len(plan.heavy) for plan, _ in heavy)
        hours = None
        if not self._order.request.get("heavy_now"):
            hours = hours_of(str(get_setting(self._store, "audit.heavy_hours", "")))
        HeavyTurns(
            collecting,
            self._around.reach,
            heavy,
            at_once=min(max(1, self._setting("heavy_at_once", 1)), 16),
            highest_load=float(get_setting(self._store, "audit.heavy_load", 0.7)),
            hours=hours,
            now=self._around.now,
            see_wanted=lambda: self._see_wanted(looks=True),
            wait=self._around.wait,
            tell=lambda sentence, ok, done: self._tell_heavy(sentence, ok, done, count),
        ).go()

    def _setting(self, key: str, default: int) -> int:
        return int(get_setting(self._store, f"audit.{key}", default))

    def _see_wanted(self, *, looks: bool = False) -> None:
        """Refuse to go on where it was cancelled, the engine ends, or the run failed.

        Raises:
            EngineEnds, RunCancelled, ConsoleError: as said.
        """
        if self._around.is_ending():
            raise EngineEnds("The engine stops; the next one goes on with this.")
        if looks and not self._is_cancelled:
            self._is_cancelled = self._was_cancelled()
        if self._is_cancelled:
            raise RunCancelled("The run was withdrawn; what was collected stays.")
        if self._failure is not None:
            raise self._failure

    def _was_cancelled(self) -> bool:
        try:
            state = orders.get(self._store, self._order.id).state
        except StoreError:
            return False  # it is away; the writing waits for it
        return state is not OrderState.CLAIMED

    def _note_going_on(self) -> None:
        """Say that another engine began this; one that ends engine after engine is given up.

        Raises:
            RunRefused: it was gone on with too often.
        """
        begun = [step for step in self._order.progress if step.get("name") == _GOES_ON]
        if len(begun) >= _MOST_ENGINES:
            raise RunRefused(
                f"{len(begun)} engines ended during this run; look at their logs, then run it "
                "again."
            )
        words = (
            "another engine goes on from here" if self._order.progress else "the run was taken up"
        )
        self._tell(_GOES_ON, words, ok=None)

    def _tell_server(self, found: Collected, count: _Count) -> None:
        count.done += 1
        name = found.server.name
        if found.why:
            count.failed.append(name)
        every = max(1, count.of // _MOST_STEPS)
        is_telling = bool(found.why) and len(count.failed) <= _MOST_STEPS // 2
        if not is_telling and count.done % every and count.done != count.of:
            return
        bad = sum(one.result.needs_decision for one in found.results)
        unmeasured = sum(one.result is Result.NOT_MEASURED for one in found.results)
        said = found.why or (
            f"{len(found.results)} checks: {bad} fail or warn, {unmeasured} not measured"
        )
        self._tell(name, said, ok=not found.why, **_how_far(count))

    def _tell_heavy(self, sentence: str, ok: bool | None, done: int, count: _Count) -> None:
        count.heavy_done = done
        self._tell("heavy checks", sentence, ok=ok, **_how_far(count))

    def _tell(self, name: str, sentence: str, *, ok: bool | None, **more: int) -> None:
        step = {
            "at": self._around.now().isoformat(),
            "name": name,
            "ok": ok,
            "sentence": sentence,
            **more,
        }
        try:
            orders.report(self._store, self._order.id, step)
        except StoreError as error:
            log.info("progress of an audit was not told: %s", error.sentence)

    def _outcome(self, count: _Count) -> dict[str, Any]:
        if not count.of:
            sentence = "There is nothing left to collect in this run."
        elif count.failed:
            first = ", ".join(sorted(count.failed)[:5])
            sentence = (
                f"{count.of - len(count.failed)} of {count.of} servers were collected; "
                f"{len(count.failed)} could not be asked ({first}"
                f"{' …' if len(count.failed) > 5 else ''}), and every check of them says why."
            )
        else:
            sentence = f"All {count.of} servers were collected."
        return {"sentence": sentence, "ok": not count.failed, "failed": sorted(count.failed)}


def _how_far(count: _Count) -> dict[str, int]:
    servers = {"done": count.done, "of": count.of}
    heavy = {"heavy_done": count.heavy_done, "heavy_of": count.heavy_of}
    return {**servers, **(heavy if count.heavy_of else {})}
