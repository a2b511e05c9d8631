"""The chosen notice: what needs a person, the promise that runs, the seven lamps, what went where.

GUI thread only.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from noc_console.desk.context import Colours
from noc_console.desk.notices import notice_columns
from noc_console.desk.notices.notice_look import (
    DARK,
    KIND_WORDS,
    LIT,
    promise_text,
    short_time,
    when_text,
)
from noc_console.desk.notices.notice_rows import NoticeRow
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import RowsModel, fit_columns, table_of
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import span_text
from noc_console.notices.posting import NoticeState, PostingState
from noc_console.notices.promises import first_spoken_at

_TROUBLES_SHOWN = 4
_MENDS_SHOWN = 2
_LAMPS = 7
_SHARES = (440, 680)
_WIDEST = 172
_NARROW = 800


class NoticeDetail(QWidget):
    """Shows one notice; `tick` lets its clocks go on."""

    def __init__(self, colours: Callable[[], Colours], now: Callable[[], datetime]) -> None:
        """Show nothing yet."""
        super().__init__()
        self._colours = colours
        self._now = now
        self._row: NoticeRow | None = None
        self.title, self.about, self.trouble, self.promise = (plain_label() for _ in range(4))
        self.mends = plain_label()
        self.title.setObjectName("sectionTitle")
        self.about.setObjectName("faint")
        self.lamps = [(plain_label(), plain_label(), plain_label()) for _ in range(_LAMPS)]
        self.postings = RowsModel(
            notice_columns.of_postings(
                colours, lambda one: self._row.counts.get(one) if self._row else None, now
            ),
            self,
        )
        self.table = table_of(self.postings, "What goes where")
        self.nothing_goes = plain_label()
        self.nothing_goes.setObjectName("faint")
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(2, 1)
        for place, parts in enumerate(self.lamps):
            for side, part in enumerate(parts):
                grid.addWidget(part, place, side, Qt.AlignmentFlag.AlignTop)
        top = QWidget()
        box = QVBoxLayout(top)
        box.setContentsMargins(0, 0, 6, 0)
        for part in (self.title, self.about, self.trouble, self.promise, self.mends):
            box.addWidget(part)
        box.addLayout(grid)
        box.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(top)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self.nothing_goes)
        column.addWidget(self.table, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(scroll)
        self.split.addWidget(below)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes(list(_SHARES))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.split)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what went where below the lamps where there is no room for both side by side."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW
        self.split.setOrientation(
            Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        )

    def show_row(self, row: NoticeRow | None) -> None:
        """Show a notice."""
        self._row = row
        self.setVisible(row is not None)
        if row is None:
            return
        notice = row.notice
        self.title.setText(f"{row.id}: {inert(notice.title) or '(no title yet)'}")
        self.about.setText(
            f"{KIND_WORDS[notice.kind].capitalize()}, {row.stored.state.value}, for"
            f" {inert(row.for_whom)}. Written by {inert(row.stored.changed_by)}."
        )
        for parts, lamp in zip(self.lamps, row.lamps, strict=True):
            shape, name, words = parts
            shape.setText(LIT if lamp.is_lit else DARK)
            name.setText(f"{lamp.number}  {lamp.title}")
            words.setText(inert(lamp.words, 200) if lamp.is_lit else f"Missing. {lamp.words}")
            told = "told" if lamp.is_lit else "missing"
            shape.setAccessibleName(f"{lamp.number} {lamp.title}: {told}")
            paint = "" if lamp.is_lit else self._ink(Verdict.EARLY)
            for part in parts:
                part.setStyleSheet(paint)
        going = [one for one in row.postings if one.state is not PostingState.SUPERSEDED]
        order = [(not one.state.needs_person, one.due_at, one.id, one) for one in going]
        self.postings.show_rows([one for *_, one in sorted(order, key=lambda each: each[:3])])
        fit_columns(self.table, widest=_WIDEST)
        self.table.setVisible(bool(going))
        self.nothing_goes.setVisible(not going)
        self.nothing_goes.setText(_nothing_words(row))
        _say(self.mends, _mends_words(row), "")
        self.tick()

    def tick(self) -> None:
        """Let the clocks go on."""
        row, now = self._row, self._now()
        if row is None:
            return
        troubles = [f"■  {inert(one, 400)}" for one in row.troubles[:_TROUBLES_SHOWN]]
        more = len(row.troubles) - _TROUBLES_SHOWN
        troubles += [f"and {more} more"] if more > 0 else []
        if row.waits_for_second:
            begins, held = _new_start(row, now)
            troubles.append(
                f"▲  {inert(row.waits_for_second)} wrote this version{begins}; a second person"
                f" reads and approves it (A).{held}"
            )
        elif row.has_new_draft:
            troubles.append("▲  The draft was changed after it was approved; approve that (A).")
        _say(
            self.trouble,
            "\n".join(troubles),
            self._ink(Verdict.DOWN if row.troubles else Verdict.EARLY),
        )
        words, is_late = _running_words(row, now)
        _say(self.promise, words, self._ink(Verdict.DOWN) if is_late else "font-weight: 600;")

    def _ink(self, verdict: Verdict) -> str:
        colour = self._colours().look.colours[verdict].name()
        return f"color: {colour}; font-weight: 600;"


def _running_words(row: NoticeRow, now: datetime) -> tuple[str, bool]:
    """Say how a notice that runs stands by its clocks, and whether one of them is late."""
    stored, notice = row.stored, row.notice
    parts = []
    if not notice.is_scheduled and stored.live_version is not None:
        parts.append(_first_word(row, now))
        if notice.since is not None:
            span = span_text((stored.ended_at or now) - notice.since)
            parts.append(f"Lasted {span}" if stored.ended_at else f"Goes on for {span}")
    elif notice.is_scheduled:
        parts.append(f"Begins {when_text(row, now)}, {notice.minutes or '?'} min")
    if stored.next_update_at is not None and not stored.state.is_over:
        parts.append(f"Next {promise_text(stored.next_update_at, now)} (W writes it)")
    return "   ".join(part for part in parts if part), row.is_overdue(now)


def _new_start(row: NoticeRow, now: datetime) -> tuple[str, str]:
    """Say which start waits, and what that holds back; empty where it is the one in force."""
    at = row.notice.starts_at
    if at is None or not row.wants_another_start:
        return "", ""
    held = " Until then what tells the old start is held back."
    return f", which begins {short_time(at, now)}", held


def _first_word(row: NoticeRow, now: datetime) -> str:
    detected = row.stored.detected_at
    if detected is None:
        return ""
    spoken = first_spoken_at(row.postings)
    if spoken is None:
        return f"First word: {span_text(now - detected)} and not public yet"
    return f"First word after {span_text(max(spoken, detected) - detected)}"


def _mends_words(row: NoticeRow) -> str:
    """Give the findings of the audit that the work mends, before and after it."""
    lines = [inert(one, 500) for one in row.mends[:_MENDS_SHOWN]]
    more = len(row.mends) - _MENDS_SHOWN
    lines += [f"and {more:,} more, on the page of audits under Work"] if more > 0 else []
    return "\n".join(["The work mends what the audit found:", *lines]) if lines else ""


def _nothing_words(row: NoticeRow) -> str:
    if row.stored.state is NoticeState.DRAFT:
        return "Nothing goes before it is approved (A)."
    return "Nothing went, and nothing waits."


def _say(label: QLabel, words: str, style: str) -> None:
    if label.text() != words:
        label.setText(words)
        label.setAccessibleName(words)
    if label.styleSheet() != style:
        label.setStyleSheet(style)
    label.setVisible(bool(words))
