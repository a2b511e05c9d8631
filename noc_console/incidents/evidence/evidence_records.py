"""The SQL of recordings and exhibits. They lie in the history's database; `evidence` is bumped.

Exhibits are written by `evidence_writing`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.incidents.evidence.evidence import (
    Ending,
    Exhibit,
    Recording,
    RecordingState,
    Verification,
    digest_of,
)
from noc_console.incidents.evidence.packing import NotPacked, unpack
from noc_console.store.changes import bump
from noc_console.store.heartbeat import last_engine
from noc_console.store.schema.evidence import exhibit, recording
from noc_console.store.store import Store

ENGINE_DIED = "The engine ended in the middle of it; what had come until then is kept."


_NEWEST_FIRST = (recording.c.started_at.desc(), recording.c.id.desc())


class UnknownEvidence(ConsoleError):
    """A recording or an exhibit that is not in the store."""


class DamagedEvidence(ConsoleError):
    """An exhibit that is not as it was stored."""


def open_recording(
    store: Store,
    *,
    server_id: int,
    server_name: str,
    engine_id: int,
    why: str,
    asked_by: str,
    until: datetime | None,
    now: datetime,
) -> Recording:
    """Begin a recording; gives it."""
    with store.history_write() as connection:
        row = connection.execute(
            sa.insert(recording)
            .values(
                server_id=server_id,
                server_name=server_name,
                engine_id=engine_id,
                why=why,
                asked_by=asked_by,
                started_at=now,
                until=until,
                last_at=now,
                ended_why="",
                absences={},
                digest="",
                is_kept=False,
            )
            .returning(*recording.c)
        ).one()
    tell_change(store)
    return _recording_of(row._asdict(), engine_id)


def tell_change(store: Store) -> None:
    """Have desks look again: the noun's revision is in the core, recordings are not."""
    with store.write() as connection:
        bump(connection, "evidence")


def end_recording(store: Store, recording_id: int, *, why: str, now: datetime) -> None:
    """Note that a recording ended, and the digest of all that it holds."""
    with store.history_write(makes_room=True) as connection:
        connection.execute(
            sa.update(recording)
            .where(recording.c.id == recording_id, recording.c.ended_at.is_(None))
            .values(
                ended_at=now,
                last_at=now,
                ended_why=why,
                digest=_digest(connection, recording_id),
            )
        )
    tell_change(store)


def set_until(store: Store, recording_id: int, until: datetime | None) -> None:
    """Have a recording that goes on end at another time; who began it stays who began it."""
    with store.history_write() as connection:
        connection.execute(
            sa.update(recording).where(recording.c.id == recording_id).values(until=until)
        )
    tell_change(store)


def put_absences(store: Store, recording_id: int, absences: Mapping[str, str]) -> None:
    """Note which collectors gave nothing, and why."""
    with store.history_write() as connection:
        connection.execute(
            sa.update(recording)
            .where(recording.c.id == recording_id)
            .values(absences=dict(absences))
        )


def keep_recording(store: Store, recording_id: int, *, is_kept: bool) -> None:
    """Keep a recording for good, or let it go when its time is over."""
    with store.history_write() as connection:
        connection.execute(
            sa.update(recording).where(recording.c.id == recording_id).values(is_kept=is_kept)
        )
    tell_change(store)


def close_broken_off(store: Store, engine_id: int) -> int:
    """End what engines that are gone were recording, at their last exhibit; gives how many.

    `engine_id` is that of the engine which holds the lease now.
    """
    with store.history_write(makes_room=True) as connection:
        broken = connection.execute(
            sa.select(recording.c.id, recording.c.last_at).where(
                recording.c.ended_at.is_(None), recording.c.engine_id != engine_id
            )
        ).all()
        for row in broken:
            connection.execute(
                sa.update(recording)
                .where(recording.c.id == row.id)
                .values(
                    ended_at=row.last_at,
                    ended_why=ENGINE_DIED,
                    digest=_digest(connection, row.id),
                )
            )
    if broken:
        tell_change(store)
    return len(broken)


def list_recordings(
    store: Store,
    now: datetime,
    *,
    server_id: int | None = None,
    limit: int = 500,
    is_summed: bool = True,
) -> list[Recording]:
    """Give recordings, the newest first; `is_summed` counts what each holds, which takes longer."""
    query = sa.select(recording).order_by(*_NEWEST_FIRST).limit(limit)
    if server_id is not None:
        query = query.where(recording.c.server_id == server_id)
    return _recordings(store, query, now, is_summed=is_summed)


