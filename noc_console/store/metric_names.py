"""Numbers for metric names and for shapes (rows of metrics), as the history's tables keep them.

Numbers are never changed or given twice, so what was once read stays true. Any thread may ask.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects import postgresql, sqlite

from noc_console.store import journal
from noc_console.store.journal import Reading
from noc_console.store.schema.history import metric, shape
from noc_console.store.unreadable import UnreadableRow, naming_unreadable

log = logging.getLogger(__name__)

_NEW_SHAPES = sa.select(shape.c.id, shape.c.metric_ids).where(shape.c.id > sa.bindparam("known"))
_NEW_METRICS = sa.select(metric.c.id, metric.c.name).where(metric.c.id > sa.bindparam("known"))


class MetricNames:
    """What is known of the store's numbers; learns new ones from the store or gives them."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = Lock()
        self._ids: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._shapes: dict[tuple[str, ...], int] = {}
        self._rows: dict[int, tuple[str, ...]] = {}
        self._lengths = np.zeros(1, dtype=np.int64)
        """How many metrics each shape has, by its id; put in place of an older one as a whole."""

    @property
    def by_id(self) -> Mapping[int, str]:
        """Each known metric's name by its number."""
        return self._names

    def id_of(self, name: str) -> int | None:
        """Give a metric's number, or None when no reading ever held it."""
        return self._ids.get(name)

    def ids_of(self, names: Sequence[str]) -> frozenset[int]:
        """Give the numbers of those metrics that have one."""
        return frozenset(self._ids[name] for name in names if name in self._ids)

    def name_of(self, metric_id: int) -> str:
        """Give a known metric's name."""
        return self._names[metric_id]

    def metrics_of_shape(self, shape_id: int) -> tuple[str, ...]:
        """Give the metrics of a known shape, in order."""
        return self._rows[shape_id]

    def entries(self, body: bytes, server_id: int | None = None) -> Iterator[journal.Entry]:
        """Give the entries of a journal blob; raises UnreadableRow, as all that read one do."""
        with naming_unreadable():
            yield from journal.decode(body, self._lengths, server_id)

    def whole_entries(self, body: bytes) -> list[journal.Entry]:
        """Give the entries of a journal blob; none where it cannot be read any more.

        One tick that is lost must not keep all others from being shown, or from being sealed.
        """
        try:
            with naming_unreadable():
                return [one for one in self.entries(body) if self._rows[one.shape_id] is not None]
        except UnreadableRow:
            log.warning(
                "What was told in one tick cannot be read any more and is left out; see what "
                "`noc-console store check` finds."
            )
            return []

    def places(self, index: bytes, server_id: int) -> Iterator[journal.Place]:
        """Give where a server's readings stand in a journal blob, from its head and its index."""
        with naming_unreadable():
            yield from journal.places(index, self._lengths, server_id)

    def readings(self, body: bytes) -> Iterator[Reading]:
        """Give the readings of a journal blob; none where it cannot be read any more."""
        return map(self.reading, self.whole_entries(body))

    def reading(self, entry: journal.Entry) -> Reading:
        """Give the reading that an entry holds."""
        names = self._rows[entry.shape_id]
        values = dict(zip(names, entry.figures.tolist(), strict=True))
        return Reading(entry.server_id, entry.at_ms, values)

    def figures_of(
        self, body: bytes, metric: str
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Give the server ids, times and figures of one metric in a journal blob, as arrays."""
        places = {one: names.index(metric) for one, names in self._rows.items() if metric in names}
        with naming_unreadable():
            return journal.figures_of(body, self._lengths, places)

    def load(self, connection: sa.Connection) -> None:
        """Learn the numbers that were given since the last time."""
        with self._lock, naming_unreadable():
            self._load(connection)

    def shape_ids(self, connection: sa.Connection, readings: Sequence[Reading]) -> list[int]:
        """Give each reading's shape, numbering new metrics and shapes inside a write."""
        with self._lock:
            numbers = self._known_shapes(readings)
            if all(numbers):
                return numbers
            shapes = [tuple(reading.values) for reading in readings]
            self._load(connection)
            self._number(connection, sorted(set(shapes) - self._shapes.keys()))
            return [self._shapes[one] for one in shapes]

    def forget(self) -> None:
        """Know nothing again: a write was rolled back and with it the numbers it gave."""
        with self._lock:
            for known in (self._ids, self._names, self._shapes, self._rows):
                known.clear()

    def _known_shapes(self, readings: Sequence[Reading]) -> list[int]:
        """Give each reading's shape, 0 where it has no number yet."""
        row: list[str] = []
        number = 0
        numbers = []
        for reading in readings:
            names = list(reading.values)
            if names != row or not number:  # most have the shape of the one before
                row, number = names, self._shapes.get(tuple(names), 0)
            numbers.append(number)
        return numbers

    def _load(self, connection: sa.Connection) -> None:
        # shapes first: on PostgreSQL each query sees what was committed meanwhile, and no metric
        # may be missing that a shape names
        rows = connection.execute(_NEW_SHAPES, {"known": max(self._rows, default=0)}).all()
        for row in connection.execute(_NEW_METRICS, {"known": max(self._names, default=0)}):
            self._learn_metric(row.id, row.name)
        for row in rows:
            ids = np.frombuffer(row.metric_ids, "<u4").tolist()
            self._learn_shape(row.id, tuple(self._names[one] for one in ids))
        if rows:
            lengths = np.zeros(max(self._rows) + 1, dtype=np.int64)
            lengths[list(self._rows)] = [len(names) for names in self._rows.values()]
            self._lengths = lengths

    def _number(self, connection: sa.Connection, shapes: Sequence[tuple[str, ...]]) -> None:
        if not shapes:
            return
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        names = sorted({name for one in shapes for name in one if name not in self._ids})
        if names:
            connection.execute(
                insert(metric).on_conflict_do_nothing(), [{"name": name} for name in names]
            )
            self._load(connection)
        for one in shapes:
            ids = np.array([self._ids[name] for name in one], "<u4").tobytes()
            connection.execute(insert(shape).on_conflict_do_nothing(), {"metric_ids": ids})
        self._load(connection)

    def _learn_metric(self, metric_id: int, name: str) -> None:
        self._ids[name] = metric_id
        self._names[metric_id] = name

    def _learn_shape(self, shape_id: int, names: tuple[str, ...]) -> None:
        self._shapes[names] = shape_id
        self._rows[shape_id] = names
