"""The history's baseline: SQLite with a plain row for each figure, as it is often kept."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from noc_console.store.history import Reading


class FigureRows:
    """A file of rows (server, metric, time, figure), with the key that reads need."""

    def __init__(self, path: Path) -> None:
        """Make the file, with the durability our history has."""
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute("CREATE TABLE metric (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
        self._connection.execute(
            "CREATE TABLE figure (server_id INTEGER, metric_id INTEGER, at_ms INTEGER, value REAL,"
            " PRIMARY KEY (server_id, metric_id, at_ms)) WITHOUT ROWID"
        )
        self._ids: dict[str, int] = {}

    def append(self, readings: Iterable[Reading]) -> None:
        """Write readings in one transaction."""
        readings = list(readings)
        for name in {name for one in readings for name in one.values} - self._ids.keys():
            added = self._connection.execute("INSERT INTO metric (name) VALUES (?)", (name,))
            self._ids[name] = int(added.lastrowid or 0)
        rows = [
            (one.server_id, self._ids[name], one.at_ms, figure)
            for one in readings
            for name, figure in one.values.items()
        ]
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT OR REPLACE INTO figure VALUES (?, ?, ?, ?)", rows)
        self._connection.execute("COMMIT")

    def read(
        self, server_id: int, metrics: Sequence[str], start_ms: int, end_ms: int
    ) -> dict[str, list[tuple[int, float]]]:
        """Give the figures of some metrics in [start, end)."""
        return {
            name: self._connection.execute(
                "SELECT at_ms, value FROM figure WHERE server_id = ? AND metric_id = ?"
                " AND at_ms >= ? AND at_ms < ?",
                (server_id, self._ids[name], start_ms, end_ms),
            ).fetchall()
            for name in metrics
        }

    def bytes_used(self) -> int:
        """Give the size of the file once it is tidy."""
        self._connection.execute("VACUUM")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.path.stat().st_size

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
