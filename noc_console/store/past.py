"""The fleet's figures around a moment that is over: read once, then asked for every second of it.

Raw samples where they are still kept, else averages of one or five minutes. A figure is never
taken for newer than it is: each comes with the time it is of.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from noc_console.store import block_format
from noc_console.store.blocks import Block
from noc_console.store.columns import Integers
from noc_console.store.journal import Reading
from noc_console.store.metric_names import MetricNames
from noc_console.store.recent import RecentFigures
from noc_console.store.schema.history import block as block_table
from noc_console.store.schema.history import journal as journal_table
from noc_console.store.schema.metadata import to_ms
from noc_console.store.sealing import SPANS_MS
from noc_console.store.store import Store

OLDEST_MS = 15 * 60_000
"""A figure older than this is none: the server told nothing then."""

_Thing = TypeVar("_Thing")
_STEPS = (0, 60, 300)
_A_PART = 50
_THREADS = 4
_BREATHE_EVERY = 40
_BREATH_S = 0.0005
_NOTHING: NDArray[np.float32] = np.empty(0, dtype=np.float32)


@dataclass(slots=True)
class _Track:
    """The figures of one server: `lines[metric]` at `times_ms`, nan where there was none."""

    times_ms: Integers
    lines: dict[str, NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFigures:
    """What every server told in [start_ms, end_ms); `step_s` 0 are raw samples."""

    start_ms: int
    end_ms: int
    step_s: int
    tracks: dict[int, _Track]

    def holds(self, at_ms: int) -> bool:
        """Whether a moment can be asked for, with all that may be nearest before it."""
        return self.start_ms + OLDEST_MS <= at_ms < self.end_ms

    def nearest(self, at_ms: int) -> list[Reading]:
        """Give each server's newest reading at or before a moment; none that is too old.

        A step that is summed up counts when it is over: it holds what came after its beginning.
        """
        found = []
        oldest_ms = at_ms - OLDEST_MS
        at_ms -= self.step_s * 1000
        for server_id, track in _breathing(self.tracks.items(), _BREATHE_EVERY):
            place = int(np.searchsorted(track.times_ms, at_ms, side="right")) - 1
            if place < 0 or int(track.times_ms[place]) < oldest_ms:
                continue
            values = {
                name: float(line[place])
                for name, line in track.lines.items()
                if line[place] == line[place]
            }
            found.append(Reading(server_id, int(track.times_ms[place]), values))
        return found

    def told_between(self, after_ms: int, until_ms: int, most: int) -> list[Reading]:
        """Give the readings in (after_ms, until_ms], oldest first; of each server at most so many.

        Where there are more, they are thinned out evenly; the last is always among them.
        """
        found = []
        after_ms, until_ms = after_ms - self.step_s * 1000, until_ms - self.step_s * 1000
        for server_id, track in _breathing(self.tracks.items(), _BREATHE_EVERY):
            first = int(np.searchsorted(track.times_ms, after_ms, side="right"))
            end = int(np.searchsorted(track.times_ms, until_ms, side="right"))
            step = max(1, -(-(end - first) // most))
            for place in range(end - 1, first - 1, -step):
                values = {
                    name: float(line[place])
                    for name, line in track.lines.items()
                    if line[place] == line[place]
                }
                found.append(Reading(server_id, int(track.times_ms[place]), values))
        return sorted(found, key=lambda one: one.at_ms)

    def last_known(self, prefix: str, at_ms: int) -> dict[int, dict[str, float]]:
        """Give the last figures of metrics that begin so, by server: those read less often."""
        known: dict[int, dict[str, float]] = {}
        oldest_ms = at_ms - OLDEST_MS
        at_ms -= self.step_s * 1000
        for server_id, track in _breathing(self.tracks.items(), _BREATHE_EVERY):
            end = int(np.searchsorted(track.times_ms, at_ms, side="right"))
            start = int(np.searchsorted(track.times_ms, oldest_ms))
            for name, line in track.lines.items():
                if name.startswith(prefix):
                    places = np.flatnonzero(~np.isnan(line[start:end]))
                    if len(places):
                        figure = float(line[start + int(places[-1])])
                        known.setdefault(server_id, {})[name] = figure
        return known

    def between(self, metric: str, start_ms: int, end_ms: int) -> RecentFigures:
        """Give the figures of one metric at times in [start_ms, end_ms], of every server."""
        ids, times, figures = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [_NOTHING]
        for server_id, track in self.tracks.items():
            line = track.lines.get(metric)
            if line is None:
                continue
            first = int(np.searchsorted(track.times_ms, start_ms))
            last = int(np.searchsorted(track.times_ms, end_ms, side="right"))
            ids.append(np.full(last - first, server_id, dtype=np.int64))
            times.append(track.times_ms[first:last])
            figures.append(line[first:last])
        return RecentFigures(
            server_ids=np.concatenate(ids),
            times_ms=np.concatenate(times),
            figures=np.concatenate(figures),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The newest figures of every server at one moment; `step_s` as in `PastFigures`."""

    step_s: int
    readings: list[Reading]


