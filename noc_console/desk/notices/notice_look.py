"""How notices look: lamps and states as shape, word and colour; times that are left."""

from datetime import datetime, timedelta

from PySide6.QtGui import QColor

from noc_console.desk.context import Colours
from noc_console.desk.notices.notice_rows import NoticeRow
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import span_text
from noc_console.notices.notice import NoticeKind, Send
from noc_console.notices.plan import TIMED
from noc_console.notices.posting import NoticeState
from noc_console.notices.seven import Lamp

_NEAR = timedelta(days=150)
"""Without a year only what cannot be mistaken for another."""
LIT, DARK = "●", "○"
KIND_WORDS = {NoticeKind.SCHEDULED: "planned work", NoticeKind.UNSCHEDULED: "downtime"}
_SHAPES = {
    NoticeState.DRAFT: "○",
    NoticeState.APPROVED: "□",
    NoticeState.UNDER_WAY: "◆",
    NoticeState.DONE: "✓",
    NoticeState.CANCELLED: "✕",
}


def lamps_text(lamps: tuple[Lamp, ...]) -> str:
    """Give the lamps as a row of shapes and a count: `●●●○●●● 6/7`."""
    lit = sum(one.is_lit for one in lamps)
    return f"{''.join(LIT if one.is_lit else DARK for one in lamps)}  {lit}/{len(lamps)}"


def lamps_tip(lamps: tuple[Lamp, ...]) -> str:
    """Name each lamp and say what it tells, or what is missing."""
    return "; ".join(
        f"{one.number} {one.title}: {one.words if one.is_lit else f'MISSING. {one.words}'}"
        for one in lamps
    )


def state_text(row: NoticeRow, now: datetime) -> str:
    """Give where a notice stands, as shape and word."""
    if row.is_overdue(now):
        return "■  update overdue"
    if row.troubles and not row.stored.state.is_over:
        return f"■  {row.stored.state.value}: look at it"
    if row.waits_for_second:
        return "▲  waits for approval"
    if row.has_new_draft:
        return f"▲  {row.stored.state.value}, changed since"
    if not row.notice.is_scheduled and row.stored.state is NoticeState.UNDER_WAY:
        return f"◆  {row.notice.state.value}"
    return f"{_SHAPES[row.stored.state]}  {row.stored.state.value}"


def state_colour(row: NoticeRow, colours: Colours, now: datetime) -> QColor | None:
    """Give the colour of where it stands; none for what is well."""
    look = colours.look.colours
    if row.is_overdue(now) or (row.troubles and not row.stored.state.is_over):
        return look[Verdict.DOWN]
    if row.waits_for_second or row.has_new_draft:
        return look[Verdict.EARLY]
    if row.stored.state is NoticeState.UNDER_WAY:
        return look[Verdict.IN_MAINTENANCE]
    return colours.look.faint if row.stored.state.is_over else None


def next_text(row: NoticeRow, now: datetime) -> str:
    """Say what goes next and in how long, or when customers hear again."""
    promised = row.stored.next_update_at
    if promised is not None and not row.stored.state.is_over:
        return promise_text(promised, now)
    one = row.next_posting
    if one is None:
        return "nothing waits" if row.stored.live_version is not None else "–"
    if row.wants_another_start and Send(one.send) in TIMED:
        return f"{one.send}: held"
    if one.due_at <= now:
        return f"{one.send}: now"
    return f"{one.send} in {span_text(one.due_at - now)}"


def promise_text(promised_at: datetime, now: datetime) -> str:
    """Say in how long customers hear again, or by how much that is late."""
    if promised_at < now:
        return f"update LATE by {span_text(now - promised_at)}"
    return f"update in {span_text(promised_at - now)}"


def when_text(row: NoticeRow, now: datetime) -> str:
    """Say when it begins, or since when it goes on."""
    notice = row.notice
    at = row.starts_at if notice.is_scheduled else notice.since
    return short_time(at, now) if at is not None else "no date yet"


def short_time(at: datetime, now: datetime) -> str:
    """Give a time in a table: near ones by weekday, day and clock, others with their year."""
    form = "%a %m-%d %H:%M %Z" if abs(at - now) < _NEAR else "%Y-%m-%d %H:%M %Z"
    return at.astimezone().strftime(form)
