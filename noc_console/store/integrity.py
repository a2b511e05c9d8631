"""Is an embedded file whole? `PRAGMA quick_check` finds what plain reads miss."""

import sqlite3
from contextlib import closing
from pathlib import Path

from noc_console.store.backups import list_backups
from noc_console.store.failures import StoreDamaged, StoreUnreachable
from noc_console.store.location import StoreLocation

HISTORY_FILE = "history.sqlite3"


def damage_of(path: Path) -> str:
    """Give what quick_check says of a file in one line; empty when it is whole or not there.

    Raises:
        StoreUnreachable: the file may not be read.
    """
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=10)) as file:
            row = file.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if "unable to open" in str(error) or "readonly" in str(error):
            raise StoreUnreachable(
                f"{path} cannot be opened; ask for the right to read and write it and its folder."
            ) from error
        return str(error)
    answer = str(row[0]) if row else "no answer"
    return "" if answer == "ok" else answer.replace("\n", " ")


def refuse_damaged(folder: Path, file_name: str) -> None:
    """Refuse a damaged file and name the newest backup that is whole.

    Raises:
        StoreDamaged: with what to do.
    """
    path = folder / file_name
    damage = damage_of(path)
    if not damage:
        return
    good = next((backup for backup in list_backups(folder) if not damage_of(backup)), None)
    # what is beside it, too: SQLite would play a log that was left behind into the new file
    mend = (
        f"stop noc-console, move {file_name}* away and copy {good} to {path}"
        if good
        else "there is no whole backup; move the folder away to begin with an empty store"
    )
    raise StoreDamaged(f"{path} is damaged ({damage}): {mend}.")


def history_sentence(location: StoreLocation, damage: str = "") -> str:
    """Say what to do about a history that cannot be read; no backup has any of it."""
    if location.folder is None:
        return (
            f"The history in {location} is damaged; have the database's administrator restore it "
            "from a backup."
        )
    found = f" ({damage})" if damage else ""
    return (
        f"{location.folder / HISTORY_FILE} is damaged{found}: stop noc-console and move "
        f"{HISTORY_FILE}* away; servers, alarms and notices stay; graphs, recordings and the "
        "answers of audits go with it."
    )
