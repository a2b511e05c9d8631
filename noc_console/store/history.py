"""Metric history: written a tick at a time, sealed into blocks, thinned out, read back.

Thread-safe as the Store is; one engine at a time writes. Recent readings are as they came (to
float32); sealed ones are rounded to their unit's quantum (see `blocks`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import numpy as np
import sqlalchemy as sa

from noc_console.store import block_format, blocks, journal
from noc_console.store.blocks import Block
from noc_console.store.columns import Integers
from noc_console.store.failures import StoreDamaged, StoreError
from noc_console.store.heartbeat import not_watched
from noc_console.store.journal import Entry, Reading
from noc_console.store.metric_names import MetricNames
from noc_console.store.retention import Retention
from noc_console.store.scale import Floats
from noc_console.store.schema.history import block as block_table
from noc_console.store.schema.history import journal as journal_table
from noc_console.store.schema.metadata import to_ms
from noc_console.store.sealing import SPANS_MS, seal
from noc_console.store.store import BINARY, Store
from noc_console.store.unreadable import UnreadableRow
from noc_console.store.unsealed import KnownRows, unsealed_block

__all__ = ["History", "HistorySlice", "Reading", "Retention", "Step"]

_APPEND = sa.insert(journal_table).returning(journal_table.c.id)
_BLOCKS = (
    sa.select(block_table.c.body, block_table.c.end_ms)
    .where(
        block_table.c.server_id == sa.bindparam("of_server"),
        block_table.c.step_s == sa.bindparam("of_step"),
        block_table.c.start_ms > sa.bindparam("after_ms"),
        block_table.c.start_ms < sa.bindparam("before_ms"),
    )
    .order_by(block_table.c.start_ms)
    .execution_options(**{BINARY: True})
)
"""Statements are made once: making one takes as long as running it."""

_SERVERS_AT_ONCE = 500
"""Ids in one IN list: SQLite allows 32,766 variables, and plans stay quick."""


class Step(Enum):
    """How fine a slice of history is. `AUTO` gives at most a few thousand points."""

    RAW = 0
    ONE_MINUTE = 60
    FIVE_MINUTES = 300
    AUTO = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySlice:
    """Figures of one server. Arrays have the length of `times_ms`; nan where there is none.

    For raw samples (`step_s` 0) average, minimum and maximum are the same. `not_watched` holds the
    spans (start, end), in ms, in which no engine watched.
    """

    times_ms: Integers
    average: Mapping[str, Floats]
    minimum: Mapping[str, Floats]
    maximum: Mapping[str, Floats]
    step_s: int
    not_watched: Sequence[tuple[int, int]]


class History:
    """The history of one store."""

    def __init__(self, store: Store) -> None:
        """Read and write this store's history."""
        self._store = store
        self._names = MetricNames()
        self._known = KnownRows()

    def append(self, readings: Sequence[Reading], at: datetime) -> int:
        """Write one tick's readings as one row; gives its id."""
        try:
            with self._store.history_write() as connection:
                shape_ids = self._names.shape_ids(connection, readings)
                body = journal.encode(readings, shape_ids)
                row = {"at_ms": to_ms(at), "body": body}
                journal_id = connection.execute(_APPEND, row).scalar_one()
        except StoreError:
            self._names.forget()
            raise
        return int(journal_id)

    def after(self, journal_id: int, limit: int = 500) -> tuple[int, list[Reading]]:
        """Give what was written after a journal row, at most `limit` rows: (last id, readings)."""
        with self._store.history_read() as connection:
            rows = connection.execute(
                sa.select(journal_table.c.id, journal_table.c.body)
                .where(journal_table.c.id > journal_id)
                .order_by(journal_table.c.id)
                .limit(limit)
            ).all()
            self._names.load(connection)
        readings = [reading for row in rows for reading in self._names.readings(row.body)]
        return (int(rows[-1].id) if rows else journal_id), readings

    def latest(self, since: datetime) -> tuple[int, list[Reading]]:
        """Give the last journal row and each server's newest reading since `since`.

        Only what is not sealed yet is looked at: about the last ten minutes.
        """
        newest: dict[int, Entry] = {}
        with self._store.history_read() as connection:
            last = connection.execute(sa.select(sa.func.max(journal_table.c.id))).scalar() or 0
            rows = connection.execute(
                sa.select(journal_table.c.body)
                .where(journal_table.c.at_ms >= to_ms(since), journal_table.c.id <= last)
                .order_by(journal_table.c.id)
            ).all()
            self._names.load(connection)
        for row in rows:
            newest |= {entry.server_id: entry for entry in self._names.whole_entries(row.body)}
        return int(last), [self._names.reading(entry) for entry in newest.values()]

    def last_sealed(self, server_ids: Sequence[int], metrics: Sequence[str]) -> list[Reading]:
        """Give the newest sealed reading of each of these servers, of some metrics."""
        readings: list[Reading] = []
        with self._store.history_read() as connection:
            self._names.load(connection)
            wanted = self._names.ids_of(metrics)
            for start in range(0, len(server_ids), _SERVERS_AT_ONCE):
                rows = _newest_raw_rows(connection, server_ids[start : start + _SERVERS_AT_ONCE])
                readings += [one for row in rows if (one := self._last_in(row, wanted))]
        return readings

    def _last_in(self, row: Any, wanted: frozenset[int]) -> Reading | None:
        """Give the last reading in a block; None where it cannot be read any more."""
        try:
            block = block_format.decode([row.body], self._names.by_id, wanted)
        except UnreadableRow:
            return None
        return self._last_of(row.server_id, block)

    def _last_of(self, server_id: int, block: Block) -> Reading:
        newest = {
            self._names.name_of(one): float(lines[0][-1]) for one, lines in block.columns.items()
        }
        return Reading(
            server_id=server_id,
            at_ms=int(block.times_ms[-1]),
            values={name: value for name, value in newest.items() if not np.isnan(value)},
        )

    def seal(self, now: datetime) -> int:
        """Move what is older than some minutes from the journal into blocks; gives the rows."""
        return seal(self._store, self._names, now)

    def prune(self, now: datetime, retention: Retention) -> int:
        """Delete what is kept no longer; gives how many blocks."""
        days = {
            Step.RAW: retention.raw_days,
            Step.ONE_MINUTE: retention.one_minute_days,
            Step.FIVE_MINUTES: retention.five_minute_days,
        }
        deleted = 0
        for step, kept in days.items():
            oldest_ms = to_ms(now - timedelta(days=kept))
            with self._store.history_write(makes_room=True) as connection:
                deleted += connection.execute(
                    sa.delete(block_table).where(
                        block_table.c.step_s == step.value,
                        block_table.c.start_ms < oldest_ms - SPANS_MS[step.value],
                    )
                ).rowcount
        return deleted

    def read(
        self,
        server_id: int,
        metrics: Sequence[str],
        start: datetime,
        end: datetime,
        step: Step = Step.AUTO,
        *,
        with_newest: bool = True,
        with_gaps: bool = True,
    ) -> HistorySlice:
        """Give some metrics of a server in [start, end); a metric without figures is all nan.

        What is not sealed yet, the last minutes, costs a look at what all servers told; who reads
        weeks of many servers does without (`with_newest`), and need not ask when nobody watched
        (`with_gaps`).
        """
        chosen = _fitting(start, end) if step is Step.AUTO else step
        with self._store.history_read() as connection:
            self._names.load(connection)
            wanted = self._names.ids_of(metrics)
            rows = _block_rows(connection, server_id, chosen, start, end)
            fresh = (
                unsealed_block(connection, self._names, server_id, wanted, self._known)
                if with_newest
                else Block.empty()
            )
        if chosen is not Step.RAW and with_newest:
            fresh = blocks.sum_up(fresh, chosen.value * 1000)
        whole = blocks.between(self._joined(rows, fresh, wanted), to_ms(start), to_ms(end))
        nothing = np.full(len(whole.times_ms), np.nan)
        least: dict[str, Floats] = {}
        average: dict[str, Floats] = {}
        most: dict[str, Floats] = {}
        for name in metrics:
            lines = whole.columns.get(self._names.id_of(name) or 0)
            least[name], average[name], most[name] = (
                (nothing, nothing, nothing)
                if lines is None
                else (lines[0], lines[lines.shape[0] // 2], lines[-1])
            )
        return HistorySlice(
            times_ms=whole.times_ms,
            average=average,
            minimum=least,
            maximum=most,
            step_s=chosen.value,
            not_watched=[
                (to_ms(first), to_ms(last))
                for first, last in (not_watched(self._store, start, end) if with_gaps else ())
            ],
        )

    def metrics_of(self, server_id: int, start: datetime, end: datetime) -> list[str]:
        """Give the names of the metrics a server has figures of in [start, end), sorted."""
        ids: set[int] = set()
        with self._store.history_read() as connection:
            self._names.load(connection)
            for row in _block_rows(connection, server_id, _fitting(start, end), start, end):
                ids.update(block_format.metric_ids(row.body))
            fresh = unsealed_block(connection, self._names, server_id, None, self._known)
            ids.update(fresh.columns)
        return sorted(self._names.name_of(one) for one in ids)

    def _joined(self, rows: Sequence[Any], fresh: Block, wanted: frozenset[int]) -> Block:
        """Give sealed blocks and what is not sealed yet as one.

        Hardly ever do they overlap (after a crash, or where a reading came late): only then the
        blocks in question are merged, which takes longer.

        Raises:
            StoreDamaged: with what to do.
        """
        try:
            return self._joined_blocks(rows, fresh, wanted)
        except UnreadableRow as error:
            raise StoreDamaged(
                f"A part of this history in {self._store.location} is damaged and cannot be read; "
                "choose a shorter or another span, and run `noc-console store check`."
            ) from error

    def _joined_blocks(self, rows: Sequence[Any], fresh: Block, wanted: frozenset[int]) -> Block:
        names = self._names.by_id
        begins_ms = int(fresh.times_ms[0]) if len(fresh.times_ms) else None
        before = [row.body for row in rows if begins_ms is None or row.end_ms < begins_ms]
        among = [row.body for row in rows[len(before) :]]
        if among:
            fresh = blocks.merge(block_format.decode(among, names, wanted), fresh)
        return block_format.decode(before, names, wanted, then=fresh)


def _newest_raw_rows(connection: sa.Connection, server_ids: Sequence[int]) -> Sequence[Any]:
    newest = (
        sa.select(block_table.c.server_id, sa.func.max(block_table.c.start_ms).label("start_ms"))
        .where(block_table.c.step_s == 0, block_table.c.server_id.in_(server_ids))
        .group_by(block_table.c.server_id)
        .subquery()
    )
    return connection.execute(
        sa.select(block_table.c.server_id, block_table.c.body)
        .join(
            newest,
            sa.and_(
                block_table.c.server_id == newest.c.server_id,
                block_table.c.start_ms == newest.c.start_ms,
            ),
        )
        .where(block_table.c.step_s == 0)
    ).all()


def _block_rows(
    connection: sa.Connection, server_id: int, step: Step, start: datetime, end: datetime
) -> Sequence[Any]:
    span = {"after_ms": to_ms(start) - SPANS_MS[step.value], "before_ms": to_ms(end)}
    chosen = {"of_server": server_id, "of_step": step.value}
    return connection.execute(_BLOCKS, chosen | span).all()


def _fitting(start: datetime, end: datetime) -> Step:
    span = end - start
    if span <= timedelta(hours=2):
        return Step.RAW
    return Step.ONE_MINUTE if span <= timedelta(days=3) else Step.FIVE_MINUTES
