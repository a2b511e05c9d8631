"""The store's own housework: the daily backup, and a check a person can ask for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from noc_console.store.backups import back_up_core, list_backups
from noc_console.store.block_format import is_whole
from noc_console.store.failures import StoreError
from noc_console.store.integrity import HISTORY_FILE, damage_of, history_sentence, refuse_damaged
from noc_console.store.schema.history import block
from noc_console.store.schema.servers import server
from noc_console.store.store import CORE_FILE, Store

_BLOCKS_AT_ONCE = 200


class BackupElsewhere(StoreError):
    """A shared store is backed up where its database lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What a check of the store found. `damage` names each damaged part; empty when whole."""

    location: str
    servers: int
    damage: tuple[str, ...]
    newest_backup: Path | None
    core_bytes: int
    history_bytes: int
    remedy: str = ""
    """What is damaged and what to do, as one sentence; empty when whole."""


def check(store: Store) -> CheckReport:
    """Look whether the store is whole, how large it is and what its newest backup is.

    Raises:
        StoreDamaged: the core is damaged; the sentence names the newest good backup.
    """
    with store.read() as connection:
        servers = connection.execute(
            sa.select(sa.func.count()).select_from(server).where(server.c.deleted_at.is_(None))
        ).scalar_one()
    folder = store.location.folder
    if folder is None:
        damage = _unreadable_blocks(store)
        return CheckReport(
            location=str(store.location),
            servers=servers,
            damage=damage,
            remedy=_unread_sentence(damage),
            newest_backup=None,
            core_bytes=0,
            history_bytes=0,
        )
    refuse_damaged(folder, CORE_FILE)
    broken = damage_of(folder / HISTORY_FILE)
    damage = (f"{HISTORY_FILE}: {broken}",) if broken else _unreadable_blocks(store)
    return CheckReport(
        location=str(store.location),
        servers=servers,
        damage=damage,
        remedy=history_sentence(store.location, broken) if broken else _unread_sentence(damage),
        newest_backup=next(iter(list_backups(folder)), None),
        core_bytes=(folder / CORE_FILE).stat().st_size,
        history_bytes=(folder / HISTORY_FILE).stat().st_size,
    )


def _unreadable_blocks(store: Store) -> tuple[str, ...]:
    """Look at each block of the history: SQLite does not notice what changes inside a value."""
    with store.history_read() as connection:
        bodies = connection.execution_options(yield_per=_BLOCKS_AT_ONCE).execute(
            sa.select(block.c.body)
        )
        wrong = sum(not is_whole(body) for body in bodies.scalars())
    blocks = "block" if wrong == 1 else "blocks"
    return (f"{wrong:,} {blocks} of the history cannot be read",) if wrong else ()


def _unread_sentence(damage: tuple[str, ...]) -> str:
    if not damage:
        return ""
    return (
        f"{damage[0]}: the graphs of that time are lost, all else is whole; have the "
        "disk looked at, for it changed what was written."
    )


def back_up(store: Store, now: datetime) -> Path:
    """Copy the core now.

    Raises:
        BackupElsewhere: the store is shared.
        StoreFull: there is no room.
    """
    folder = store.location.folder
    if folder is None:
        raise BackupElsewhere(
            "This store is a PostgreSQL database; have its administrator back it up with pg_dump."
        )
    return back_up_core(folder, now, why="asked")


def daily(store: Store, now: datetime) -> Path | None:
    """Make today's backup (by UTC day) if it is still to be made; gives it, or None.

    Raises:
        StoreFull: there is no room.
    """
    folder = store.location.folder
    if folder is None:
        return None
    today = f"core-{now.astimezone(UTC):%Y%m%d}T"
    if any(path.name.startswith(today) for path in list_backups(folder, "daily")):
        return None
    return back_up_core(folder, now, why="daily")
