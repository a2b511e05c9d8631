"""What went wrong with notices, told to the people who are told of alarms: missed, failed.

A setting names who is told; without it, everybody who is told of alarms is. Durable: a posting asks
for it until it was told.
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
from noc_console.notices.posting import Posting, PostingState
from noc_console.notices.posting_rows import posting_of
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


def tell_people(store: Store, now: datetime) -> str:
    """Tell who is to know of what was missed or failed; gives what came of it, empty for nothing.

    Blocks: for a worker's thread. What could not be told is told later.
    """
    news = untold(store, now)
    if not news:
        return ""
    people = _people(store)
    failures = [one for one in (_tell(store, to, news, now) for to in people) if one]
    is_told = len(failures) < len(people) or not people
    with store.write() as connection:
        connection.execute(
            sa.update(posting)
            .where(posting.c.id.in_([one.id for one in news]), posting.c.state.in_(_STATES))
            .values(asks_at=None if is_told else now + AGAIN_AFTER)
        )
        bump(connection, "posting")
    return "; ".join(failures)


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


def _tell(store: Store, to: Recipient, news: Sequence[Posting], now: datetime) -> str:
    newest = max(one.id for one in news)
    try:
        post(
            store,
            to,
            message_of(news),
            mark=f"posting.{newest}.{to.id}.{int(now.timestamp())}",
            at=now,
            tell=tell_nobody,
            before_handing_over=lambda: None,
        )
    except SendFailed as failure:
        return f"{to.name}: {failure.sentence}"
    return ""
