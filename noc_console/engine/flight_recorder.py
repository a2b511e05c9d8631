"""The flight recorder: begins recordings by rule or by a person's word, feeds them, ends them.

Owned by the conductor's thread; recordings are opened on a worker, exhibits are written on the
store's thread. The ring is here and never on the server: what has come is kept, whatever happens
to either.
"""

import logging
import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any

from noc_console.engine.events import Event, Said
from noc_console.engine.evidence_outbox import EvidenceOutbox
from noc_console.engine.lane import Lane
from noc_console.engine.local_lane import LocalLane
from noc_console.engine.roster import Roster
from noc_console.engine.tape import Source, Tape, samples_text
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.health.verdict import Verdict
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.evidence.evidence_records import (
    close_broken_off,
    end_recording,
    open_recording,
    set_until,
)
from noc_console.incidents.evidence.recording_asking import RECORD_NOW, STOP_RECORDING
from noc_console.incidents.evidence.recording_rules import Declined, RecorderSettings, why_record
from noc_console.links.local_shell import LocalShell
from noc_console.store.history import History, Step
from noc_console.store.orders import Order
from noc_console.store.settings import get_setting
from noc_console.store.store import Store

log = logging.getLogger(__name__)

KINDS = frozenset({RECORD_NOW, STOP_RECORDING})

TURN_EVERY_S = 0.25
LOOK_EVERY_S = 1.0
TRY_AGAIN_AFTER_S = 15.0
BEFORE = timedelta(minutes=10)
"""How much of the history before its beginning a recording takes with it."""

LONGEST_MANUAL_MINUTES = 24 * 60


class NotRecorded(ConsoleError):
    """An order to the recorder that cannot be carried out."""


