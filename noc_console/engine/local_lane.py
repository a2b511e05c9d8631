"""The lane of the machine the engine runs on: the same readings, taken with psutil, no SSH.

psutil is asked on workers: a disk that hangs here must not stop the ticks, ours or of others.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from noc_console.engine.events import Said
from noc_console.engine.pace import SlowPace, tick_s
from noc_console.engine.picture import Picture
from noc_console.engine.recorder import Recorder
from noc_console.engine.workers import Workers
from noc_console.fleet.link_state import LinkState
from noc_console.telemetry.arrays import figures_of
from noc_console.telemetry.host import Mount
from noc_console.telemetry.probe import Part
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.service import ServiceState
from noc_console.telemetry.this_machine import ThisMachine


class LocalLane:
    """This machine; `post` hands a worker's result to the conductor's thread."""

    def __init__(
        self,
        picture: Picture,
        recorder: Recorder,
        *,
        workers: Workers,
        post: Callable[[Said], None],
        wall: Callable[[], datetime],
    ) -> None:
        """Stand ready to read this machine on `workers`."""
        self.picture = picture
        self.looked_at = False
        self.is_recorded = False
        self.next_act_s = 0.0
        self.owes_since_s = float("inf")
        self._recorder = recorder
        self._workers = workers
        self._post = post
        self._wall = wall
        self._fast = ThisMachine(picture.server.id)  # a reader belongs to one thread at a time
        self._slow = ThisMachine(picture.server.id)
        self._pace = SlowPace()
        self._is_reading = False
        self._is_reading_slow = False
        self._is_closed = False

    @property
    def server_id(self) -> int:
        """The row of this machine."""
        return self.picture.server.id

    @property
    def label(self) -> str:
        """What the log calls it."""
        return f"{self.picture.server.name}: this machine"

    def act(self, now_s: float) -> None:
        """Have workers take a sample and what else is due, unless they still do."""
        is_quick = self.looked_at or self.is_recorded
        pace_s = tick_s(self.picture.server.tick_s, looked_at=is_quick)
        self.next_act_s = max(self.next_act_s + pace_s, now_s + pace_s / 2)
        if not self._is_reading:
            self._is_reading = True
            self._workers.submit(self._read)
        parts = self._pace.due(now_s, looked_at=self.looked_at, distress=False)
        if parts and not self._is_reading_slow:
            self._is_reading_slow = True
            self._pace.asked(parts, now_s)
            units = self.picture.service_names
            self._workers.submit(lambda: self._read_slow(parts, units))

    def try_now(self, now_s: float) -> None:
        """Take every reading now: a person asked."""
        self.read_anew()
        self.tick_now(now_s)

    def tick_now(self, now_s: float) -> None:
        """Take a sample now."""
        self.next_act_s = now_s

    def read_anew(self) -> None:
        """Take every slow reading at the next tick: what is expected changed."""
        self._pace.forget()

    def close(self) -> None:
        """Nothing is held open; what a worker still reads is not taken."""
        self._is_closed = True

    def _read(self) -> None:
        """Runs on a worker."""
        try:
            sample = self._fast.read(self._wall())
            self._tell(lambda: self._take_sample(sample))
        finally:
            self._tell(self._finish)

    def _read_slow(self, parts: frozenset[Part], units: tuple[str, ...]) -> None:
        """Runs on a worker."""
        try:
            self._read_parts(parts, units)
        finally:
            self._tell(self._finish_slow)

    def _read_parts(self, parts: frozenset[Part], units: tuple[str, ...]) -> None:
        server_id = self.server_id
        if Part.MOUNTS in parts:
            self._tell(partial(self._take_mounts, self._slow.mounts()))
            self._tell(partial(self._take_arrays, self._slow.arrays()))
        if Part.UNITS in parts and units:
            self._tell(partial(self._take_units, self._slow.services(units)))
        if Part.PROCESSES in parts:
            processes, zombies = self._slow.processes()
            self._tell(partial(self._recorder.put_processes, server_id, processes, zombies))
            self._tell(partial(self.picture.take_figures, {"zombies": float(zombies)}, self._now_s))
        if Part.MAIL in parts:
            self._tell(partial(self._take_figures, self._slow.figures()))
        if Part.FACTS in parts:
            self._tell(partial(self._recorder.put_facts, server_id, self._slow.facts()))

    @property
    def _now_s(self) -> float:
        return self._recorder.now_s()

    def _take_mounts(self, mounts: tuple[Mount, ...]) -> None:
        self.picture.take_mounts(mounts, self._now_s)
        self._recorder.put_mounts(self.server_id, mounts)

    def _take_arrays(self, arrays: dict[str, float]) -> None:
        self.picture.take_arrays(arrays, self._now_s)
        self._recorder.put_figures(self.server_id, figures_of(arrays))

    def _take_units(self, states: tuple[ServiceState, ...]) -> None:
        self.picture.take_inside(states, self._wall(), self._now_s)
        self._recorder.put_services(self.server_id, self.picture.services())

    def _take_figures(self, figures: dict[str, float]) -> None:
        self.picture.take_figures(figures, self._now_s)
        self._recorder.put_figures(self.server_id, figures)

    def _tell(self, act: Callable[[], None]) -> None:
        """Have something done on the conductor's thread, unless the lane is closed by then."""

        def act_if_open() -> None:
            if not self._is_closed:
                act()

        self._post(Said(act_if_open))

    def _take_sample(self, sample: Sample) -> None:
        self.picture.take_sample(sample, self._now_s)
        self._recorder.add_sample(sample)
        if self.picture.set_link(LinkState.UP, None, self._wall()):
            self._recorder.mark(self.picture)
        else:
            self._recorder.judge(self.picture)

    def _finish(self) -> None:
        self._is_reading = False

    def _finish_slow(self) -> None:
        self._is_reading_slow = False
