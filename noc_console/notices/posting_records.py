"""The SQL of one posting's life: taken up, handed over, sent, or not.

Every state is durable before what follows from it is done. A lease on the database's clock keeps
two senders off one posting, and fences what a sender that lost it still wants to write. After a
crash a posting is safe to send, or in doubt and its channel is asked.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.notices.channels.channel import ChannelKind, Posted
from noc_console.notices.channels.kinds import facts_of
from noc_console.notices.event_records import EventKind, add_event
from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import StoredNotice, read_notice
from noc_console.notices.posting import Act, Posting, PostingState
from noc_console.notices.posting_rows import read_posting, read_postings
from noc_console.notices.rulings import Fate, Ruling
from noc_console.notices.settling import hold_of, live_notice, ruling_of
from noc_console.notices.version_records import read_version
from noc_console.store.changes import bump
from noc_console.store.database_clock import database_now
from noc_console.store.schema.notices import posting
from noc_console.store.store import Store

LEASE = timedelta(seconds=120)
"""Longer than any one request to a channel may take; a sender of many mails renews it."""
LONGEST_WAIT = timedelta(minutes=30)
"""Nothing that was tried waits longer; what seems to was written before the clock was set back."""
PUBLISHED_AFTER = timedelta(minutes=1)
"""So long after its time a channel that publishes by itself is asked whether it did."""


class Lost(ConsoleError):
    """Another sender has this posting now, or a person stopped it: nothing more may go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A posting whose time has come."""

    posting_id: int
    channel_id: int
    send: str
    next_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """All that is needed to send one posting, as things stand now.

    `publish_at` is set where the channel is to publish it later by itself; `late` says how late
    it is, if it is; `told` is what customers were told last where this takes it back.
    """

    posting: Posting
    stored: StoredNotice
    notice: Notice
    siblings: tuple[Posting, ...]
    publish_at: datetime | None
    late: str
    told: Notice | None


def ready(store: Store, now: datetime) -> list[Ready]:
    """Give the postings whose time has come, those that are due first, first."""
    query = (
        sa.select(posting.c.id, posting.c.channel_id, posting.c.send, posting.c.next_at)
        .where(posting.c.state.in_(_TAKEN_UP_FROM), _is_time(now))
        .order_by(posting.c.next_at, posting.c.id)
    )
    with store.read() as connection:
        return [
            Ready(posting_id=row.id, channel_id=row.channel_id, send=row.send, next_at=row.next_at)
            for row in connection.execute(query)
        ]


def next_time(store: Store, *, besides: Collection[int] = ()) -> datetime | None:
    """Give when anything is to be done next; None: nothing waits. `besides` are channels that are
    paused.
    """
    of_others = posting.c.channel_id.not_in(list(besides))
    waiting = sa.select(sa.func.min(posting.c.next_at)).where(
        posting.c.state.in_(_TAKEN_UP_FROM), of_others
    )
    asking = sa.select(sa.func.min(posting.c.asks_at)).where(of_others)
    with store.read() as connection:
        times = [connection.execute(query).scalar_one() for query in (waiting, asking)]
    return min((one for one in times if one is not None), default=None)


def begin(store: Store, posting_id: int, who: str, now: datetime) -> Job | None:
    """Take a posting up under a lease; None when it is not to go now, or somebody else has it."""
    with store.read() as connection:
        notice_id = connection.execute(
            sa.select(posting.c.notice_id).where(posting.c.id == posting_id)
        ).scalar_one_or_none()
        if notice_id is None:
            return None
        stored = read_notice(connection, notice_id)
        live = live_notice(connection, stored)
    hold = hold_of(store, stored, live)
    with store.write() as connection:
        stored = read_notice(connection, notice_id, lock=True)
        live = live_notice(connection, stored)
        one = read_posting(connection, posting_id, lock=True)
        at = database_now(connection)
        is_held = one.leased_until is not None and one.leased_until > at and one.leased_by != who
        if one.state.value not in _TAKEN_UP_FROM or is_held:
            return None
        siblings = read_postings(connection, notice_id)
        ruling = ruling_of(stored, live, one, siblings, now, hold)
        publish_at = _publish_at(one, ruling, now)
        if ruling.fate not in {Fate.GO, Fate.GO_LATE} and publish_at is None:
            _wait(connection, one, ruling, now)
            return None
        set_posting(
            connection,
            posting_id,
            state=PostingState.SENDING.value,
            tries=one.tries + 1,
            began_at=now,
            leased_by=who,
            leased_until=at + LEASE,
            publishes_at=publish_at,
        )
        return Job(
            posting=read_posting(connection, posting_id),
            stored=stored,
            notice=read_version(connection, notice_id, one.version).notice,
            siblings=tuple(siblings),
            publish_at=publish_at,
            late=ruling.words if ruling.fate is Fate.GO_LATE else "",
            told=_told_last(connection, one, siblings),
        )


def note_handing_over(store: Store, posting_id: int, who: str, title: str, body: str) -> None:
    """Note, durably, that it is handed over now, and its text.

    Raises:
        Lost: it must not go.
    """
    with store.write() as connection:
        at = database_now(connection)
        changed = connection.execute(
            sa.update(posting)
            .where(
                posting.c.id == posting_id,
                posting.c.state == PostingState.SENDING.value,
                posting.c.leased_by == who,
                posting.c.leased_until > at,
            )
            .values(
                state=PostingState.COMMITTING.value,
                title=title,
                body=body,
                leased_until=at + LEASE,
            )
        ).rowcount
        bump(connection, "posting")
    if not changed:
        raise Lost("Another sender has this posting now, or a person stopped it.")


def note_sent(store: Store, posting_id: int, posted: Posted, words: str, now: datetime) -> None:
    """Note that a channel has it; also when another sender thought it in doubt meanwhile."""
    with store.write() as connection:
        one = read_posting(connection, posting_id, lock=True)
        if one.state not in _MAY_HAVE_GONE:
            return
        is_later = one.publishes_at is not None and one.publishes_at > now
        state = PostingState.SCHEDULED if is_later else PostingState.SENT
        set_posting(
            connection,
            posting_id,
            state=state.value,
            ended_at=None if is_later else one.publishes_at or now,
            words=words,
            remote_id=posted.remote_id,
            link=posted.link,
            parts=list(posted.parts),
            asks_at=_ask_after(one) if is_later else None,
            **NO_LEASE,
        )
        if one.act is Act.DELETE and one.target_id is not None:
            set_posting(
                connection,
                one.target_id,
                state=PostingState.SUPERSEDED.value,
                words="It was taken back.",
                ended_at=now,
                asks_at=None,
            )
        kind = EventKind.SCHEDULED if is_later else EventKind.SENT
        tell_of(connection, one, kind, words, now, link=posted.link, remote_id=posted.remote_id)


def note_failed(
    store: Store, posting_id: int, words: str, now: datetime, *, again_at: datetime | None
) -> None:
    """Note that nothing went, and when the next try is; None gives it up."""
    with store.write() as connection:
        one = read_posting(connection, posting_id, lock=True)
        if one.state not in {PostingState.SENDING, PostingState.COMMITTING}:
            return
        if again_at is None:
            set_posting(
                connection,
                posting_id,
                state=PostingState.FAILED.value,
                words=words,
                ended_at=now,
                asks_at=now,  # people are told
                **NO_LEASE,
            )
            tell_of(connection, one, EventKind.FAILED, words, now)
            return
        set_posting(
            connection,
            posting_id,
            state=PostingState.DELAYED.value,
            words=words,
            next_at=again_at,
            publishes_at=None,
            **NO_LEASE,
        )
        if one.tries == 1:  # said once; each further try is in the posting's words
            tell_of(connection, one, EventKind.FAILED, f"{words} It is tried again.", now)


def note_in_doubt(
    store: Store, posting_id: int, words: str, now: datetime, *, asks_at: datetime | None
) -> None:
    """Note that nobody knows whether it went; with `asks_at` the channel is asked then."""
    with store.write() as connection:
        one = read_posting(connection, posting_id, lock=True)
        if one.state in {PostingState.COMMITTING, PostingState.IN_DOUBT}:
            put_in_doubt(connection, one, words, now, asks_at)


def note_text(store: Store, posting_id: int, who: str, title: str, body: str) -> None:
    """Keep the text that goes by mail, for the ledger.

    Raises:
        Lost: another sender has the posting, or a person stopped it.
    """
    with store.write() as connection:
        renew_in(connection, posting_id, who)
        set_posting(connection, posting_id, title=title, body=body)


def note_by_hand(store: Store, posting_id: int, title: str, body: str) -> None:
    """Note that it is due and a person is to post it, with its text."""
    with store.write() as connection:
        one = read_posting(connection, posting_id, lock=True)
        if one.state is PostingState.SENDING:
            set_posting(
                connection,
                posting_id,
                state=PostingState.BY_HAND.value,
                title=title,
                body=body,
                words="It is due: copy the text there, then tick it off with the link.",
                **NO_LEASE,
            )


def renew(store: Store, posting_id: int, who: str) -> None:
    """Hold a posting for longer.

    Raises:
        Lost: another sender has it, or a person stopped it.
    """
    with store.write() as connection:
        renew_in(connection, posting_id, who)


def renew_in(connection: sa.Connection, posting_id: int, who: str) -> None:
    """Hold a posting for longer inside a write; raises as `renew` does."""
    at = database_now(connection)
    changed = connection.execute(
        sa.update(posting)
        .where(
            posting.c.id == posting_id,
            posting.c.leased_by == who,
            posting.c.leased_until > at,
            posting.c.state == PostingState.SENDING.value,
        )
        .values(leased_until=at + LEASE)
    ).rowcount
    if not changed:
        raise Lost("Another sender has this posting now, or a person stopped it.")


def _publish_at(one: Posting, ruling: Ruling, now: datetime) -> datetime | None:
    """Give for when a channel that publishes by itself is handed it already now."""
    facts = facts_of(ChannelKind(one.channel_kind))
    if ruling.fate is not Fate.WAIT or one.act is not Act.POST or facts.schedules_from is None:
        return None
    ahead = one.due_at - now
    is_far = facts.schedules_until is not None and ahead > facts.schedules_until
    return None if ahead < facts.schedules_from or is_far else one.due_at


def _wait(connection: sa.Connection, one: Posting, ruling: Ruling, now: datetime) -> None:
    """Have a posting that is not to go now looked at again in time."""
    if ruling.fate is Fate.WAIT:
        set_posting(connection, one.id, next_at=max(one.due_at, now + timedelta(seconds=1)))
    elif ruling.fate is Fate.HELD:
        if one.words != ruling.words:
            tell_of(connection, one, EventKind.HELD, ruling.words, now)
        set_posting(connection, one.id, words=ruling.words, next_at=now + timedelta(minutes=1))


def _told_last(connection: sa.Connection, one: Posting, siblings: list[Posting]) -> Notice | None:
    """Give what this channel was told last before a posting, if it was told another version."""
    told = [
        other.version
        for other in siblings
        if other.channel_id == one.channel_id
        and other.id < one.id
        and other.act is not Act.DELETE
        and other.state.was_told
        and other.version < one.version
    ]
    return read_version(connection, one.notice_id, max(told)).notice if told else None


def _ask_after(one: Posting) -> datetime | None:
    can_find = facts_of(ChannelKind(one.channel_kind)).can_find
    return one.publishes_at + PUBLISHED_AFTER if can_find and one.publishes_at else None


def put_in_doubt(
    connection: sa.Connection, one: Posting, words: str, now: datetime, asks_at: datetime | None
) -> None:
    """Note inside a write that nobody knows whether a posting went."""
    set_posting(
        connection,
        one.id,
        state=PostingState.IN_DOUBT.value,
        words=words,
        ended_at=now,
        asks_at=asks_at,
        **NO_LEASE,
    )
    tell_of(connection, one, EventKind.IN_DOUBT, words, now)


def tell_of(
    connection: sa.Connection,
    one: Posting,
    kind: EventKind,
    words: str,
    now: datetime,
    **details: object,
) -> None:
    """Tell in its notice's events what befell a posting, inside a write."""
    add_event(
        connection,
        one.notice_id,
        kind,
        f"“{one.send}” on {one.channel_name}: {words}",
        by=SENDER,
        at=now,
        posting=one.id,
        version=one.version,
        **details,
    )


SENDER = "noc-console"
"""Who it is said to be by, where no person did it."""


def set_posting(connection: sa.Connection, posting_id: int, **values: object) -> None:
    """Change a posting inside a write."""
    connection.execute(sa.update(posting).where(posting.c.id == posting_id).values(values))
    bump(connection, "posting")


def _is_time(now: datetime) -> sa.ColumnElement[bool]:
    was_tried = (posting.c.tries > 0) & (posting.c.next_at > now + LONGEST_WAIT)
    return (posting.c.next_at <= now) | (was_tried & (posting.c.due_at <= now))


NO_LEASE: dict[str, object] = {"leased_by": "", "leased_until": None}
_TAKEN_UP_FROM = (PostingState.QUEUED.value, PostingState.DELAYED.value)
_MAY_HAVE_GONE = frozenset({PostingState.SENDING, PostingState.COMMITTING, PostingState.IN_DOUBT})
