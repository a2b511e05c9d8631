"""How a ledger reads: its versions, postings, recipients, promises and events. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtGui import QColor

from noc_console.desk.look import Look
from noc_console.desk.posting_look import state_colour, state_text
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import local_text, span_text
from noc_console.notices.event_records import NoticeEvent
from noc_console.notices.ledger import Ledger
from noc_console.notices.posting import Act, Mailing, Posting, PostingState
from noc_console.notices.promises import Outcome, Promise
from noc_console.notices.version_records import Version

MOST_RECIPIENTS = 2000
_HASH_LENGTH = 12
OUTCOME_SHAPES = {
    Outcome.KEPT: "✔",
    Outcome.BROKEN: "■",
    Outcome.OPEN: "○",
    Outcome.NOT_MEASURED: "–",
}
"""The shape beside what became of a promise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientRow:
    """One mail of one posting."""

    posting: Posting
    mailing: Mailing


def recipients_of(ledger: Ledger) -> list[RecipientRow]:
    """Give the mails of a notice, what needs a look first; at most MOST_RECIPIENTS of them."""
    known = {one.id: one for one in ledger.postings}
    rows = [
        RecipientRow(posting=known[posting_id], mailing=mail)
        for posting_id, mails in ledger.mailings.items()
        for mail in mails
    ]
    calm = {PostingState.SENT: 1, PostingState.QUEUED: 1}
    rows.sort(key=lambda row: (calm.get(row.mailing.state, 0), row.posting.id, row.mailing.id))
    return rows[:MOST_RECIPIENTS]


def posting_columns(
    look: Callable[[], Look], ledger: Callable[[], Ledger | None]
) -> tuple[Column[Posting], ...]:
    """Give the columns of what went where."""

    def came(one: Posting) -> str:
        read = ledger()
        counts = None if read is None else read.counts.get(one.id)
        mails = "" if counts is None else counts.words
        parts = (mails, "" if one.words == f"{mails}." else one.words, one.link)
        return "  ".join(inert(part, 300) for part in parts if part)

    return (
        Column(
            title="State",
            text=lambda one: state_text(one.state),
            colour=lambda one: state_colour(one.state, look()),
        ),
        Column(title="Send", text=_send),
        Column(title="Version", text=lambda one: str(one.version), numeric=True),
        Column(title="Channel", text=lambda one: inert(one.channel_name)),
        Column(title="Due", text=lambda one: local_text(one.due_at)),
        Column(title="Over", text=lambda one: _at(one.ended_at)),
        Column(title="What came of it", text=came, stretch=True),
    )


def version_columns() -> tuple[Column[Version], ...]:
    """Give the columns of versions."""
    return (
        Column(title="Version", text=lambda one: str(one.number), numeric=True),
        Column(title="Frozen", text=lambda one: local_text(one.frozen_at)),
        Column(title="By", text=lambda one: inert(one.frozen_by)),
        Column(title="Approved", text=_approved),
        Column(title="What changed", text=lambda one: inert(one.change), stretch=True),
        Column(
            title="SHA-256", text=lambda one: one.sha256[:_HASH_LENGTH], tip=lambda one: one.sha256
        ),
        Column(title="As written", text=lambda one: "yes" if one.is_whole else "■  NO"),
    )


def recipient_columns(look: Callable[[], Look]) -> tuple[Column[RecipientRow], ...]:
    """Give the columns of recipients."""
    return (
        Column(
            title="State",
            text=lambda row: state_text(row.mailing.state),
            colour=lambda row: state_colour(row.mailing.state, look()),
        ),
        Column(title="To", text=lambda row: inert(row.mailing.address)),
        Column(title="Name", text=lambda row: inert(row.mailing.name)),
        Column(title="Send", text=lambda row: _send(row.posting)),
        Column(title="At", text=lambda row: _at(row.mailing.ended_at)),
        Column(title="Tries", text=lambda row: str(row.mailing.tries), numeric=True),
        Column(title="What came of it", text=lambda row: inert(row.mailing.words), stretch=True),
    )


