"""The heavy checks of a run: few at a time, never two on one machine, behind a gate of load.

Within the hours that are set, if any are. A server that is loaded goes to the end of the row; one
that stays so for too long is not measured, and why is said.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue

from noc_console.audit.check import Check
from noc_console.engine.audit_collecting import Collected, Collecting
from noc_console.engine.audit_plan import Hours, ServerPlan
from noc_console.engine.audit_reach import NotReached, Reach
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.health.verdict import Verdict

LOOK_EVERY_S = 1.0
LOADED_AGAIN_S = 15.0
LOADED_FOR_S = 1800.0
MOST_STEPS = 60
"""Of turns that are told: the whole progress of an order is written anew with each."""
GIVEN_UP_AFTER = timedelta(days=3)
"""Hours in which nothing gets its turn for so long are set too short."""

_UNWELL = frozenset({Verdict.CUT_OFF, Verdict.DOWN})


@dataclass(slots=True)
class _Turn:
    server: Server
    base: Collected
    checks: deque[Check]
    loaded_s: float = 0.0
    """For how long it was found loaded, within the hours."""
    next_s: float = 0.0


class HeavyTurns:
    """Gives each heavy check its turn; on the run's own thread."""

    def __init__(
        self,
        collecting: Collecting,
        reach: Reach,
        heavy: Sequence[tuple[ServerPlan, Collected]],
        *,
        at_once: int,
        highest_load: float,
        hours: Hours | None,
        now: Callable[[], datetime],
        see_wanted: Callable[[], None],
        wait: Callable[[float], object],
        tell: Callable[[str, bool | None, int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`highest_load` is the load of a minute for each core over which a server waits.

        `tell` is given a sentence, whether it is good, and how many checks had their turn.
        """
        self._collecting = collecting
        self._reach = reach
        self._turns = deque(_Turn(plan.server, base, deque(plan.heavy)) for plan, base in heavy)
        self._at_once = at_once
        self._highest_load = highest_load
        self._hours = hours
        self._now = now
        self._see_wanted = see_wanted
        self._wait = wait
        self._tell_all = tell
        self._clock = clock
        self._busy: dict[str, _Turn] = {}
        self._ended: SimpleQueue[tuple[str, Check, ConsoleError | None]] = SimpleQueue()
        self._of = sum(len(one.checks) for one in self._turns)
        self._done = 0

    def go(self) -> None:
        """Go on until every one had its turn.

        Raises:
            ConsoleError: it is not wanted any more, or the store takes nothing.
        """
        begun = self._now()
        self._tell(f"heavy checks of {len(self._turns)} servers begin", None)
        workers = Workers("audit-heavy", self._at_once)
        was_outside = False
        try:
            while self._turns or self._busy:
                self._see_wanted()
                is_outside = self._is_outside_hours()
                if is_outside and not was_outside and self._turns:
                    self._tell(self._waiting_words(), None)
                was_outside = is_outside
                if self._now() - begun > GIVEN_UP_AFTER:
                    self._give_up_all()
                elif not is_outside:
                    self._begin_what_may(workers)
                self._take_ended()
        finally:
            workers.stop()
        self._tell("the heavy checks are done", True)

    def _begin_what_may(self, workers: Workers) -> None:
        for _ in range(len(self._turns)):
            if len(self._busy) >= self._at_once:
                return
            turn = self._turns.popleft()
            place = turn.server.address.lower() or turn.server.name
            now_s = self._clock()
            if place in self._busy or now_s < turn.next_s:
                self._turns.append(turn)
                continue
            why = self._why_not_now(turn)
            if why and turn.loaded_s < LOADED_FOR_S:
                if not turn.loaded_s:
                    self._tell(f"{turn.server.name} waits until it is less loaded", None)
                turn.loaded_s += LOADED_AGAIN_S
                turn.next_s = now_s + LOADED_AGAIN_S
                self._turns.append(turn)
                continue
            self._busy[place] = turn
            workers.submit(partial(self._do, turn, place, why))

    def _do(self, turn: _Turn, place: str, why: str) -> None:
        """Runs on a worker; the next check of this server has a turn of its own."""
        failure: ConsoleError | None = None
        check = turn.checks.popleft()
        try:
            self._collecting.collect_one(
                turn.server, check, turn.base, why=why, is_last=not turn.checks
            )
        except ConsoleError as error:
            failure = error
        finally:
            self._ended.put((place, check, failure))

    def _take_ended(self) -> None:
        try:
            place, check, failure = self._ended.get(timeout=LOOK_EVERY_S)
        except Empty:
            return
        turn = self._busy.pop(place)
        if failure is not None:
            raise failure
        if turn.checks:
            self._turns.append(turn)
        self._done += 1
        if self._done % max(1, self._of // MOST_STEPS) == 0:
            self._tell(f"{check.id} of {turn.server.name} had its turn", None)

    def _tell(self, sentence: str, ok: bool | None) -> None:
        self._tell_all(sentence, ok, self._done)

    def _why_not_now(self, turn: _Turn) -> str:
        """Say why a server does not take a heavy check now; empty where it does."""
        try:
            standing = self._reach.standing(turn.server)
        except NotReached:
            return ""  # the asking itself says why
        name = turn.server.name
        if standing.load is not None and standing.load > self._highest_load:
            return (
                f"{name} was too loaded for a heavy check for {LOADED_FOR_S / 60:.0f} min "
                f"(load {standing.load:.2f} a core, {self._highest_load:g} at most); run this "
                "check again at a quieter time."
            )
        if standing.verdict in _UNWELL:
            return (
                f"{name} was {standing.verdict.value} for {LOADED_FOR_S / 60:.0f} min, and a heavy "
                "check would have added to it; run this check again when it is well."
            )
        return ""

    def _is_outside_hours(self) -> bool:
        return self._hours is not None and not self._hours.hold(self._now().astimezone())

    def _waiting_words(self) -> str:
        if self._hours is None:
            return ""
        at = self._hours.next_start(self._now().astimezone())
        return f"the heavy checks of {len(self._turns)} servers wait until {at:%Y-%m-%d %H:%M %Z}"

    def _give_up_all(self) -> None:
        while self._turns:
            turn = self._turns.popleft()
            why = (
                "The hours that are set for heavy checks left no time for it in "
                f"{GIVEN_UP_AFTER.days} days; make them longer."
            )
            while turn.checks:
                check = turn.checks.popleft()
                self._collecting.collect_one(
                    turn.server, check, turn.base, why=why, is_last=not turn.checks
                )
                self._done += 1
