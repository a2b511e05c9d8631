"""Frozen versions of a notice: what was approved, by whom, with its hash. Their SQL.

A version is never changed. Approving is one write with all that follows from it: the version, what
goes where and when, and the event that says who.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.notices.content_json import from_json, is_same_content, sha256, to_json
from noc_console.notices.event_records import EventKind, add_event
from noc_console.notices.notice import Notice
from noc_console.store.changes import bump
from noc_console.store.schema.notices import notice_version as table
from noc_console.store.store import Store


class UnknownVersion(ConsoleError):
    """A notice has no version of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One frozen version. `approved_at` is None while nobody approved it."""

    notice_id: int
    number: int
    notice: Notice
    sha256: str
    change: str
    """What it changes, in a person's words; empty for the first."""
    frozen_by: str
    frozen_at: datetime
    approved_by: str
    approved_at: datetime | None
    is_one_person: bool
    """Whether who wrote it approved it too."""

    @property
    def is_whole(self) -> bool:
        """Whether the content is what was hashed when it was frozen."""
        return sha256(self.notice) == self.sha256


def waiting_version(versions: Sequence[Version], draft: Notice) -> Version | None:
    """Give the version that waits for approval: the newest, while it is the draft. Pure."""
    newest = versions[-1] if versions else None
    if newest is None or newest.approved_at is not None:
        return None
    return newest if is_same_content(newest.notice, draft) else None


def versions_of(store: Store, notice_id: int) -> list[Version]:
    """Give the versions of a notice, the first one first."""
    with store.read() as connection:
        return read_versions(connection, notice_id)


def read_versions(connection: sa.Connection, notice_id: int) -> list[Version]:
    """Give the versions of a notice inside a read or a write."""
    query = sa.select(table).where(table.c.notice_id == notice_id).order_by(table.c.number)
    return [_version_of(row) for row in connection.execute(query)]


def read_version(connection: sa.Connection, notice_id: int, number: int) -> Version:
    """Give one version.

    Raises:
        UnknownVersion: there is none of that number.
    """
    row = connection.execute(
        sa.select(table).where(table.c.notice_id == notice_id, table.c.number == number)
    ).first()
    if row is None:
        raise UnknownVersion(
            f"Notice {notice_id} has no version {number}; `noc-console notice ledger {notice_id}` "
            "shows those it has."
        )
    return _version_of(row)


def put_version(
    connection: sa.Connection, notice: Notice, *, change: str, by: str, now: datetime
) -> Version:
    """Freeze a notice's content as its next version, inside a write."""
    last = connection.execute(
        sa.select(sa.func.max(table.c.number)).where(table.c.notice_id == notice.id)
    ).scalar_one()
    number = int(last or 0) + 1
    row = {
        "notice_id": notice.id,
        "number": number,
        "content": to_json(notice),
        "sha256": sha256(notice),
        "change": change,
        "frozen_by": by,
        "frozen_at": now,
        "approved_by": "",
        "is_one_person": False,
    }
    connection.execute(sa.insert(table).values(row))
    version = read_version(connection, notice.id, number)
    add_event(
        connection,
        notice.id,
        EventKind.FROZEN,
        f"Version {version.number} was frozen.",
        by=by,
        at=now,
        version=version.number,
        sha256=version.sha256,
        change=change,
    )
    bump(connection, "notice")
    return version


def put_approval(
    connection: sa.Connection, version: Version, *, by: str, now: datetime, is_one_person: bool
) -> None:
    """Note inside a write who approved a version."""
    connection.execute(
        sa.update(table)
        .where(table.c.notice_id == version.notice_id, table.c.number == version.number)
        .values(approved_by=by, approved_at=now, is_one_person=is_one_person)
    )
    how = ", by who wrote it (one-person mode)" if is_one_person else ""
    add_event(
        connection,
        version.notice_id,
        EventKind.APPROVED,
        f"Version {version.number} was approved{how}.",
        by=by,
        at=now,
        version=version.number,
        sha256=version.sha256,
        one_person=is_one_person,
    )


def _version_of(row: sa.Row[Any]) -> Version:
    return Version(
        notice_id=row.notice_id,
        number=row.number,
        notice=from_json(row.content, row.notice_id),
        sha256=row.sha256,
        change=row.change,
        frozen_by=row.frozen_by,
        frozen_at=row.frozen_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        is_one_person=bool(row.is_one_person),
    )