def recordings_between(
    store: Store, server_ids: Sequence[int], start: datetime, end: datetime, now: datetime
) -> list[Recording]:
    """Give the recordings of some servers that overlap a span, the oldest first."""
    query = (
        sa.select(recording)
        .where(
            recording.c.server_id.in_(server_ids),
            recording.c.started_at < end,
            sa.func.coalesce(recording.c.ended_at, recording.c.last_at) >= start,
        )
        .order_by(recording.c.started_at)
    )
    return _recordings(store, query, now)


def open_recordings(store: Store, now: datetime) -> dict[int, Recording]:
    """Give what is being recorded now, by server id; what each holds is not counted."""
    query = sa.select(recording).where(recording.c.ended_at.is_(None))
    return {
        one.server_id: one
        for one in _recordings(store, query, now, is_summed=False)
        if one.state is RecordingState.RECORDING
    }


def get_recording(store: Store, recording_id: int, now: datetime) -> Recording:
    """Give one recording.

    Raises:
        UnknownEvidence: there is none of that number.
    """
    found = _recordings(store, sa.select(recording).where(recording.c.id == recording_id), now)
    if not found:
        raise UnknownEvidence(
            f"There is no recording {recording_id} in this store; "
            "`noc-console evidence list` gives those there are."
        )
    return found[0]


def exhibits_of(store: Store, recording_id: int) -> list[Exhibit]:
    """Give the exhibits of a recording in order, without their content."""
    columns = [column for column in exhibit.c if column.name not in {"body", "like"}]
    with store.history_read() as connection:
        rows = connection.execute(
            sa.select(*columns)
            .where(exhibit.c.recording_id == recording_id)
            .order_by(exhibit.c.number)
        ).all()
    return [_exhibit_of(row._asdict()) for row in rows]


def content_of(store: Store, recording_id: int, number: int) -> bytes:
    """Give the content of one exhibit, checked against its hash.

    Raises:
        UnknownEvidence: there is no such exhibit.
        DamagedEvidence: it is not as it was stored.
    """
    return next(iter(contents_of(store, recording_id, [number]).values()))


def contents_of(store: Store, recording_id: int, numbers: Sequence[int]) -> dict[int, bytes]:
    """Give the contents of some exhibits of a recording by number, each checked.

    Raises:
        UnknownEvidence: there is no such exhibit.
        DamagedEvidence: one is not as it was stored.
    """
    with store.history_read() as connection:
        rows = _bodies(connection, recording_id, numbers)
        missing = set(numbers) - rows.keys()
        if missing:
            raise UnknownEvidence(
                f"Recording {recording_id} has no exhibit {min(missing)}; "
                f"`noc-console evidence show {recording_id}` gives those it has."
            )
        keys = {row.like for row in rows.values() if row.like is not None} - rows.keys()
        rows_of_keys = rows | _bodies(connection, recording_id, sorted(keys))
    contents: dict[int, bytes] = {}
    return {number: _content(rows[number], rows_of_keys, contents) for number in sorted(numbers)}


def verify_recording(store: Store, recording_id: int, now: datetime) -> Verification:
    """Look whether every exhibit, and the recording as a whole, is as it was stored.

    Raises:
        UnknownEvidence: there is no such recording.
    """
    found = get_recording(store, recording_id, now)
    damage: list[str] = []
    with store.history_read() as connection:
        rows = _bodies(connection, recording_id, None)
    contents: dict[int, bytes] = {}
    for row in rows.values():
        try:
            _content(row, rows, contents)
        except DamagedEvidence as problem:
            damage.append(problem.sentence)
        contents = {key: one for key, one in contents.items() if rows[key].like is None}
    digest = digest_of((number, row.sha256) for number, row in rows.items())
    if found.digest and found.digest != digest:
        damage.append(
            f"The exhibits of recording {recording_id} are not those that it ended with: "
            "some were added, changed or taken away."
        )
    return Verification(
        recording_id=recording_id, exhibits=len(rows), digest=digest, damage=tuple(damage)
    )


