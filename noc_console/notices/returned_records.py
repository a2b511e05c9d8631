"""The SQL of what came back: each message counts once, and does what it must in one write.

A bounce is noted with its mailing; an address that is dead twice gets nothing more; who wants no
more gets no more of that kind.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from noc_console.notices.bounces import Report, ReturnKind, is_dead
from noc_console.notices.contact import address_key
from noc_console.notices.contact_records import opt_out, stop
from noc_console.notices.mailing_records import mailing_of, mailing_of_mark, note_returned
from noc_console.notices.notice import NoticeKind
from noc_console.notices.posting import Mailing, PostingState
from noc_console.store.changes import bump
from noc_console.store.schema.contacts import returned_mail
from noc_console.store.schema.notices import mailing, notice, posting
from noc_console.store.store import Store

STOP_AFTER = 2
"""So many mails to an address must come back as dead: one server's bad day stops nobody."""
STOP_WITHIN = timedelta(days=180)
THEMSELVES = "themselves"
_BY_MAIL = "the mailbox of bounces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One message that came back, as it was taken in. `address` is the contact's where known."""

    id: int
    kind: ReturnKind
    mailing_id: int | None
    contact_id: int | None
    address: str
    status: str
    words: str
    at: datetime


def take_in(store: Store, report: Report, now: datetime) -> Returned | None:
    """Note what a message says, and do what follows from it; None when it was noted before."""
    with store.write() as connection:
        one = mailing_of_mark(connection, report.mark) if report.mark else None
        kept = _keep(connection, report, one, now)
        if kept is None:
            return None
        bump(connection, "contact")
        if one is not None:
            _follow(connection, report, one, now)
    return kept


def note_refused(store: Store, mailing_id: int, status: str, words: str, now: datetime) -> None:
    """Note that a mail server refused an address for good while a mail was handed in."""
    with store.write() as connection:
        row = connection.execute(sa.select(mailing).where(mailing.c.id == mailing_id)).first()
        if row is None:
            return
        one = mailing_of(row)
        report = Report(
            kind=ReturnKind.BOUNCED,
            key=f"refused-{mailing_id}",
            mark=one.mark,
            address=one.address,
            status=status,
            words=words,
        )
        if _keep(connection, report, one, now) is not None:
            bump(connection, "contact")
            _stop_the_dead(connection, report, one, now)


def list_returned(store: Store, *, since: datetime, most: int = 500) -> list[Returned]:
    """Give what came back since a moment, the newest first."""
    query = (
        sa.select(returned_mail)
        .where(returned_mail.c.at >= since)
        .order_by(returned_mail.c.at.desc(), returned_mail.c.id.desc())
        .limit(most)
    )
    with store.read() as connection:
        return [_returned_of(row) for row in connection.execute(query)]


def _keep(
    connection: sa.Connection, report: Report, one: Mailing | None, now: datetime
) -> Returned | None:
    known = sa.select(returned_mail.c.id).where(returned_mail.c.message_key == report.key)
    if connection.execute(known).first() is not None:
        return None
    row = connection.execute(
        sa.insert(returned_mail)
        .values(
            message_key=report.key,
            kind=report.kind.value,
            mailing_id=one.id if one else None,
            contact_id=one.contact_id if one else None,
            address=one.address if one else report.address,
            status=report.status,
            words=report.words,
            at=now,
        )
        .returning(returned_mail)
    ).one()
    return _returned_of(row)


def _follow(connection: sa.Connection, report: Report, one: Mailing, now: datetime) -> None:
    if report.kind is ReturnKind.BOUNCED:
        words = f"It came back: {report.words}"
        note_returned(connection, one.id, words, now)
        _stop_the_dead(connection, report, one, now)
    elif report.kind is ReturnKind.DELAYED:
        _note_words(connection, one, f"Still on its way, their mail server says: {report.words}")
    elif report.kind.proves_arrival:
        _note_arrival(connection, one, f"It arrived: {report.kind.value}.", now)
    if report.kind in {ReturnKind.LEAVES, ReturnKind.COMPLAINT}:
        by = THEMSELVES if report.kind is ReturnKind.LEAVES else _BY_MAIL
        opt_out(connection, one.contact_id, _kind_of(connection, one), by, now)


def _stop_the_dead(connection: sa.Connection, report: Report, one: Mailing, now: datetime) -> None:
    if not is_dead(report.status):
        return
    query = sa.select(returned_mail.c.mailing_id, returned_mail.c.status).where(
        returned_mail.c.contact_id == one.contact_id,
        returned_mail.c.kind == ReturnKind.BOUNCED.value,
        returned_mail.c.at > now - STOP_WITHIN,
        # an address that was changed since begins anew
        sa.func.lower(returned_mail.c.address) == address_key(one.address),
    )
    dead = {row.mailing_id for row in connection.execute(query) if is_dead(row.status)}
    if len(dead) >= STOP_AFTER:
        stop(connection, one.contact_id, report.words, _BY_MAIL, now)


def _note_words(connection: sa.Connection, one: Mailing, words: str) -> None:
    connection.execute(sa.update(mailing).where(mailing.c.id == one.id).values(words=words))
    bump(connection, "posting")


def _note_arrival(connection: sa.Connection, one: Mailing, words: str, now: datetime) -> None:
    """A mail of which nobody knew has arrived, for something came of it."""
    connection.execute(
        sa.update(mailing)
        .where(mailing.c.id == one.id, mailing.c.state == PostingState.IN_DOUBT.value)
        .values(state=PostingState.SENT.value, words=words, ended_at=now)
    )
    bump(connection, "posting")


def _kind_of(connection: sa.Connection, one: Mailing) -> NoticeKind:
    query = (
        sa.select(notice.c.kind)
        .join(posting, posting.c.notice_id == notice.c.id)
        .where(posting.c.id == one.posting_id)
    )
    return NoticeKind(connection.execute(query).scalar_one())


def _returned_of(row: sa.Row[Any]) -> Returned:
    return Returned(
        id=row.id,
        kind=ReturnKind(row.kind),
        mailing_id=row.mailing_id,
        contact_id=row.contact_id,
        address=row.address,
        status=row.status,
        words=row.words,
        at=row.at,
    )