class FlightRecorder:
    """The recordings of one engine."""

    def __init__(
        self,
        store: Store,
        engine_id: int,
        roster: Roster,
        post: Callable[[Event], None],
        wall: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with none; what a dead engine left open is closed as broken off."""
        self.outbox = EvidenceOutbox(store, clock)
        self._store = store
        self._engine_id = engine_id
        self._roster = roster
        self._post = post
        self._wall = wall
        self._clock = clock
        self._workers = Workers("recorder", 4)
        self._settings = RecorderSettings()
        self._tapes: dict[int, Tape] = {}
        self._ill_s: dict[int, float] = {}
        """When each recorded server last called for it, on the monotonic clock."""
        self._opening: dict[int, float] = {}
        self._declined: dict[int, Declined] = {}
        self._next_look_s = 0.0
        self._is_closed = False
        self._left_open = True

    @property
    def recorded(self) -> frozenset[int]:
        """The servers recorded now."""
        return frozenset(self._tapes)

    def turn(self, now_s: float) -> None:
        """Look which servers call for a recording, and do what is due in each that is under way."""
        if now_s >= self._next_look_s:
            self._next_look_s = now_s + LOOK_EVERY_S
            self._look(now_s)
        for server_id, tape in list(self._tapes.items()):
            self._turn_tape(server_id, tape, now_s)

    def write(self) -> None:
        """Write what was collected; on the store's thread.

        Raises:
            ConsoleError: the store takes it not now.
        """
        if self._left_open:
            close_broken_off(self._store, self._engine_id)
            self._left_open = False
        self.outbox.write()

    @property
    def has_news(self) -> bool:
        """Whether there is something to write."""
        return self._left_open or not self.outbox.is_empty

    def read_settings(self) -> None:
        """Read the store's settings of the recorder; on the store's thread."""
        usual = RecorderSettings()

        def number(key: str, default: int) -> int:
            return int(get_setting(self._store, f"recorder.{key}", default))

        self._settings = RecorderSettings(
            is_automatic=bool(
                get_setting(self._store, "recorder.is_automatic", usual.is_automatic)
            ),
            after_minutes=number("after_minutes", usual.after_minutes),
            longest_hours=number("longest_hours", usual.longest_hours),
            at_most=number("at_most", usual.at_most),
            manual_minutes=number("manual_minutes", usual.manual_minutes),
        )

    def close(self) -> None:
        """End every recording: the engine stops."""
        for server_id in list(self._tapes):
            self._end(server_id, "the engine was stopped")
        self._is_closed = True
        self._workers.stop()

    def begin_order(self, order: Order) -> Callable[[], dict[str, Any]]:
        """Take up an order of one of `KINDS`; gives the work that brings its outcome."""
        server_id = order.server_id or 0
        if order.kind == STOP_RECORDING:
            return self._stop(server_id, order.asked_by)
        return self._record_now(server_id, order.request, order.asked_by)

    def _record_now(
        self, server_id: int, request: Any, asked_by: str
    ) -> Callable[[], dict[str, Any]]:
        lane = self._roster.lane(server_id)
        if lane is None:
            return _refuse("This server is not watched here; it may have been deleted meanwhile.")
        minutes = request.get("minutes")
        if not isinstance(minutes, int | float) or not 0 < minutes <= LONGEST_MANUAL_MINUTES:
            minutes = self._settings.manual_minutes
        until = self._wall() + timedelta(minutes=minutes)
        reason = " ".join(str(request.get("reason") or "").split())[:200]
        why = reason or f"asked for by {asked_by}"
        tape = self._tapes.get(server_id)
        self._declined.pop(server_id, None)
        if tape is not None:
            return self._go_on(tape, until, asked_by, why)
        if server_id in self._opening:
            return lambda: self._join_opening(server_id, until, asked_by, why)
        server_name = lane.picture.server.name
        self._opening[server_id] = self._clock()

        def work() -> dict[str, Any]:
            recording = self._open(server_id, server_name, why, asked_by, until)
            return {
                "recording_id": recording.id,
                "sentence": f"{server_name} is recorded until {until:%H:%M} UTC, at least.",
            }

        return work

    def _join_opening(
        self, server_id: int, until: datetime, asked_by: str, why: str
    ) -> dict[str, Any]:
        """Have a recording that begins by rule at this moment go on; on a worker."""
        taken: SimpleQueue[Callable[[], dict[str, Any]]] = SimpleQueue()

        def look() -> None:
            tape = self._tapes.get(server_id)
            if tape is not None and taken.empty():
                taken.put(self._go_on(tape, until, asked_by, why))

        ends_s = self._clock() + TRY_AGAIN_AFTER_S
        while self._clock() < ends_s:
            self._post(Said(look))
            try:
                work = taken.get(timeout=TURN_EVERY_S)
            except Empty:
                continue
            return work()
        raise NotRecorded("A recording was begun a moment ago and did not come to be; ask again.")

    def _go_on(
        self, tape: Tape, until: datetime, asked_by: str, why: str
    ) -> Callable[[], dict[str, Any]]:
        """Have a recording that is under way go on for as long as a person wants it."""
        recording = tape.recording
        if recording.until is not None:
            until = max(until, recording.until)
        tape.extend(until)
        tape.tell(f"{asked_by} wants it until {until:%H:%M} UTC: {why}")

        def work() -> dict[str, Any]:
            set_until(self._store, recording.id, until)
            return {
                "recording_id": recording.id,
                "sentence": f"{recording.server_name} was recorded already, in recording "
                f"{recording.id}; it goes on until {until:%H:%M} UTC, at least.",
            }

        return work

    def _stop(self, server_id: int, asked_by: str) -> Callable[[], dict[str, Any]]:
        tape = self._tapes.get(server_id)
        if tape is None:
            return _refuse("This server is not being recorded, so there is nothing to stop.")
        self._decline(server_id)
        self._end(server_id, f"stopped by {asked_by}")
        recording_id = tape.recording.id
        return lambda: {"recording_id": recording_id, "sentence": "The recording was stopped."}

    def _look(self, now_s: float) -> None:
        """Begin what calls for it, the worst first, as long as there is room."""
        room = self._settings.at_most - len(self._tapes) - len(self._opening)
        self._opening = {
            key: at for key, at in self._opening.items() if now_s - at < TRY_AGAIN_AFTER_S
        }
        may_begin = self._settings.is_automatic and room > 0
        wanted: list[tuple[int, int, str]] = []
        for lane in self._roster.lanes():
            judgement = lane.picture.judgement
            if judgement is None or judgement.verdict not in _CALLING:
                if lane.server_id in self._declined and judgement is not None:
                    del self._declined[lane.server_id]
                continue
            if not may_begin and lane.server_id not in self._tapes:
                continue  # in a storm nearly all
            words = why_record(judgement)
            if not words:
                continue
            self._ill_s[lane.server_id] = now_s
            if may_begin and self._may_begin(lane):
                wanted.append((judgement.verdict.urgency, lane.server_id, words))
        for _, server_id, words in sorted(wanted)[:room]:
            self._begin_by_rule(server_id, words, now_s)

    def _may_begin(self, lane: Lane | LocalLane) -> bool:
        server_id = lane.server_id
        if server_id in self._tapes or server_id in self._opening:
            return False
        declined = self._declined.get(server_id)
        if declined is not None and declined.still_holds(lane.picture.judgement):
            return False
        self._declined.pop(server_id, None)
        return True

    def _begin_by_rule(self, server_id: int, words: str, now_s: float) -> None:
        lane = self._roster.lane(server_id)
        if lane is None:
            return
        self._opening[server_id] = now_s
        name = lane.picture.server.name

        def work() -> None:
            try:
                self._open(server_id, name, words, "", None)
            except ConsoleError as error:
                log.warning("%s is not recorded: %s", name, error.sentence)

        self._workers.submit(work)

    def _open(
        self, server_id: int, name: str, why: str, asked_by: str, until: datetime | None
    ) -> Recording:
        """Runs on a worker."""
        recording = open_recording(
            self._store,
            server_id=server_id,
            server_name=name,
            engine_id=self._engine_id,
            why=why,
            asked_by=asked_by,
            until=until,
            now=self._wall(),
        )
        before = self._samples_before(recording)
        self._post(Said(lambda: self._begin(recording, before)))
        return recording

    def _samples_before(self, recording: Recording) -> str:
        """Give what the history has of the minutes before; a history that fails is none."""
        start = recording.started_at - BEFORE
        history = History(self._store)
        try:
            names = history.metrics_of(recording.server_id, start, recording.started_at)
            found = history.read(recording.server_id, names, start, recording.started_at, Step.RAW)
        except ConsoleError:
            return ""
        rows = [
            (
                datetime.fromtimestamp(int(at) / 1000, recording.started_at.tzinfo),
                {
                    name: float(values[place])
                    for name, values in found.average.items()
                    if not math.isnan(values[place])
                },
            )
            for place, at in enumerate(found.times_ms)
        ]
        return samples_text(rows) if rows else ""

    def _begin(self, recording: Recording, before: str) -> None:
        """Runs on the conductor's thread."""
        server_id = recording.server_id
        self._opening.pop(server_id, None)
        if self._is_closed or server_id in self._tapes or self._roster.lane(server_id) is None:
            self._write_end(recording, "nothing was recorded: it was begun too late")
            return
        tape = Tape(
            recording,
            submit=self._workers.submit,
            post=lambda act: self._post(Said(act)),
            clock=self._clock,
            wall=self._wall,
            keep=self.outbox.add,
        )
        tape.tell(f"recording {recording.server_name}: {recording.why}")
        lane = self._roster.lane(server_id)
        if lane is not None and _source(lane) is None:
            tape.tell("there is no connection now; what can be asked is asked when there is one")
        if before:
            tape.put_text("samples-before", "Samples of the minutes before", before)
        self._tapes[server_id] = tape
        self._ill_s.setdefault(server_id, self._clock())
        self._roster.set_recorded(server_id, is_recorded=True)
        log.info("%s is recorded (%s): %s", recording.server_name, recording.id, recording.why)

    def _turn_tape(self, server_id: int, tape: Tape, now_s: float) -> None:
        lane = self._roster.lane(server_id)
        if lane is None:
            self._end(server_id, "the server was taken out of the fleet")
            return
        self._roster.set_recorded(server_id, is_recorded=True)  # an edit makes a new lane
        picture = lane.picture
        verdict = picture.judgement.verdict if picture.judgement is not None else Verdict.UNKNOWN
        if picture.sample is not None:
            tape.take_sample(picture.sample, now_s)
        tape.turn(now_s, _source(lane), verdict)
        if tape.absences_changed:
            tape.absences_changed = False
            self.outbox.add_absences(tape.recording.id, tape.absences)
        why = self._why_over(server_id, tape, now_s)
        if why:
            self._end(server_id, why)

    def _why_over(self, server_id: int, tape: Tape, now_s: float) -> str:
        """Give why a recording ends now; empty while it goes on."""
        now, recording = self._wall(), tape.recording
        wanted_until = tape.until
        if wanted_until is not None and now < wanted_until:
            return ""
        if now_s - tape.started_s > self._settings.longest_hours * 3600.0:
            self._decline(server_id)
            return f"it lasted {self._settings.longest_hours} h, the longest that is set"
        well_s = now_s - self._ill_s.get(server_id, tape.started_s)
        if recording.asked_by and well_s > 3 * LOOK_EVERY_S:
            return "the time that was asked for is over"
        if well_s > self._settings.after_minutes * 60.0:
            return f"the server has been well for {self._settings.after_minutes} min"
        return ""

    def _decline(self, server_id: int) -> None:
        lane = self._roster.lane(server_id)
        judgement = lane.picture.judgement if lane is not None else None
        if judgement is not None and why_record(judgement):
            self._declined[server_id] = Declined(judgement.verdict.urgency)

    def _end(self, server_id: int, why: str) -> None:
        tape = self._tapes.pop(server_id)
        self._ill_s.pop(server_id, None)
        self._roster.set_recorded(server_id, is_recorded=False)
        tape.end(why)
        self._write_end(tape.recording, why)
        log.info("%s is recorded no more: %s", tape.recording.server_name, why)

    def _write_end(self, recording: Recording, why: str) -> None:
        now = self._wall()
        self.outbox.add_ending(
            recording.id, lambda: end_recording(self._store, recording.id, why=why, now=now)
        )


_CALLING = frozenset({Verdict.EARLY, Verdict.CUT_OFF})


def _source(lane: Lane | LocalLane) -> Source | None:
    if isinstance(lane, LocalLane):
        return Source(key="this machine", opener=LocalShell)
    link = lane.link
    return None if link is None else Source(key=link, opener=link.open_stream)


def _refuse(sentence: str) -> Callable[[], dict[str, Any]]:
    def work() -> dict[str, Any]:
        raise NotRecorded(sentence)

    return work
