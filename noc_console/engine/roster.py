"""The servers this engine looks after, each with its lane and its outside checks.

Owned by the conductor's thread, but for `load` and the openings, which run on workers.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from noc_console.engine.agenda import Agenda
from noc_console.engine.check_rounds import CheckRound
from noc_console.engine.events import CheckFinished, Event, FleetLoaded, Opened, OpenFailed
from noc_console.engine.lane import Lane
from noc_console.engine.local_lane import LocalLane
from noc_console.engine.open_link import OpenLink
from noc_console.engine.opening import UnknownJump, open_link, route_to
from noc_console.engine.picture import Picture
from noc_console.engine.recorder import Recorder
from noc_console.engine.workers import Workers
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server, ServerKind
from noc_console.links.back_off import BackOff
from noc_console.links.ssh import LinkFailure
from noc_console.store.store import Store
from noc_console.telemetry.outside.checker import OutsideChecker
from noc_console.telemetry.service import CheckResult

log = logging.getLogger(__name__)

CONNECTS_AT_ONCE = 16
START_SPREAD_S = 0.004
"""A second start spreads over this much per server: 1,000 servers begin within 4 s."""

STALE_TICKS = 3


class Roster:
    """Lanes by server. `post` puts an event on the conductor's queue from any thread."""

    def __init__(
        self,
        store: Store,
        recorder: Recorder,
        agenda: Agenda,
        post: Callable[[Event], None],
        wall: Callable[[], datetime],
        *,
        this_machine_id: int,
    ) -> None:
        """Begin with no server; the first fleet comes as an event."""
        self._store = store
        self._this_machine_id = this_machine_id
        self._recorder = recorder
        self._agenda = agenda
        self._post = post
        self._wall = wall
        self._lanes: dict[int, Lane | LocalLane] = {}
        self._rounds: dict[int, CheckRound] = {}
        self._servers: dict[str, Server] = {}
        self._connecting = Workers("connect", CONNECTS_AT_ONCE)
        self._closing = Workers("close", 4)
        self._local = Workers("this-machine", 1)
        self._back_off = BackOff()
        self._checker = OutsideChecker(
            lambda server_id, result: post(CheckFinished(server_id, result))
        )

    def load(self) -> FleetLoaded:
        """Read the fleet from the store; runs on a worker."""
        return FleetLoaded(tuple(list_servers(self._store)))

    def lane(self, server_id: int) -> Lane | LocalLane | None:
        """Give a server's lane, or None when it is no longer looked after."""
        return self._lanes.get(server_id)

    def servers(self) -> Mapping[str, Server]:
        """Give every server by its name, as jumps name them."""
        return self._servers

    def take_fleet(self, servers: tuple[Server, ...]) -> None:
        """Begin with new servers, end with deleted ones, begin again with changed ones."""
        now_s = time.monotonic()
        wanted = {server.id: server for server in servers if self._is_ours(server)}
        self._servers = {server.name: server for server in servers}
        for server_id in self._lanes.keys() - wanted.keys():
            self._drop(server_id)
        spread = 0
        for server in wanted.values():
            lane = self._lanes.get(server.id)
            if lane is not None and _same_way(lane.picture.server, server):
                self._keep(lane, server, now_s)
                continue
            if lane is not None:
                self._drop(server.id)
            self._add(server, now_s + spread * START_SPREAD_S)
            spread += 1

    def look_at(self, attended: frozenset[int]) -> None:
        """Tick faster for servers somebody looks at, at the usual pace for the others."""
        now_s = time.monotonic()
        for server_id, lane in self._lanes.items():
            looked_at = server_id in attended
            if looked_at == lane.looked_at:
                continue
            lane.looked_at = self._rounds[server_id].looked_at = looked_at
            if looked_at and lane.picture.link is LinkState.UP:
                lane.next_act_s = now_s
                self._agenda.put(lane)

    def try_waiting(self) -> None:
        """Connect to every server that waits for a person's word on a host key."""
        for server_id, lane in self._lanes.items():
            if lane.picture.link is LinkState.WAITING_FOR_PERSON:
                self.try_now(server_id)

    def try_now(self, server_id: int) -> None:
        """Connect or read now, whatever the pace says."""
        lane = self._lanes.get(server_id)
        if lane is None:
            return
        now_s = time.monotonic()
        lane.try_now(now_s)
        self._agenda.put(lane)
        checks = self._rounds[server_id]
        if checks.picture.server.checks:
            checks.next_act_s = now_s
            self._agenda.put(checks)

    def judge_silent(self) -> None:
        """Judge anew the servers whose last sample grows old: silence changes a verdict too."""
        now = self._wall()
        for lane in self._lanes.values():
            sample = lane.picture.sample
            limit_s = STALE_TICKS * lane.picture.server.tick_s
            if sample is None or (now - sample.at).total_seconds() > limit_s:
                self._recorder.judge(lane.picture)

    def take_check(self, server_id: int, result: CheckResult) -> None:
        """Take an outside check's result."""
        lane = self._lanes.get(server_id)
        if lane is None:
            return
        picture = lane.picture
        picture.checks[result.label] = result
        self._recorder.put_checks(server_id, tuple(picture.checks.values()))
        self._recorder.put_latency(server_id, result)
        if result.service:
            self._recorder.put_services(server_id, picture.services())
        self._recorder.judge(picture)

    def close(self) -> None:
        """Close every link. Each closes on its own thread's time; we do not wait for slow ones."""
        self._checker.stop()
        for server_id in list(self._lanes):
            self._drop(server_id)
        for workers in (self._connecting, self._closing, self._local):
            workers.stop()

    def close_link(self, link: OpenLink) -> None:
        """Close a connection on a worker: a dead peer can make closing slow."""
        self._closing.submit(link.close)

    def _is_ours(self, server: Server) -> bool:
        """Another engine's own machine is in the fleet too; only that engine can read it."""
        return server.kind is ServerKind.SSH or server.id == self._this_machine_id

    def _keep(self, lane: Lane | LocalLane, server: Server, now_s: float) -> None:
        """Go on with a server of which other things changed than how it is reached."""
        picture = lane.picture
        if picture.server == server:
            return
        picture.server = server
        labels = {check.label for check in server.checks}
        picture.checks = {
            label: result for label, result in picture.checks.items() if label in labels
        }
        lane.read_anew()
        checks = self._rounds[server.id]
        checks.next_act_s = now_s if server.checks else float("inf")
        self._agenda.put(checks)
        self._recorder.put_services(server.id, picture.services())
        self._recorder.put_checks(server.id, tuple(picture.checks.values()))
        self._recorder.mark(picture)

    def _add(self, server: Server, first_s: float) -> None:
        picture = Picture(server=server, link_since=self._wall())
        lane: Lane | LocalLane
        if server.kind is ServerKind.THIS_MACHINE:
            lane = LocalLane(
                picture, self._recorder, workers=self._local, post=self._post, wall=self._wall
            )
        else:
            lane = Lane(
                picture,
                self._recorder,
                start_opening=self._start_opening,
                close_link=self.close_link,
                delay_s=self._back_off.delay_s,
                wall=self._wall,
            )
        lane.next_act_s = first_s
        checks = CheckRound(
            picture,
            self._checker.submit,
            first_s + random.uniform(0.0, 2.0),  # noqa: S311 - a spread, not a secret
        )
        self._lanes[server.id], self._rounds[server.id] = lane, checks
        self._agenda.put(lane)
        self._agenda.put(checks)
        self._recorder.mark(picture)

    def _drop(self, server_id: int) -> None:
        lane = self._lanes.pop(server_id)
        lane.next_act_s = float("inf")
        self._rounds.pop(server_id).next_act_s = float("inf")
        lane.close()
        self._recorder.forget(server_id)

    def _start_opening(self, lane: Lane) -> None:
        server, generation = lane.picture.server, lane.generation
        servers = self._servers

        def work() -> None:
            try:
                route = route_to(server, servers)
                link = open_link(self._store, server, route, generation, self._post)
            except LinkFailure as error:
                self._post(OpenFailed(server.id, generation, error.failure))
            except UnknownJump as error:
                failure = Failure(kind=FailureKind.JUMP_FAILED, sentence=error.sentence)
                self._post(OpenFailed(server.id, generation, failure))
            else:
                self._post(Opened(server.id, generation, link))

        self._connecting.submit(work)


def _same_way(one: Server, other: Server) -> bool:
    """Whether two versions of a server are reached in the same way."""
    return all(getattr(one, name) == getattr(other, name) for name in _WAY)


_WAY = (
    "kind",
    "address",
    "port",
    "user",
    "authentication",
    "key_file",
    "certificate_file",
    "jumps",
    "allow_weak_algorithms",
)
