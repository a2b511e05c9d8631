"""What a notice is held against: the fleet, windows, times without work, where hosts lead. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address

from noc_console.fleet.server import Server
from noc_console.incidents.windows.window import Occurrence, Window
from noc_console.notices.audience import Audience, audience
from noc_console.notices.notice import Notice


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

    def audience(self, notice: Notice) -> Audience:
        """Give whom the notice is for."""
        return audience(notice, self.servers)


def plain_address(address: str) -> str:
    """Give an IP address in the one form in which it is compared; a name in small letters."""
    bare = address.strip().strip("[]").partition("%")[0]
    try:
        return str(ip_address(bare))
    except ValueError:
        return address.strip().rstrip(".").casefold()
