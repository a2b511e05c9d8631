"""An open store: connections to the core and to the history, with their failures named.

Embedded: `core.sqlite3` and `history.sqlite3` in one folder, WAL. Shared: one PostgreSQL database.
A Store may be used from any thread; a connection belongs to the thread that asked for it.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from noc_console.store import integrity
from noc_console.store.failures import StoreBusy, StoreDamaged, StoreFull, StoreUnreachable
from noc_console.store.integrity import HISTORY_FILE
from noc_console.store.location import StoreLocation
from noc_console.store.schema_version import PARTS, is_current
from noc_console.store.unreadable import UnreadableRow

CORE_FILE = "core.sqlite3"
BUSY_TIMEOUT_MS = 10_000
CONNECT_TIMEOUT_S = 5
"""For each address of the database: most names have two at most, of IPv6 and IPv4."""
MIN_FREE_BYTES = 64 * 1024 * 1024
"""Below this nothing is written: on a full disk even DELETE and a checkpoint fail."""

_WRITE = {"noc_console_write": True}

BINARY = "noc_console_binary"
"""An option of statements that read much: have PostgreSQL send bytes as they are, not as text."""


class Store:
    """One store, opened. Close it when done."""

    def __init__(self, location: StoreLocation, core: sa.Engine, history: sa.Engine) -> None:
        """Hold two pools; they are the same one on PostgreSQL."""
        self.location = location
        self.core = core
        self._history = history

    @property
    def is_embedded(self) -> bool:
        """Whether the store is a folder of files."""
        return self.location.is_embedded

    @property
    def pools(self) -> tuple[sa.Engine, ...]:
        """The pool of each database: two files, or one PostgreSQL database."""
        return (self.core,) if self.core is self._history else (self.core, self._history)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection to read the core from, in one snapshot."""
        with self._connection(self.core, write=False) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Give a connection in a write transaction on the core: all of it is kept or none.

        Raises:
            StoreFull, StoreBusy, StoreUnreachable, StoreDamaged: nothing was written.
        """
        self.guard_free_space()
        with self._connection(self.core, write=True) as connection:
            yield connection

    def quick_writer(self) -> "QuickWriter":
        """Give what writes to the core again and again without waiting for the disk."""
        return QuickWriter(self)

    @contextmanager
    def history_read(self) -> Iterator[sa.Connection]:
        """Give a connection to read the history from."""
        with self.naming_damage(), self._connection(self._history, write=False) as connection:
            yield connection

    @contextmanager
    def history_write(self, *, makes_room: bool = False) -> Iterator[sa.Connection]:
        """Give a connection in a write transaction on the history; raises as `write` does.

        What only deletes (`makes_room`) is let through when room is short.
        """
        if not makes_room:
            self.guard_free_space()
        with self._connection(self._history, write=True) as connection:
            yield connection

    @contextmanager
    def naming_damage(self) -> Iterator[None]:
        """Make a StoreDamaged of a row of the history that cannot be read any more."""
        try:
            yield
        except UnreadableRow as error:
            raise StoreDamaged(integrity.history_sentence(self.location)) from error

    def close(self) -> None:
        """Close every connection."""
        for pool in self.pools:
            pool.dispose()

    @contextmanager
    def _connection(self, pool: sa.Engine, *, write: bool) -> Iterator[sa.Connection]:
        try:
            with pool.connect() as connection:
                chosen = connection.execution_options(**_WRITE) if write else connection
                with chosen.begin():
                    yield chosen
        except (sa.exc.DBAPIError, sqlite3.DatabaseError) as error:  # the latter: of a blob
            raise _named(error, self.location, of_history=pool is not self.core) from error

    def guard_free_space(self) -> None:
        """Look at the disk's free room (some 2 us): a full disk is said before it is met."""
        folder = self.location.folder
        if folder is not None and shutil.disk_usage(folder).free < MIN_FREE_BYTES:
            raise StoreFull(
                f"The disk of {folder} has less than {MIN_FREE_BYTES // 2**20} MB left, so nothing "
                "new is recorded; free some room and recording goes on by itself."
            )