def promise_columns(look: Callable[[], Look]) -> tuple[Column[Promise], ...]:
    """Give the columns of promises."""

    def colour(one: Promise) -> QColor | None:
        return look().colours[Verdict.DOWN] if one.outcome is Outcome.BROKEN else None

    return (
        Column(
            title="Outcome",
            text=lambda one: f"{OUTCOME_SHAPES[one.outcome]}  {one.outcome.value}",
            colour=colour,
        ),
        Column(title="Promised", text=lambda one: one.kind.value),
        Column(title="For", text=lambda one: local_text(one.promised_at)),
        Column(title="Was", text=lambda one: _at(one.was_at)),
        Column(title="Late by", text=_late, numeric=True),
        Column(
            title="Notice", text=lambda one: f"{one.notice_id}  {inert(one.title)}", stretch=True
        ),
    )


def event_columns() -> tuple[Column[NoticeEvent], ...]:
    """Give the columns of events."""
    return (
        Column(title="No.", text=lambda one: str(one.number), numeric=True),
        Column(title="When", text=lambda one: local_text(one.at)),
        Column(title="Who", text=lambda one: inert(one.by)),
        Column(title="What", text=lambda one: one.kind.value),
        Column(title="In words", text=lambda one: inert(one.words), stretch=True),
        Column(
            title="Hash", text=lambda one: one.sha256[:_HASH_LENGTH], tip=lambda one: one.sha256
        ),
    )


def head_words(ledger: Ledger) -> str:
    """Give what the ledger is of, where it stands, and who approved what is in force."""
    stored, notice = ledger.stored, ledger.stored.notice
    words = [
        f"{notice.kind.value.capitalize()}, {stored.state.value};",
        f"drafted by {inert(stored.made_by)} {local_text(stored.made_at)}.",
    ]
    told = next((one for one in ledger.versions if one.number == stored.live_version), None)
    if told is not None and told.notice.starts_at is not None:
        start, minutes = told.notice.starts_at, told.notice.minutes
        words.append(f"Announced for {local_text(start)}, {minutes} min.")
    if ledger.versions:
        newest = ledger.versions[-1]
        words.append(f"Version {newest.number}: {_approved(newest)}.")
    else:
        words.append("No version was frozen yet.")
    if ledger.first_word is not None:
        span = span_text(ledger.first_word.span(ledger.made_at))
        is_told = ledger.first_word.spoken_at is not None
        words.append(
            f"First word {span} after detection."
            if is_told
            else f"Customers wait for the first word since {span}."
        )
    return " ".join(words)


def whole_words(ledger: Ledger) -> str:
    """Say whether the ledger is as it was written."""
    if ledger.is_whole:
        events = _counted(len(ledger.events), "event")
        versions = _counted(len(ledger.versions), "version")
        head = f" Its head is {ledger.head[:_HASH_LENGTH]}…" if ledger.head else ""
        return f"✔  {events} and {versions} are as they were written.{head}"
    where = f"event {ledger.broken_at}" if ledger.broken_at else "a version"
    return (
        f"■  This ledger is not as it was written: {where} was changed or taken out. Compare it"
        " with an export or a backup, and find out who can write to the store."
    )


def _approved(one: Version) -> str:
    if one.approved_at is None:
        return "not approved"
    alone = " alone" if one.is_one_person else ""
    return f"approved by {inert(one.approved_by)}{alone} {local_text(one.approved_at)}"


def _send(one: Posting) -> str:
    words = one.send if one.act is Act.POST else f"{one.act.value} {one.send}"
    return f"{words} ({one.round})" if one.round > 1 else words


def _at(moment: datetime | None) -> str:
    return "" if moment is None else local_text(moment)


def _late(one: Promise) -> str:
    late = one.late_by
    if late is None or late.total_seconds() < 1:
        return ""
    return span_text(late) if one.was_at is not None else f"{span_text(late)} so far"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
