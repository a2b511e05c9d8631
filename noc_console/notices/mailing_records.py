"""The SQL of mailings: a posting's deliveries, one to each recipient, none twice and none lost.

Written before the last dot of a mail: that it is being handed over, and in the same write what came
of the mail before it. When a sender dies, one mail at most is in doubt: the one whose dot may have
been sent. These writes do not wait for the disk, as each would cost more than the mail; the
beginning of each few does. So when the machine itself goes down, those few may be in doubt.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from noc_console.notices.channels.mailing import MailResult, MailState, NotHandedOver, new_mark
from noc_console.notices.contact import Contact, address_key
from noc_console.notices.event_records import EventKind, add_event
from noc_console.notices.posting import Counts, Mailing, PostingState
from noc_console.notices.posting_records import renew_in
from noc_console.notices.posting_rows import read_counts, read_posting
from noc_console.store.changes import bump
from noc_console.store.prepared import Prepared
from noc_console.store.schema.notices import mailing, posting
from noc_console.store.store import Store

BATCH = 50
"""So many mails are begun in one write that waits for the disk. When their sender dies they go
again, for nothing of them went; when the machine goes down, they may be in doubt.
"""
RENEW_EVERY_S = 15.0
BUMP_EVERY = 20
_AT_ONCE = 500

_STATES = {
    MailState.SENT: PostingState.SENT,
    MailState.DELAYED: PostingState.DELAYED,
    MailState.BOUNCED: PostingState.BOUNCED,
    MailState.IN_DOUBT: PostingState.IN_DOUBT,
}


def put_mailings(
    store: Store,
    posting_id: int,
    who: str,
    contacts: Iterable[Contact],
    left_out: Iterable[tuple[Contact, str]],
    now: datetime,
) -> int:
    """Write down to whom a posting goes, once: what is there stays. Gives how many are new.

    Raises:
        Lost: another sender has the posting.
    """
    chosen = [(one, PostingState.QUEUED, "") for one in contacts]
    chosen += [(one, PostingState.SUPPRESSED, why) for one, why in left_out]
    with store.write() as connection:
        renew_in(connection, posting_id, who)
        known = set(
            connection.execute(
                sa.select(mailing.c.address).where(mailing.c.posting_id == posting_id)
            ).scalars()
        )
        rows: list[dict[str, Any]] = []
        for one, state, words in chosen:
            if address_key(one.address) in known:
                continue
            known.add(address_key(one.address))
            rows.append(_row_of(posting_id, one, state, words, now))
        for first in range(0, len(rows), _AT_ONCE):
            connection.execute(sa.insert(mailing), rows[first : first + _AT_ONCE])
        bump(connection, "posting")
    return len(rows)


def has_mailings(store: Store, posting_id: int) -> bool:
    """Whether it was written down to whom a posting goes."""
    query = sa.select(mailing.c.id).where(mailing.c.posting_id == posting_id).limit(1)
    with store.read() as connection:
        return connection.execute(query).first() is not None


def told_contacts(store: Store, posting_ids: Collection[int]) -> set[int]:
    """Give the contacts to whom any of some postings went, or may have gone."""
    heard = [state.value for state in PostingState if state.was_told]
    found: set[int] = set()
    ids = sorted(posting_ids)
    with store.read() as connection:
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            query = sa.select(mailing.c.contact_id).where(
                mailing.c.posting_id.in_(some), mailing.c.state.in_(heard)
            )
            found.update(connection.execute(query).scalars())
    return found


def mailings_of(
    store: Store, posting_id: int, states: Collection[PostingState] = frozenset(PostingState)
) -> list[Mailing]:
    """Give the mailings of a posting that stand in some states, by number."""
    query = (
        sa.select(mailing)
        .where(
            mailing.c.posting_id == posting_id,
            mailing.c.state.in_([state.value for state in states]),
        )
        .order_by(mailing.c.id)
    )
    with store.read() as connection:
        return [mailing_of(row) for row in connection.execute(query)]


class MailBook:
    """What is written while the mails of one posting go. One thread owns it.

    Guarantee: at any moment one mail at most stands as being handed over.
    """

    def __init__(
        self,
        store: Store,
        posting_id: int,
        who: str,
        now: Callable[[], datetime],
        pause: Callable[[int], timedelta],
    ) -> None:
        """Write in the name of `who`; `pause` gives the wait after a number of tries in vain."""
        self._store = store
        self._writer = store.quick_writer()
        self._posting_id = posting_id
        self._who = who
        self._now = now
        self._pause = pause
        self._tries: dict[int, int] = {}
        self._results: list[MailResult] = []
        self._since_bump = 0
        self._renews_next_s = 0.0

    def begin(self, *, most: int = BATCH) -> list[Mailing]:
        """Begin the next mails that are due; none when none is left.

        Raises:
            Lost: another sender has the posting, or a person stopped it.
        """
        now = self._now()
        due = (
            sa.select(mailing)
            .where(
                mailing.c.posting_id == self._posting_id,
                mailing.c.state.in_(_WAITING),
                mailing.c.next_at <= now,
            )
            .order_by(mailing.c.tries, mailing.c.id)
            .limit(most)
        )
        with self._store.write() as connection:
            self._write_results(connection)
            renew_in(connection, self._posting_id, self._who)
            found = [mailing_of(row) for row in connection.execute(due)]
            connection.execute(
                sa.update(mailing)
                .where(mailing.c.id.in_([one.id for one in found]))
                .values(state=PostingState.SENDING.value, tries=mailing.c.tries + 1)
            )
            bump(connection, "posting")
        self._renews_next_s = time.monotonic() + RENEW_EVERY_S
        self._results_are_kept()
        self._tries.update({one.id: one.tries + 1 for one in found})
        return found

    def before_handing_over(self, mailing_id: int) -> None:
        """Note that a mail's last dot goes now, and what came of the one before.

        Raises:
            NotHandedOver: it must not go: a person stopped it.
            Lost: another sender has the posting.
        """
        now_s = time.monotonic()
        with self._writer.write() as connection:
            self._write_results(connection)
            changed = _COMMIT.run(connection, [{"one": mailing_id, "who": self._who}])
            if not changed or now_s >= self._renews_next_s:
                renew_in(connection, self._posting_id, self._who)
                self._renews_next_s = now_s + RENEW_EVERY_S
        self._results_are_kept()
        if not changed:
            raise NotHandedOver("This mail was stopped.")

    def told(self, result: MailResult) -> None:
        """Take what came of a mail; it is written with the next one, or by `finish`."""
        self._results.append(result)

    def finish(self) -> None:
        """Write what came of the last mails, and free those that were begun and did not go.

        Not fenced: what is known of a mail that went is written whoever has the posting now.
        """
        self._writer.close()
        with self._store.write() as connection:
            self._write_results(connection)
            begun = list(self._tries)
            for first in range(0, len(begun), _AT_ONCE):
                connection.execute(
                    sa.update(mailing)
                    .where(
                        mailing.c.id.in_(begun[first : first + _AT_ONCE]),
                        mailing.c.state == PostingState.SENDING.value,
                    )
                    .values(state=PostingState.QUEUED.value, tries=mailing.c.tries - 1)
                )
            _settle_doubt(connection, self._posting_id)
            bump(connection, "posting")
        self._results_are_kept()
        self._tries.clear()

    def _results_are_kept(self) -> None:
        """Forget what came of mails only when it is durable: a write that failed is repeated."""
        for one in self._results:
            self._tries.pop(one.mailing_id, None)
        self._results.clear()

    def _write_results(self, connection: sa.Connection) -> None:
        if not self._results:
            return
        now = self._now()
        _RESULT.run(connection, [self._result_row(one, now) for one in self._results])
        self._since_bump += len(self._results)
        if self._since_bump >= BUMP_EVERY:
            self._since_bump = 0
            bump(connection, "posting")

    def _result_row(self, one: MailResult, now: datetime) -> dict[str, Any]:
        is_delayed = one.state is MailState.DELAYED
        pause = self._pause(self._tries.get(one.mailing_id, 1)) if is_delayed else timedelta(0)
        return {
            "one": one.mailing_id,
            "state_now": _STATES[one.state].value,
            "code_now": one.code,
            "words_now": one.words,
            "next": now + pause,
            "ended": None if is_delayed else now,
        }


def close_mail_posting(
    store: Store,
    posting_id: int,
    who: str,
    now: datetime,
    *,
    trouble: str = "",
    not_before: datetime | None = None,
) -> PostingState:
    """Note where a posting stands when a sender has done what it can now; gives that.

    It is sent when nobody waits any more, in doubt when of any mail nobody knows, else delayed
    until the next one is due, or `not_before`. `trouble` is a sentence that is said beside the
    counts.

    Raises:
        Lost: another sender has it.
    """
    with store.write() as connection:
        renew_in(connection, posting_id, who)
        one = read_posting(connection, posting_id, lock=True)
        counts = read_counts(connection, [posting_id]).get(posting_id, Counts())
        next_at = connection.execute(
            sa.select(sa.func.min(mailing.c.next_at)).where(
                mailing.c.posting_id == posting_id, mailing.c.state.in_(_WAITING)
            )
        ).scalar_one()
        state = _state_of(counts)
        values: dict[str, Any] = {
            "state": state.value,
            "words": f"{counts.words}. {trouble}".rstrip(),
            "leased_by": "",
            "leased_until": None,
        }
        if next_at is None:
            values["ended_at"] = now
        else:
            values["next_at"] = max(next_at, not_before or next_at)
        connection.execute(sa.update(posting).where(posting.c.id == posting_id).values(values))
        bump(connection, "posting")
        if next_at is None:
            kind = EventKind.IN_DOUBT if state is PostingState.IN_DOUBT else EventKind.SENT
            add_event(
                connection,
                one.notice_id,
                kind,
                f"“{one.send}” on {one.channel_name}: {counts.words}.",
                by="noc-console",
                at=now,
                posting=posting_id,
                version=one.version,
                counts={state.value: count for state, count in counts.by_state.items()},
                mailings_sha256=_digest(connection, posting_id),
            )
    return state


def _settle_doubt(connection: sa.Connection, posting_id: int) -> None:
    """Take a posting out of doubt that was stopped while a mail of it was handed over, and went."""
    one = read_posting(connection, posting_id)
    counts = read_counts(connection, [posting_id]).get(posting_id, Counts())
    is_open = any(state.is_open for state, count in counts.by_state.items() if count)
    if one.state is not PostingState.IN_DOUBT or is_open or counts.of(PostingState.IN_DOUBT):
        return
    connection.execute(
        sa.update(posting)
        .where(posting.c.id == posting_id)
        .values(state=PostingState.SENT.value, words=f"{counts.words}.")
    )


def note_returned(
    connection: sa.Connection, mailing_id: int, words: str, now: datetime
) -> Mailing | None:
    """Note inside a write that a mail which went came back; None when there is no such mailing."""
    row = connection.execute(sa.select(mailing).where(mailing.c.id == mailing_id)).first()
    if row is None:
        return None
    connection.execute(
        sa.update(mailing)
        .where(mailing.c.id == mailing_id, mailing.c.state.in_(_WENT))
        .values(state=PostingState.BOUNCED.value, words=words, ended_at=now)
    )
    bump(connection, "posting")
    return mailing_of(row)


def mailing_of_mark(connection: sa.Connection, mark: str) -> Mailing | None:
    """Give the mailing a mark stands for, inside a read or a write."""
    row = connection.execute(sa.select(mailing).where(mailing.c.mark == mark)).first()
    return None if row is None else mailing_of(row)


def mailing_of(row: sa.Row[Any]) -> Mailing:
    """Give a row as a mailing."""
    return Mailing(**(row._asdict() | {"state": PostingState(row.state)}))


def _row_of(
    posting_id: int, one: Contact, state: PostingState, words: str, now: datetime
) -> dict[str, Any]:
    return {
        "posting_id": posting_id,
        "contact_id": one.id,
        "address": one.address,
        "name": one.name,
        "language": one.language,
        "zone": one.zone,
        "state": state.value,
        "next_at": now,
        "tries": 0,
        "mark": new_mark(),
        "code": 0,
        "ended_at": None if state is PostingState.QUEUED else now,
        "words": words,
    }


def _state_of(counts: Counts) -> PostingState:
    if counts.of(PostingState.QUEUED, PostingState.DELAYED, PostingState.SENDING):
        return PostingState.DELAYED
    if counts.of(PostingState.IN_DOUBT, PostingState.COMMITTING):
        return PostingState.IN_DOUBT
    if counts.total and not counts.of(PostingState.SENT, PostingState.BOUNCED):
        return PostingState.SUPPRESSED
    return PostingState.SENT


def _digest(connection: sa.Connection, posting_id: int) -> str:
    """Give a hash over what came of every mail, so that the ledger holds for each of them."""
    query = (
        sa.select(mailing.c.address, mailing.c.state, mailing.c.code)
        .where(mailing.c.posting_id == posting_id)
        .order_by(mailing.c.id)
    )
    told = hashlib.sha256()
    for row in connection.execute(query):
        told.update(f"{row.address}\t{row.state}\t{row.code}\n".encode("utf-8", "replace"))
    return told.hexdigest()


def _written_out(*states: str) -> tuple[sa.ColumnElement[str], ...]:
    return tuple(sa.literal_column(f"'{state}'") for state in states)


_WAITING = _written_out(PostingState.QUEUED.value, PostingState.DELAYED.value)
"""Written into each question as it is: only so SQLite sees that the index of those that wait does.
"""
_WENT = (
    PostingState.SENT.value,
    PostingState.IN_DOUBT.value,
    PostingState.COMMITTING.value,
)
_COMMIT = Prepared(
    sa.update(mailing)
    .where(
        mailing.c.id == sa.bindparam("one"),
        mailing.c.state == PostingState.SENDING.value,
        sa.exists().where(
            posting.c.id == mailing.c.posting_id,
            posting.c.leased_by == sa.bindparam("who"),
            posting.c.state == PostingState.SENDING.value,
        ),
    )
    .values(state=PostingState.COMMITTING.value)
)
_RESULT = Prepared(
    sa.update(mailing)
    .where(
        mailing.c.id == sa.bindparam("one"),
        mailing.c.state.in_(_written_out(PostingState.SENDING.value, *_WENT)),
    )
    .values(
        state=sa.bindparam("state_now"),
        code=sa.bindparam("code_now"),
        words=sa.bindparam("words_now"),
        next_at=sa.bindparam("next"),
        ended_at=sa.bindparam("ended"),
    )
)
