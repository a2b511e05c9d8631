"""The month of a server as our own history has it, told as an answer of a check. On a worker.

The first word of such a check's command is `performance`, the second what is asked: `levels` or
`growth` of metrics, `watched`, `kills`, `restarts`. Lines are in the form of the parser `tagged`.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np

from noc_console.audit.check import Check, Family
from noc_console.audit.judging import RawOutcome
from noc_console.audit.month_performance import (
    DayFigures,
    Level,
    days_of,
    growth_of,
    level_of,
    restarts_of,
    rises_of,
)
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.health.line_records import load_book
from noc_console.health.lines import Lines
from noc_console.health.measures import CHECK_LATENCY, CLOCK_OFFSET, measure_of, spoken_key
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.store.history import History, HistorySlice, Step
from noc_console.store.store import Store
from noc_console.telemetry.metrics import family

DAYS = 31
FULL = 100.0
_STEP = Step.FIVE_MINUTES
_MOST_KEYS = 60
_RESTART_GRACE = timedelta(minutes=10)
"""A restart this long after a window is still that window's."""


class NoHistory(ConsoleError):
    """Our own history has nothing of what is asked."""


def look_at_performance(store: Store, check: Check, server: Server, now: datetime) -> RawOutcome:
    """Give what the last month's history says, in lines.

    Raises:
        ConsoleError: there is no history of it; the sentence says so.
    """
    started_s = time.monotonic()
    _, what, *metrics = check.commands[Family.OTHER].split()
    lines = list(_Month(store, server, now).told(what, metrics))
    return RawOutcome.of_lines(check, lines, took_s=time.monotonic() - started_s, at=now)


