"""One server's checks of an audit collected, judged and written. On workers.

A store that is away or full is waited for: what a server answered is not thrown away for it.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from noc_console.audit.agreed import AgreedLine, agreed_for
from noc_console.audit.audit import Audit, AuditServer, CollectState
from noc_console.audit.audit_records import note_collecting, note_looked, put_collected
from noc_console.audit.batch import not_asked
from noc_console.audit.check import Check, Family, Privilege
from noc_console.audit.comparing import Around
from noc_console.audit.earlier import earlier_evidence
from noc_console.audit.finding import CheckResult, Result
from noc_console.audit.given import with_given
from noc_console.audit.journal import EntryKind
from noc_console.audit.judging import RawOutcome, judge
from noc_console.audit.lifetimes import shipped_lifetimes
from noc_console.audit.parsing.registry import WITH_PAST
from noc_console.audit.summaries import SUMMARIES
from noc_console.engine.audit_looks import look
from noc_console.engine.audit_reach import NotReached, Reach
from noc_console.engine.audit_server import Answers, ServerAsking
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.store.failures import StoreError
from noc_console.store.store import Store

log = logging.getLogger(__name__)

STORE_AWAY_S = 120.0
_STORE_AGAIN_S = 3.0
HEAVY_WAIT = "Its heavy checks wait for their turn."
_Given = TypeVar("_Given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the checks of an audit are judged against, read once a run.

    `before` holds the keys of the last signed audit by server; a server it did not have is not in.
    """

    agreed: Sequence[AgreedLine]
    before: Mapping[int, frozenset[tuple[str, str]]]
    measured: frozenset[tuple[int, str]]
    """Server and check that this audit has measured already."""
    rows: Mapping[int, AuditServer]
    """How far the audit was on each server before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What came of a server. `why` says why it could not be asked, and is empty otherwise."""

    server: Server
    family: Family
    system: str
    cpu_ms: int | None
    results: tuple[CheckResult, ...]
    why: str = ""


