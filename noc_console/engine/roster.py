"""The servers this engine looks after, each with its lane and its outside checks.

Owned by the conductor's thread, but for `load` and the openings, which run on workers.
"""

import logging
import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from noc_console.engine.agenda import Agenda
from noc_console.engine.check_rounds import CheckRound
from noc_console.engine.events import CheckFinished, Event, FleetLoaded, Opened, OpenFailed, Said
from noc_console.engine.lane import Lane
from noc_console.engine.line_keeper import LineKeeper
from noc_console.engine.local_lane import LocalLane
from noc_console.engine.open_link import OpenLink
from noc_console.engine.opening import UnknownJump, open_link, place_of, route_to
from noc_console.engine.openings import AT_ONCE, Openings, Place
from noc_console.engine.picture import Picture
from noc_console.engine.recorder import Recorder
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server, ServerKind
from noc_console.incidents.windows.window import Occurrence
from noc_console.links.back_off import BackOff
from noc_console.links.reader import start_reader
from noc_console.links.ssh import LinkFailure
from noc_console.store.store import Store
from noc_console.telemetry.outside.checker import OutsideChecker
from noc_console.telemetry.service import CheckResult, Outside

log = logging.getLogger(__name__)

CHECKS_SPREAD_S = 2.0
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
        self._attended: frozenset[int] = frozenset()
        self._in_windows: Mapping[int, tuple[Occurrence, ...]] = {}
        self._openings = Openings(agenda.put)
        self._connecting = Workers("connect", AT_ONCE)
        self._closing = Workers("close", 4)
        self._local = Workers("this-machine", 2)
        self._reader = start_reader()
        self._back_off = BackOff()
        self.lines = LineKeeper(store, wall, recorder.now_s)
        self._checker = OutsideChecker(
            lambda server_id, result: post(CheckFinished(server_id, result))
        )

    def load(self) -> FleetLoaded:
        """Read the fleet from the store; runs on a worker."""
        return FleetLoaded(tuple(list_servers(self._store)))

    def lane(self, server_id: int) -> Lane | LocalLane | None:
        """Give a server's lane, or None when it is no longer looked after."""
        return self._lanes.get(server_id)

    def lanes(self) -> Iterable[Lane | LocalLane]:
        """Give every lane."""
        return self._lanes.values()

    def pictures(self) -> dict[int, Picture]:
        """Give what is known of each server, by its id."""
        return {server_id: lane.picture for server_id, lane in self._lanes.items()}

    def servers(self) -> Mapping[str, Server]:
        """Give every server by its name, as jumps name them."""
        return self._servers

    def watched(self) -> list[Server]:
        """Give the servers this engine looks after."""
        return [lane.picture.server for lane in self._lanes.values()]

    def put_in_windows(self, windows: Mapping[int, tuple[Occurrence, ...]]) -> None:
        """Have each server judged by the windows that are near for it, by its id."""
        if not windows and not self._in_windows:
            return
        self._in_windows = windows
        for server_id, lane in self._lanes.items():
            near = windows.get(server_id, ())
            if near != lane.picture.windows:
                lane.picture.windows = near
                self._recorder.judge(lane.picture)

    def expect_away(self, server_id: int, is_away: bool) -> None:
        """Note whether a server is away because it was told to reboot."""
        lane = self._lanes.get(server_id)
        if lane is not None:
            lane.picture.is_rebooting = is_away
            if is_away:
                lane.picture.watch.expect_reboot(time.monotonic())
            self._recorder.judge(lane.picture)

    def silent_for(self, limit_s: float) -> frozenset[int]:
        """Give the servers that owe an answer for longer, unless they are known to be away."""
        before_s = time.monotonic() - limit_s
        return frozenset(
            server_id
            for server_id, lane in self._lanes.items()
            if lane.owes_since_s < before_s and not lane.picture.is_rebooting
        )

    def take_fleet(self, servers: tuple[Server, ...]) -> None:
        """Begin with new servers, end with deleted ones, begin again with changed ones."""
        now_s = time.monotonic()
        wanted = {server.id: server for server in servers if self._is_ours(server)}
        before = self._servers
        self._servers = {server.name: server for server in servers}
        for server_id in self._lanes.keys() - wanted.keys():
            self._drop(server_id)
        for server in wanted.values():
            lane = self._lanes.get(server.id)
            if lane is not None and _same_way(lane.picture.server, server):
                self._keep(lane, server, now_s)
                if any(before.get(name) != self._servers.get(name) for name in server.jumps):
                    self._try_unless_up(lane)
                continue
            if lane is not None:
                self._drop(server.id)
            self._add(server, now_s)

    def look_at(self, attended: Collection[int]) -> None:
        """Tick faster for servers somebody looks at, at the usual pace for the others."""
        now_s = time.monotonic()
        concerned, self._attended = {*attended, *self._attended}, frozenset(attended)
        for server_id in concerned & self._lanes.keys():
            lane, looked_at = self._lanes[server_id], server_id in attended
            if looked_at == lane.looked_at:
                continue
            lane.looked_at = self._rounds[server_id].looked_at = looked_at
            if looked_at and lane.picture.link is LinkState.UP:
                lane.tick_now(now_s)
                self._agenda.put(lane)

    def set_recorded(self, server_id: int, *, is_recorded: bool) -> None:
        """Have a server tick each second while the flight recorder records it."""
        lane = self._lanes.get(server_id)
        if lane is None or lane.is_recorded == is_recorded:
            return
        lane.is_recorded = is_recorded
        if is_recorded and lane.picture.link is LinkState.UP:
            lane.tick_now(time.monotonic())
            self._agenda.put(lane)

    def try_waiting(self) -> None:
        """Connect to every server that waits for a person's word on a host key."""
        for server_id, lane in self._lanes.items():
            if lane.picture.link is LinkState.WAITING_FOR_PERSON:
                self.try_now(server_id)

    def try_now(self, server_id: int) -> bool:
        """Connect or read now, whatever the pace says; tell whether the server is watched here."""
        lane = self._lanes.get(server_id)
        if lane is None:
            return False
        now_s = time.monotonic()
        lane.try_now(now_s)
        self._agenda.put(lane)
        checks = self._rounds[server_id]
        checks.ask_soon(now_s)
        self._agenda.put(checks)
        return True

    def judge_silent(self) -> None:
        """Judge anew the servers whose readings grow old: silence changes a verdict too."""
        now_s = self._recorder.now_s()
        for server_id, lane in self._lanes.items():
            picture = lane.picture
            forgot = picture.forget_old_inside(now_s)
            if forgot:
                self._recorder.put_services(server_id, picture.services())
            limit_s = STALE_TICKS * picture.server.tick_s
            if forgot or picture.sample is None or now_s - picture.sample_s > limit_s:
                self._recorder.judge(picture)

    def take_check(self, server_id: int, result: CheckResult) -> None:
        """Take an outside check's result."""
        lane = self._lanes.get(server_id)
        now_s = self._recorder.now_s()
        before = lane.picture.checks.get(result.label) if lane is not None else None
        if lane is None or not lane.picture.take_check(result, now_s):
            return
        picture = lane.picture
        if result.outside is not Outside.ANSWERS and (
            before is None or before.outside is Outside.ANSWERS
        ):
            self._rounds[server_id].confirm(now_s)
            self._agenda.put(self._rounds[server_id])
        self._recorder.put_checks(server_id, tuple(picture.checks.values()))
        self._recorder.put_latency(server_id, result)
        if result.service:
            self._recorder.put_services(server_id, picture.services())
        self._recorder.judge(picture)

    def close_links(self) -> None:
        """Close every link, each on a worker's time, and begin no more."""
        for lane in self._lanes.values():
            lane.next_act_s = float("inf")
            lane.close()

    def stop(self) -> None:
        """Let the workers and the outside checks end."""
        self._checker.stop()
        if self._reader is not None:
            self._reader.stop()
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
        self.lines.renew(picture)
        labels = {check.label for check in server.checks}
        picture.checks = {
            label: result for label, result in picture.checks.items() if label in labels
        }
        lane.read_anew()
        checks = self._rounds[server.id]
        checks.ask_soon(now_s)
        self._agenda.put(checks)
        self._recorder.put_services(server.id, picture.services())
        self._recorder.put_checks(server.id, tuple(picture.checks.values()))
        self._recorder.mark(picture)
        if lane.picture.link is LinkState.UP:
            lane.tick_now(now_s)  # the tick may be another, and so may be what is asked
            self._agenda.put(lane)

    def _try_unless_up(self, lane: Lane | LocalLane) -> None:
        if lane.picture.link is not LinkState.UP:
            self.try_now(lane.server_id)

    def _add(self, server: Server, first_s: float) -> None:
        picture = Picture(server=server, link_since=self._wall())
        self.lines.outfit(picture)
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
                start_slow=lambda link: self._connecting.submit(link.start_slow),
                close_slow=lambda link: self._closing.submit(link.close_slow),
                close_link=self.close_link,
                delay_s=self._back_off.delay_s,
                wall=self._wall,
            )
        lane.next_act_s = first_s
        checks = CheckRound(
            picture,
            self._checker.submit,
            first_s + random.uniform(0.0, CHECKS_SPREAD_S),  # noqa: S311 - a spread, not a secret
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
        self.lines.forget(server_id)
        self._recorder.forget(server_id)

    def _start_opening(self, lane: Lane) -> None:
        server, generation = lane.picture.server, lane.generation
        place = place_of(server, self._servers)

        def begin() -> bool:
            if lane.generation != generation:
                return False
            servers = self._servers
            self._connecting.submit(lambda: self._open(server, generation, servers, place))
            return True

        self._openings.ask(place, begin)

    def _open(
        self, server: Server, generation: int, servers: Mapping[str, Server], place: Place
    ) -> None:
        """Runs on a worker: whatever happens, the lane hears of it."""
        event: Event
        try:
            link = open_link(
                self._store,
                server,
                route_to(server, servers),
                generation,
                self._post,
                self._reader,
            )
            event = Opened(server.id, generation, link)
        except LinkFailure as error:
            event = OpenFailed(server.id, generation, error.failure)
        except UnknownJump as error:
            event = _not_opened(server, generation, FailureKind.JUMP_FAILED, error.sentence)
        except ConsoleError as error:  # our store does not tell which host keys are accepted
            sentence = f"{server.name} was not tried. {error.sentence}"
            event = _not_opened(server, generation, FailureKind.CONSOLE_FAILED, sentence)
        except Exception:  # a bug that one server brings out
            log.exception("%s: connecting met a bug", server.name)
            sentence = f"noc-console met a bug while it connected to {server.name}; see its log."
            event = _not_opened(server, generation, FailureKind.CONSOLE_FAILED, sentence)
        self._post(event)
        self._post(Said(lambda: self._openings.ended(place)))


def _not_opened(server: Server, generation: int, kind: FailureKind, sentence: str) -> OpenFailed:
    return OpenFailed(server.id, generation, Failure(kind=kind, sentence=sentence))


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
