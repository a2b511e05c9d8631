"""What one server told that is not sealed yet, without reading all that the others told.

The journal holds minutes of the whole fleet: of a thousand servers some 40 MB. Of a large row only
its index and the figures of that server are read.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import sqlalchemy as sa

from noc_console.store import journal
from noc_console.store.blocks import Block
from noc_console.store.journal import Entry
from noc_console.store.metric_names import MetricNames
from noc_console.store.scale import Floats
from noc_console.store.schema.history import journal as journal_table
from noc_console.store.store import BINARY

_READ_WHOLE = 2000
"""Bytes of a row up to which it is read as a whole: neither database keeps such a row in parts."""

_SIZE = sa.func.length(journal_table.c.body)
_ROWS = (
    sa.select(
        journal_table.c.id, sa.case((_SIZE <= _READ_WHOLE, journal_table.c.body)).label("body")
    )
    .order_by(journal_table.c.id)
    .execution_options(**{BINARY: True})
)

_SHARED_INDEXES = sa.text(
    "SELECT id, substring(body FROM 1 FOR CAST(:head_bytes AS int) + CAST(:index_bytes AS int) * "
    "count) AS body FROM (SELECT id, body, get_byte(head, 1) + 256 * get_byte(head, 2) + 65536 * "
    "get_byte(head, 3) AS count FROM (SELECT id, body, substring(body FROM 1 FOR "
    "CAST(:head_bytes AS int)) AS head FROM journal WHERE id = ANY(CAST(:ids AS bigint[])) "
    "OFFSET 0) AS large OFFSET 0) AS counted WHERE position(CAST(:sought AS bytea) IN "
    "substring(body FROM CAST(:head_bytes AS int) + 1 FOR CAST(:server_bytes AS int) * count)) > 0"
).bindparams(
    head_bytes=journal.HEAD_BYTES,
    server_bytes=journal.SERVER_BYTES,
    index_bytes=journal.INDEX_BYTES,
)
"""The heads and indexes of rows in whose list of servers these bytes are, by chance or not."""

_SHARED_FIGURES = sa.text(
    "SELECT substring(body FROM start FOR size) AS body FROM unnest(CAST(:ids AS bigint[]), "
    "CAST(:starts AS int[]), CAST(:sizes AS int[])) WITH ORDINALITY AS place(id, start, size, at) "
    "JOIN journal USING (id) ORDER BY at"
)


def unsealed_block(
    connection: sa.Connection, names: MetricNames, server_id: int, wanted: frozenset[int] | None
) -> Block:
    """Give a server's readings that are not sealed yet; only the `wanted` metrics when given."""
    block = block_of(_entries(connection, names, server_id), names)
    if wanted is None:
        return block
    return Block(
        block.times_ms, {one: lines for one, lines in block.columns.items() if one in wanted}
    )


def block_of(entries: Iterable[Entry], names: MetricNames) -> Block:
    """Give entries of one server as a block; of equal times the later one is kept."""
    by_shape: dict[int, list[Entry]] = {}
    for entry in entries:
        by_shape.setdefault(entry.shape_id, []).append(entry)
    times_ms = np.unique(
        np.array([entry.at_ms for some in by_shape.values() for entry in some], dtype=np.int64)
    )
    columns: dict[int, Floats] = {}
    for shape_id, some in by_shape.items():
        places = np.searchsorted(times_ms, [entry.at_ms for entry in some])
        figures = np.stack([entry.figures for entry in some])
        for index, name in enumerate(names.metrics_of_shape(shape_id)):
            metric_id = names.id_of(name) or 0
            if metric_id not in columns:
                columns[metric_id] = np.full((1, len(times_ms)), np.nan)
            columns[metric_id][0, places] = figures[:, index]
    return Block(times_ms, columns)


def _entries(connection: sa.Connection, names: MetricNames, server_id: int) -> Iterator[Entry]:
    rows = connection.execute(_ROWS).all()
    large = [row.id for row in rows if row.body is None]
    looked_into = _look_into_sqlite if connection.dialect.name == "sqlite" else _look_into_shared
    found = looked_into(connection, names, server_id, large) if large else {}
    for row in rows:
        if row.body is None:
            yield from found.get(row.id, ())
        else:
            yield from names.entries(row.body, server_id)


def _look_into_sqlite(
    connection: sa.Connection, names: MetricNames, server_id: int, ids: Sequence[int]
) -> dict[int, list[Entry]]:
    """Give the server's entries in some rows, by row: SQLite reads parts of a value in place."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("not a connection of SQLite")
    found: dict[int, list[Entry]] = {}
    for row_id in ids:
        with driver.blobopen("journal", "body", row_id, readonly=True) as blob:
            head = blob.read(journal.HEAD_BYTES)
            count = journal.count_of(head)
            beginning = head + blob.read(journal.SERVER_BYTES * count)
            if not journal.tells_of(beginning, server_id):
                continue
            rest = (journal.INDEX_BYTES - journal.SERVER_BYTES) * count
            found[row_id] = []
            for place in names.places(beginning + blob.read(rest), server_id):
                blob.seek(place.start)
                found[row_id].append(place.entry(blob.read(place.size)))
    return found


def _look_into_shared(
    connection: sa.Connection, names: MetricNames, server_id: int, ids: Sequence[int]
) -> dict[int, list[Entry]]:
    """Give the server's entries in some rows, by row: PostgreSQL sends parts of a value."""
    sought = server_id.to_bytes(journal.SERVER_BYTES, "little", signed=True)
    places = [
        (row.id, place)
        for row in connection.execute(_SHARED_INDEXES, {"ids": list(ids), "sought": sought})
        for place in names.places(row.body, server_id)
    ]
    asked = {
        "ids": [row_id for row_id, _ in places],
        "starts": [place.start + 1 for _, place in places],  # it counts from 1
        "sizes": [place.size for _, place in places],
    }
    parts = connection.execute(_SHARED_FIGURES, asked).scalars()
    found: dict[int, list[Entry]] = {}
    for (row_id, place), part in zip(places, parts, strict=True):
        found.setdefault(row_id, []).append(place.entry(part))
    return found
