"""Copies of the embedded store's core, made with VACUUM INTO: whole even while others write.

The history is not copied: it is large, and losing it loses graphs, not what people wrote. A shared
store is backed up by its database's own tools, such as pg_dump.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from noc_console.store.failures import StoreFull

KEPT = 7
FOLDER = "backups"
_STAMP = "%Y%m%dT%H%M%SZ"


def back_up_core(folder: Path, now: datetime, *, why: str) -> Path:
    """Copy the core to `backups/core-TIME-WHY.sqlite3`, keep the newest seven of that kind.

    Raises:
        StoreFull: there is no room for the copy.
    """
    backups = folder / FOLDER
    target = backups / f"core-{now.astimezone(UTC):{_STAMP}}-{why}.sqlite3"
    part = target.with_suffix(".part")
    try:
        backups.mkdir(mode=0o700, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(folder / "core.sqlite3", timeout=10)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        part.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        part.unlink(missing_ok=True)
        raise StoreFull(
            f"No backup could be written to {backups} ({error}); free some room and try again."
        ) from error
    for old in list_backups(folder, why)[KEPT:]:
        old.unlink(missing_ok=True)
    return target


def list_backups(folder: Path, why: str = "*") -> list[Path]:
    """Give the backups there are, the newest first."""
    return sorted((folder / FOLDER).glob(f"core-*-{why}.sqlite3"), reverse=True)
