"""Who watches: engines, their heartbeats, and the spans in which anybody watched at all.

One engine watches a store at a time; its heartbeat is a lease of `LEASE`. The time between watch
spans is "not watched": no outage is ever made of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from noc_console.store.changes import bump
from noc_console.store.engine_process import is_gone
from noc_console.store.failures import StoreError
from noc_console.store.schema.engines import engine, watch_span
from noc_console.store.store import Store

LEASE = timedelta(seconds=15)
LARGEST_BREAK = timedelta(seconds=30)
"""A longer pause in watching (a suspended machine, a clock that was set) is a gap, not a span."""

_NO_TIME = timedelta(0)

_SPANS = (
    sa.select(watch_span.c.started_at, watch_span.c.ended_at)
    .where(
        watch_span.c.ended_at > sa.bindparam("start"), watch_span.c.started_at < sa.bindparam("end")
    )
    .order_by(watch_span.c.started_at)
)
_NEWEST_BEAT = (
    sa.select(engine.c.heartbeat_at, engine.c.stopped_at)
    .order_by(engine.c.heartbeat_at.desc(), engine.c.id.desc())
    .limit(1)
)


class EngineAlreadyWatching(StoreError):
    """Another engine holds the lease of this store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRecord:
    """One run of an engine. `stopped_at` is None while it runs, and after it was killed."""

    id: int
    host: str
    pid: int
    version: str
    started_at: datetime
    heartbeat_at: datetime
    stopped_at: datetime | None

    def is_alive(self, now: datetime) -> bool:
        """Whether its last heartbeat is within the lease, on either side of a clock's error."""
        return self.stopped_at is None and abs(now - self.heartbeat_at) <= LEASE


def register(
    store: Store,
    host: str,
    pid: int,
    version: str,
    now: datetime,
    was_killed: Callable[[EngineRecord], bool] = lambda _engine: False,
) -> EngineRecord:
    """Take the lease for an engine that starts.

    `was_killed` tells of an engine with a young heartbeat whether that befell it meanwhile; it is
    then noted as stopped at its last heartbeat.

    Raises:
        EngineAlreadyWatching: another one holds it; the sentence says which.
    """
    with store.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE engine IN SHARE ROW EXCLUSIVE MODE")
        living = _living(connection, now)
        if living is not None and was_killed(living):
            connection.execute(
                sa.update(engine)
                .where(engine.c.id == living.id)
                .values(stopped_at=living.heartbeat_at)
            )
            living = _living(connection, now)
        if living is not None:
            raise EngineAlreadyWatching(
                f"An engine on {living.host} (process {living.pid}) already watches this store, "
                f"since {living.started_at:%Y-%m-%d %H:%M} UTC; stop that one first, or leave the "
                "work to it."
            )
        engine_id = connection.execute(
            sa.insert(engine)
            .values(host=host, pid=pid, version=version, started_at=now, heartbeat_at=now)
            .returning(engine.c.id)
        ).scalar_one()
        _begin_span(connection, engine_id, now)
        bump(connection, "engine")
    return EngineRecord(
        id=engine_id,
        host=host,
        pid=pid,
        version=version,
        started_at=now,
        heartbeat_at=now,
        stopped_at=None,
    )


def beat(store: Store, engine_id: int, now: datetime, kept_watch: timedelta = _NO_TIME) -> None:
    """Note that the engine lives and watches.

    `kept_watch` is for how long before `now` it did so though no heartbeat was taken: the store was
    away, and what was read meanwhile is written late.

    Raises:
        EngineAlreadyWatching: the lease ran out meanwhile and another engine took it.
    """
    with store.write() as connection:
        living = _living(connection, now)
        if living is not None and living.id != engine_id:
            raise EngineAlreadyWatching(
                f"This engine was away for too long; the one on {living.host} (process "
                f"{living.pid}) watches now."
            )
        connection.execute(
            sa.update(engine).where(engine.c.id == engine_id).values(heartbeat_at=now)
        )
        _extend_span(connection, engine_id, now, kept_watch)
        bump(connection, "engine")


