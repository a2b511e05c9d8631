"""Wall times of a zone as instants, where a clock change makes one of them missing or doubled.

Pure but for the zone files of the machine. A missing or doubled wall time (PEP 495) stands for two
instants; which of them is meant is a person's choice, never ours.
"""

import math
import os
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from noc_console.errors import ConsoleError


class WallChoice(Enum):
    """Which instant is meant where a clock change leaves two."""

    NOT_MADE = ""
    EARLIER = "earlier"
    LATER = "later"


class UnknownZone(ConsoleError):
    """No time zone of that name."""


class UnclearWallTime(ConsoleError):
    """A wall time that a clock change skips (`is_missing`) or repeats."""

    def __init__(self, sentence: str, earlier: datetime, later: datetime, *, is_missing: bool):
        """Hold both instants it may stand for."""
        super().__init__(sentence)
        self.earlier = earlier
        self.later = later
        self.is_missing = is_missing


def zone_of(name: str) -> ZoneInfo:
    """Give a zone by its IANA name.

    Raises:
        UnknownZone: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(
            f"There is no time zone called {name!r}; write one such as Europe/Berlin or UTC."
        ) from None


def own_zone() -> str:
    """Give the IANA name of the zone we keep: of TZ, else of this machine; UTC where none says."""
    place = Path("/etc/localtime")
    name = str(place.resolve()).partition("/zoneinfo/")[2] if place.is_symlink() else ""
    for found in (os.environ.get("TZ", "").lstrip(":"), name, _line_of(Path("/etc/timezone"))):
        try:
            if found:
                return zone_of(found).key
        except UnknownZone:
            continue
    return "UTC"


def _line_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()[:64]
    except OSError:
        return ""


def instants_of(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the earlier and the later instant of a naive wall time; nearly always they are one."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return min(first, second), max(first, second)


def instant_of(wall: datetime, zone: ZoneInfo, choice: WallChoice) -> datetime:
    """Give the UTC instant of a naive wall time in a zone.

    Raises:
        UnclearWallTime: a clock change leaves two, and no choice was made.
    """
    earlier, later = instants_of(wall, zone)
    if earlier == later or choice is WallChoice.EARLIER:
        return earlier
    if choice is WallChoice.LATER:
        return later
    is_missing = earlier.astimezone(zone).replace(tzinfo=None) != wall
    what = (
        "does not exist: the clocks go forward over it"
        if is_missing
        else "comes twice: the clocks go back over it"
    )
    raise UnclearWallTime(
        f"{wall:%a %Y-%m-%d %H:%M} in {zone.key} {what}; choose the earlier"
        f" ({_told(earlier, zone)}) or the later ({_told(later, zone)}).",
        earlier,
        later,
        is_missing=is_missing,
    )


def _told(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%H:%M %Z} = {instant:%H:%M} UTC"


def wall_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """Give the naive wall time that a zone's clocks show at an instant."""
    return instant.astimezone(zone).replace(tzinfo=None)


def clock_changes(start: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    """Give the instants within (start, end) at which a zone's clocks change, to the second."""
    changes: list[datetime] = []
    at = start
    while at < end:
        following = min(at + timedelta(hours=6), end)
        if at.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            changes.append(_change_between(at, following, zone))
        at = following
    return changes


def _change_between(start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    before = start.astimezone(zone).utcoffset()
    low, high = int(start.timestamp()), math.ceil(end.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