class QuickWriter:
    """Writes to the core again and again without waiting for the disk. One thread owns it.

    What is kept outlives this program whatever ends it, but not the machine: before the next
    `Store.write` it may be lost with it. On PostgreSQL each is a `Store.write` like any other; on
    SQLite a connection is held until `close`, for to fetch one costs twice such a write.
    """

    def __init__(self, store: Store) -> None:
        """Write to this store; nothing is held yet."""
        self._store = store
        self._held: sa.Connection | None = None

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Give a connection in a write transaction; raises as `Store.write` does."""
        if not self._store.is_embedded:
            with self._store.write() as connection:
                yield connection
            return
        self._store.guard_free_space()
        try:
            if self._held is None:
                self._held = self._hold()
            with self._held.begin():
                yield self._held
        except sa.exc.DBAPIError as error:
            raise _named(error, self._store.location) from error

    def close(self) -> None:
        """Give back what is held; the next write holds anew."""
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def _hold(self) -> sa.Connection:
        """Detached, so that no other work is ever given a connection that does not wait."""
        held = self._store.core.connect().execution_options(**_WRITE)
        held.detach()
        driver = held.connection.dbapi_connection
        if driver is not None:
            driver.execute("PRAGMA synchronous=NORMAL")
        return held


def open_store(location: StoreLocation) -> Store:
    """Open a store, making it when it is new, checking and migrating it when it is not.

    Raises:
        StoreTooNew: a newer program made it.
        StoreDamaged: a check found damage; the sentence names the newest backup.
        StoreFull, StoreUnreachable: it cannot be opened.
    """
    if location.folder is not None:
        core, history = _open_files(location.folder)
    else:
        core = history = _open_postgresql(location)
    store = Store(location, core, history)
    try:
        _bring_up_to_date(core, history, location)
    except sa.exc.DBAPIError as error:
        store.close()  # the core was found whole just now: damage is the history's
        raise _named(error, location, of_history=True) from error
    except BaseException:
        store.close()
        raise
    return store


def _bring_up_to_date(core: sa.Engine, history: sa.Engine, location: StoreLocation) -> None:
    if all(is_current(part, pool) for part, pool in zip(PARTS, (core, history), strict=True)):
        return
    from noc_console.store.migrate import migrate

    migrate(core, history, location, datetime.now(UTC))


def _open_files(folder: Path) -> tuple[sa.Engine, sa.Engine]:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (FileExistsError, NotADirectoryError) as error:
        raise StoreUnreachable(
            f"A store is a folder, and {folder} is a file or lies in one; name a folder with "
            "--store."
        ) from error
    except OSError as error:
        raise StoreUnreachable(
            f"The store's folder {folder} cannot be made: {error.strerror}; choose another "
            "with --store."
        ) from error
    integrity.refuse_damaged(folder, CORE_FILE)
    core = _sqlite(folder / CORE_FILE, synchronous="FULL")
    history = _sqlite(folder / HISTORY_FILE, synchronous="NORMAL")
    return core, history


def _sqlite(path: Path, *, synchronous: str) -> sa.Engine:
    pool = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        poolclass=sa.pool.QueuePool,
        pool_size=4,
        max_overflow=20,
    )

    @sa.event.listens_for(pool, "connect")
    def prepare(connection: sqlite3.Connection, record: object) -> None:  # noqa: ARG001
        connection.isolation_level = None  # we begin transactions ourselves, below
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(pool, "begin")
    def begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("noc_console_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return pool


def _open_postgresql(location: StoreLocation) -> sa.Engine:
    if location.url is None:
        raise ValueError("not a shared store")
    pool = sa.create_engine(
        location.url,
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=20,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "noc-console",
            "keepalives_idle": 10,  # else a database that vanished is waited for for hours
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
        },
    )

    @sa.event.listens_for(pool, "before_cursor_execute")
    def prepare(*execution: Any) -> None:
        _, cursor, _, _, context, _ = execution
        if context is not None and context.execution_options.get(BINARY):
            cursor.format = 1  # PostgreSQL's number for it

    return pool


def _named(
    error: sa.exc.DBAPIError | sqlite3.DatabaseError,
    location: StoreLocation,
    *,
    of_history: bool = False,
) -> Exception:
    """Give the failure a database error stands for; one that is a bug comes back as it is."""
    text = str(getattr(error, "orig", error)).lower()
    if of_history and location.is_embedded and any(word in text for word in _DAMAGE):
        return StoreDamaged(integrity.history_sentence(location))
    for words, failure, sentence in _FAILURES:
        if any(word in text for word in words):
            return failure(sentence.format(location=location))
    reason = "" if location.is_embedded else _reason_of_refusal(error)
    if reason:
        return StoreUnreachable(
            f"The database of the store at {location} refuses us: {reason}; mend the URL, or ask "
            "the database's administrator."
        )
    is_ours = any(words in text for words in _OUR_FAULT)
    if isinstance(error, sa.exc.OperationalError | sqlite3.OperationalError) and not is_ours:
        return StoreUnreachable(
            f"The store at {location} does not answer; check that it is there and that you may "
            "use it."
        )
    return error


def _reason_of_refusal(error: Exception) -> str:
    """Give PostgreSQL's own reason to let nobody in; empty where it may let us in later."""
    found = _REFUSAL.search(str(getattr(error, "orig", error)))
    told = "" if found is None else found[1][:200]
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in told)


_REFUSAL = re.compile(
    r"(?:FATAL: +(?=.*(?:does not exist|authentication failed|pg_hba|not permitted|denied))"
    r"|(?=invalid connection option ))(.+)"
)

_DAMAGE = ("malformed", "not a database", "file is encrypted")

_OUR_FAULT = ("no such column", "no such table", "has no column", "syntax error")
"""SQLite's words for a statement that does not fit the schema: a bug, not a store that is away."""

_FAILURES: tuple[tuple[tuple[str, ...], type[Exception], str], ...] = (
    (
        ("disk is full", "disk i/o error", "no space left", "could not extend file"),
        StoreFull,
        (
            "The disk of {location} is full or fails, so nothing new is recorded; free some room "
            "and recording goes on by itself."
        ),
    ),
    (
        ("is locked", "lock timeout", "deadlock detected"),
        StoreBusy,
        "Another program has kept {location} busy for too long; try again, and see what uses it.",
    ),
    (
        _DAMAGE,
        StoreDamaged,
        (
            "The store at {location} is damaged; run `noc-console store check`, which names the "
            "newest good backup."
        ),
    ),
    (
        ("readonly database", "permission denied"),
        StoreUnreachable,
        (
            "You may not write to {location}; ask for the right to, or choose another store "
            "with --store."
        ),
    ),
)
