"""The spans in which servers and services were up or down: their only SQL.

A span is written when it begins and when it ends. While it is open it lasts as long as its engine
watches: what an engine that was killed left open ends with its last heartbeat.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

import sqlalchemy as sa

from noc_console.incidents.availability.spans import Span, Spans, union
from noc_console.store.heartbeat import not_watched
from noc_console.store.rows import known_servers
from noc_console.store.schema.engines import watch_span
from noc_console.store.schema.metadata import to_ms
from noc_console.store.schema.windows import standing_span
from noc_console.store.store import Store

SERVER_ITSELF = ""
"""What stands for a service's name in a span of the server itself."""


class Standing(Enum):
    """What a span says."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something stands otherwise from a moment on; None: it is not watched from then on."""

    server_id: int
    service: str
    standing: Standing | None
    at: datetime


@dataclass(slots=True)
class Told:
    """The spans of one server or service within a range, in any order, in milliseconds."""

    up: Spans = field(default_factory=list)
    down: Spans = field(default_factory=list)


def write_turns(connection: sa.Connection, turns: Sequence[Turn]) -> None:
    """Write turns inside a write, in order; those of a server that is gone are left out."""
    known = known_servers(connection, {turn.server_id for turn in turns})
    for turn in turns:
        if turn.server_id in known:
            _write_turn(connection, turn)


def close_open(connection: sa.Connection, engine_id: int, now: datetime) -> None:
    """End inside a write, when an engine begins, what earlier engines left open.

    Such a span ends with the last moment in which one of them watched.
    """
    last = connection.execute(
        sa.select(sa.func.max(watch_span.c.ended_at)).where(watch_span.c.engine_id != engine_id)
    ).scalar()
    end = now if last is None else min(last, now)  # the clock may have been set back since
    is_open = standing_span.c.ended_at.is_(None)
    connection.execute(sa.delete(standing_span).where(is_open, standing_span.c.started_at >= end))
    connection.execute(sa.update(standing_span).where(is_open).values(ended_at=end))


def read_standings(
    store: Store, start: datetime, end: datetime, server_ids: Iterable[int] | None = None
) -> Mapping[tuple[int, str], Told]:
    """Give what was told of each server and service within [start, end), by id and service.

    An open span lasts to the end of the range: what was not watched of it is cut off later.
    """
    begins = sa.type_coerce(standing_span.c.started_at, sa.BigInteger)
    ends = sa.type_coerce(standing_span.c.ended_at, sa.BigInteger)
    query = sa.select(
        standing_span.c.server_id, standing_span.c.service, standing_span.c.standing, begins, ends
    ).where(
        standing_span.c.started_at < end,
        sa.or_(standing_span.c.ended_at.is_(None), standing_span.c.ended_at > start),
    )
    if server_ids is not None:
        query = query.where(standing_span.c.server_id.in_(list(server_ids)))
    end_ms, is_up = to_ms(end), Standing.UP.value
    found: dict[tuple[int, str], Told] = {}
    with store.read() as connection:
        for server_id, service, standing, begun, ended in connection.execute(query):
            told = found.get((server_id, service))
            if told is None:
                told = found[(server_id, service)] = Told()
            spans = told.up if standing == is_up else told.down
            spans.append((begun, end_ms if ended is None else ended))
    return found


def read_watched(store: Store, start: datetime, end: datetime) -> Spans:
    """Give the spans within [start, end) in which an engine watched, sorted and apart."""
    watched: list[Span] = []
    at = start
    for gap_start, gap_end in not_watched(store, start, end):
        watched.append((to_ms(at), to_ms(gap_start)))
        at = gap_end
    watched.append((to_ms(at), to_ms(end)))
    return union(watched)


def _write_turn(connection: sa.Connection, turn: Turn) -> None:
    is_open = sa.and_(
        standing_span.c.server_id == turn.server_id,
        standing_span.c.service == turn.service,
        standing_span.c.ended_at.is_(None),
    )
    # one that would not last at all, or less than nothing when a clock was set back, never was
    connection.execute(
        sa.delete(standing_span).where(is_open, standing_span.c.started_at >= turn.at)
    )
    connection.execute(sa.update(standing_span).where(is_open).values(ended_at=turn.at))
    if turn.standing is not None:
        connection.execute(
            sa.insert(standing_span).values(
                server_id=turn.server_id,
                service=turn.service,
                standing=turn.standing.value,
                started_at=turn.at,
            )
        )
