"""One server's lane: connect, tick, read frames, notice silence, back off, connect again.

A lane is owned by the conductor's thread. It never waits: connecting happens on a worker, bytes
arrive as events. Whatever a server does, it harms only its own lane.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime

from noc_console.engine.events import BytesArrived, Opened, OpenFailed, StreamEnded
from noc_console.engine.open_link import OpenLink
from noc_console.engine.pace import SlowPace, tick_s, together_s
from noc_console.engine.picture import Picture
from noc_console.engine.recorder import Recorder
from noc_console.engine.slow_reading import SlowReadings
from noc_console.errors import ConsoleError
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.inert import inert
from noc_console.fleet.link_state import LinkState
from noc_console.health.verdict import Verdict
from noc_console.telemetry.frame import FrameReader, OutputTooLong
from noc_console.telemetry.probe import Part, tick_line
from noc_console.telemetry.quick import SampleReader
from noc_console.telemetry.sample import Sample

log = logging.getLogger(__name__)

READY_WITHIN_S = 20.0
SILENCE_TICKS = 3
SILENCE_AT_LEAST_S = 15.0
SILENCE_AT_MOST_S = 60.0
LOCK_OUT_DELAY_S = 300.0

_LOCKS_OUT = {FailureKind.AUTHENTICATION_FAILED, FailureKind.KEY_UNUSABLE}
"""Tried seldom: a server that counts failed logins would lock the account or our address out."""

_FAST = frozenset({Part.FAST})
_UNITS = frozenset({Part.UNITS})
_NEVER_S = float("inf")


class Lane:
    """One server over SSH; its ways to the outside are given by the roster.

    `start_opening(lane)` has a worker connect and post the outcome; `start_slow(link)` has one
    begin the slow loop anew, and the closings are done by workers as well.
    """

    def __init__(
        self,
        picture: Picture,
        recorder: Recorder,
        *,
        start_opening: Callable[["Lane"], None],
        start_slow: Callable[[OpenLink], None],
        close_slow: Callable[[OpenLink], None],
        close_link: Callable[[OpenLink], None],
        delay_s: Callable[[int], float],
        wall: Callable[[], datetime],
    ) -> None:
        """Stand ready; `delay_s(attempt)` is the back-off, `wall` the engine's clock."""
        self.picture = picture
        self.generation = 0
        self.looked_at = False
        self.is_recorded = False
        self.next_act_s = 0.0
        self.owes_since_s = _NEVER_S
        """Since when the server owes an answer, or the connection takes no line."""
        self._recorder = recorder
        self._start_opening = start_opening
        self._start_slow = start_slow
        self._close_slow = close_slow
        self._close_link = close_link
        self._delay_s = delay_s
        self._wall = wall
        self._link: OpenLink | None = None
        self._fast = FrameReader()
        self._slow = SlowReadings(picture, recorder)
        self._pace = SlowPace(spread=random.random())  # noqa: S311 - a spread, not a secret
        self._samples = SampleReader(picture.server.id)
        self._sequence = 0
        self._tick_s = 0.0  # when the next tick is due
        self._asked_s = 0.0
        self._opened_s = 0.0
        self._answered = True
        self._failures_in_a_row = 0
        self._opening = False

    @property
    def server_id(self) -> int:
        """The server this lane looks after."""
        return self.picture.server.id

    @property
    def label(self) -> str:
        """What the log calls it."""
        return f"{self.picture.server.name}: link"

    @property
    def link(self) -> OpenLink | None:
        """The connection that stands now, for a bounded command on a worker."""
        return self._link

    def act(self, now_s: float) -> None:
        """Do what is due at `now_s` (monotonic) and set `next_act_s`."""
        if self._opening:
            self.next_act_s = _NEVER_S  # the outcome comes as an event
        elif self._link is None:
            self._open(now_s)
        elif now_s >= self._silent_at_s():
            self._lose(self._silence(), now_s)
        elif not self._fast.ready:
            self.next_act_s = self._silent_at_s()
        else:
            if now_s >= self._tick_s:
                self._tick(self._link, now_s)
            self._ask_slow(self._link, now_s)
            self.next_act_s = min(self._tick_s, self._silent_at_s())

    def try_now(self, now_s: float) -> None:
        """Connect at once whatever the back-off says: a person decided or asked."""
        self._failures_in_a_row = 0
        self.read_anew()
        self.tick_now(now_s)

    def tick_now(self, now_s: float) -> None:
        """Ask, or connect, at once."""
        if not self._opening:
            self._tick_s = self.next_act_s = now_s

    def read_anew(self) -> None:
        """Ask for every slow reading at the next tick: what is expected changed."""
        self._pace.forget()

    def close(self) -> None:
        """Close the connection; nothing is left on the server. Late events are dropped."""
        self.generation += 1
        self._opening = False
        self._drop_link()

    def take_opened(self, event: Opened, now_s: float) -> None:
        """Begin with a new connection: the probe loops are starting."""
        self._opening = False
        self._drop_link()
        self._link = event.link
        self._opened_s = self._tick_s = now_s
        if not self._slow.can_be_asked:
            self._slow.asked(now_s)
        self._recorder.put_link(self.server_id, event.link.facts)
        self.next_act_s = now_s

    def take_failed(self, event: OpenFailed, now_s: float) -> None:
        """Note why there is no connection and when to try again."""
        self._opening = False
        self._lose(event.failure, now_s)

    def take_bytes(self, event: BytesArrived) -> None:
        """Read what a probe loop sent."""
        try:
            if event.slow:
                self._feed_slow(event)
            else:
                self._feed_fast(event)
        except ConsoleError as error:
            too_long = isinstance(error, OutputTooLong)
            kind = FailureKind.OUTPUT_TOO_LONG if too_long else FailureKind.OUTPUT_NOT_UNDERSTOOD
            sentence = inert(f"{self.picture.server.name}: {error.sentence}")
            self._lose(Failure(kind=kind, sentence=sentence), event.arrived_s)

    def take_end(self, event: StreamEnded, now_s: float) -> None:
        """The fast loop's end is the link's end; without the slow one ticks go on."""
        if event.slow:
            self._end_slow(now_s)
        else:
            self._lose(event.failure, now_s)

    def _open(self, now_s: float) -> None:
        """Begin anew here and not when it is open: a loop may say that it is ready before that."""
        self.generation += 1
        self._opening = True
        self._fast = FrameReader()
        self._slow.restart(now_s)
        self._pace.forget()
        self._samples = SampleReader(self.server_id)
        self._answered = True
        self.next_act_s = _NEVER_S
        if self.picture.link is LinkState.NOT_TRIED:
            self._set_link(LinkState.CONNECTING, None)
        self._start_opening(self)

    def _tick(self, link: OpenLink, now_s: float) -> None:
        pace_s = self._pace_s()
        self._tick_s = together_s(max(self._tick_s + pace_s, now_s + pace_s / 2))
        if self._answered:
            self._sequence += 1
            if link.send_fast(tick_line(self._sequence, _FAST)):
                self._asked_s = self.owes_since_s = now_s
                self._answered = False
            else:
                self.owes_since_s = min(self.owes_since_s, now_s)

    def _pace_s(self) -> float:
        is_quick = self.looked_at or self.is_recorded
        return tick_s(self.picture.server.tick_s, looked_at=is_quick)

    def _ask_slow(self, link: OpenLink, now_s: float) -> None:
        if self._slow.is_hung(now_s):
            log.info("%s: the slow readings hang; they begin again later", self.label)
            self._end_slow(now_s)
        elif self._slow.may_begin_again(now_s):
            self._slow.restart(now_s)
            self._pace.forget()
            self._start_slow(link)
        if not self._slow.can_be_asked:
            return
        judgement = self.picture.judgement
        verdict = Verdict.UNKNOWN if judgement is None else judgement.verdict
        parts = self._pace.due(
            now_s,
            looked_at=self.looked_at,
            distress=verdict is Verdict.CUT_OFF,
            calm=verdict is Verdict.OK and not self.is_recorded,
        )
        if not parts:
            return
        units = self.picture.service_names
        if not units:
            self._pace.asked(_UNITS, now_s)
            parts -= _UNITS
        if parts and link.send_slow(tick_line(self._sequence, parts, units)):
            self._pace.asked(parts, now_s)
            self._slow.asked(now_s)

    def _end_slow(self, now_s: float) -> None:
        self._slow.give_up(now_s)
        if self._link is not None:
            self._close_slow(self._link)

    def _feed_slow(self, event: BytesArrived) -> None:
        try:
            self._slow.feed(event.content, self._wall(), event.arrived_s)
        except ConsoleError as error:
            log.info("%s: slow readings: %s", self.label, error.sentence)
            self._end_slow(event.arrived_s)
        if self._slow.can_be_asked and self._pace.is_new:
            self.next_act_s = event.arrived_s

    def _feed_fast(self, event: BytesArrived) -> None:
        if not self._answered and self._fast.is_between_frames:
            sample = self._samples.quick(event.content, self._sequence, self._wall())
            if sample is not None:
                self._fast.pass_over()
                self._take_sample(sample, event.arrived_s)
                return
        was_ready = self._fast.ready
        frames = self._fast.feed(event.content)
        if self._fast.ready and not was_ready:
            self.next_act_s = self._tick_s = event.arrived_s
        for frame in frames:
            if self._answered or frame.sequence != self._sequence:
                continue  # nobody asked for it: a server must not fill our history with frames
            self._take_sample(self._samples.read(frame, self._wall()), event.arrived_s)

    def _take_sample(self, sample: Sample, arrived_s: float) -> None:
        latency_s = arrived_s - self._asked_s
        self._answered, self.owes_since_s = True, _NEVER_S
        self._failures_in_a_row = 0
        self.picture.take_sample(sample, arrived_s, latency_s)
        self._recorder.add_sample(sample, latency_s=latency_s)
        if self.picture.set_link(LinkState.UP, None, self._wall()):
            self._recorder.mark(self.picture)
        else:
            self._recorder.judge(self.picture)
        self.next_act_s = min(self.next_act_s, self._tick_s)

    def _silent_at_s(self) -> float:
        """When a link from which nothing more is heard counts as dead."""
        if not self._fast.ready:
            return self._opened_s + READY_WITHIN_S
        pace_s = self._pace_s()
        limit_s = min(SILENCE_AT_MOST_S, max(SILENCE_AT_LEAST_S, SILENCE_TICKS * pace_s))
        return self.owes_since_s + limit_s

    def _silence(self) -> Failure:
        name = self.picture.server.name
        if not self._fast.ready:
            return Failure(
                kind=FailureKind.SHELL_REFUSED,
                sentence=(
                    f"{name} let us log in but started no shell for us; "
                    "check that the account may run /bin/sh and is not limited to one command."
                ),
            )
        return Failure(
            kind=FailureKind.STOPPED_ANSWERING,
            sentence=f"{name} stopped answering; we try again by ourselves.",
        )

    def _lose(self, failure: Failure, now_s: float) -> None:
        self._opening = False  # a loop may fail before its connection counts as open
        self._drop_link()
        self.generation += 1
        self._failures_in_a_row += 1
        if failure.is_host_key:
            self._set_link(LinkState.WAITING_FOR_PERSON, failure)
            self.next_act_s = _NEVER_S
        else:
            self._set_link(LinkState.DOWN, failure)
            delay_s = self._delay_s(self._failures_in_a_row)
            if failure.kind in _LOCKS_OUT:
                delay_s = max(delay_s, LOCK_OUT_DELAY_S)
            self.next_act_s = now_s + delay_s

    def _drop_link(self) -> None:
        self.owes_since_s = _NEVER_S
        if self._link is not None:
            self._close_link(self._link)
            self._link = None

    def _set_link(self, state: LinkState, failure: Failure | None) -> None:
        if self.picture.set_link(state, failure, self._wall()):
            self._recorder.mark(self.picture)
