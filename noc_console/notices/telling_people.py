"""What went wrong with notices, told to the people who are told of alarms: missed, failed, overdue.

A setting names who is told; without it, everybody who is told of alarms is. Durable: a posting asks
for it until it was told, and of a promise that is overdue the notice's events say that it was.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from noc_console.fleet.inert import inert
from noc_console.health.delivery.delivery import SUBJECT_PREFIX
from noc_console.health.delivery.post import post
from noc_console.health.delivery.recipient import Recipient
from noc_console.health.delivery.recipient_records import list_recipients
from noc_console.health.delivery.sending import SendFailed, tell_nobody
from noc_console.health.delivery.text import Message
from noc_console.notices.event_records import EventKind, add_event, events_of
from noc_console.notices.notice_records import list_notices
from noc_console.notices.overdue import Overdue, kept_back, overdue_of
from noc_console.notices.posting import Posting, PostingState
from noc_console.notices.posting_rows import posting_of
from noc_console.notices.settling import rulings_of
from noc_console.notices.version_records import read_version
from noc_console.store.changes import bump
from noc_console.store.schema.notices import posting
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

LEAD = "notices.lead"
AGAIN_AFTER = timedelta(minutes=2)
_LINES = 30
_STATES = (PostingState.MISSED.value, PostingState.FAILED.value)


def read_lead(store: Store) -> str:
    """Give the name of the recipient who is told; empty: everybody who is told of alarms."""
    return str(get_setting(store, LEAD, default=""))


def put_lead(store: Store, name: str) -> None:
    """Set which recipient is told; empty: everybody who is told of alarms."""
    put_setting(store, LEAD, name)


def untold(store: Store, now: datetime) -> list[Posting]:
    """Give the postings that were missed or failed and of which nobody was told yet."""
    query = (
        sa.select(posting)
        .where(posting.c.state.in_(_STATES), posting.c.asks_at <= now)
        .order_by(posting.c.id)
    )
    with store.read() as connection:
        return [posting_of(row) for row in connection.execute(query)]


def untold_promises(store: Store, now: datetime) -> list[Overdue]:
    """Give the promises that are overdue and of which nobody was told yet."""
    found: list[Overdue] = []
    for stored in list_notices(store, with_over=False):
        if stored.live_version is None:
            continue
        with store.read() as connection:
            live = read_version(connection, stored.id, stored.live_version).notice
        late = overdue_of(stored, live, now)
        late += kept_back(stored, live, rulings_of(store, stored.id, now), now)
        if late:
            known = {
                one.details.get("key")
                for one in events_of(store, stored.id)
                if one.kind is EventKind.NAGGED
            }
            found += [one for one in late if one.key not in known]
    return found


def tell_people(store: Store, now: datetime) -> str:
    """Tell who is to know of what was missed, failed or is overdue; gives what came of it, empty
    for nothing.

    Blocks: for a worker's thread. What could not be told is told later.
    """
    said = [_tell_of_postings(store, now), _tell_of_promises(store, now)]
    return "; ".join(one for one in said if one)


def _tell_of_promises(store: Store, now: datetime) -> str:
    late = untold_promises(store, now)
    if not late:
        return ""
    is_told, failures = _tell_all(
        store, promises_message(late), f"promise.{late[0].notice_id}", now
    )
    if is_told:
        with store.write() as connection:
            for one in late:
                add_event(
                    connection,
                    one.notice_id,
                    EventKind.NAGGED,
                    one.words,
                    by="noc-console",
                    at=now,
                    key=one.key,
                )
            bump(connection, "notice")
    return failures


def promises_message(late: Sequence[Overdue]) -> Message:
    """Give the message about promises that are overdue. Pure."""
    lines = [
        f"Notice {one.notice_id} ({inert(one.title, 80)}), since {one.since:%Y-%m-%d %H:%M} UTC: "
        f"{one.words}"
        for one in late[:_LINES]
    ]
    more = f" and {len(late) - 1} more" if len(late) > 1 else ""
    return Message(
        subject=f"{SUBJECT_PREFIX}Customers wait: notice {late[0].notice_id}{more}",
        body="\n".join(lines),
        is_urgent=True,
    )


def _tell_of_postings(store: Store, now: datetime) -> str:
    news = untold(store, now)
    if not news:
        return ""
    newest = max(one.id for one in news)
    is_told, failures = _tell_all(store, message_of(news), f"posting.{newest}", now)
    with store.write() as connection:
        connection.execute(
            sa.update(posting)
            .where(posting.c.id.in_([one.id for one in news]), posting.c.state.in_(_STATES))
            .values(asks_at=None if is_told else now + AGAIN_AFTER)
        )
        bump(connection, "posting")
    return failures


def message_of(news: Sequence[Posting]) -> Message:
    """Give the message about postings that did not go. Pure."""
    first = f"notice {news[0].notice_id}, “{news[0].send}” on {inert(news[0].channel_name, 60)}"
    rest = f" and {len(news) - 1} more" if len(news) > 1 else ""
    lines = [
        f"Notice {one.notice_id}, “{one.send}” on {inert(one.channel_name, 60)}, due "
        f"{one.due_at:%Y-%m-%d %H:%M} UTC: {one.state.value}. {inert(one.words, 300)}"
        for one in news[:_LINES]
    ]
    if len(news) > _LINES:
        lines.append(f"... and {len(news) - _LINES} more: see `noc-console notice status`.")
    lines.append("Customers were not told this. Look at the notice and decide.")
    return Message(
        subject=f"{SUBJECT_PREFIX}Not sent to customers: {first}{rest}",
        body="\n".join(lines),
        is_urgent=True,
    )


def _people(store: Store) -> list[Recipient]:
    wanted = read_lead(store)
    living = [one for one in list_recipients(store) if not one.is_paused]
    named = [one for one in living if one.name == wanted]
    return named or living


def _tell_all(store: Store, message: Message, mark: str, now: datetime) -> tuple[bool, str]:
    """Send a message to all who are to know; gives whether any of them has it, and what failed."""
    people = _people(store)
    failures = [one for one in (_tell(store, to, message, mark, now) for to in people) if one]
    return len(failures) < len(people) or not people, "; ".join(failures)


def _tell(store: Store, to: Recipient, message: Message, mark: str, now: datetime) -> str:
    try:
        post(
            store,
            to,
            message,
            mark=f"{mark}.{to.id}.{int(now.timestamp())}",
            at=now,
            tell=tell_nobody,
            before_handing_over=lambda: None,
        )
    except SendFailed as failure:
        return f"{to.name}: {failure.sentence}"
    return ""