class Collecting:
    """Collects for one audit; `is_wanted` raises where nobody wants it any more."""

    def __init__(
        self,
        store: Store,
        audit: Audit,
        reach: Reach,
        known: Known,
        *,
        now: Callable[[], datetime],
        wait: Callable[[float], object],
        is_wanted: Callable[[], None],
    ) -> None:
        """Take what is known; nothing is asked yet."""
        self._store = store
        self._audit = audit
        self._reach = reach
        self._known = known
        self._now = now
        self._wait = wait
        self._is_wanted = is_wanted

    def collect(
        self, server: Server, checks: Sequence[Check], later: Sequence[Check] = ()
    ) -> Collected:
        """Ask a server some checks and write what they came to; `later` come in their own turn.

        Raises:
            ConsoleError: the store takes nothing, or it is not wanted any more.
        """
        self._is_wanted()
        self._write(lambda: self._note(server, CollectState.RUNNING, ""))
        on_server = [one for one in (*checks, *later) if _is_on_server(one)]
        answers = self._answers(server, [one for one in checks if _is_on_server(one)], on_server)
        outcomes = {one.check_id: one for one in answers.outcomes}
        # one that could not be asked now stays unmeasured where it never was; a result that this
        # audit has is not written over by it
        asked = [*checks, *(later if answers.why else ())]
        results = [
            self._judged(one, self._outcome(server, one, outcomes, answers), server, answers.family)
            for one in asked
            if not (
                answers.why and _is_on_server(one) and (server.id, one.id) in self._known.measured
            )
        ]
        found = Collected(
            server=server,
            family=answers.family,
            system=answers.system,
            cpu_ms=answers.cpu_ms,
            results=tuple(results),
            why=answers.why,
        )
        summaries = self._summaries(found)
        self._is_wanted()
        self._write(lambda: self._put(found, summaries))
        if answers.why:
            self._write(lambda: self._note(server, CollectState.FAILED, answers.why))
        elif later:
            self._write(lambda: self._note(server, CollectState.WAITING, HEAVY_WAIT))
        return found

    def collect_one(
        self, server: Server, check: Check, base: Collected, *, why: str = "", is_last: bool = True
    ) -> CheckResult:
        """Ask one check by itself; with `why` it is not asked, and why.

        `base` tells what is known of the server. Without `is_last` others wait for their turn.

        Raises:
            ConsoleError: as `collect`.
        """
        found = self.look_one(server, check, base, why=why)
        summaries = self._summaries(found)
        self._is_wanted()
        self._write(lambda: self._put(found, summaries))
        if not is_last:
            self._write(lambda: self._note(server, CollectState.WAITING, HEAVY_WAIT))
        return found.results[0]

    def look_one(
        self, server: Server, check: Check, base: Collected, *, why: str = ""
    ) -> Collected:
        """Ask one check by itself, and write nothing: for an audit that takes nothing any more.

        Raises:
            ConsoleError: it is not wanted any more.
        """
        if why:
            family, outcome = base.family, not_asked(check, why, self._now())
        elif _is_on_server(check):
            answers = self._answers(server, [check], [check])
            family = base.family if answers.why else answers.family
            outcomes = {one.check_id: one for one in answers.outcomes}
            outcome = self._outcome(server, check, outcomes, answers)
        else:
            family, outcome = base.family, self._outcome(server, check, {}, self._nothing(server))
        return Collected(
            server=server,
            family=family,
            system=base.system,
            cpu_ms=base.cpu_ms,
            results=(self._judged(check, outcome, server, family),),
        )

    def note(self, kind: EntryKind, body: Mapping[str, Any], *, by: str) -> None:
        """Enter into the audit's journal what was done.

        Raises:
            ConsoleError: as `collect`.
        """
        self._write(
            lambda: note_looked(self._store, self._audit.id, kind, body, by=by, now=self._now())
        )

    def base_of(self, server: Server) -> Collected:
        """Give what an earlier run of this audit learned of a server."""
        nothing = self._nothing(server)
        return Collected(
            server=server,
            family=nothing.family,
            system=nothing.system,
            cpu_ms=nothing.cpu_ms,
            results=(),
        )

    def _nothing(self, server: Server, why: str = "") -> Answers:
        """Give no answers, with what is known of the server from before."""
        row = self._known.rows.get(server.id)
        return Answers(
            family=Family(row.family) if row is not None and row.family else Family.OTHER,
            system=row.system if row is not None else "",
            outcomes=(),
            cpu_ms=row.cpu_ms if row is not None else None,
            why=why,
        )

    def _answers(
        self, server: Server, checks: Sequence[Check], all_on_server: Sequence[Check]
    ) -> Answers:
        if not all_on_server:
            return self._nothing(server)
        try:
            hands = self._reach.hands(server, self._is_wanted)
        except NotReached as error:
            return self._nothing(server, error.sentence)
        try:
            asking = ServerAsking(hands, server, now=self._now, is_wanted=self._is_wanted)
            answers = asking.ask([with_given(one, server, self._known.agreed) for one in checks])
        finally:
            hands.close()
        return self._nothing(server, answers.why) if answers.why else answers

    def _outcome(
        self, server: Server, check: Check, outcomes: Mapping[str, RawOutcome], answers: Answers
    ) -> RawOutcome:
        found = outcomes.get(check.id)
        if found is not None:
            return found
        if check.is_off:
            return not_asked(check, "", self._now())
        if check.privilege in {Privilege.DESK, Privilege.STORE}:
            return self._looked(server, check)
        return not_asked(check, answers.why, self._now())

    def _looked(self, server: Server, check: Check) -> RawOutcome:
        try:
            return look(self._store, check, server, self._now())
        except ConsoleError as error:
            return not_asked(check, error.sentence, self._now())
        except Exception:  # a bug in one look must not end the run of a whole fleet
            log.exception("%s: %s met a bug", server.name, check.id)
            return not_asked(check, "noc-console met a bug here; see its log.", self._now())

    def _judged(
        self, check: Check, outcome: RawOutcome, server: Server, family: Family
    ) -> CheckResult:
        around = Around(
            now=outcome.at,
            server=server.name,
            family=family,
            agreed=agreed_for(server, self._known.agreed),
            before=self._known.before.get(server.id),
            lifetimes=shipped_lifetimes(),
            earlier=self._earlier(check, server),
        )
        if outcome.why and _is_on_server(check) and not check.is_off:
            return unmeasured(check, outcome)  # the family is not known of a server unreached
        try:
            return judge(check, outcome, around)
        except Exception:  # whatever a server sent, it harms only this check
            log.exception("%s: %s: judging met a bug", server.name, check.id)
            why = "noc-console met a bug while it read the answer; see its log."
            return unmeasured(check, not_asked(check, why, outcome.at))

    def _earlier(self, check: Check, server: Server) -> Mapping[str, tuple[bytes, ...]]:
        if check.parser not in WITH_PAST:
            return {}
        return {check.id: self._earlier_of(check.id, server)}

    def _earlier_of(self, check_id: str, server: Server) -> tuple[bytes, ...]:
        return self._patiently(
            lambda: earlier_evidence(self._store, self._audit, server.id, check_id)
        )

    def _summaries(self, found: Collected) -> dict[str, str]:
        """Give what some evidence tells in short: here, so that no window reads it of a fleet."""
        told: dict[str, str] = {}
        for one in found.results:
            if one.check_id not in SUMMARIES or not one.evidence:
                continue
            earlier = self._earlier_of(one.check_id, found.server)
            try:
                body = SUMMARIES[one.check_id](one, earlier)
            except Exception:  # whatever a server sent; the window reads the evidence itself then
                log.exception(
                    "%s: %s: telling it in short met a bug", found.server.name, one.check_id
                )
                continue
            if body is not None:
                told[one.check_id] = body
        return told

    def _put(self, found: Collected, summaries: Mapping[str, str]) -> None:
        put_collected(
            self._store,
            self._audit.id,
            found.server.id,
            found.results,
            family=found.family,
            system=found.system,
            cpu_ms=found.cpu_ms,
            now=self._now(),
            summaries=summaries,
        )

    def _note(self, server: Server, state: CollectState, why: str) -> None:
        note_collecting(self._store, self._audit.id, [server.id], state, why=why, now=self._now())

    def _write(self, work: Callable[[], None]) -> None:
        self._patiently(work)

    def _patiently(self, work: Callable[[], _Given]) -> _Given:
        """Read or write, and try again while the store is away or full.

        Raises:
            StoreError: it takes nothing for too long.
        """
        ends_s = time.monotonic() + STORE_AWAY_S
        while True:
            try:
                return work()
            except StoreError:
                if time.monotonic() >= ends_s:
                    raise
                self._wait(_STORE_AGAIN_S)
                self._is_wanted()


def unmeasured(check: Check, outcome: RawOutcome) -> CheckResult:
    """Give the result of a check that could not be asked: not measured, and why."""
    return CheckResult(
        check_id=check.id,
        result=Result.NOT_MEASURED,
        why=outcome.why,
        findings=(),
        at=outcome.at,
        took_ms=outcome.took_ms,
        cpu_ms=outcome.cpu_ms,
        evidence=b"",
        sha256=hashlib.sha256(b"").hexdigest(),
        raw_bytes=0,
    )


def _is_on_server(check: Check) -> bool:
    return check.privilege in {Privilege.PLAIN, Privilege.SUDO}
