"""What channels answer when they are asked for a posting that is in doubt, or is to come. SQL."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from noc_console.notices.channels.channel import Posted
from noc_console.notices.event_records import EventKind
from noc_console.notices.notice_records import read_notice
from noc_console.notices.posting import Posting, PostingState
from noc_console.notices.posting_records import set_posting, tell_of
from noc_console.notices.posting_rows import posting_of, read_posting
from noc_console.store.schema.notices import posting
from noc_console.store.store import Store

_STATES = (PostingState.IN_DOUBT.value, PostingState.SCHEDULED.value)
_AGAIN = timedelta(minutes=1)
_ASKED_FOR = timedelta(minutes=15)
"""For so long a channel may be late in publishing what it was handed."""


def to_ask(store: Store, now: datetime) -> list[Posting]:
    """Give the postings of which a channel is to be asked now."""
    query = (
        sa.select(posting)
        .where(posting.c.state.in_(_STATES), posting.c.asks_at <= now)
        .order_by(posting.c.asks_at, posting.c.id)
    )
    with store.read() as connection:
        return [posting_of(row) for row in connection.execute(query)]


def note_found(store: Store, posting_id: int, posted: Posted, now: datetime) -> None:
    """Note that the channel has it: it went, or was published at its time."""
    with store.write() as connection:
        one = _locked(connection, posting_id)
        if one is None:
            return
        is_later = one.publishes_at is not None and one.publishes_at > now
        words = "The channel has it."
        set_posting(
            connection,
            posting_id,
            state=(PostingState.SCHEDULED if is_later else PostingState.SENT).value,
            ended_at=None if is_later else one.publishes_at or one.began_at or now,
            remote_id=posted.remote_id,
            link=posted.link,
            parts=list(posted.parts),
            words=words,
            asks_at=one.publishes_at + _AGAIN if is_later and one.publishes_at else None,
        )
        tell_of(connection, one, EventKind.SENT, words, now, link=posted.link)


def note_not_found(store: Store, posting_id: int, now: datetime) -> None:
    """Note that the channel does not have it: what was in doubt is sent again.

    What it was handed for later, and does not show by then, a person looks at.
    """
    with store.write() as connection:
        one = _locked(connection, posting_id)
        if one is None:
            return
        if one.state is PostingState.IN_DOUBT:
            words = "The channel does not have it; it is sent again."
            set_posting(
                connection,
                posting_id,
                state=PostingState.QUEUED.value,
                next_at=now,
                ended_at=None,
                asks_at=None,
                publishes_at=None,
                words=words,
            )
            tell_of(connection, one, EventKind.FAILED, words, now)
        elif now - (one.publishes_at or now) < _ASKED_FOR:
            set_posting(connection, posting_id, asks_at=now + _AGAIN)
        else:
            words = "The channel had it for later and does not have it now; look there."
            set_posting(
                connection,
                posting_id,
                state=PostingState.IN_DOUBT.value,
                asks_at=None,
                ended_at=now,
                words=words,
            )
            tell_of(connection, one, EventKind.IN_DOUBT, words, now)


def put_off(store: Store, posting_id: int, words: str, asks_at: datetime | None) -> None:
    """Note that the channel could not be asked; with `asks_at` it is asked again then."""
    with store.write() as connection:
        one = _locked(connection, posting_id)
        if one is not None:
            kept = words if one.state is PostingState.IN_DOUBT else one.words
            set_posting(connection, posting_id, asks_at=asks_at, words=kept)


def _locked(connection: sa.Connection, posting_id: int) -> Posting | None:
    """Give a posting that is still asked for."""
    one = read_posting(connection, posting_id)
    read_notice(connection, one.notice_id, lock=True)
    one = read_posting(connection, posting_id, lock=True)
    return one if one.state.value in _STATES and one.asks_at is not None else None
