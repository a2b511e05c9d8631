"""Time passes over postings that wait: the catch-up table applied to the store, nothing in silence.

What is missed, superseded or held is written down with its reason and an event. A notice whose
work begins is under way.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from noc_console.incidents.windows.window import Window, occurrences
from noc_console.incidents.windows.window_records import UnknownWindow, get_window, list_runs
from noc_console.notices.event_records import EventKind, add_event
from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import StoredNotice, read_notice, set_columns
from noc_console.notices.posting import NoticeState, Posting, PostingState
from noc_console.notices.posting_rows import close_posting, put_replan, read_postings
from noc_console.notices.replan import hold_back
from noc_console.notices.rulings import Fate, Ruling, rule
from noc_console.notices.version_records import read_version, versions_of, waiting_version
from noc_console.store.schema.notices import notice as notice_table
from noc_console.store.schema.notices import notice_version, posting
from noc_console.store.store import Store

SETTLER = "noc-console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A posting that never goes, told to people where it was missed."""

    notice_id: int
    title: str
    send: str
    channel_name: str
    state: PostingState
    words: str


def settle(store: Store, now: datetime) -> list[Ended]:
    """Write down what became of postings whose time passed; gives those that never go."""
    ended: list[Ended] = []
    for notice_id in _touched(store, now):
        ended += _settle_one(store, notice_id, now)
    return ended


def rulings_of(store: Store, notice_id: int, now: datetime) -> list[Ruling]:
    """Give what becomes of each of a notice's postings that waits, as things stand now."""
    with store.read() as connection:
        stored = read_notice(connection, notice_id)
        live = live_notice(connection, stored)
        siblings = read_postings(connection, notice_id)
    return _rule(stored, live, siblings, now, hold_of(store, stored, live))


def ruling_of(
    stored: StoredNotice,
    live: Notice | None,
    one: Posting,
    siblings: list[Posting],
    now: datetime,
    hold: str,
) -> Ruling:
    """Give what becomes of one posting that waits."""
    rulings = _rule(stored, live, siblings, now, hold)
    found = (ruling for ruling in rulings if ruling.posting.id == one.id)
    return next(found, Ruling(posting=one, fate=Fate.SUPERSEDED, words="It waits no more."))


def in_force(store: Store, notices: Iterable[StoredNotice]) -> dict[int, Notice]:
    """Give of each notice what is in force, by its number: customers are told that, whatever the
    draft says by now. Where nothing is in force yet, the draft.
    """
    with store.read() as connection:
        return {one.id: live_notice(connection, one) or one.notice for one in notices}


def live_notice(connection: sa.Connection, stored: StoredNotice) -> Notice | None:
    """Give the version of a notice that is in force; None where there is none."""
    if stored.live_version is None:
        return None
    return read_version(connection, stored.id, stored.live_version).notice


def hold_of(store: Store, stored: StoredNotice, live: Notice | None) -> str:
    """Give why what a notice says of its start is not so any more; empty where it is."""
    if live is None or live.starts_at is None:
        return ""
    return _moved(store, stored, live) or hold_of_window(store, live)


def _moved(store: Store, stored: StoredNotice, live: Notice) -> str:
    """Say who wants another start, where that waits for approval."""
    waiting = waiting_version(versions_of(store, stored.id), stored.notice)
    start = waiting.notice.starts_at if waiting is not None else None
    if waiting is None or start is None or start == live.starts_at:
        return ""
    return (
        f"{waiting.frozen_by} moves it to {start:%Y-%m-%d %H:%M} UTC; a second person approves"
        " that, or the draft gets its old start again."
    )


def hold_of_window(store: Store, notice: Notice) -> str:
    """Give why what a notice says of its window is not so any more; empty where it is."""
    if not notice.window_id or notice.starts_at is None:
        return ""
    mend = "postpone or cancel the notice."
    try:
        window = get_window(store, notice.window_id)
    except UnknownWindow:
        return f"Window {notice.window_id} is not there any more; {mend}"
    if _takes_place(store, window, notice.starts_at):
        return ""
    if window.cancelled_at is not None:
        return f"Window {window.id} was called off; {mend}"
    return (
        f"Window {window.id} does not begin at {notice.starts_at:%Y-%m-%d %H:%M} UTC any more; "
        f"{mend}"
    )


def _takes_place(store: Store, window: Window, start: datetime) -> bool:
    around = start + timedelta(minutes=1)
    runs = list_runs(store, start, around)
    return any(
        one.planned_start == start and not one.is_cancelled
        for one in occurrences(window, start, around, runs)
    )