def glance(
    store: Store,
    names: MetricNames,
    metrics: Sequence[str],
    at: datetime,
    *,
    prefixes: Sequence[str] = (),
) -> Glance:
    """Give every server's figures at a moment, as `read_past` would: in a third of its time.

    What a server told last of a metric within `OLDEST_MS` counts.
    """
    at_ms = to_ms(at)
    found: dict[int, Reading] = {}
    with store.history_read() as connection:
        names.load(connection)
        wanted = _wanted(names, metrics, prefixes)
        for step_s in _STEPS:
            start_ms = at_ms // SPANS_MS[step_s] * SPANS_MS[step_s]
            for first_ms in (start_ms, start_ms - SPANS_MS[step_s]):
                if first_ms + SPANS_MS[step_s] > at_ms - OLDEST_MS:
                    rows = _rows_of(connection, step_s, first_ms)
                    span_ms = at_ms - OLDEST_MS, at_ms - step_s * 1000
                    _glance_at(rows, names, wanted, span_ms, found)
            if step_s == 0:
                _glance_at_journal(connection, names, wanted, at_ms, found)
            if found:
                break
    return Glance(step_s=step_s, readings=list(found.values()))


def _breathing(things: Iterable[_Thing], every: int) -> Iterator[_Thing]:
    """Give things one by one, with a short pause now and then.

    Python runs one thread at a time; without the pauses the window's would wait for its turn
    some milliseconds at each of its steps.
    """
    for number, thing in enumerate(things, 1):
        yield thing
        if number % every == 0:
            time.sleep(_BREATH_S)


def _wanted(names: MetricNames, metrics: Sequence[str], prefixes: Sequence[str]) -> frozenset[int]:
    many = (one for one, name in names.by_id.items() if name.startswith(tuple(prefixes)))
    return names.ids_of(metrics) | frozenset(many)


def _rows_of(connection: sa.Connection, step_s: int, start_ms: int) -> Sequence[tuple[int, bytes]]:
    query = sa.select(block_table.c.server_id, block_table.c.body)
    here = query.where(block_table.c.step_s == step_s, block_table.c.start_ms == start_ms)
    return [(row.server_id, row.body) for row in connection.execute(here)]


def _glance_at(
    rows: Sequence[tuple[int, bytes]],
    names: MetricNames,
    wanted: frozenset[int],
    span_ms: tuple[int, int],
    found: dict[int, Reading],
) -> None:
    """Look into blocks on a few threads: inflating them lets other threads go on."""

    def look(part: Sequence[tuple[int, bytes]]) -> list[Reading]:
        readings = []
        for server_id, body in part:
            told = block_format.figures_at(body, names.by_id, wanted, span_ms[1], span_ms[0])
            if told is not None:
                values = {names.name_of(one): figure for one, figure in told[1].items()}
                readings.append(Reading(server_id, told[0], values))
        return readings

    missing = [row for row in rows if row[0] not in found]
    parts = [missing[first : first + _A_PART] for first in range(0, len(missing), _A_PART)]
    with ThreadPoolExecutor(_THREADS) as threads:
        for readings in threads.map(look, parts):
            found.update((one.server_id, one) for one in readings)


def _glance_at_journal(
    connection: sa.Connection,
    names: MetricNames,
    wanted: frozenset[int],
    at_ms: int,
    found: dict[int, Reading],
) -> None:
    """Take what is not sealed yet, where it is newer."""
    bodies = connection.execute(
        sa.select(journal_table.c.body)
        .where(
            journal_table.c.at_ms >= at_ms - OLDEST_MS, journal_table.c.at_ms < at_ms + OLDEST_MS
        )
        .order_by(journal_table.c.id)
    ).scalars()
    keep = {names.name_of(one) for one in wanted}
    for body in bodies:
        for reading in names.readings(body):
            before = found.get(reading.server_id)
            if not at_ms - OLDEST_MS <= reading.at_ms <= at_ms:
                continue
            if before is None or before.at_ms < reading.at_ms:
                known = {} if before is None else dict(before.values)
                fresh = {name: one for name, one in reading.values.items() if name in keep}
                found[reading.server_id] = Reading(reading.server_id, reading.at_ms, known | fresh)


