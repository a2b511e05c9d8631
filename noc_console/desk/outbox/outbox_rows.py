"""The rows of the outbox: postings with their mails, worst first, and how each reads.

Pure but for `read_outbox`, which is meant for a thread of its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtGui import QColor

from noc_console.desk import posting_look
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import span_text
from noc_console.notices.notice_records import list_notices
from noc_console.notices.posting import Act, Counts, Posting, PostingState
from noc_console.notices.posting_rows import counts_of, outbox
from noc_console.notices.progress import progress_words
from noc_console.notices.sending_settings import paused_channels, sending_is_paused
from noc_console.notices.wakefulness import Wakefulness, read_wakefulness
from noc_console.store.store import Store

_ORDER = (
    *(PostingState.IN_DOUBT, PostingState.FAILED, PostingState.MISSED, PostingState.BY_HAND),
    *(PostingState.DELAYED, PostingState.COMMITTING, PostingState.SENDING),
    *(PostingState.QUEUED, PostingState.SCHEDULED, PostingState.BOUNCED, PostingState.SENT),
    *(PostingState.SUPPRESSED, PostingState.SUPERSEDED),
)
_PLACES = {state: place for place, state in enumerate(_ORDER)}
_LATER = (PostingState.QUEUED, PostingState.SCHEDULED, PostingState.DELAYED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A posting, the notice's title, its mails, and what stands in its way."""

    posting: Posting
    title: str
    counts: Counts | None
    asleep: str
    is_paused: bool

    @property
    def is_pressing(self) -> bool:
        """Whether a person should look at it."""
        return self.posting.state.needs_person or self.has_doubt

    @property
    def has_doubt(self) -> bool:
        """Whether nobody knows of it, or of one of its mails, whether it went."""
        if self.posting.state is PostingState.IN_DOUBT:
            return True
        is_at_rest = not self.posting.state.is_open
        return (
            is_at_rest and self.counts is not None and bool(self.counts.of(PostingState.IN_DOUBT))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """All of the outbox as it was read."""

    rows: tuple[OutboxRow, ...]
    is_paused: bool
    awake: Wakefulness

    def count(self, *states: PostingState) -> int:
        """Give how many postings are in some states."""
        return sum(row.posting.state in states for row in self.rows)


def read_outbox(store: Store, now: datetime) -> Outbox:
    """Give the outbox, worst first."""
    postings = outbox(store)
    counts = counts_of(store, [one.id for one in postings])
    titles = {one.id: one.notice.title for one in list_notices(store)}
    awake = read_wakefulness(store, postings, now)
    paused = paused_channels(store)
    rows = [
        OutboxRow(
            posting=one,
            title=titles.get(one.notice_id, ""),
            counts=counts.get(one.id),
            asleep=awake.asleep.get(one.id, ""),
            is_paused=one.channel_id in paused and one.state.is_open,
        )
        for one in postings
    ]
    return Outbox(rows=tuple(in_order(rows)), is_paused=sending_is_paused(store), awake=awake)


def in_order(rows: Iterable[OutboxRow]) -> list[OutboxRow]:
    """Give rows worst first; what waits by its time, what is over with the newest first."""

    def order(row: OutboxRow) -> tuple[bool, int, float]:
        one = row.posting
        at = one.due_at.timestamp()
        return not row.is_pressing, _PLACES[one.state], at if one.state.is_open else -at

    return sorted(rows, key=order)


def outbox_columns(
    look: Callable[[], Look], now: Callable[[], datetime]
) -> tuple[Column[OutboxRow], ...]:
    """Give the columns of the outbox."""

    def colour(row: OutboxRow) -> QColor | None:
        verdict = verdict_of(row)
        return None if verdict is None else look().colours[verdict]

    return (
        Column(title="State", text=state_text, colour=colour),
        Column(title="Due", text=lambda row: day_text(row.posting.due_at, now())),
        Column(title="In", text=lambda row: when_words(row, now()), numeric=True),
        Column(title="Notice", text=notice_words),
        Column(title="Send", text=send_words),
        Column(title="Channel", text=lambda row: inert(row.posting.channel_name)),
        Column(title="What came of it", text=lambda row: came_words(row, now()), stretch=True),
    )


def verdict_of(row: OutboxRow) -> Verdict | None:
    """Give the verdict whose colour a row takes; None for what is well."""
    if row.has_doubt:
        return Verdict.CUT_OFF
    if row.asleep or row.is_paused:
        return Verdict.EARLY
    return posting_look.VERDICTS.get(row.posting.state)


def state_text(row: OutboxRow) -> str:
    """Give where a posting stands, with its shape."""
    state = row.posting.state
    if row.has_doubt and state is not PostingState.IN_DOUBT:
        return f"◆  {state.value}, some in doubt"
    if row.is_paused:
        return f"‖  paused, {state.value}"
    if row.asleep:
        return f"▲  {state.value}"
    return posting_look.state_text(state)


def when_words(row: OutboxRow, now: datetime) -> str:
    """Give how long it is until it goes, or is tried again; empty for what is over."""
    one = row.posting
    if one.state not in _LATER:
        return ""
    at = max(one.due_at, one.next_at) if one.state is PostingState.DELAYED else one.due_at
    return f"{span_text(at - now)}" if at > now else "now"


def notice_words(row: OutboxRow) -> str:
    """Give which notice it is of."""
    return f"{row.posting.notice_id}  {inert(row.title) or 'without title'}"


def send_words(row: OutboxRow) -> str:
    """Give which send it is; what is changed or taken back says so."""
    one = row.posting
    words = one.send if one.act is Act.POST else f"{one.act.value} {one.send}"
    return f"{words} ({one.round})" if one.round > 1 else words


def mail_words(row: OutboxRow, now: datetime) -> str:
    """Give how far its mails are; empty where it is no mail."""
    one, counts = row.posting, row.counts
    if counts is None:
        return ""
    if one.state in {PostingState.SENDING, PostingState.COMMITTING}:
        return progress_words(counts, one.began_at, now)
    return counts.words


def came_words(row: OutboxRow, now: datetime) -> str:
    """Give what came of it: how far its mails are, what was said, where it stands."""
    one = row.posting
    mails, link = mail_words(row, now), one.link if one.state.was_told else ""
    parts = (mails, row.asleep, "" if one.words == f"{mails}." else one.words, link)
    return "  ".join(inert(part, 300) for part in parts if part)


def day_text(moment: datetime, now: datetime) -> str:
    """Give a moment shortly, with its zone: `23:00 CET`, `Fri 27 Nov 23:00 CET`."""
    local, today = moment.astimezone(), now.astimezone()
    if local.date() == today.date():
        return f"{local:%H:%M %Z}"
    return (
        f"{local:%a %d %b %H:%M %Z}" if local.year == today.year else f"{local:%d %b %Y %H:%M %Z}"
    )


def summary_words(found: Outbox) -> str:
    """Give how much of everything there is, in a sentence, and who sends."""
    known = [(state, found.count(state)) for state in _ORDER]
    counts = ", ".join(f"{count:,} {state.value}" for state, count in known if count)
    words = f"{counts}." if counts else ""
    return f"{words} {inert(found.awake.words)}".strip()


def warning_words(found: Outbox) -> str:
    """Give what a person must see to, worst first; empty where there is nothing."""
    if found.is_paused:
        return "All sending is paused: nothing goes until you press Ctrl+Shift+P."
    doubt = sum(row.has_doubt for row in found.rows)
    parts = [f"{doubt} in doubt"] if doubt else []
    for state in (PostingState.FAILED, PostingState.MISSED, PostingState.BY_HAND):
        count = found.count(state)
        words = "to post by hand" if state is PostingState.BY_HAND else state.value
        parts += [f"{count} {words}"] if count else []
    asleep = sum(bool(row.asleep) for row in found.rows)
    parts += [f"{asleep} due while nobody may be awake"] if asleep else []
    paused = sorted({inert(row.posting.channel_name, 40) for row in found.rows if row.is_paused})
    parts += [f"held back by a paused channel: {', '.join(paused[:3])}"] if paused else []
    return f"A person is needed: {', '.join(parts)}." if parts else ""
