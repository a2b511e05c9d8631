"""What a notice is held against: the fleet, windows, times without work, where hosts lead. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from noc_console.fleet.server import Server
from noc_console.incidents.windows.window import Occurrence, Window
from noc_console.notices.audience import Audience, audience, covered
from noc_console.notices.notice import Notice, Route
from noc_console.notices.route_hosts import Dependence, FleetHosts, dependence, fleet_hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """A time in which no work is planned, such as the days before a feast: [start, end)."""

    start: datetime
    end: datetime
    why: str
    groups: tuple[str, ...] = ()
    """Only for the servers of these; empty means for all."""


class FoundBefore:
    """What was found in a fleet before: fleets are large, and keystrokes many. Any thread may ask;
    two that ask at once may both look.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._audience: tuple[object, Sequence[Server], Audience] | None = None
        self._covered: tuple[object, Sequence[Server], tuple[Server, ...]] | None = None
        self._hosts: tuple[Sequence[Server], FleetHosts] | None = None

    def audience(self, notice: Notice, servers: Sequence[Server]) -> Audience:
        """Give whom a notice is for; of the last scope it is kept."""
        scope = (notice.servers, notice.groups, notice.customers)
        last = self._audience
        if last is None or last[0] != scope or last[1] is not servers:
            last = self._audience = (scope, servers, audience(notice, servers))
        return last[2]

    def covered(self, notice: Notice, servers: Sequence[Server]) -> tuple[Server, ...]:
        """Give the servers a notice is about; of the last scope they are kept."""
        scope = (notice.servers, notice.groups, notice.customers)
        last = self._covered
        if last is None or last[0] != scope or last[1] is not servers:
            last = self._covered = (scope, servers, covered(notice, servers))
        return last[2]

    def hosts(self, servers: Sequence[Server]) -> FleetHosts:
        """Give the names of a fleet."""
        last = self._hosts
        if last is None or last[0] is not servers:
            last = self._hosts = (servers, fleet_hosts(servers))
        return last[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The surroundings of one notice at one time."""

    now: datetime
    servers: Sequence[Server]
    """The whole fleet."""
    occurrences: Sequence[Occurrence] = ()
    """The windows in the time ahead."""
    window: Window | None = None
    """The window the notice is linked to."""
    blackouts: Sequence[Blackout] = ()
    led_to: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The addresses to which a host's name, or its mail, led; a host that is missing was not asked
    or did not answer."""
    languages: Sequence[str] = ("en", "de")
    """In which notices can be worded."""
    lacking: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The sends that have no template, by language: they are worded in English."""
    told: Mapping[datetime, datetime] = field(default_factory=dict)
    """When customers were told of each start of the notice first."""

    found: FoundBefore = field(default_factory=FoundBefore, compare=False, repr=False)

    def at(self, now: datetime) -> "Around":
        """Give the same surroundings at another time, with what was found so far."""
        return replace(self, now=now)

    def covered(self, notice: Notice) -> tuple[Server, ...]:
        """Give the servers the notice is about."""
        return self.found.covered(notice, self.servers)

    def audience(self, notice: Notice) -> Audience:
        """Give whom the notice is for."""
        return self.found.audience(notice, self.servers)

    def dependence(self, notice: Notice, route: Route) -> Dependence:
        """Tell on what of the disrupted a way to support depends."""
        ids = {one.id for one in self.covered(notice)}
        return dependence(route, self.found.hosts(self.servers), ids, self.led_to)
