"""The start that was typed, as clocks elsewhere show it. Pure: no I/O, no clock."""

from collections.abc import Collection
from datetime import datetime

from noc_console.errors import ConsoleError
from noc_console.incidents.planning.plan_text import parse_start
from noc_console.incidents.wall_time import UnclearWallTime, UnknownZone, WallChoice, zone_of
from noc_console.notices.notice import Notice

_ZONES_SHOWN = 3
_AS_UTC = frozenset({"Etc/UTC", "Etc/UCT", "Etc/Zulu", "Zulu", "UCT"})


def clocks_text(notice: Notice, own_zone: str, others: Collection[str] = ()) -> str:
    """Give start and end in our zone, in UTC and in the zones of those who read it."""
    if notice.starts_at is None:
        return ""
    named = ("UTC" if one in _AS_UTC else one for one in (notice.zone, own_zone, "UTC", *others))
    zones = list(dict.fromkeys(named))
    told = [_in_zone(notice.starts_at, notice.ends_at, one) for one in zones[: _ZONES_SHOWN + 2]]
    return "\n".join(one for one in told if one)


def unclear_start(notice: Notice, now: datetime) -> UnclearWallTime | None:
    """Give the two instants that a typed start stands for where the clocks change over it."""
    try:
        parse_start(notice.typed_start.strip(), zone_of(notice.zone), WallChoice.NOT_MADE, now)
    except UnclearWallTime as unclear:
        return unclear
    except ConsoleError:
        return None
    return None


def _in_zone(start: datetime, end: datetime | None, name: str) -> str:
    try:
        zone = zone_of(name)
    except UnknownZone:
        return ""
    local = start.astimezone(zone)
    until = f" to {end.astimezone(zone):%a %H:%M}" if end is not None else ""
    return f"{local:%a %Y-%m-%d %H:%M}{until} {local:%Z} ({name})"
