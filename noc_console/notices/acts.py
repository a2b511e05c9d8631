"""What a person does with a notice that is in force: update, end, cancel, extend, postpone.

Each act is one write: what the notice says from now on, who said so, and the postings that follow.
An act is urgent, so who does it sends it; the version says that one person did.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from noc_console.notices.approval import bring_into_force, is_one_person_enough
from noc_console.notices.channel_records import list_channels
from noc_console.notices.channels.channel import Channel
from noc_console.notices.event_records import EventKind, add_event
from noc_console.notices.notice import Notice, Send, UnscheduledState
from noc_console.notices.notice_records import (
    NotNow,
    StoredNotice,
    content_columns,
    read_notice,
    set_columns,
)
from noc_console.notices.posting import NoticeState
from noc_console.notices.posting_rows import put_replan, read_postings
from noc_console.notices.replan import tell_now
from noc_console.notices.starting import begin_at
from noc_console.notices.version_records import (
    Version,
    put_approval,
    put_version,
    read_version,
)
from noc_console.store.schema.notices import notice as table
from noc_console.store.store import Store

LONGEST_PROMISE = timedelta(days=7)
URGENT_WITHIN = timedelta(hours=24)
"""Work that is nearer is postponed by one person: at night nobody may be there to approve it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of an act: the notice, its version in force, and the postings that will go."""

    notice_id: int
    version: int
    postings: tuple[int, ...]
    next_update_at: datetime | None = None
    waits_for_second: bool = False
    """The version is frozen only: it comes into force when a second person approves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What is told with an update. A scheduled notice takes only `words` and the promise."""

    words: str = ""
    noticed: str = ""
    state: UnscheduledState | None = None
    cause: str = ""
    next_update_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """What an act does to a notice."""

    send: Send
    said: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    next_update_at: datetime | None = None
    event: EventKind = EventKind.CHANGED
    words: str = ""


def update(store: Store, notice_id: int, told: Update, *, by: str, now: datetime) -> Done:
    """Tell customers how it goes, and when they hear again.

    Raises:
        UnknownNotice, NotNow: there is none, it is not in force, or nothing is said.
    """
    stored = _in_force(store, notice_id)
    minutes = told.next_update_minutes
    if minutes is None:
        minutes = stored.notice.next_update_minutes
    next_at = promised_at(minutes, now)
    if stored.notice.is_scheduled:
        if not told.words.strip():
            raise NotNow("Write what customers are told with this update.")
        fields: dict[str, Any] = {}
    else:
        fields = _unscheduled_fields(told, minutes)
    return _do(
        store,
        notice_id,
        _Act(
            send=Send.UPDATE,
            said=told.words.strip() or told.noticed.strip(),
            fields=fields,
            columns={"next_update_at": next_at, **_under_way(stored, now)},
            next_update_at=next_at,
            words="An update was given.",
        ),
        by=by,
        now=now,
    )


def resolve(
    store: Store,
    notice_id: int,
    *,
    by: str,
    now: datetime,
    words: str = "",
    cause: str = "",
    next_steps: str = "",
    ended_at: datetime | None = None,
) -> Done:
    """Tell customers that the work is done, or that all is well again.

    Of downtime the all-clear says the cause, how long it lasted and what comes next.

    Raises:
        UnknownNotice, NotNow: there is none, it is not in force, or something is missing.
    """
    stored = _in_force(store, notice_id)
    notice = stored.notice
    over_at = min(ended_at or now, now)
    columns = {"state": NoticeState.DONE.value, "ended_at": over_at, "next_update_at": None}
    if notice.is_scheduled:
        if notice.starts_at is not None and over_at < notice.starts_at:
            raise NotNow(
                "The work was announced for later; if it was done early, cancel the notice and say "
                "so, for customers expect it then."
            )
        act = _Act(
            send=Send.DONE,
            said=words.strip(),
            columns=columns,
            event=EventKind.ENDED,
            words="The work is done.",
        )
        return _do(store, notice_id, act, by=by, now=now)
    cause, next_steps = cause.strip() or notice.cause, next_steps.strip() or notice.next_steps
    missing = [
        what for what, text in (("the cause", cause), ("what comes next", next_steps)) if not text
    ]
    if missing:
        raise NotNow(f"The all-clear says {' and '.join(missing)}; give that too.")
    if notice.since is not None and over_at < notice.since:
        raise NotNow("It cannot be over before it began; correct when it ended.")
    fields = {
        "state": UnscheduledState.RESOLVED,
        "cause": cause,
        "next_steps": next_steps,
        "resolved_at": over_at,
        "next_update_minutes": 0,
    }
    act = _Act(
        send=Send.ALL_CLEAR,
        said=words.strip(),
        fields=fields,
        columns=columns,
        event=EventKind.ENDED,
        words="All is well again.",
    )
    return _do(store, notice_id, act, by=by, now=now)


def cancel(store: Store, notice_id: int, why: str, *, by: str, now: datetime) -> Done:
    """Call announced work off: whoever was told hears of it, and what waits goes no more.

    Raises:
        UnknownNotice, NotNow: there is none, it is not in force, or no reason is given.
    """
    stored = _in_force(store, notice_id)
    if not stored.notice.is_scheduled:
        raise NotNow("Downtime cannot be cancelled; give the all-clear with `notice resolve`.")
    act = _Act(
        send=Send.CANCELLED,
        said=_reason(why),
        columns={"state": NoticeState.CANCELLED.value, "next_update_at": None},
        event=EventKind.ENDED,
        words=f"Cancelled: {why.strip()}",
    )
    return _do(store, notice_id, act, by=by, now=now)


def extend(store: Store, notice_id: int, minutes: int, why: str, *, by: str, now: datetime) -> Done:
    """Have announced work last so many minutes longer; whoever was told hears of it.

    Raises:
        UnknownNotice, NotNow: there is none, it is not in force, or no reason is given.
    """
    if minutes < 1:
        raise NotNow("Say by how many minutes it lasts longer, at least one.")
    stored = _in_force(store, notice_id)
    if not stored.notice.is_scheduled:
        raise NotNow("Downtime has no planned end; promise the next update instead.")
    return _change(store, notice_id, _reason(why), by=by, now=now, longer_by=minutes)


def postpone(
    store: Store,
    notice_id: int,
    starts_at: datetime,
    why: str,
    *,
    by: str,
    now: datetime,
) -> Done:
    """Move announced work to another start; whoever was told the old one is told the new one.

    More than a day ahead a second person approves that; until then what tells the old one is held.

    Raises:
        UnknownNotice, NotNow: there is none, the new start has passed, or it is the old one.
    """
    stored = _in_force(store, notice_id)
    if not stored.notice.is_scheduled:
        raise NotNow("Downtime cannot be postponed.")
    if starts_at <= now:
        raise NotNow("The new start has passed; give one that is to come.")
    why = _reason(why)
    with store.read() as connection:
        was = _live(connection, stored).starts_at
    if was == starts_at:
        raise NotNow("It begins then already; give another start.")
    if was is not None and was - now > URGENT_WITHIN and not is_one_person_enough(store):
        return _freeze_start(store, notice_id, starts_at, why, by=by, now=now)
    return _change(store, notice_id, why, by=by, now=now, starts_at=starts_at)


def _freeze_start(
    store: Store, notice_id: int, starts_at: datetime, why: str, *, by: str, now: datetime
) -> Done:
    """Freeze the draft with another start; who approves it brings it into force, with why."""
    with store.write() as connection:
        stored = read_notice(connection, notice_id, lock=True)
        _refuse_not_in_force(stored)
        moved = begin_at(stored.notice, starts_at)
        version = put_version(connection, moved, change=why, by=by, now=now)
        _put_draft(connection, stored, moved, by=by, now=now)
    return Done(notice_id=notice_id, version=version.number, postings=(), waits_for_second=True)


def promised_at(minutes: int, now: datetime) -> datetime | None:
    """Give when customers hear again; None where nothing is promised.

    Raises:
        NotNow: it is too far ahead to be meant.
    """
    if minutes <= 0:
        return None
    if timedelta(minutes=minutes) > LONGEST_PROMISE:
        raise NotNow(f"The next update is promised at most {LONGEST_PROMISE.days} days ahead.")
    return now + timedelta(minutes=minutes)


def _change(
    store: Store,
    notice_id: int,
    said: str,
    *,
    by: str,
    now: datetime,
    starts_at: datetime | None = None,
    longer_by: int = 0,
) -> Done:
    """Bring a changed version into force and tell whoever was told."""
    channels = list_channels(store)
    with store.write() as connection:
        stored = read_notice(connection, notice_id, lock=True)
        live = _live(connection, stored)
        changed: dict[str, Any] = {}
        if longer_by:
            changed["minutes"] = live.minutes + longer_by
        if starts_at is not None:
            moved = begin_at(live, starts_at)
            changed |= {name: getattr(moved, name) for name in _START}
        version = _new_version(connection, stored, live, changed, said, by=by, now=now)
        before = {one.id for one in read_postings(connection, notice_id)}
        bring_into_force(
            connection, stored, version, channels, by=by, now=now, tell=True, said=said
        )
        if "starts_at" in changed and stored.state is NoticeState.UNDER_WAY:
            set_columns(connection, notice_id, state=NoticeState.APPROVED.value, began_at=None)
        added = [one.id for one in read_postings(connection, notice_id) if one.id not in before]
    return Done(notice_id=notice_id, version=version.number, postings=tuple(added))


def _do(store: Store, notice_id: int, act: _Act, *, by: str, now: datetime) -> Done:
    channels = list_channels(store)
    with store.write() as connection:
        stored = read_notice(connection, notice_id, lock=True)
        _refuse_not_in_force(stored)
        return _do_in(connection, stored, act, channels, by=by, now=now)


def _do_in(
    connection: sa.Connection,
    stored: StoredNotice,
    act: _Act,
    channels: Sequence[Channel],
    *,
    by: str,
    now: datetime,
) -> Done:
    live = _live(connection, stored)
    number = stored.live_version or 0
    notice = live
    if act.fields:
        version = _new_version(connection, stored, live, act.fields, act.said, by=by, now=now)
        number, notice = version.number, version.notice
    plan = tell_now(
        act.send,
        notice,
        read_postings(connection, stored.id),
        channels,
        now,
        said=act.said,
        next_update_at=act.next_update_at,
    )
    new_ids = put_replan(
        connection,
        plan,
        notice_id=stored.id,
        token=stored.token,
        version=number,
        now=now,
    )
    set_columns(connection, stored.id, live_version=number, **act.columns)
    add_event(
        connection,
        stored.id,
        act.event,
        act.words,
        by=by,
        at=now,
        version=number,
        send=act.send.value,
        said=act.said,
        postings=new_ids,
    )
    return Done(
        notice_id=stored.id,
        version=number,
        postings=tuple(new_ids),
        next_update_at=act.next_update_at,
    )


def _new_version(
    connection: sa.Connection,
    stored: StoredNotice,
    live: Notice,
    fields: dict[str, Any],
    why: str,
    *,
    by: str,
    now: datetime,
) -> Version:
    """Freeze the version in force with other fields; the draft has them too from now on."""
    version = put_version(connection, replace(live, **fields), change=why, by=by, now=now)
    put_approval(connection, version, by=by, now=now, is_one_person=True)
    _put_draft(connection, stored, replace(stored.notice, **fields), by=by, now=now)
    return version


def _put_draft(
    connection: sa.Connection, stored: StoredNotice, draft: Notice, *, by: str, now: datetime
) -> None:
    connection.execute(
        sa.update(table)
        .where(table.c.id == stored.id)
        .values(**content_columns(draft), edition=stored.edition + 1, changed_by=by, changed_at=now)
    )


def _unscheduled_fields(told: Update, minutes: int) -> dict[str, Any]:
    fields: dict[str, Any] = {"next_update_minutes": minutes}
    if told.noticed.strip():
        fields["noticed"] = told.noticed.strip()
    if told.state is not None:
        fields["state"] = told.state
    if told.cause.strip():
        fields["cause"] = told.cause.strip()
    if told.state is UnscheduledState.RESOLVED:
        raise NotNow("Give the all-clear with `notice resolve`, which asks for the cause.")
    if len(fields) == 1 and not told.words.strip():
        raise NotNow("Say what is new: words, what customers notice, the state or the cause.")
    return fields


def _under_way(stored: StoredNotice, now: datetime) -> dict[str, Any]:
    start = stored.notice.starts_at
    if stored.state is NoticeState.APPROVED and start is not None and start <= now:
        return {"state": NoticeState.UNDER_WAY.value, "began_at": start}
    return {}


def _in_force(store: Store, notice_id: int) -> StoredNotice:
    with store.read() as connection:
        stored = read_notice(connection, notice_id)
    _refuse_not_in_force(stored)
    return stored


def _refuse_not_in_force(stored: StoredNotice) -> None:
    if stored.state.is_over:
        raise NotNow(f"Notice {stored.id} is {stored.state.value}; make a new one from it.")
    if stored.live_version is None:
        raise NotNow(
            f"Notice {stored.id} is a draft, of which nobody was told; approve it with "
            f"`noc-console notice approve {stored.id}`."
        )


def _live(connection: sa.Connection, stored: StoredNotice) -> Notice:
    _refuse_not_in_force(stored)
    return read_version(connection, stored.id, stored.live_version or 0).notice


_START = ("starts_at", "typed_start", "wall_choice")


def _reason(why: str) -> str:
    if not why.strip():
        raise NotNow("Say why: customers are told.")
    return why.strip()
