"""What points to somebody: a finding, with the lines that show it. Pure: no I/O, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from noc_console.fleet.inert import inert

MAX_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitText:
    """One exhibit with its content as text; lines are counted from 1."""

    number: int
    collector: str
    at: datetime
    text: str

    def lines(self) -> Iterable[tuple[int, str]]:
        """Give each line with its number."""
        return enumerate(self.text.splitlines(), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line of an exhibit that shows something."""

    exhibit: int
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that points to `who`: how much of what is scarce it takes, 0 to 1, in words."""

    who: str
    words: str
    score: float
    lines: tuple[ShownLine, ...]


def shown(exhibit: ExhibitText, place: int, text: str) -> ShownLine:
    """Give a line that shows something, inert and not too long."""
    return ShownLine(exhibit=exhibit.number, line=place, text=inert(text, 300))


def of_collector(exhibits: Sequence[ExhibitText], *names: str) -> list[ExhibitText]:
    """Give the exhibits of some collectors, in order of time."""
    return sorted((one for one in exhibits if one.collector in names), key=lambda one: one.at)


def minutes_between(first: ExhibitText, last: ExhibitText) -> float:
    """Give the time between two exhibits in minutes; never nought."""
    return max(1.0 / 60.0, (last.at - first.at).total_seconds() / 60.0)


def span_words(first: ExhibitText, last: ExhibitText) -> str:
    """Say how long it is between two exhibits: `20 min`, `40 s`."""
    seconds = (last.at - first.at).total_seconds()
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(1.0, seconds):.0f} s"


def bytes_words(count: float) -> str:
    """Say a size: `4.2 GB`, `310 MB`."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            figure = count / size
            return f"{figure:.1f} {unit}" if figure < 10 else f"{figure:.0f} {unit}"
    return f"{count:.0f} B"


def number_of(word: str) -> float:
    """Give a figure a stranger wrote; 0 where it is none."""
    try:
        figure = float(word)
    except ValueError:
        return 0.0
    return figure if 0.0 <= figure < 1e18 else 0.0