def prune_evidence(store: Store, before: datetime) -> int:
    """Delete recordings that ended before a time and are not kept for good; gives how many."""
    with store.history_write(makes_room=True) as connection:
        old = connection.execute(
            sa.select(recording.c.id).where(
                recording.c.ended_at < before, recording.c.is_kept.is_(False)
            )
        ).scalars()
        ids = list(old)
        for one in ids:  # exhibits first: a store that does not cascade keeps no orphan either
            connection.execute(sa.delete(exhibit).where(exhibit.c.recording_id == one))
            connection.execute(sa.delete(recording).where(recording.c.id == one))
    if ids:
        tell_change(store)
    return len(ids)


def _content(row: Any, rows: Mapping[int, Any], known: dict[int, bytes]) -> bytes:
    """Give a row's content; `known` holds what was unpacked before."""
    if row.number in known:
        return known[row.number]
    like = None
    if row.like is not None:
        if row.like not in rows:
            raise _damaged(row, f"exhibit {row.like}, of which it tells the difference, is gone")
        like = _content(rows[row.like], rows, known)
    try:
        content = unpack(bytes(row.body), like)
    except NotPacked as error:
        raise _damaged(row, str(error)) from error
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise _damaged(row, "its SHA-256 is another")
    known[row.number] = content
    return content


def _damaged(row: Any, why: str) -> DamagedEvidence:
    return DamagedEvidence(
        f"Exhibit {row.number} of recording {row.recording_id} ({row.collector}) is not as it was "
        f"stored: {why}. The others can still be read; restore this one from a backup."
    )


def _bodies(
    connection: sa.Connection, recording_id: int, numbers: Sequence[int] | None
) -> dict[int, Any]:
    """Give rows with their bodies by number, in order; all where `numbers` is None."""
    query = (
        sa.select(
            exhibit.c.recording_id,
            exhibit.c.number,
            exhibit.c.collector,
            exhibit.c.sha256,
            exhibit.c.like,
            exhibit.c.body,
        )
        .where(exhibit.c.recording_id == recording_id)
        .order_by(exhibit.c.number)
    )
    if numbers is None:
        return {row.number: row for row in connection.execute(query)}
    found: dict[int, Any] = {}
    for start in range(0, len(numbers), 500):
        some = query.where(exhibit.c.number.in_(numbers[start : start + 500]))
        found |= {row.number: row for row in connection.execute(some)}
    return found


def _digest(connection: sa.Connection, recording_id: int) -> str:
    rows = connection.execute(
        sa.select(exhibit.c.number, exhibit.c.sha256)
        .where(exhibit.c.recording_id == recording_id)
        .order_by(exhibit.c.number)
    )
    return digest_of((row.number, row.sha256) for row in rows)


def _recordings(
    store: Store, query: sa.Select[Any], now: datetime, *, is_summed: bool = True
) -> list[Recording]:
    """Give recordings with what they hold; one whose engine is gone is broken off."""
    with store.history_read() as connection:
        rows = connection.execute(query).all()
        sums = _sums(connection, [row.id for row in rows] if is_summed else ())
    last = last_engine(store) if any(row.ended_at is None for row in rows) else None
    alive = last.id if last is not None and last.is_alive(now) else None
    return [_recording_of(row._asdict() | sums.get(row.id, {}), alive) for row in rows]


def _sums(connection: sa.Connection, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for start in range(0, len(ids), 500):
        rows = connection.execute(
            sa.select(
                exhibit.c.recording_id,
                sa.func.count().label("exhibits"),
                sa.func.sum(exhibit.c.raw_bytes).label("raw_bytes"),
                sa.func.sum(exhibit.c.stored_bytes).label("stored_bytes"),
            )
            .where(exhibit.c.recording_id.in_(ids[start : start + 500]))
            .group_by(exhibit.c.recording_id)
        )
        for row in rows:
            found[row.recording_id] = {
                "exhibits": int(row.exhibits),
                "raw_bytes": int(row.raw_bytes),
                "stored_bytes": int(row.stored_bytes),
            }
    return found


def _recording_of(values: dict[str, Any], living_engine: int | None) -> Recording:
    if values["ended_at"] is None:
        is_alive = values["engine_id"] == living_engine
        state = RecordingState.RECORDING if is_alive else RecordingState.BROKEN_OFF
    else:
        is_broken = values["ended_why"] == ENGINE_DIED
        state = RecordingState.BROKEN_OFF if is_broken else RecordingState.ENDED
    return Recording(**values, state=state)


def _exhibit_of(values: dict[str, Any]) -> Exhibit:
    values["ending"] = Ending[values["ending"]]
    return Exhibit(**values)