class _Month:
    """The last month of one server, read as it is asked for."""

    def __init__(self, store: Store, server: Server, now: datetime) -> None:
        self._store = store
        self._server = server
        self._start, self._end = now - timedelta(days=DAYS), now
        self._history = History(store)

    def told(self, what: str, metrics: Sequence[str]) -> Iterable[str]:
        """Give the lines of one of the questions."""
        match what:
            case "levels":
                return self._levels(metrics)
            case "growth":
                return self._growth(metrics)
            case "watched":
                return self._watched()
            case "kills":
                return self._kills()
            case "restarts":
                return self._restarts()
        raise NoHistory(f"This version does not know what {what!r} of the history is; update it.")

    def _levels(self, metrics: Sequence[str]) -> Iterator[str]:
        if CHECK_LATENCY in metrics and not self._server.checks:
            return  # nobody asks it from outside, so there is nothing to judge
        keys = self._keys(metrics)
        found = self._read([*keys, "cores"])
        book = load_book(self._store).line_set(self._server)
        cores = found.average["cores"]
        many = float(np.nanmax(cores)) if not np.isnan(cores).all() else 1.0
        yield self._seen(found, keys)
        for key in keys:
            average, most = found.average[key], found.maximum[key]
            if family(key) == CLOCK_OFFSET:
                average, most = abs(average), np.fmax(abs(found.minimum[key]), abs(most))
            lines = book.lines(key, many)
            level = level_of(found.times_ms, average, most, lines, _STEP.value)
            if level is not None:
                yield _level_line(key, level, lines)
                for day in days_of(found.times_ms, average, most):
                    yield _day_line(key, day)

    def _growth(self, metrics: Sequence[str]) -> Iterator[str]:
        keys = self._keys(metrics)
        found = self._read(keys)
        yield self._seen(found, keys)
        for key in keys:
            grown = growth_of(found.times_ms, found.average[key], FULL)
            if grown is not None:
                full, latest = (
                    "-1" if one is None else f"{one:.0f}"
                    for one in (grown.full_days, grown.latest_days)
                )
                figures = f"{grown.level:.1f}\t{grown.a_day:.2f}\t{full}\t{latest}"
                yield f"GROWTH\t{_plain(key)}\t{_plain(spoken_key(key))}\t{figures}"
                for day in days_of(found.times_ms, found.average[key], found.maximum[key]):
                    yield _day_line(key, day)

    def _watched(self) -> Iterator[str]:
        found = self._read(["load1"], with_gaps=True)
        yield self._seen(found, ["load1"])
        away_ms = sum(last - first for first, last in found.not_watched)
        yield f"AWAY\t{away_ms / 3_600_000:.1f}\t{len(found.not_watched)}"

    def _kills(self) -> Iterator[str]:
        found = self._read(["oom_kills"])
        yield self._seen(found, ["oom_kills"])
        yield f"KILLS\t{rises_of(found.maximum['oom_kills'])}"

    def _restarts(self) -> Iterator[str]:
        found = self._read(["uptime_s"])
        yield self._seen(found, ["uptime_s"])
        windows = [
            (one.booked[0], one.booked[1] + _RESTART_GRACE)
            for one in list_occurrences(self._store, self._start, self._end)
            if one.booked is not None and one.covers(self._server)
        ]
        for at in restarts_of(found.times_ms, found.minimum["uptime_s"]):
            is_planned = any(first <= at <= last for first, last in windows)
            yield f"RESTART\t{at:%Y-%m-%dT%H:%MZ}\t{'planned' if is_planned else 'unplanned'}"

    def _keys(self, metrics: Sequence[str]) -> list[str]:
        """Give the keys of the metrics asked for, a thing's each, that there are figures of."""
        told = self._history.metrics_of(self._server.id, self._start, self._end)
        keys = [key for one in metrics for key in told if family(key) == one][:_MOST_KEYS]
        if not keys:
            raise self._nothing()
        return keys

    def _read(self, keys: Sequence[str], *, with_gaps: bool = False) -> HistorySlice:
        found = self._history.read(
            self._server.id, list(keys), self._start, self._end, _STEP, with_gaps=with_gaps
        )
        if all(np.isnan(found.average[key]).all() for key in keys):
            raise self._nothing()
        return found

    def _nothing(self) -> NoHistory:
        return NoHistory(
            f"Our history has no such figure of {self._server.name} in the last {DAYS} days."
        )

    def _seen(self, found: HistorySlice, keys: Sequence[str]) -> str:
        """Give the hours with a figure, of how many, and their share in per cent."""
        seen = np.zeros(len(found.times_ms), dtype=bool)
        for key in keys:
            seen |= ~np.isnan(found.average[key])
        hours, of = float(seen.sum()) * _STEP.value / 3600, DAYS * 24
        return f"SEEN\t{hours:.1f}\t{of}\t{100 * hours / of:.0f}"


def _level_line(key: str, level: Level, lines: Lines | None) -> str:
    early, cut_off = (
        "none" if one is None else f"{one:g}"
        for one in ((lines.early, lines.cut_off) if lines is not None else (None, None))
    )
    reach = -1 if level.reach_days is None else round(level.reach_days)
    figures = f"{level.middle:.2f}\t{level.high:.2f}\t{level.most:.2f}"
    over = f"{early}\t{level.over_early:.0f}\t{cut_off}\t{level.over_cut_off:.0f}"
    return f"LEVEL\t{_plain(key)}\t{_title(key)}\t{figures}\t{over}\t{reach}"


def _day_line(key: str, day: DayFigures) -> str:
    return (
        f"DAY\t{_plain(key)}\t{day.day:%Y-%m-%d}\t{day.middle:.2f}\t{day.high:.2f}\t{day.most:.2f}"
    )


def _title(key: str) -> str:
    """Give a key as people call it, with the unit of its figures."""
    measure = measure_of(key)
    unit = measure.unit.strip() if measure is not None else ""
    return _plain(spoken_key(key)) + (f" ({unit})" if unit else "")


def _plain(key: str) -> str:
    """Give a key as one field of a line: a mount's name may hold anything."""
    return inert(key, 200).replace("\t", " ").replace("\n", " ")
