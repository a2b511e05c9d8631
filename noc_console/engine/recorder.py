"""What the engine has learned and not yet written; a few times a second a batch of it is.

Owned by the conductor's thread. When the store refuses (full, busy, unreachable) states and slow
readings wait, newest kept; samples wait up to a bound, then the oldest are dropped and counted,
because a store that is full must not make the engine eat the machine's memory as well.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice

from noc_console.engine.batch import Batch
from noc_console.engine.picture import Picture
from noc_console.fleet.link_state import LinkFacts
from noc_console.health.records import ServerState
from noc_console.store.history import Reading
from noc_console.store.schema.metadata import to_ms
from noc_console.telemetry.clock_offset import clock_offset_s
from noc_console.telemetry.host import Facts, Mount, Process
from noc_console.telemetry.records import PendingReadings
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.service import CheckResult, ServiceState

log = logging.getLogger(__name__)

MAX_WAITING_READINGS = 20_000
"""About 100 MB. It bridges hours for ten servers and a minute and a half for a thousand."""

MAX_READINGS_A_BATCH = 2_000
MAX_NAMES = 600
"""Figures of one server, by name; a server that invents new interfaces is not followed further."""

SLOW_EVERY_S = 1.0
"""Slow readings of all servers are written together: a write of the core costs a disk sync."""


class Recorder:
    """Collects samples, slow readings and states, and gives batches of them to write."""

    def __init__(
        self, wall: Callable[[], datetime], now_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin with nothing; `wall` and `now_s` are the engine's clocks."""
        self._wall = wall
        self.now_s = now_s
        self._readings: deque[Reading] = deque()
        self._dropped = 0
        self._extra: dict[int, dict[str, float]] = {}
        self._names: dict[int, set[str]] = {}
        self._slow = PendingReadings()
        self._slow_next_s = 0.0
        self._states: dict[int, Picture] = {}
        self._has_news = False
        self._batch: Batch | None = None
        self._judged: list[Callable[[Picture], None]] = []

    def tell_judged(self, judged: Callable[[Picture], None]) -> None:
        """Have somebody told of each judgement of each server."""
        self._judged.append(judged)

    def add_sample(self, sample: Sample, *, latency_s: float | None = None) -> None:
        """Take a sample for the history, with the values of slow readings since the last one."""
        values = dict(sample.values)
        if latency_s is not None:
            values["link_latency_ms"] = latency_s * 1000.0
            offset_s = clock_offset_s(sample, latency_s)
            if offset_s is not None:
                values["clock_offset_s"] = offset_s
        # in order, so that the history sees few rows of metrics
        values.update(sorted(self._extra.pop(sample.server_id, {}).items()))
        self._leave_out_inventions(sample.server_id, values)
        if len(self._readings) >= MAX_WAITING_READINGS:
            self._readings.popleft()
            self._dropped += 1
        self._readings.append(
            Reading(server_id=sample.server_id, at_ms=to_ms(sample.at), values=values)
        )

    def put_mounts(self, server_id: int, mounts: tuple[Mount, ...]) -> None:
        """Take the mounts; their fill goes to the history with the next sample."""
        self._slow.put(server_id, mounts=mounts)
        extra: dict[str, float] = {}
        for mount in mounts:
            extra[f"mount_used_percent:{mount.mount}"] = mount.used_percent
            if mount.inodes_used_percent is not None:
                extra[f"mount_inodes_used_percent:{mount.mount}"] = mount.inodes_used_percent
        self.put_figures(server_id, extra)

    def put_processes(self, server_id: int, processes: tuple[Process, ...], zombies: int) -> None:
        """Take the top processes and the number of zombies."""
        self._slow.put(server_id, processes=processes)
        self.put_figures(server_id, {"zombies": float(zombies)})

    def put_facts(self, server_id: int, facts: Facts) -> None:
        """Take what changes seldom."""
        self._slow.put(server_id, facts=facts)

    def put_link(self, server_id: int, facts: LinkFacts) -> None:
        """Take what was agreed with a server when the link was made."""
        self._slow.put(server_id, link=facts)

    def put_services(self, server_id: int, services: tuple[ServiceState, ...]) -> None:
        """Take the services with both views."""
        self._slow.put(server_id, services=services)

    def put_checks(self, server_id: int, checks: tuple[CheckResult, ...]) -> None:
        """Take all of a server's checks as they stand now."""
        self._slow.put(server_id, checks=checks)

    def put_latency(self, server_id: int, result: CheckResult) -> None:
        """Take the time a check's answer took, for the history."""
        if result.latency_ms is not None:
            self.put_figures(server_id, {f"check_latency_ms:{result.label}": result.latency_ms})

    def put_figures(self, server_id: int, figures: Mapping[str, float]) -> None:
        """Take figures that go to the history with the server's next sample."""
        self._extra.setdefault(server_id, {}).update(figures)

    def judge(self, picture: Picture) -> None:
        """Judge a server again; its state is written when the verdict or its reasons changed."""
        if self._judge(picture):
            self._states[picture.server.id] = picture
        self._tell(picture)

    def mark(self, picture: Picture) -> None:
        """Have a server's state written: its link changed."""
        self._judge(picture)
        self._states[picture.server.id] = picture
        self._tell(picture)

    def _judge(self, picture: Picture) -> bool:
        before = picture.judgement
        changed = picture.judge(self._wall(), self.now_s())
        after = picture.judgement
        self._has_news |= before is None or after is None or before.verdict is not after.verdict
        return changed

    def _tell(self, picture: Picture) -> None:
        for judged in self._judged:
            judged(picture)

    def forget(self, server_id: int) -> None:
        """Drop what waits for a server that is no longer looked after."""
        self._states.pop(server_id, None)
        self._extra.pop(server_id, None)
        self._names.pop(server_id, None)
        self._slow.forget(server_id)

    @property
    def is_urgent(self) -> bool:
        """Whether a verdict changed that people are to see at once, and nothing is being written.

        While the store refuses there is no hurry: it is tried again at the usual pace.
        """
        return self._has_news and (self._batch is None or self._batch.is_done)

    def batch(self, now_s: float) -> Batch | None:
        """Give what is to be written: the batch that is not written yet, or else a new one."""
        if self._batch is None or self._batch.is_done:
            self._batch = self._new_batch(now_s)
        return self._batch

    def last_batch(self) -> Batch | None:
        """Give what is to be written when no more comes: all that waits."""
        return self.batch(float("inf"))

    def _new_batch(self, now_s: float) -> Batch | None:
        slow = PendingReadings()
        if now_s >= self._slow_next_s and not self._slow.is_empty:
            slow, self._slow = self._slow, slow
            self._slow_next_s = now_s + SLOW_EVERY_S
        states = [_state_of(picture) for picture in self._states.values()]
        self._states.clear()
        self._has_news = False
        readings = list(islice(self._readings, MAX_READINGS_A_BATCH))
        for _ in readings:
            self._readings.popleft()
        if self._dropped:
            log.warning("%s samples were dropped while the store took nothing", self._dropped)
            self._dropped = 0
        if not readings and not states and slow.is_empty:
            return None
        return Batch(readings=readings, states=states, slow=slow)

    def _leave_out_inventions(self, server_id: int, values: dict[str, float]) -> None:
        known = self._names.setdefault(server_id, set())
        if known.issuperset(values):
            return
        for name in values.keys() - known:
            if len(known) < MAX_NAMES:
                known.add(name)
            else:
                del values[name]


def _state_of(picture: Picture) -> ServerState:
    if picture.judgement is None:
        raise ValueError("a state is written only after it was judged")
    return ServerState(
        server_id=picture.server.id,
        link=picture.link,
        link_since=picture.link_since,
        failure=picture.failure,
        judgement=picture.judgement,
        last_sample_at=picture.sample.at if picture.sample else None,
    )
