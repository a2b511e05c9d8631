"""What a notice is held against: the fleet, windows, times without work, where hosts lead. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from noc_console.fleet.server import Server
from noc_console.incidents.windows.window import Occurrence, Window
from noc_console.notices.audience import Audience, audience
from noc_console.notices.notice import Notice
from noc_console.notices.route_hosts import DisruptedHosts, disrupted_hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """A time in which no work is planned, such as the days before a feast: [start, end)."""

    start: datetime
    end: datetime
    why: str
    groups: tuple[str, ...] = ()
    """Only for the servers of these; empty means for all."""


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

    _kept: dict[Any, tuple[Audience, DisruptedHosts]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def audience(self, notice: Notice) -> Audience:
        """Give whom the notice is for; found once for each scope, since fleets are large."""
        return self._of_scope(notice)[0]

    def disrupted(self, notice: Notice) -> DisruptedHosts:
        """Give the hosts the notice disrupts; found once for each scope."""
        return self._of_scope(notice)[1]

    def _of_scope(self, notice: Notice) -> tuple[Audience, DisruptedHosts]:
        scope = (notice.servers, notice.groups, notice.customers)
        kept = self._kept.get(scope)
        if kept is None:
            found = audience(notice, self.servers)
            kept = (found, disrupted_hosts(found))
            self._kept.clear()
            self._kept[scope] = kept
        return kept
