"""How one program learns that another changed something: revisions, and a cheap way to look.

Each write bumps the revision of the nouns it changed. On SQLite a look costs one
`PRAGMA data_version` a file (about 5 us) until something did change; on PostgreSQL it is one small
SELECT. NOTIFY is not used for the look itself: it halves the commit rate, and four looks a
second are quick enough for a person.
"""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from noc_console.store.schema.engines import revision
from noc_console.store.schema.history import journal
from noc_console.store.store import Store

NOUNS = frozenset(
    {
        "agreed",
        "alarm",
        "attention",
        "audit",
        "channel",
        "contact",
        "delivery",
        "engine",
        "evidence",
        "fleet",
        "host_key",
        "incident",
        "journal",
        "line",
        "notice",
        "order",
        "posting",
        "reading",
        "setting",
        "state",
        "window",
    }
)

_REVISIONS = sa.select(revision.c.noun, revision.c.number)
_NEWEST_ROW = sa.select(sa.func.max(journal.c.id))


def bump(connection: sa.Connection, noun: str) -> int:
    """Note inside a write that rows of this noun change with it; gives its new revision.

    Writes that bump the same noun follow one another, so a higher revision is seen later.
    """
    if noun not in NOUNS:
        raise ValueError(f"unknown noun {noun}")
    number = connection.execute(_one_more(connection.dialect.name), {"noun": noun}).scalar_one()
    return int(number)


@cache
def _one_more(dialect: str) -> sa.Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return (
        insert(revision)
        .values(noun=sa.bindparam("noun"), number=1)
        .on_conflict_do_update(index_elements=["noun"], set_={"number": revision.c.number + 1})
        .returning(revision.c.number)
    )


class ChangeSignal:
    """Tells which nouns changed since it was last asked. Owned by one thread.

    Each file is asked only for what is in it, and only when it changed: the history of a running
    engine changes twice a second, the rest seldom.
    """

    def __init__(self, store: Store, *, with_journal: bool = True) -> None:
        """Know nothing yet: the first look gives every noun.

        Who writes the journal need not look whether it changed.
        """
        self._store = store
        self._with_journal = with_journal
        self._seen: dict[str, int] = {}
        self._versions: tuple[int, ...] | None = None
        self._watching: list[sa.Connection] = []
        self._first = True

    def poll(self) -> frozenset[str]:
        """Give the nouns that changed since the last look; the first look gives all of them."""
        versions = self._file_versions() if self._store.is_embedded else None
        if versions is not None and versions == self._versions:
            return frozenset()
        now = self._revisions(versions)
        self._versions = versions
        changed = {noun for noun, number in now.items() if self._seen.get(noun) != number}
        self._seen = now
        if self._first:
            self._first = False
            return NOUNS
        return frozenset(changed)

    def close(self) -> None:
        """Give back the connections that look."""
        while self._watching:
            self._watching.pop().close()

    def _file_versions(self) -> tuple[int, ...]:
        """`data_version` moves when another connection commits to that connection's file."""
        if not self._watching:
            pools = self._store.pools if self._with_journal else self._store.pools[:1]
            self._watching = [pool.connect() for pool in pools]
        return tuple(_data_version(connection) for connection in self._watching)

    def _revisions(self, versions: tuple[int, ...] | None) -> dict[str, int]:
        """Give the revisions; of a file that did not change, those that were seen last."""
        found = dict(self._seen)
        if versions is None or self._versions is None or versions[0] != self._versions[0]:
            with self._store.read() as connection:
                rows = connection.execute(_REVISIONS).all()
            found.update((row.noun, row.number) for row in rows)
        if self._with_journal and (versions is None or versions[1:] != (self._versions or ())[1:]):
            with self._store.history_read() as connection:
                found["journal"] = connection.execute(_NEWEST_ROW).scalar() or 0
        return found


def _data_version(connection: sa.Connection) -> int:
    driver = connection.connection.driver_connection
    if driver is None:
        raise ValueError("the connection is closed")
    return int(driver.execute("PRAGMA data_version").fetchone()[0])
