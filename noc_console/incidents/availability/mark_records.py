"""Spans that a person says were seen wrongly; they count as not watched. Their only SQL.

A mark is never deleted: one that is taken back stays, with who took it back and when.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.incidents.availability.spans import Span, Spans
from noc_console.store.changes import bump
from noc_console.store.schema.metadata import to_ms
from noc_console.store.schema.windows import unwatched_mark as table
from noc_console.store.store import Store

MAX_REASON = 500


class InvalidMark(ConsoleError):
    """A mark that cannot be so; the sentence says what to write instead."""


class UnknownMark(ConsoleError):
    """No mark of that number, or it was taken back already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One span of a server, or of one service on it, that was seen wrongly; why, by whom, when."""

    id: int = 0
    server_id: int
    service: str = ""
    """Empty: the server itself and every service on it."""
    started_at: datetime
    ended_at: datetime
    reason: str
    marked_by: str
    marked_at: datetime
    taken_back_by: str = ""
    taken_back_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be right.

        Raises:
            InvalidMark: with what to write instead.
        """
        if not self.reason.strip() or len(self.reason) > MAX_REASON:
            raise InvalidMark(
                f"Say in 1 to {MAX_REASON} characters why it was seen wrongly: the report shows it."
            )
        if self.ended_at <= self.started_at:
            raise InvalidMark("The span ends before it begins; exchange its two moments.")

    @property
    def holds(self) -> bool:
        """Whether it counts: nobody took it back."""
        return self.taken_back_at is None

    @property
    def span(self) -> Span:
        """From when to when, in milliseconds since 1970 UTC."""
        return to_ms(self.started_at), to_ms(self.ended_at)


def put_mark(store: Store, mark: Mark) -> Mark:
    """Keep a mark; gives it with its number.

    Raises:
        InvalidMark: it reaches past the moment at which it is made.
    """
    if mark.ended_at > mark.marked_at:
        raise InvalidMark("What is still to come cannot have been seen wrongly; end it by now.")
    values = {name: getattr(mark, name) for name in _NAMES}
    with store.write() as connection:
        query = sa.insert(table).values(**values).returning(table.c.id)
        number = connection.execute(query).scalar_one()
        bump(connection, "window")
    return Mark(id=number, **values)


def take_back(store: Store, mark_id: int, by: str, now: datetime) -> Mark:
    """Let a mark count no more; gives it.

    Raises:
        UnknownMark: there is none that counts.
    """
    is_it = sa.and_(table.c.id == mark_id, table.c.taken_back_at.is_(None))
    with store.write() as connection:
        query = sa.update(table).where(is_it).values(taken_back_by=by, taken_back_at=now)
        row = connection.execute(query.returning(*table.columns)).first()
        if row is None:
            raise UnknownMark(
                f"There is no mark {mark_id} that counts; `availability --json` lists them."
            )
        bump(connection, "window")
    return _mark_of(row._asdict())


def list_marks(store: Store, start: datetime, end: datetime) -> list[Mark]:
    """Give every mark that touches [start, end), those taken back too, by its start."""
    query = (
        sa.select(table)
        .where(table.c.started_at < end, table.c.ended_at > start)
        .order_by(table.c.started_at, table.c.id)
    )
    with store.read() as connection:
        return [_mark_of(row._asdict()) for row in connection.execute(query)]


def spans_by_scope(marks: Iterable[Mark]) -> Mapping[tuple[int, str], Spans]:
    """Give the spans of the marks that count, by server id and service, in any order."""
    found: dict[tuple[int, str], Spans] = {}
    for mark in marks:
        if mark.holds:
            found.setdefault((mark.server_id, mark.service), []).append(mark.span)
    return found


def _mark_of(row: dict[str, Any]) -> Mark:
    return Mark(**row)


_NAMES = tuple(column.name for column in table.columns if column.name != "id")
