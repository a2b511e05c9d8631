"""What senders left that died, or lost the store: to be sent, or in doubt. SQL."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.channels.kinds import facts_of
from noc_console.notices.posting import Act, Posting, PostingState
from noc_console.notices.posting_records import NO_LEASE, put_in_doubt, set_posting
from noc_console.notices.posting_rows import read_posting
from noc_console.notices.sender_name import outlived_by_machine
from noc_console.store.database_clock import database_now
from noc_console.store.schema.notices import mailing, posting
from noc_console.store.store import Store

_IN_DOUBT = (
    "The sender ended while this was handed over, so nobody knows whether it went; look there, "
    "then say so or send it again."
)


def recover(
    store: Store, now: datetime, is_gone: Callable[[str], bool] = lambda _who: False
) -> int:
    """Take up what senders left whose lease ran out, or who are gone. Gives how many are in doubt.

    What was not handed over is sent; of what was, the channel is asked where it can be.
    """
    with store.read() as connection:
        left = _left_behind(connection, is_gone)
    if not left:
        return 0
    doubtful = 0
    with store.write() as connection:
        for one in _left_behind(connection, is_gone):
            if one.state is PostingState.COMMITTING and one.act is Act.POST:
                can_find = facts_of(ChannelKind(one.channel_kind)).can_find
                put_in_doubt(connection, one, _IN_DOUBT, now, now if can_find else None)
                doubtful += 1
            else:
                is_sure = not store.is_embedded or outlived_by_machine(one.leased_by)
                doubtful += _free_mailings(connection, one.id, now, is_sure=is_sure)
                set_posting(
                    connection,
                    one.id,
                    state=PostingState.QUEUED.value,
                    next_at=now,
                    publishes_at=None,
                    **NO_LEASE,
                )
    return doubtful


def _left_behind(connection: sa.Connection, is_gone: Callable[[str], bool]) -> list[Posting]:
    at = database_now(connection)
    under_way = (PostingState.SENDING.value, PostingState.COMMITTING.value)
    ids = connection.execute(
        sa.select(posting.c.id, posting.c.leased_by, posting.c.leased_until)
        .where(posting.c.state.in_(under_way))
        .order_by(posting.c.id)
    ).all()
    return [
        read_posting(connection, row.id)
        for row in ids
        if row.leased_until is None or row.leased_until <= at or is_gone(row.leased_by)
    ]


def _free_mailings(
    connection: sa.Connection, posting_id: int, now: datetime, *, is_sure: bool
) -> int:
    """Have mailings sent that were begun; one that was handed over is in doubt.

    Where it is not sure that all that was written is there, those that were begun are in doubt too.
    """
    of_posting = mailing.c.posting_id == posting_id
    doubtful = [PostingState.COMMITTING.value]
    if is_sure:
        connection.execute(
            sa.update(mailing)
            .where(of_posting, mailing.c.state == PostingState.SENDING.value)
            .values(state=PostingState.QUEUED.value, next_at=now)
        )
    else:
        doubtful.append(PostingState.SENDING.value)
    return connection.execute(
        sa.update(mailing)
        .where(of_posting, mailing.c.state.in_(doubtful))
        .values(state=PostingState.IN_DOUBT.value, words=_IN_DOUBT, ended_at=now)
    ).rowcount
