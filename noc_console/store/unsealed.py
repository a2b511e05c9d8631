"""What one server told that is not sealed yet, without reading all that the others told.

The journal holds minutes of the whole fleet: of a thousand servers some 40 MB. Of a large row only
its index and the figures of that server are read; and what was found is remembered, for a row
never changes and most hold nothing of the server in question.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

import numpy as np
import sqlalchemy as sa

from noc_console.store import journal
from noc_console.store.blocks import Block
from noc_console.store.journal import Entry
from noc_console.store.metric_names import MetricNames
from noc_console.store.scale import Floats
from noc_console.store.schema.history import journal as journal_table
from noc_console.store.unreadable import naming_unreadable

_READ_WHOLE = 2000
"""Bytes of a row up to which it is read as a whole: PostgreSQL keeps such a row in one part."""

_KEYS = sa.select(journal_table.c.id, journal_table.c.at_ms).order_by(journal_table.c.at_ms)
"""Answered from the index alone, without a look at any row."""

_SHARED_ROWS = sa.text(
    "SELECT id, CASE WHEN length(body) <= CAST(:whole AS int) THEN body END AS body FROM journal "
    "WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY id"
).bindparams(whole=_READ_WHOLE)

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


_REMEMBERED_BYTES = 16 * 1024 * 1024
"""Ten minutes of fifteen thousand servers; of larger fleets not all rows are remembered."""
_REMEMBERED_SERVERS = 16
"""Those whose pages are read again and again; ten minutes of one are some 100 kB."""

_RowKey = tuple[int, int]
"""Id and time of a row: SQLite gives the ids of rows that are gone again."""

_Told = dict[_RowKey, tuple[Entry, ...]]
"""What rows tell of one server, in order; of most nothing."""


class KnownRows:
    """What is known of a journal's rows, as far as they were looked into: what they tell of the
    servers asked for last, and, of an embedded journal, which servers they tell of.

    Any thread may ask and note: each does so in one step, and what is lost is looked up again.
    """

    def __init__(self) -> None:
        """Know of no row."""
        self._servers: dict[_RowKey, bytes] = {}
        self._room = _REMEMBERED_BYTES
        self._told: dict[int, _Told] = {}

    def told(self, server_id: int) -> _Told:
        """Give what the rows that were looked into for this server tell of it."""
        return self._told.get(server_id, {})

    def keep(self, server_id: int, told: _Told) -> None:
        """Remember what rows tell of a server; whoever was not asked for longest is forgotten."""
        others = {one: some for one, some in self._told.items() if one != server_id}
        while len(others) >= _REMEMBERED_SERVERS:
            del others[next(iter(others))]
        self._told = {**others, server_id: told}

    def likely(self, keys: Iterable[_RowKey], server_id: int) -> list[_RowKey]:
        """Give those rows that may hold something of a server: all but those known to hold none."""
        sought, servers_of = journal.bytes_of(server_id), self._servers.get
        return [key for key in keys if sought in servers_of(key, sought)]

    def note(self, key: _RowKey, servers: bytes) -> None:
        """Remember the servers of a row, as they stand in it, if there is room."""
        if key not in self._servers and len(servers) <= self._room:
            self._servers[key] = servers
            self._room -= len(servers)

    def keep_only(self, keys: Collection[_RowKey]) -> None:
        """Forget rows that are sealed by now."""
        if len(self._servers) == len(keys):
            return
        known = self._servers
        kept = {key: known[key] for key in keys if key in known}
        self._servers = kept
        self._room = _REMEMBERED_BYTES - sum(map(len, kept.values()))


@naming_unreadable()
def unsealed_block(
    connection: sa.Connection,
    names: MetricNames,
    server_id: int,
    wanted: frozenset[int] | None,
    known: KnownRows,
) -> Block:
    """Give a server's readings that are not sealed yet; only the `wanted` metrics when given.

    Raises:
        UnreadableRow: one of them is not what was written.
    """
    block = block_of(_entries(connection, names, server_id, known), names)
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


def _entries(
    connection: sa.Connection, names: MetricNames, server_id: int, known: KnownRows
) -> Iterator[Entry]:
    """Give the server's entries in the order of the rows: only rows that are new are looked into,
    for a row never changes.
    """
    keys = sorted((row_id, at_ms) for row_id, at_ms in connection.execute(_KEYS).all())
    before = known.told(server_id)
    new = [key for key in keys if key not in before]
    found: _Told = {}
    if new and connection.dialect.name == "sqlite":
        known.keep_only(keys)
        found = _look_into_sqlite(connection, names, server_id, new, known)
    elif new:
        found = _look_into_shared(connection, names, server_id, new)
    told = {key: before[key] if key in before else found.get(key, ()) for key in keys}
    if new:
        known.keep(server_id, told)
    return chain.from_iterable(told.values())


def _look_into_sqlite(
    connection: sa.Connection,
    names: MetricNames,
    server_id: int,
    keys: Iterable[_RowKey],
    known: KnownRows,
) -> _Told:
    """Look only into rows of which it is not known that they hold nothing of the server.

    SQLite reads parts of a value in place.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("not a connection of SQLite")
    found: _Told = {}
    for key in known.likely(keys, server_id):
        with driver.blobopen("journal", "body", key[0], readonly=True) as blob:
            head = blob.read(journal.HEAD_BYTES)
            count = journal.count_of(head)
            servers = blob.read(journal.SERVER_BYTES * count)
            known.note(key, servers)
            beginning = head + servers
            if journal.tells_of(beginning, server_id):
                rest = (journal.INDEX_BYTES - journal.SERVER_BYTES) * count
                places = names.places(beginning + blob.read(rest), server_id)
                found[key] = tuple(_entry_in(blob, place) for place in places)
    return found


def _entry_in(blob: sqlite3.Blob, place: journal.Place) -> Entry:
    blob.seek(place.start)
    return place.entry(blob.read(place.size))


def _look_into_shared(
    connection: sa.Connection, names: MetricNames, server_id: int, keys: Iterable[_RowKey]
) -> _Told:
    """Read small rows whole; of the others PostgreSQL finds those with the server by itself."""
    key_of = {row_id: (row_id, at_ms) for row_id, at_ms in keys}
    rows = connection.execute(_SHARED_ROWS, {"ids": list(key_of)}).all()
    large = [row.id for row in rows if row.body is None]
    found = _find_in_large(connection, names, server_id, large) if large else {}
    for row in rows:
        if row.body is not None:
            found[row.id] = list(names.entries(row.body, server_id))
    return {key_of[row_id]: tuple(some) for row_id, some in found.items()}


def _find_in_large(
    connection: sa.Connection, names: MetricNames, server_id: int, row_ids: list[int]
) -> dict[int, list[Entry]]:
    """Give the server's entries in large rows, by row: PostgreSQL sends parts of a value."""
    sought = {"ids": row_ids, "sought": journal.bytes_of(server_id)}
    places = [
        (row.id, place)
        for row in connection.execute(_SHARED_INDEXES, sought)
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
