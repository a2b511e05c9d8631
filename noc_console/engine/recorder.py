"""What the engine has learned and not yet written; one flush writes it all, several times a second.

Owned by the conductor's thread. When the store refuses (full, busy, unreachable) states and slow
readings wait, newest kept; samples wait up to a bound, then the oldest are dropped and counted,
because a store that is full must not make the engine eat the machine's memory as well.
"""

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime

from noc_console.engine.picture import Picture
from noc_console.errors import ConsoleError
from noc_console.fleet.link_state import LinkFacts
from noc_console.health.records import ServerState, put_states
from noc_console.store.changes import bump
from noc_console.store.history import History, Reading
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import Store
from noc_console.telemetry.host import Facts, Mount, Process
from noc_console.telemetry.records import PendingReadings
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.service import CheckResult, ServiceState

log = logging.getLogger(__name__)

MAX_WAITING_READINGS = 50_000


class Recorder:
    """Collects samples, slow readings and states; `flush` writes them."""

    def __init__(self, store: Store, history: History, wall: Callable[[], datetime]) -> None:
        """Write to this store; `wall` is the engine's clock."""
        self._store = store
        self._history = history
        self._wall = wall
        self._readings: deque[Reading] = deque(maxlen=MAX_WAITING_READINGS)
        self._extra: dict[int, dict[str, float]] = {}
        self._slow = PendingReadings()
        self._states: dict[int, Picture] = {}
        self._refused = False

    def add_sample(self, sample: Sample, *, latency_s: float | None = None) -> None:
        """Take a sample for the history, with the values of slow readings since the last one."""
        values = dict(sample.values)
        values.update(self._extra.pop(sample.server_id, {}))
        if latency_s is not None:
            values["link_latency_ms"] = latency_s * 1000.0
        self._readings.append(
            Reading(server_id=sample.server_id, at_ms=to_ms(sample.at), values=values)
        )

    def put_mounts(self, server_id: int, mounts: tuple[Mount, ...]) -> None:
        """Take the mounts; their fill goes to the history with the next sample."""
        self._slow.put(server_id, mounts=mounts)
        extra = self._extra.setdefault(server_id, {})
        for mount in mounts:
            extra[f"mount_used_percent:{mount.mount}"] = mount.used_percent
            if mount.inodes_used_percent is not None:
                extra[f"mount_inodes_used_percent:{mount.mount}"] = mount.inodes_used_percent

    def put_processes(self, server_id: int, processes: tuple[Process, ...], zombies: int) -> None:
        """Take the top processes and the number of zombies."""
        self._slow.put(server_id, processes=processes)
        self._extra.setdefault(server_id, {})["zombies"] = float(zombies)

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
            extra = self._extra.setdefault(server_id, {})
            extra[f"check_latency_ms:{result.label}"] = result.latency_ms

    def judge(self, picture: Picture) -> None:
        """Judge a server again; its state is written when the verdict or its reasons changed."""
        if picture.judge(self._wall()):
            self._states[picture.server.id] = picture

    def mark(self, picture: Picture) -> None:
        """Have a server's state written: its link changed."""
        picture.judge(self._wall())
        self._states[picture.server.id] = picture

    def forget(self, server_id: int) -> None:
        """Drop what waits for a server that is no longer looked after."""
        self._states.pop(server_id, None)
        self._extra.pop(server_id, None)
        self._slow.forget(server_id)

    def flush(self) -> None:
        """Write what waits. A store that refuses is said once and asked again at the next flush."""
        try:
            self._flush_history()
            self._flush_core()
        except ConsoleError as error:
            if not self._refused:
                log.warning("the store takes nothing now: %s", error.sentence)
            self._refused = True
        else:
            self._refused = False

    def _flush_history(self) -> None:
        if self._readings:
            self._history.append(list(self._readings), self._wall())
            self._readings.clear()

    def _flush_core(self) -> None:
        if not self._states and self._slow.is_empty:
            return
        states = [_state_of(picture) for picture in self._states.values()]
        with self._store.write() as connection:
            if states:
                put_states(connection, states)
                bump(connection, "state")
            self._slow.write(connection, self._wall())
        self._states.clear()
        self._slow.clear()


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