def read_past(
    store: Store,
    names: MetricNames,
    metrics: Sequence[str],
    at: datetime,
    *,
    prefixes: Sequence[str] = (),
) -> PastFigures:
    """Give the figures around a moment: those metrics, and all that begin with a prefix."""
    at_ms = to_ms(at)
    with store.history_read() as connection:
        names.load(connection)
        wanted = _wanted(names, metrics, prefixes)
        for step_s in _STEPS:
            span_ms = SPANS_MS[step_s]
            start_ms = (at_ms - OLDEST_MS) // span_ms * span_ms
            end_ms = at_ms // span_ms * span_ms + span_ms
            tracks = _sealed(connection, names, step_s, start_ms, end_ms, wanted)
            if step_s == 0:
                _add_journal(connection, names, tracks, start_ms, end_ms, wanted)
            if tracks:
                break
    # Not for the whole of a summed-up block's day: in its other hours raw samples may be there.
    hour_ms = SPANS_MS[0]
    return PastFigures(
        start_ms=(at_ms - OLDEST_MS) // hour_ms * hour_ms,
        end_ms=at_ms // hour_ms * hour_ms + hour_ms,
        step_s=step_s,
        tracks=tracks,
    )


def _sealed(
    connection: sa.Connection,
    names: MetricNames,
    step_s: int,
    start_ms: int,
    end_ms: int,
    wanted: frozenset[int],
) -> dict[int, _Track]:
    rows = connection.execute(
        sa.select(block_table.c.server_id, block_table.c.body)
        .where(
            block_table.c.step_s == step_s,
            block_table.c.start_ms >= start_ms,
            block_table.c.start_ms < end_ms,
        )
        .order_by(block_table.c.server_id, block_table.c.start_ms)
    )
    tracks: dict[int, _Track] = {}
    for row in _breathing(rows, 2):
        part = _track(block_format.decode([row.body], names.by_id, wanted), names)
        before = tracks.get(row.server_id)
        tracks[row.server_id] = part if before is None else _joined(before, part)
    return tracks


def _track(block: Block, names: MetricNames) -> _Track:
    return _Track(
        block.times_ms,
        {
            names.name_of(number): lines[lines.shape[0] // 2].astype(np.float32)
            for number, lines in block.columns.items()
        },
    )


def _joined(before: _Track, after: _Track) -> _Track:
    """Give two tracks of one server as one; the second follows on the first."""
    counts = len(before.times_ms), len(after.times_ms)
    lines = {
        name: np.concatenate(
            (
                before.lines.get(name, np.full(counts[0], np.nan, dtype=np.float32)),
                after.lines.get(name, np.full(counts[1], np.nan, dtype=np.float32)),
            )
        )
        for name in {*before.lines, *after.lines}
    }
    return _Track(np.concatenate((before.times_ms, after.times_ms)), lines)


def _add_journal(
    connection: sa.Connection,
    names: MetricNames,
    tracks: dict[int, _Track],
    start_ms: int,
    end_ms: int,
    wanted: frozenset[int],
) -> None:
    """Add what is not sealed yet."""
    bodies = connection.execute(
        sa.select(journal_table.c.body)
        .where(journal_table.c.at_ms >= start_ms, journal_table.c.at_ms < end_ms + OLDEST_MS)
        .order_by(journal_table.c.id)
    ).scalars()
    keep = {names.name_of(number) for number in wanted}
    fresh: dict[int, list[Reading]] = {}
    for body in bodies:
        for reading in names.readings(body):
            fresh.setdefault(reading.server_id, []).append(reading)
    for server_id, readings in fresh.items():
        part = _from_readings(sorted(readings, key=lambda one: one.at_ms), keep)
        before = tracks.get(server_id)
        if before is None:
            tracks[server_id] = part
        elif int(part.times_ms[-1]) > int(before.times_ms[-1]):
            later = part.times_ms > before.times_ms[-1]
            lines = {name: line[later] for name, line in part.lines.items()}
            tracks[server_id] = _joined(before, _Track(part.times_ms[later], lines))


def _from_readings(readings: Sequence[Reading], keep: set[str]) -> _Track:
    times_ms = np.array([one.at_ms for one in readings], dtype=np.int64)
    lines: dict[str, NDArray[np.float32]] = {}
    for place, reading in enumerate(readings):
        for name, value in reading.values.items():
            if name in keep:
                if name not in lines:
                    lines[name] = np.full(len(readings), np.nan, dtype=np.float32)
                lines[name][place] = value
    return _Track(times_ms, lines)
