"""What people decide about postings and mailings: again, it went, stop it, tick it off.

Each decision is recorded with who made it. Nothing in doubt is ever sent again by itself.
"""

from datetime import datetime

import sqlalchemy as sa

from noc_console.notices.event_records import EventKind, add_event
from noc_console.notices.notice import Send
from noc_console.notices.notice_records import NotNow, read_notice
from noc_console.notices.posting import WAITING, Posting, PostingState
from noc_console.notices.posting_rows import close_posting, read_posting
from noc_console.store.changes import bump
from noc_console.store.schema.notices import mailing, posting
from noc_console.store.store import Store

_AGAIN_FROM = frozenset(
    {
        PostingState.IN_DOUBT,
        PostingState.FAILED,
        PostingState.DELAYED,
        PostingState.SUPPRESSED,
        PostingState.MISSED,
    }
)

_LEFT = frozenset({PostingState.FAILED, PostingState.MISSED})
STOPPED_FROM = WAITING | _LEFT | {PostingState.SENDING}
"""What can be stopped, or left as it is."""
_WAITS = [PostingState.QUEUED.value, PostingState.DELAYED.value]


def send_again(store: Store, posting_id: int, *, by: str, now: datetime) -> None:
    """Have a posting sent again that is in doubt, failed or delayed; of a mail, what did not go.

    A mailing in doubt goes again too: the person decided so, who may have asked.

    Raises:
        NotNow: it is none of these, or its notice is over.
    """
    with store.write() as connection:
        one = _one(connection, posting_id)
        if one.state not in _AGAIN_FROM:
            raise NotNow(f"Posting {posting_id} is {one.state.value}; there is nothing to repeat.")
        retried = [state.value for state in (*_AGAIN_FROM, PostingState.QUEUED)]
        connection.execute(
            sa.update(mailing)
            .where(mailing.c.posting_id == posting_id, mailing.c.state.in_(retried))
            .where(mailing.c.state != PostingState.SUPPRESSED.value)
            .values(state=PostingState.QUEUED.value, next_at=now, ended_at=None)
        )
        connection.execute(
            sa.update(posting)
            .where(posting.c.id == posting_id)
            .values(
                state=PostingState.QUEUED.value,
                next_at=now,
                tries=0,
                ended_at=None,
                asks_at=None,
                words=f"To be sent again, decided by {by}.",
            )
        )
        _decided(connection, one, "to be sent again", by, now)


def note_it_went(store: Store, posting_id: int, *, link: str = "", by: str, now: datetime) -> None:
    """Note that a person saw it there: one in doubt went, one by hand is done; with its link.

    Raises:
        NotNow: it is neither.
    """
    with store.write() as connection:
        one = _one(connection, posting_id)
        if one.state not in {PostingState.IN_DOUBT, PostingState.BY_HAND, PostingState.FAILED}:
            raise NotNow(f"Posting {posting_id} is {one.state.value}; it needs no tick.")
        connection.execute(
            sa.update(posting)
            .where(posting.c.id == posting_id)
            .values(
                state=PostingState.SENT.value,
                ended_at=now,
                asks_at=None,
                link=link or one.link,
                words=f"Seen there by {by}.",
            )
        )
        connection.execute(
            sa.update(mailing)
            .where(
                mailing.c.posting_id == posting_id,
                mailing.c.state == PostingState.IN_DOUBT.value,
            )
            .values(state=PostingState.SENT.value, words=f"It arrived, says {by}.")
        )
        _decided(connection, one, f"it went{f' ({link})' if link else ''}", by, now)


def stop(store: Store, posting_id: int, *, by: str, now: datetime) -> None:
    """Stop what of a posting has not gone, or leave one that failed or was missed as it is.

    Raises:
        NotNow: all of it went, or it is being handed over right now.
    """
    with store.write() as connection:
        one = _one(connection, posting_id)
        if one.state not in STOPPED_FROM:
            raise NotNow(
                f"Posting {posting_id} is {one.state.value}; what went cannot be stopped. Correct "
                "the notice instead."
            )
        words, what = f"Stopped by {by}.", "stopped"
        if one.state in _LEFT:
            words = f"It was {one.state.value}, and left so by {by}: {one.words}"
            what = "left as it is"
        close_posting(connection, posting_id, PostingState.SUPPRESSED, words, now)
        _decided(connection, one, what, by, now)


def send_now(store: Store, posting_id: int, *, by: str, now: datetime) -> None:
    """Send what waits for its time, or for another try, at once.

    A word ahead of the work may go sooner than planned, and then says truly how long it is until
    then; what says that the work begins goes when it begins.

    Raises:
        NotNow: it waits for nothing, or would be untrue now.
    """
    with store.write() as connection:
        one = _one(connection, posting_id)
        if one.state not in {PostingState.QUEUED, PostingState.DELAYED}:
            raise NotNow(f"Posting {posting_id} is {one.state.value}; it does not wait.")
        due = f"{one.due_at:%Y-%m-%d %H:%M} UTC"
        if one.due_at > now and one.send == Send.START.value:
            raise NotNow(f"“{one.send}” would be untrue before {due}; it goes then.")
        connection.execute(
            sa.update(mailing)
            .where(mailing.c.posting_id == posting_id, mailing.c.state.in_(_WAITS))
            .values(next_at=now)
        )
        connection.execute(
            sa.update(posting)
            .where(posting.c.id == posting_id)
            .values(next_at=now, due_at=min(one.due_at, now))
        )
        _decided(connection, one, f"to go at once; it was due {due}", by, now)


def hurry(store: Store, *, now: datetime) -> None:
    """Try at once what waits after tries in vain: somebody mended a channel."""
    with store.write() as connection:
        connection.execute(
            sa.update(posting)
            .where(posting.c.state == PostingState.DELAYED.value)
            .values(next_at=now)
        )
        connection.execute(
            sa.update(mailing)
            .where(mailing.c.state == PostingState.DELAYED.value)
            .values(next_at=now)
        )
        bump(connection, "posting")


def _one(connection: sa.Connection, posting_id: int) -> Posting:
    found = connection.execute(
        sa.select(posting.c.notice_id).where(posting.c.id == posting_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotNow(f"There is no posting {posting_id}; `notice status` shows those there are.")
    read_notice(connection, found, lock=True)
    return read_posting(connection, posting_id, lock=True)


def _decided(connection: sa.Connection, one: Posting, what: str, by: str, now: datetime) -> None:
    add_event(
        connection,
        one.notice_id,
        EventKind.DECIDED,
        f"“{one.send}” on {one.channel_name}, which was {one.state.value}: {what}.",
        by=by,
        at=now,
        posting=one.id,
    )
    bump(connection, "posting")
