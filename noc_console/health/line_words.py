"""Lines in words, as a person reads and compares them. Pure: no I/O, no clock."""

from noc_console.health.figure_words import line_words
from noc_console.health.lines import Lines
from noc_console.health.measures import Measure

NONE = "–"


def early_words(lines: Lines, measure: Measure) -> str:
    """Give the early line: `0.7 a core for 5 min`, `below 14 days`."""
    return _line_words(lines.early, lines.early_minutes, lines, measure)


def cut_off_words(lines: Lines, measure: Measure) -> str:
    """Give the cut-off: `2 a core for 1 min`."""
    return _line_words(lines.cut_off, lines.cut_off_minutes, lines, measure)


def forecast_words(lines: Lines) -> str:
    """Give how far ahead a forecast warns: `15 min ahead`, `2 days ahead`."""
    minutes = lines.forecast_minutes
    if not minutes:
        return NONE
    for size, unit in ((1440, "days"), (60, "h")):
        if minutes >= 2 * size or minutes == size:
            return f"{minutes / size:g} {unit} ahead"
    return f"{minutes:g} min ahead"


def _line_words(line: float | None, minutes: float, lines: Lines, measure: Measure) -> str:
    if line is None:
        return NONE
    side = "below " if lines.below else ""
    share = " a core" if lines.per_core else ""
    lasting = f" for {minutes:g} min" if minutes else ""
    return f"{side}{line_words(line, measure)}{share}{lasting}"
