"""Whether each server and service is up, down or not watched, as availability will count it.

Owned by the conductor's thread; what turns is written with the recorder's batches.

- A server is up while readings come. It is down from its last reading on, once none came for
  `SHORTEST_OUTAGE` and the fault is not ours; a link that is back sooner was only a lost link.
- A server that answers from outside while its link is dead is up: only we do not get in.
- A service is down when a view of it says so, and while its server is down and its port silent.
- When the clock jumps or the machine slept, what was before ends there and what is now is learned
  anew: no outage is made of an hour that did not pass, or in which nobody looked.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from noc_console.engine.picture import Picture
from noc_console.fleet.failure import FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.health.verdict import Verdict
from noc_console.incidents.availability.standing_records import SERVER_ITSELF, Standing, Turn
from noc_console.store.heartbeat import LARGEST_BREAK
from noc_console.telemetry.service import CheckResult, Combined, Outside

SHORTEST_OUTAGE = timedelta(seconds=30)
LONGEST_DOUBT = timedelta(seconds=120)
"""A server that is neither up nor down for so long is not watched, from its last reading on."""

ANSWER_LASTS = timedelta(seconds=180)
"""What answered outside longer ago is not known to answer any more."""

FRESH_TICKS = 3

Fall = tuple[datetime, datetime | None]
"""From when to when something was down; None while it is."""

_OF_SERVICE = {
    Combined.OK: Standing.UP,
    Combined.ANSWERING_NOT_RUNNING: Standing.UP,
    Combined.RUNNING_NOT_ANSWERING: Standing.DOWN,
    Combined.DOWN: Standing.DOWN,
    Combined.UNKNOWN: None,
}

_OF_CHECK = {
    Outside.ANSWERS: Standing.UP,
    Outside.WRONG_ANSWER: Standing.DOWN,
    Outside.NO_ANSWER: Standing.DOWN,
    Outside.REFUSED: Standing.DOWN,
    Outside.NOT_CHECKED: None,
}


@dataclass(slots=True)
class _Held:
    """What is held of one server."""

    standing: Standing | None = None
    since: datetime | None = None
    well_at: datetime | None = None
    """The last reading that came, since we watch without a break."""
    amiss_at: datetime | None = None
    """When it was first seen that none comes."""
    services: dict[str, Standing] = field(default_factory=dict)
    server: object = None
    inside: object = None
    checks: tuple[CheckResult, ...] = ()


class Standings:
    """Looks at pictures; `take` gives what turned since it was last asked."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._held: dict[int, _Held] = {}
        self._turns: list[Turn] = []
        self._falls: dict[tuple[int, str], Fall] = {}
        self._watched_from: datetime | None = None
        self._watched_until: datetime | None = None

    def pass_time(self, now: datetime) -> None:
        """Note that the conductor is awake; called about once a second."""
        until = self._watched_until
        if until is not None and not timedelta(0) <= now - until <= LARGEST_BREAK:
            for server_id in list(self._held):
                self.forget(server_id, until)
            self._watched_from = now
        self._watched_until = now

    def look(self, picture: Picture, now: datetime) -> None:
        """Note what a server's picture says at `now`."""
        held = self._held.setdefault(picture.server.id, _Held())
        before = held.standing
        self._look_at_server(picture, held, now)
        checks = tuple(picture.checks.values())
        if (
            before is held.standing
            and held.inside is picture.inside
            and held.checks == checks
            and held.server is picture.server
        ):
            return
        held.server, held.inside, held.checks = picture.server, picture.inside, checks
        self._look_at_services(picture, held, now)

    def last_fall(self, server_id: int, service: str = SERVER_ITSELF) -> Fall | None:
        """Give from when to when a server or a service on it was down last; None: never here."""
        return self._falls.get((server_id, service))

    def forget(self, server_id: int, at: datetime) -> None:
        """Watch a server no more from a moment on."""
        held = self._held.pop(server_id, None)
        if held is None:
            return
        if held.standing is not None:
            self._add(Turn(server_id, SERVER_ITSELF, None, at))
        for name in held.services:
            self._add(Turn(server_id, name, None, at))

    def keep_only(self, server_ids: Set[int], at: datetime) -> None:
        """Watch no more any other server from a moment on."""
        for server_id in self._held.keys() - server_ids:
            self.forget(server_id, at)

    def take(self) -> tuple[Turn, ...]:
        """Give the turns that were not taken yet, in order."""
        turns, self._turns = tuple(self._turns), []
        return turns

    def _look_at_server(self, picture: Picture, held: _Held, now: datetime) -> None:
        sample = picture.sample
        if sample is not None and self._is_fresh(picture, now):
            held.well_at, held.amiss_at = sample.at, None
            self._turn(picture.server.id, held, Standing.UP, sample.at)
            return
        if held.amiss_at is None:
            held.amiss_at = now
        answered_at = _answered_outside_at(picture, held.amiss_at, now)
        if answered_at is not None:
            held.well_at = answered_at
            self._turn(picture.server.id, held, Standing.UP, answered_at)
            return
        since = held.well_at or held.amiss_at
        if _is_down(picture):
            if now - since >= _patience(picture, held.amiss_at):
                self._turn(picture.server.id, held, Standing.DOWN, since)
        elif picture.failure is not None or now - since > LONGEST_DOUBT:
            # the fault is ours, the jump's, or a person's word is needed: we cannot tell
            at = now if held.standing is Standing.DOWN else since
            self._turn(picture.server.id, held, None, at)

    def _is_fresh(self, picture: Picture, now: datetime) -> bool:
        sample = picture.sample
        if picture.link is not LinkState.UP or sample is None:
            return False
        oldest = now - timedelta(seconds=FRESH_TICKS * picture.server.tick_s)
        if self._watched_from is not None:
            oldest = max(oldest, self._watched_from)
        return oldest <= sample.at <= now

    def _look_at_services(self, picture: Picture, held: _Held, now: datetime) -> None:
        wanted = dict(self._services_of(picture, held))
        for name in held.services.keys() - wanted.keys():
            del held.services[name]
            self._add(Turn(picture.server.id, name, None, now))
        at = held.since if held.standing is Standing.DOWN and held.since else now
        for name, standing in wanted.items():
            if standing is held.services.get(name):
                continue
            if standing is None:
                del held.services[name]
            else:
                held.services[name] = standing
            is_down_with_server = standing is Standing.DOWN and held.standing is Standing.DOWN
            turned_at = at if is_down_with_server else now
            self._add(Turn(picture.server.id, name, standing, turned_at))

    def _services_of(self, picture: Picture, held: _Held) -> Iterator[tuple[str, Standing | None]]:
        is_server_down = held.standing is Standing.DOWN
        is_told = picture.inside_at is not None and (
            held.since is None or picture.inside_at >= held.since
        )
        for service in picture.services():
            before = held.services.get(service.name)
            if is_server_down and service.outside is not Outside.ANSWERS:
                yield service.name, Standing.DOWN
            elif held.standing is None and service.outside is Outside.NOT_CHECKED:
                yield service.name, None
            elif service.combined is Combined.STARTING:
                yield service.name, before
            elif service.outside is Outside.NOT_CHECKED and not is_told:
                yield service.name, before  # init's word is of the time before the server came back
            else:
                yield service.name, _OF_SERVICE[service.combined]
        for result in picture.checks.values():
            if not result.service:
                yield result.label, _OF_CHECK[result.outside]

    def _add(self, turn: Turn) -> None:
        self._turns.append(turn)
        key = turn.server_id, turn.service
        fall = self._falls.get(key)
        if turn.standing is Standing.DOWN:
            self._falls[key] = turn.at, None
        elif fall is not None and fall[1] is None:
            self._falls[key] = fall[0], turn.at

    def _turn(self, server_id: int, held: _Held, standing: Standing | None, at: datetime) -> None:
        if held.standing is standing:
            return
        if held.since is not None and at < held.since:
            at = held.since
        held.standing, held.since = standing, at
        self._add(Turn(server_id, SERVER_ITSELF, standing, at))


