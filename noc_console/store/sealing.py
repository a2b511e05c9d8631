"""Sealing: journal rows become blocks of one server and one span, raw and summed up.

Each write is short, so that ticks go on between them; sealing again what was sealed changes
nothing (equal times are one), so a crash between writes loses nothing.
"""

import logging
from collections.abc import Mapping
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from noc_console.store import block_format, blocks
from noc_console.store.block_format import DamagedBlock
from noc_console.store.blocks import Block
from noc_console.store.journal import Entry
from noc_console.store.metric_names import MetricNames
from noc_console.store.rows import put_rows
from noc_console.store.schema.history import block as block_table
from noc_console.store.schema.history import journal as journal_table
from noc_console.store.schema.metadata import from_ms, to_ms
from noc_console.store.store import Store
from noc_console.store.unsealed import block_of

log = logging.getLogger(__name__)

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
SPANS_MS: Mapping[int, int] = {0: HOUR_MS, 60: 4 * HOUR_MS, 300: 24 * HOUR_MS}
"""How long a block is, by the seconds of its step (0: raw)."""

KEPT_OPEN_MS = 5 * MINUTE_MS
"""What is younger stays in the journal: it may still be written late."""

_SEAL_TO_MS = 5 * MINUTE_MS
"""Sealing ends at a whole five minutes, so that no summed-up step is half sealed."""

_SERVERS_AT_ONCE = 25


def seal(store: Store, names: MetricNames, now: datetime) -> int:
    """Seal the journal rows that are old enough; gives how many rows."""
    limit_ms = (to_ms(now) - KEPT_OPEN_MS) // _SEAL_TO_MS * _SEAL_TO_MS
    sealed = 0
    while True:
        with store.history_read() as connection:
            names.load(connection)
            oldest = connection.execute(
                sa.select(sa.func.min(journal_table.c.at_ms)).where(
                    journal_table.c.at_ms < limit_ms
                )
            ).scalar()
            if oldest is None:
                return sealed
            until_ms = min(limit_ms, oldest // HOUR_MS * HOUR_MS + HOUR_MS)
            rows = connection.execute(
                sa.select(journal_table.c.id, journal_table.c.body).where(
                    journal_table.c.at_ms < until_ms
                )
            ).all()
        by_server: dict[int, list[Entry]] = {}
        for row in rows:
            for entry in names.whole_entries(row.body):
                by_server.setdefault(entry.server_id, []).append(entry)
        servers = sorted(by_server)
        for start in range(0, len(servers), _SERVERS_AT_ONCE):
            some = servers[start : start + _SERVERS_AT_ONCE]
            _seal_servers(store, names, {one: by_server[one] for one in some})
        with store.history_write(makes_room=True) as connection:
            connection.execute(sa.delete(journal_table).where(journal_table.c.at_ms < until_ms))
        sealed += len(rows)


def _seal_servers(store: Store, names: MetricNames, by_server: Mapping[int, list[Entry]]) -> None:
    fresh = {server_id: block_of(some, names) for server_id, some in by_server.items()}
    with store.history_read() as connection:
        written = [
            row
            for server_id, block in fresh.items()
            for row in _rewritten(connection, names, server_id, block)
        ]
    with store.history_write() as connection:
        put_rows(connection, block_table, written)


def _rewritten(
    connection: sa.Connection, names: MetricNames, server_id: int, fresh: Block
) -> list[dict[str, object]]:
    """Give the block rows that hold the fresh readings merged with what is sealed already."""
    changed: dict[tuple[int, int], Block] = {}
    for start_ms in np.unique(fresh.times_ms // HOUR_MS * HOUR_MS).tolist():
        part = blocks.between(fresh, start_ms, start_ms + HOUR_MS)
        hour = blocks.merge(_present(connection, names, server_id, 0, start_ms), part)
        changed[0, start_ms] = hour
        for step_s in (60, 300):
            key = (step_s, start_ms // SPANS_MS[step_s] * SPANS_MS[step_s])
            present = changed.get(key) or _present(connection, names, server_id, *key)
            changed[key] = blocks.merge(present, blocks.sum_up(hour, step_s * 1000))
    return [
        {
            "server_id": server_id,
            "step_s": step_s,
            "start_ms": start_ms,
            "end_ms": int(block.times_ms[-1]),
            "body": block_format.encode(block, names.by_id),
        }
        for (step_s, start_ms), block in changed.items()
    ]


def _present(
    connection: sa.Connection, names: MetricNames, server_id: int, step_s: int, start_ms: int
) -> Block:
    body = connection.execute(
        sa.select(block_table.c.body).where(
            block_table.c.server_id == server_id,
            block_table.c.step_s == step_s,
            block_table.c.start_ms == start_ms,
        )
    ).scalar()
    if body is None:
        return Block.empty()
    try:
        return block_format.decode([body], names.by_id)
    except DamagedBlock:  # else nothing would ever be sealed again, and the journal would grow
        log.warning(
            "History of server %d from %s on cannot be read any more; it is lost, and what is told "
            "from now on takes its place.",
            server_id,
            from_ms(start_ms).isoformat(),
        )
        return Block.empty()