def _touched(store: Store, now: datetime) -> list[int]:
    """Give the notices of which something waits that is due, whose work has begun, or of which a
    channel was handed something that the window or a version that waits may make untrue.
    """
    waiting = [state.value for state in PostingState if state.waits]
    waits_for_approval = sa.exists().where(
        notice_version.c.notice_id == notice_table.c.id,
        notice_version.c.number > notice_table.c.live_version,
        notice_version.c.approved_at.is_(None),
    )
    with store.read() as connection:
        due = connection.execute(
            sa.select(posting.c.notice_id)
            .where(
                posting.c.state.in_(waiting),
                (posting.c.due_at <= now) | (posting.c.next_at <= now),
            )
            .distinct()
        ).scalars()
        begun = connection.execute(
            sa.select(notice_table.c.id).where(
                notice_table.c.state == NoticeState.APPROVED.value,
                notice_table.c.starts_at <= now,
            )
        ).scalars()
        handed = connection.execute(
            sa.select(posting.c.notice_id)
            .join(notice_table, notice_table.c.id == posting.c.notice_id)
            .where(
                posting.c.state == PostingState.SCHEDULED.value,
                notice_table.c.window_id.is_not(None) | waits_for_approval,
            )
            .distinct()
        ).scalars()
        return sorted({*due, *begun, *handed})


def _settle_one(store: Store, notice_id: int, now: datetime) -> list[Ended]:
    with store.read() as connection:
        stored = read_notice(connection, notice_id)
        live = live_notice(connection, stored)
        siblings = read_postings(connection, notice_id)
    hold = hold_of(store, stored, live)
    rulings = _rule(stored, live, siblings, now, hold)
    is_to_hold = bool(hold and hold_back(siblings, now).new)
    begins = _begins(stored, live, now, hold)
    if not (begins or is_to_hold or any(one.fate.is_end for one in rulings)):
        return []
    with store.write() as connection:
        stored = read_notice(connection, notice_id, lock=True)
        live = live_notice(connection, stored)
        siblings = read_postings(connection, notice_id)
        if _begins(stored, live, now, hold) and live is not None:
            _begin(connection, stored, live, now)
        if hold:
            _hold_back(connection, stored, siblings, hold, now)
        ends = [one for one in _rule(stored, live, siblings, now, hold) if one.fate.is_end]
        return [_end(connection, stored, one, now) for one in ends]


def _rule(
    stored: StoredNotice, live: Notice | None, siblings: list[Posting], now: datetime, hold: str
) -> list[Ruling]:
    return rule(
        live or stored.notice,
        stored.live_version,
        siblings,
        now,
        hold=hold,
        is_over=stored.state.is_over,
    )


def _begins(stored: StoredNotice, live: Notice | None, now: datetime, hold: str) -> bool:
    if stored.state is not NoticeState.APPROVED or live is None or live.starts_at is None:
        return False
    return live.starts_at <= now and not hold


def _begin(connection: sa.Connection, stored: StoredNotice, live: Notice, now: datetime) -> None:
    set_columns(connection, stored.id, state=NoticeState.UNDER_WAY.value, began_at=live.starts_at)
    add_event(
        connection, stored.id, EventKind.BEGAN, "The announced start came.", by=SETTLER, at=now
    )


def _hold_back(
    connection: sa.Connection,
    stored: StoredNotice,
    siblings: list[Posting],
    hold: str,
    now: datetime,
) -> None:
    plan = hold_back(siblings, now)
    if not plan.new:
        return
    put_replan(
        connection,
        plan,
        notice_id=stored.id,
        token=stored.token,
        version=stored.live_version or 0,
        now=now,
    )
    words = f"What channels were handed for later is taken back: {hold}"
    add_event(connection, stored.id, EventKind.HELD, words, by=SETTLER, at=now)


def _end(connection: sa.Connection, stored: StoredNotice, ruling: Ruling, now: datetime) -> Ended:
    one = ruling.posting
    is_missed = ruling.fate is Fate.MISSED
    state = PostingState.MISSED if is_missed else PostingState.SUPERSEDED
    close_posting(connection, one.id, state, ruling.words, now)
    add_event(
        connection,
        stored.id,
        EventKind.MISSED if is_missed else EventKind.SUPERSEDED,
        f"“{one.send}” on {one.channel_name}: {ruling.words}",
        by=SETTLER,
        at=now,
        posting=one.id,
        version=one.version,
    )
    return Ended(
        notice_id=stored.id,
        title=stored.notice.title,
        send=one.send,
        channel_name=one.channel_name,
        state=state,
        words=ruling.words,
    )