def stopped(store: Store, engine_id: int, now: datetime, kept_watch: timedelta = _NO_TIME) -> None:
    """Give the lease back; `kept_watch` as for `beat`."""
    with store.write() as connection:
        connection.execute(sa.update(engine).where(engine.c.id == engine_id).values(stopped_at=now))
        _extend_span(connection, engine_id, now, kept_watch)
        bump(connection, "engine")


def living_engine(store: Store, now: datetime) -> EngineRecord | None:
    """Give the engine that holds the lease, or None when nobody watches.

    One of this machine that was killed is not waited for.
    """
    with store.read() as connection:
        living = _living(connection, now)
    return None if living is None or is_gone(living) else living


def last_engine(store: Store) -> EngineRecord | None:
    """Give the engine with the newest heartbeat, alive or not; None on a new store."""
    with store.read() as connection:
        row = connection.execute(
            sa.select(engine).order_by(engine.c.heartbeat_at.desc(), engine.c.id.desc()).limit(1)
        ).first()
    return None if row is None else EngineRecord(**row._asdict())


def engine_at(store: Store, at: datetime) -> EngineRecord | None:
    """Give the engine that watched at a moment, or None when nobody did."""
    with store.read() as connection:
        row = connection.execute(
            sa.select(engine)
            .join(watch_span, watch_span.c.engine_id == engine.c.id)
            .where(watch_span.c.started_at <= at, watch_span.c.ended_at >= at - LEASE)
            .order_by(watch_span.c.started_at.desc())
            .limit(1)
        ).first()
    return None if row is None else EngineRecord(**row._asdict())


def not_watched(store: Store, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Give the gaps within [start, end) in which no engine watched, in order.

    What is left of a lease that was not given back counts as watched: the next heartbeat is due.
    """
    with store.read() as connection:
        leased_at = _leased_at(connection)
        spans = connection.execute(_SPANS, {"start": start, "end": end}).all()
    gaps: list[tuple[datetime, datetime]] = []
    watched_until = start
    for span in spans:
        if span.started_at > watched_until:
            gaps.append((watched_until, span.started_at))
        watched_until = max(watched_until, span.ended_at)
    is_leased = leased_at is not None and leased_at <= watched_until and end <= leased_at + LEASE
    if watched_until < end and not is_leased:
        gaps.append((watched_until, end))
    return gaps


def _leased_at(connection: sa.Connection) -> datetime | None:
    """Give the newest heartbeat; None where its engine gave the lease back."""
    newest = connection.execute(_NEWEST_BEAT).first()
    return None if newest is None or newest.stopped_at else newest.heartbeat_at


def _living(connection: sa.Connection, now: datetime) -> EngineRecord | None:
    rows = connection.execute(
        sa.select(engine)
        .where(engine.c.stopped_at.is_(None), engine.c.heartbeat_at >= now - LEASE)
        .order_by(engine.c.heartbeat_at.desc())
    ).all()
    records = (EngineRecord(**row._asdict()) for row in rows)
    return next((record for record in records if record.is_alive(now)), None)


def _begin_span(connection: sa.Connection, engine_id: int, now: datetime) -> None:
    connection.execute(
        sa.insert(watch_span).values(engine_id=engine_id, started_at=now, ended_at=now)
    )


def _extend_span(
    connection: sa.Connection, engine_id: int, now: datetime, kept_watch: timedelta
) -> None:
    last = connection.execute(
        sa.select(watch_span.c.id, watch_span.c.ended_at)
        .where(watch_span.c.engine_id == engine_id)
        .order_by(watch_span.c.id.desc())
        .limit(1)
    ).one()
    if not _NO_TIME <= now - last.ended_at <= LARGEST_BREAK + kept_watch:
        _begin_span(connection, engine_id, now)
        return
    connection.execute(sa.update(watch_span).where(watch_span.c.id == last.id).values(ended_at=now))
