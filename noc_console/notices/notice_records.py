"""Notices as drafts and as they stand: their SQL. Each write bumps `notice`.

A draft is saved with each pause in typing: one UPDATE. What is in force is a frozen version
(`version_records`), which no later change of the draft touches.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.notices.content_json import from_json, to_json
from noc_console.notices.event_records import EventKind, add_event
from noc_console.notices.notice import Notice
from noc_console.notices.posting import NoticeState
from noc_console.store.changes import bump
from noc_console.store.schema.notices import notice as table
from noc_console.store.store import Store

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 6
_MOST_LISTED = 500


class UnknownNotice(ConsoleError):
    """There is no notice of that number."""


class DraftMoved(ConsoleError):
    """Somebody else saved the draft meanwhile."""


class NotNow(ConsoleError):
    """Something that cannot be done with a notice as it stands; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNotice:
    """A notice with its draft and where it stands.

    `edition` goes up with each save. `began_at` and `ended_at` are those of the work or trouble.
    """

    notice: Notice
    token: str
    state: NoticeState
    edition: int
    live_version: int | None
    detected_at: datetime | None
    next_update_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    made_by: str
    made_at: datetime
    changed_by: str
    changed_at: datetime

    @property
    def id(self) -> int:
        """Its number."""
        return self.notice.id


def add_notice(store: Store, notice: Notice, *, by: str, now: datetime) -> StoredNotice:
    """Keep a new draft; gives it with its number."""
    with store.write() as connection:
        notice_id = put_new(connection, notice, by=by, now=now)
        return read_notice(connection, notice_id)


def put_new(
    connection: sa.Connection,
    notice: Notice,
    *,
    by: str,
    now: datetime,
    detected_at: datetime | None = None,
) -> int:
    """Keep a new draft inside a write; gives its number."""
    row = {
        **content_columns(notice),
        "token": "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)),
        "kind": notice.kind.value,
        "state": NoticeState.DRAFT.value,
        "edition": 1,
        "detected_at": detected_at,
        "made_by": by,
        "made_at": now,
        "changed_by": by,
        "changed_at": now,
    }
    notice_id = connection.execute(sa.insert(table).values(row).returning(table.c.id)).scalar_one()
    add_event(connection, notice_id, EventKind.DRAFTED, "Drafted.", by=by, at=now)
    bump(connection, "notice")
    return int(notice_id)


def save_draft(store: Store, notice: Notice, *, edition: int, by: str, now: datetime) -> int:
    """Put a draft in the place of the one that was read as `edition`; gives the new edition.

    Raises:
        UnknownNotice, NotNow: there is none of its number, or it is over.
        DraftMoved: somebody saved another one meanwhile; nothing of theirs is lost.
    """
    values = {
        **content_columns(notice),
        "edition": edition + 1,
        "changed_by": by,
        "changed_at": now,
    }
    with store.write() as connection:
        changed = connection.execute(
            sa.update(table)
            .where(
                table.c.id == notice.id,
                table.c.edition == edition,
                table.c.kind == notice.kind.value,
                table.c.state.in_(_EDITABLE),
            )
            .values(values)
        ).rowcount
        if not changed:
            _refuse_save(connection, notice, edition)
        bump(connection, "notice")
    return edition + 1


def get_notice(store: Store, notice_id: int) -> StoredNotice:
    """Give a notice by its number.

    Raises:
        UnknownNotice: there is none.
    """
    with store.read() as connection:
        return read_notice(connection, notice_id)


def read_notice(connection: sa.Connection, notice_id: int, *, lock: bool = False) -> StoredNotice:
    """Give a notice inside a read or a write; `lock` keeps other writers away until its end.

    Raises:
        UnknownNotice: there is none.
    """
    query = sa.select(table).where(table.c.id == notice_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise UnknownNotice(
            f"There is no notice {notice_id}; `noc-console notice list` shows those there are."
        )
    return _stored(row)


def list_notices(store: Store, *, with_over: bool = True) -> list[StoredNotice]:
    """Give the newest notices, the newest first; without those that are over when not asked."""
    query = sa.select(table).order_by(table.c.id.desc()).limit(_MOST_LISTED)
    if not with_over:
        over = [state.value for state in NoticeState if state.is_over]
        query = query.where(table.c.state.not_in(over))
    with store.read() as connection:
        return [_stored(row) for row in connection.execute(query)]


def notices_between(store: Store, start: datetime, end: datetime) -> list[StoredNotice]:
    """Give the notices that were made, or whose work starts, within [start, end), oldest first."""
    query = (
        sa.select(table)
        .where(
            (table.c.made_at >= start) & (table.c.made_at < end)
            | (table.c.starts_at >= start) & (table.c.starts_at < end)
        )
        .order_by(table.c.id)
    )
    with store.read() as connection:
        return [_stored(row) for row in connection.execute(query)]


def remove_draft(store: Store, notice_id: int, *, by: str, now: datetime) -> None:
    """Withdraw a draft that was never approved: it stays, as cancelled, with who did it.

    Raises:
        UnknownNotice, NotNow: there is none, or it is in force: `notice cancel` tells people.
    """
    with store.write() as connection:
        stored = read_notice(connection, notice_id, lock=True)
        if stored.state is not NoticeState.DRAFT:
            raise NotNow(
                f"Notice {notice_id} is {stored.state.value}; cancel it, so that those who were "
                "told hear of it."
            )
        set_columns(connection, notice_id, state=NoticeState.CANCELLED.value)
        add_event(connection, notice_id, EventKind.ENDED, "The draft was withdrawn.", by=by, at=now)


def set_columns(connection: sa.Connection, notice_id: int, **values: Any) -> None:
    """Change how a notice stands inside a write."""
    connection.execute(sa.update(table).where(table.c.id == notice_id).values(values))
    bump(connection, "notice")


_EDITABLE = [state.value for state in NoticeState if not state.is_over]


def _refuse_save(connection: sa.Connection, notice: Notice, edition: int) -> None:
    stored = read_notice(connection, notice.id)
    if stored.state.is_over:
        raise NotNow(
            f"Notice {notice.id} is {stored.state.value}, so its text stays as it was sent; make "
            "a new one from it."
        )
    if stored.notice.kind is not notice.kind:
        raise NotNow("Scheduled and unscheduled notices are not made of each other; begin anew.")
    raise DraftMoved(
        f"{stored.changed_by} changed this draft at {stored.changed_at:%H:%M:%S} UTC (edition "
        f"{stored.edition}, yours began with {edition}); read theirs, then write yours again."
    )


def content_columns(notice: Notice) -> dict[str, Any]:
    """Give what a row keeps of a notice's content."""
    return {
        "title": notice.title,
        "content": to_json(notice),
        "window_id": notice.window_id or None,
        "incident_id": notice.incident_id or None,
        "starts_at": notice.starts_at,
        "minutes": notice.minutes or None,
    }


def _stored(row: sa.Row[Any]) -> StoredNotice:
    return StoredNotice(
        notice=from_json(row.content, row.id),
        token=row.token,
        state=NoticeState(row.state),
        edition=row.edition,
        live_version=row.live_version,
        detected_at=row.detected_at,
        next_update_at=row.next_update_at,
        began_at=row.began_at,
        ended_at=row.ended_at,
        made_by=row.made_by,
        made_at=row.made_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
