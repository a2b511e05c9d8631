"""The lane of the machine the engine runs on: the same readings, taken with psutil, no SSH.

psutil is asked on a worker: a disk that hangs here must not stop the ticks of other servers.
"""

from collections.abc import Callable
from datetime import datetime

from noc_console.engine.events import Said
from noc_console.engine.pace import SlowPace, tick_s
from noc_console.engine.picture import Picture
from noc_console.engine.recorder import Recorder
from noc_console.engine.workers import Workers
from noc_console.fleet.link_state import LinkState
from noc_console.telemetry.probe import Part
from noc_console.telemetry.sample import Sample
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
        self.next_act_s = 0.0
        self._recorder = recorder
        self._workers = workers
        self._post = post
        self._wall = wall
        self._machine = ThisMachine(picture.server.id)
        self._pace = SlowPace()
        self._reading = False

    @property
    def server_id(self) -> int:
        """The row of this machine."""
        return self.picture.server.id

    def act(self, now_s: float) -> None:
        """Have a worker take a sample and what else is due, unless it still does."""
        pace_s = tick_s(self.picture.server.tick_s, looked_at=self.looked_at)
        self.next_act_s = max(self.next_act_s + pace_s, now_s + pace_s / 2)
        if self._reading:
            return
        self._reading = True
        parts = self._pace.due(now_s, looked_at=self.looked_at, distress=False)
        self._pace.asked(parts, now_s)
        units = self.picture.server.expected_services
        self._workers.submit(lambda: self._read(parts, units))

    def try_now(self, now_s: float) -> None:
        """Take every reading now: a person asked."""
        self.read_anew()
        self.next_act_s = now_s

    def read_anew(self) -> None:
        """Take every slow reading at the next tick: what is expected changed."""
        self._pace.forget()

    def close(self) -> None:
        """Nothing is held open."""
        self._reading = True

    def _read(self, parts: frozenset[Part], units: tuple[str, ...]) -> None:
        """Runs on a worker."""
        try:
            sample = self._machine.read(self._wall())
            self._post(Said(lambda: self._take_sample(sample)))
            self._read_slow(parts, units)
        finally:
            self._post(Said(self._finish))

    def _read_slow(self, parts: frozenset[Part], units: tuple[str, ...]) -> None:
        server_id = self.server_id
        if Part.MOUNTS in parts:
            mounts = self._machine.mounts()

            def take_mounts() -> None:
                self.picture.mounts = mounts
                self._recorder.put_mounts(server_id, mounts)

            self._post(Said(take_mounts))
        if Part.UNITS in parts and units:
            states = self._machine.services(units)

            def take_units() -> None:
                self.picture.inside = {state.name: state for state in states}
                self._recorder.put_services(server_id, self.picture.services())

            self._post(Said(take_units))
        if Part.PROCESSES in parts:
            processes, zombies = self._machine.processes()
            self._post(Said(lambda: self._recorder.put_processes(server_id, processes, zombies)))
        if Part.FACTS in parts:
            facts = self._machine.facts()
            self._post(Said(lambda: self._recorder.put_facts(server_id, facts)))

    def _take_sample(self, sample: Sample) -> None:
        self.picture.sample = sample
        self._recorder.add_sample(sample)
        if self.picture.set_link(LinkState.UP, None, self._wall()):
            self._recorder.mark(self.picture)
        else:
            self._recorder.judge(self.picture)

    def _finish(self) -> None:
        self._reading = False