def _is_down(picture: Picture) -> bool:
    """Whether the link is dead by the server's fault, as it is judged; a jump's fault is not."""
    failure = picture.failure
    if failure is None or failure.kind is FailureKind.JUMP_FAILED:
        return False
    return _link_verdict(picture) is Verdict.DOWN


def _link_verdict(picture: Picture) -> Verdict | None:
    reasons = picture.plain.reasons if picture.plain is not None else ()
    return next((reason.verdict for reason in reasons if reason.key == "link"), None)


def _patience(picture: Picture, amiss_at: datetime) -> timedelta:
    """Give how long no reading comes before that is an outage: longer while a check is awaited."""
    is_awaited = picture.checks and all(result.at < amiss_at for result in picture.checks.values())
    return LONGEST_DOUBT if is_awaited else SHORTEST_OUTAGE


def _answered_outside_at(picture: Picture, amiss_at: datetime, now: datetime) -> datetime | None:
    """Give when a port or page last answered since no reading comes any more; None: it did not."""
    if not _is_down(picture):
        return None
    answers = [
        result.at
        for result in picture.checks.values()
        if result.outside is Outside.ANSWERS and amiss_at <= result.at <= now
    ]
    newest = max(answers, default=None)
    return newest if newest is not None and now - newest <= ANSWER_LASTS else None
