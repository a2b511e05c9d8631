"""Postings as rows: reading them, and writing down those that a plan asks for."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.notices.posting import Act, Counts, Posting, PostingState
from noc_console.notices.replan import Replan
from noc_console.store.changes import bump
from noc_console.store.schema.notices import mailing, posting
from noc_console.store.store import Store

_IDS_AT_ONCE = 500


def postings_of(store: Store, notice_id: int) -> list[Posting]:
    """Give all postings of a notice, in the order in which they were planned."""
    with store.read() as connection:
        return read_postings(connection, notice_id)


def read_postings(connection: sa.Connection, notice_id: int) -> list[Posting]:
    """Give all postings of a notice inside a read or a write."""
    query = sa.select(posting).where(posting.c.notice_id == notice_id).order_by(posting.c.id)
    return [posting_of(row) for row in connection.execute(query)]


def postings_of_all(store: Store, notice_ids: Collection[int]) -> dict[int, list[Posting]]:
    """Give the postings of many notices, by notice."""
    ids = sorted(notice_ids)
    found: dict[int, list[Posting]] = {one: [] for one in ids}
    with store.read() as connection:
        for first in range(0, len(ids), _IDS_AT_ONCE):
            some = ids[first : first + _IDS_AT_ONCE]
            query = sa.select(posting).where(posting.c.notice_id.in_(some)).order_by(posting.c.id)
            for row in connection.execute(query):
                found[row.notice_id].append(posting_of(row))
    return found


def outbox(store: Store, *, newest: int = 500) -> list[Posting]:
    """Give what is open or needs a person, then the newest of the rest; each by its due time."""
    pressing = [state.value for state in PostingState if state.is_open or state.needs_person]
    with store.read() as connection:
        first = connection.execute(
            sa.select(posting)
            .where(posting.c.state.in_(pressing))
            .order_by(posting.c.due_at, posting.c.id)
            .limit(newest)
        ).all()
        rest = connection.execute(
            sa.select(posting)
            .where(posting.c.state.not_in(pressing))
            .order_by(posting.c.due_at.desc(), posting.c.id.desc())
            .limit(max(0, newest - len(first)))
        ).all()
    return [posting_of(row) for row in [*first, *rest]]


def pressing(store: Store) -> dict[PostingState, int]:
    """Give how many postings need a person, by state; mails in doubt of what is at rest count."""
    needs = [state.value for state in PostingState if state.needs_person]
    at_rest = [
        state.value for state in PostingState if not state.is_open and state.value not in needs
    ]
    doubtful = sa.select(mailing.c.posting_id).where(mailing.c.state == PostingState.IN_DOUBT.value)
    with store.read() as connection:
        found = {
            PostingState(row.state): int(row.how_many)
            for row in connection.execute(
                sa.select(posting.c.state, sa.func.count().label("how_many"))
                .where(posting.c.state.in_(needs))
                .group_by(posting.c.state)
            )
        }
        doubt = connection.execute(
            sa.select(sa.func.count()).where(
                posting.c.state.in_(at_rest), posting.c.id.in_(doubtful)
            )
        ).scalar_one()
    if doubt:
        found[PostingState.IN_DOUBT] = found.get(PostingState.IN_DOUBT, 0) + int(doubt)
    return found


def read_posting(connection: sa.Connection, posting_id: int, *, lock: bool = False) -> Posting:
    """Give one posting inside a read or a write."""
    query = sa.select(posting).where(posting.c.id == posting_id)
    return posting_of(connection.execute(query.with_for_update() if lock else query).one())


def counts_of(store: Store, posting_ids: Iterable[int]) -> dict[int, Counts]:
    """Give how many mailings of each posting stand where; one without mailings is left out."""
    with store.read() as connection:
        return read_counts(connection, posting_ids)


def read_counts(connection: sa.Connection, posting_ids: Iterable[int]) -> dict[int, Counts]:
    """Give the counts of postings inside a read or a write."""
    ids = sorted(set(posting_ids))
    found: dict[int, dict[PostingState, int]] = {}
    for first in range(0, len(ids), _IDS_AT_ONCE):
        query = (
            sa.select(mailing.c.posting_id, mailing.c.state, sa.func.count().label("how_many"))
            .where(mailing.c.posting_id.in_(ids[first : first + _IDS_AT_ONCE]))
            .group_by(mailing.c.posting_id, mailing.c.state)
        )
        for row in connection.execute(query):
            found.setdefault(row.posting_id, {})[PostingState(row.state)] = int(row.how_many)
    return {posting_id: Counts(by_state=counts) for posting_id, counts in found.items()}


def put_replan(
    connection: sa.Connection,
    replan: Replan,
    *,
    notice_id: int,
    token: str,
    version: int,
    now: datetime,
) -> list[int]:
    """Write down what a plan asks for, inside a write; gives the numbers of the new postings."""
    for one, words in replan.superseded:
        close_posting(connection, one.id, PostingState.SUPERSEDED, words, now)
    new_ids: list[int] = []
    for new in replan.new:
        row: dict[str, Any] = {
            "notice_id": notice_id,
            "version": version,
            "send": new.send.value,
            "round": new.round,
            "channel_id": new.channel.id,
            "channel_name": new.channel.name,
            "channel_kind": new.channel.kind.value,
            "act": new.act.value,
            "target_id": new.target_id,
            "state": new.state.value,
            "due_at": new.due_at,
            "made_at": now,
            "next_at": new.next_at,
            "tries": 0,
            "ended_at": None if new.state.is_open else now,
            "words": new.words,
            "reference": reference_of(notice_id, token, new.send.value, new.round),
            "said": new.said,
            "title": "",
            "body": "",
            "remote_id": "",
            "link": "",
            "parts": [],
            "next_update_at": new.next_update_at,
            "leased_by": "",
        }
        new_ids.append(
            connection.execute(sa.insert(posting).values(row).returning(posting.c.id)).scalar_one()
        )
    bump(connection, "posting")
    return new_ids


def close_posting(
    connection: sa.Connection, posting_id: int, state: PostingState, words: str, now: datetime
) -> None:
    """Note inside a write that a posting, and what waits of its mailings, goes no more.

    One of which mails went already counts as sent, or in doubt, with what became of the rest. Of
    one that was missed people are told.
    """
    connection.execute(
        sa.update(mailing)
        .where(mailing.c.posting_id == posting_id, mailing.c.state.in_(_WAITING))
        .values(state=state.value, words=words, ended_at=now)
    )
    counts = read_counts(connection, [posting_id]).get(posting_id, Counts())
    if counts.of(PostingState.IN_DOUBT, PostingState.COMMITTING):
        state, words = PostingState.IN_DOUBT, f"{counts.words}. {words}"
    elif counts.of(PostingState.SENT, PostingState.BOUNCED):
        state, words = PostingState.SENT, f"{counts.words}. {words}"
    connection.execute(
        sa.update(posting)
        .where(posting.c.id == posting_id)
        .values(
            state=state.value,
            words=words,
            ended_at=now,
            asks_at=now if state is PostingState.MISSED else None,
            leased_by="",
            leased_until=None,
        )
    )
    bump(connection, "posting")


def reference_of(notice_id: int, token: str, send: str, number: int) -> str:
    """Give what is in a posting so that its channel can be asked for it: `n42-k3v9tx-start-1`."""
    return f"{mark_of(notice_id, token)}-{re.sub('[^a-z]+', '-', send)}-{number}"


def mark_of(notice_id: int, token: str) -> str:
    """Give what is the same in all postings of a notice; a store made anew has other marks."""
    return f"n{notice_id}-{token}"


_WAITING = [PostingState.QUEUED.value, PostingState.DELAYED.value, PostingState.SENDING.value]


def posting_of(row: sa.Row[Any]) -> Posting:
    """Give a row as a posting."""
    values = row._asdict()
    values |= {
        "act": Act(row.act),
        "state": PostingState(row.state),
        "parts": tuple(row.parts),
    }
    return Posting(**values)
