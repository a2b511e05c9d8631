"""The page of notices: what customers are told, what needs a person first.

GUI thread only; read in the background.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.notices import notice_columns
from noc_console.desk.notices.first_words import FirstWords
from noc_console.desk.notices.mended_finding import finding_opener
from noc_console.desk.notices.notice_deeds import NoticeDeeds
from noc_console.desk.notices.notice_detail import NoticeDetail
from noc_console.desk.notices.notice_keys import NoticeActions
from noc_console.desk.notices.notice_look import KIND_WORDS
from noc_console.desk.notices.notice_rows import NoticeList, NoticeRow, read_notices
from noc_console.desk.one_at_a_time import OneAtATime
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.page_actions import Deed
from noc_console.desk.widgets.rows_table import RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.notices.notice import NoticeKind
from noc_console.notices.notice_records import StoredNotice

if TYPE_CHECKING:  # the composer is loaded when it is first wanted
    from noc_console.desk.composer.composer import Composer

_TICK_MS = 1000
_RENEW_S = 15
"""Without news it is read again so often: lamps and who is awake move with the clock."""
_SHARES = (260, 380)
_TROUBLES_SHOWN = 3
_OVER = "notices.with_over"
_NOTHING = (
    "No notice yet",
    "Tell customers of work before it is done: press Ins. For downtime that goes on now press U.",
)
_ALL_OVER = (
    "Nothing is open",
    "Every notice is done or cancelled. Tick “Those that are over” to read them.",
)


class NoticesPage(QWidget):
    """A list, and beside it the notice that is chosen."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show that it is being read."""
        super().__init__()
        self._context = context
        self._now = now
        self._found: NoticeList | None = None
        self._wanted: int | None = None
        self._reading = OneAtATime(context.background, self.read, self)
        self._seconds = 0
        self.setAccessibleName("Notices")
        self.deeds = NoticeDeeds(context, self, now)
        self.first_words = FirstWords(context, self, now)
        self.model = RowsModel(notice_columns.of_notices(context.theme, now), self)
        self.table = table_of(self.model, "Notices, those that need a person first")
        self.detail = NoticeDetail(context.theme, now)
        self.filter = QLineEdit()
        self.with_over = QCheckBox("Those that are &over")
        self.summary, self.trouble = QLabel(), QLabel()
        self.parts, self.stack, self.list_side = QStackedWidget(), QStackedWidget(), QWidget()
        self.composer: Composer | None = None
        self._panel: StatePanel | None = None
        self.actions_of_page = NoticeActions(self.list_side, self.table, self._deeds())
        self._lay_out()
        self._join()
        self._show_panel("Reading …", "The notices are being read from the store.", {})

    def _deeds(self) -> list[Deed]:
        deeds, of_one = self.deeds, self._with_row
        told: list[tuple[str, str, str, Callable[[], object], bool]] = [
            ("new", "&New notice of planned work", "Ins", self.begin, True),
            ("unscheduled", "Tell of down&time now…", "U", self.first_words.of_servers, True),
            ("open", "&Open", "Return Enter", of_one(self._open), False),
            ("duplicate", "Begin one &like it", "D", of_one(self._duplicate), False),
            ("approve", "&Approve", "A", of_one(self._approve), False),
            (
                "update",
                "&Write an update…",
                "W",
                of_one(lambda row: deeds.ask_update(row.stored)),
                False,
            ),
            ("done", "&Done…", "R", of_one(lambda row: deeds.ask_done(row.stored)), False),
            ("extend", "E&xtend…", "X", of_one(deeds.ask_extend), False),
            ("postpone", "&Postpone…", "P", of_one(deeds.ask_postpone), False),
            ("end", "&Cancel the work…", "Del", of_one(deeds.ask_to_end), False),
            ("ledger", "L&edger", "L", of_one(self._open_ledger), False),
            ("origin", "Its w&indow", "G", of_one(deeds.open_origin), False),
            ("finding", "Its &finding", "F", of_one(finding_opener(self._context, self)), False),
            ("filter", "Go to the filter", "Ctrl+F /", self.filter.setFocus, True),
            ("read", "Read again", "F5", self.read, True),
        ]
        return [
            Deed(key=key, words=words, keys=keys, act=act, is_of_page=is_of_page)
            for key, words, keys, act, is_of_page in told
        ]

    def _with_row(self, act: Callable[[NoticeRow], object]) -> Callable[[], object]:
        def do() -> None:
            row = self.row
            if row is not None:
                act(row)

        return do

    def begin(self) -> None:
        """Begin a notice of planned work, and compose it."""
        self.deeds.begin(NoticeKind.SCHEDULED, self.compose)

    def _duplicate(self, row: NoticeRow) -> None:
        self.deeds.duplicate(row, self.compose)

    def _approve(self, row: NoticeRow) -> None:
        self.deeds.ask_to_approve(row.stored, row.stored.edition)

    def _open(self, row: NoticeRow) -> None:
        if row.stored.state.is_over:
            self._open_ledger(row)
        else:
            self.compose(row.stored)

    def _open_ledger(self, row: NoticeRow) -> None:
        from noc_console.desk.notice_ledger.opening import open_ledger

        open_ledger(self._context, row.id, self)

    def compose(self, stored: StoredNotice) -> None:
        """Show a notice in the composer, in the place of the list."""
        from noc_console.desk.composer.opening import open_composer

        self._close_composer()
        self.composer = open_composer(self._context, stored, self._now)
        self.composer.left.connect(self._leave_composer)
        self.stack.addWidget(self.composer)
        self.stack.setCurrentWidget(self.composer)
        self.setFocusProxy(self.composer)
        self.composer.fields.go_to("title")

    @property
    def is_settled(self) -> bool:
        """Whether all that is to be seen is there."""
        return not self._reading.is_reading and (self.composer is None or self.composer.is_settled)

    def _leave_composer(self) -> None:
        wanted = self.composer.keeper.stored.id if self.composer is not None else None
        self._close_composer()
        if wanted is not None:
            self.show_notice(wanted)
        self.read()
        self.table.setFocus()

    def _close_composer(self) -> None:
        if self.composer is None:
            return
        self.composer.preview.close_renderer()
        self.stack.removeWidget(self.composer)
        self.composer.deleteLater()
        self.composer = None
        self.stack.setCurrentWidget(self.list_side)
        self.setFocusProxy(self.list_side)

    def _lay_out(self) -> None:
        for label in (self.summary, self.trouble):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.trouble.hide()
        self.filter.setPlaceholderText("Find by title, server, group, customer or state (Ctrl+F)")
        self.filter.setAccessibleName("Find notices")
        self.filter.setClearButtonEnabled(True)
        self.with_over.setChecked(bool(self._context.settings.get_layout(_OVER, default=False)))
        top = QHBoxLayout()
        top.addWidget(self.summary, 1)
        top.addWidget(self._button("unscheduled", "Tell of down&time now…"))
        top.addWidget(self._button("new", "&New notice"))
        line = QHBoxLayout()
        line.addWidget(self.filter, 1)
        line.addWidget(self.with_over)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 4, 0, 0)
        column.addLayout(self.actions_of_page.buttons())
        column.addWidget(self.detail, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(side)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes(list(_SHARES))
        self.parts.addWidget(self.splitter)
        self.stack.addWidget(self.list_side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        box = QVBoxLayout(self.list_side)
        box.setContentsMargins(12, 10, 12, 8)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(self.trouble)
        box.addLayout(line)
        box.addWidget(self.parts, 1)
        self.list_side.setFocusProxy(self.table)
        self.setFocusProxy(self.list_side)

    def _button(self, key: str, words: str) -> QPushButton:
        action = self.actions_of_page.by_key[key]
        button = QPushButton(words)
        button.setToolTip(f"{action.text().replace('&', '')} ({action.shortcut().toString()})")
        button.clicked.connect(action.trigger)
        return button

    def _join(self) -> None:
        live = self._context.live
        for signal in (live.notices_changed, live.postings_changed, live.channels_changed):
            signal.connect(self._read_if_shown)
        live.windows_changed.connect(self._read_if_shown)
        live.fleet_changed.connect(lambda _: self._read_if_shown())
        live.engine_changed.connect(lambda _: self._read_if_shown())
        self._context.themes.changed.connect(lambda _: self._paint())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        self.filter.textChanged.connect(lambda _: self._show_rows())
        self.with_over.toggled.connect(self._keep_over)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.actions_of_page.show_notice(None)

    @property
    def row(self) -> NoticeRow | None:
        """The chosen notice."""
        place = self.table.currentIndex().row()
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    def show_notice(self, notice_id: int, *, composing: bool = False) -> None:
        """Choose a notice, now or when it was read; a filter that hides it is taken away."""
        if composing:
            self.deeds.read(notice_id, self.compose)
        if self.composer is not None and self.composer.keeper.stored.id != notice_id:
            self.composer.keeper.when_saved(self._close_composer)
        self._wanted = notice_id
        if not self._choose_wanted():
            self.filter.clear()
            self.read()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the store while somebody looks."""
        super().showEvent(event)
        self._timer.start()
        self.read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._timer.stop()

    def read(self) -> None:
        """Read everything anew; what is asked while it is read is read once more afterwards."""
        self._seconds = 0
        store, now, with_over = self._context.store, self._now(), self.with_over.isChecked()
        self._reading.call(
            lambda: read_notices(store, now, with_over=with_over), self._show, self._fail
        )

    def _read_if_shown(self) -> None:
        if self.isVisible():
            self.read()

    def _show(self, found: NoticeList) -> None:
        self._found = found
        self._show_troubles(found)
        self._show_rows()

    def _fail(self, failure: ConsoleError) -> None:
        takes_focus = self._may_take_focus()
        self._show_panel("The notices cannot be read", failure.sentence, {"&Try again": self.read})
        if takes_focus and self._panel is not None:
            self._panel.setFocus()

    def _show_rows(self) -> None:
        if self._found is None:
            return
        chosen, takes_focus = self.row.id if self.row is not None else None, self._may_take_focus()
        rows = [one for one in self._found.rows if _fits(one, self.filter.text())]
        self.model.show_rows(rows)
        fit_columns(self.table, widest=190)
        self._show_summary(self._found.rows)
        self._drop_panel()
        if not rows:
            self._show_empty()
        self._wanted = self._wanted if self._wanted is not None else chosen
        if not self._choose_wanted() and rows and self.row is None:
            self.table.selectRow(0)
        self._choose()
        if takes_focus:  # it went with what stood here before; without it no key is heard
            (self._panel or self.table).setFocus()

    def _may_take_focus(self) -> bool:
        """Whether keys are for the list, and nobody types into its filter."""
        holder = QApplication.focusWidget()
        if not self.isVisible() or self.composer is not None:
            return False
        if holder in {self.filter, self.with_over, self.detail.table}:
            return False
        return holder is None or self.list_side.isAncestorOf(holder)

    def _show_empty(self) -> None:
        if self.filter.text().strip():
            self._show_panel(
                "Nothing fits", "No notice has these words.", {"Show &all": self.filter.clear}
            )
            return
        title, sentence = _NOTHING if self.with_over.isChecked() else _ALL_OVER
        if not self._has_any():
            title, sentence = _NOTHING
        if self._found is not None and not self._found.has_channels:
            sentence += " There is no channel yet that it could go to: add one (Ctrl+9)."
        self._show_panel(title, sentence, self._first_steps())

    def _first_steps(self) -> dict[str, Callable[[], object]]:
        return {
            "&New notice (Ins)": self.begin,
            "Tell of down&time now… (U)": self.first_words.of_servers,
        }

    def _has_any(self) -> bool:
        return self._found is not None and bool(self._found.rows)

    def _choose_wanted(self) -> bool:
        for place, one in enumerate(self.model.rows):
            if one.id == self._wanted:
                self._wanted = None
                self.table.selectRow(place)
                return True
        return False

    def _choose(self) -> None:
        row = self.row
        self.actions_of_page.show_notice(row)
        self.detail.show_row(row)

    def _show_summary(self, rows: Sequence[NoticeRow]) -> None:
        now = self._now()
        late = sum(one.is_overdue(now) for one in rows)
        pressing = sum(bool(one.troubles) and not one.stored.state.is_over for one in rows)
        is_open = sum(not one.stored.state.is_over for one in rows)
        words = f"{is_open} open"
        if late:
            words += f"   ■ {late} promised update{'' if late == 1 else 's'} overdue"
        if pressing:
            words += f"   ■ {pressing} need{'s' if pressing == 1 else ''} a person"
        self.summary.setText(words)

    def _show_troubles(self, found: NoticeList) -> None:
        said = [f"■  {inert(one, 400)}" for one in found.troubles]
        for row in found.rows:
            if not row.stored.state.is_over:
                said += [f"■  Notice {row.id}: {inert(one, 300)}" for one in row.troubles[:1]]
        more = len(said) - _TROUBLES_SHOWN
        words = "\n".join([*said[:_TROUBLES_SHOWN], *([f"and {more} more"] if more > 0 else [])])
        self.trouble.setText(words)
        self.trouble.setAccessibleName(words)
        self.trouble.setVisible(bool(words))
        self._paint_trouble()

    def _paint_trouble(self) -> None:
        colour = self._context.theme().look.colours[Verdict.DOWN].name()
        self.trouble.setStyleSheet(f"color: {colour}; font-weight: 600;")

    def _paint(self) -> None:
        self._paint_trouble()
        self.table.viewport().update()
        self._choose()

    def _tick(self) -> None:
        """Times that are left go on each second; what is read, now and then."""
        self.detail.tick()
        if self.model.rows:
            self.table.viewport().update()
            self._show_summary(self._found.rows if self._found is not None else ())
        self._seconds += 1
        if self._seconds >= _RENEW_S:
            self.read()

    def _keep_over(self, wanted: bool) -> None:
        self._context.settings.put_layout(_OVER, wanted)
        self.read()

    def _show_panel(
        self, title: str, sentence: str, buttons: dict[str, Callable[[], object]]
    ) -> None:
        self._drop_panel()
        self._panel = StatePanel(title, sentence, buttons)
        self.parts.addWidget(self._panel)
        self.parts.setCurrentWidget(self._panel)
        if not buttons:
            self._panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # it holds the keys for the list
        self.list_side.setFocusProxy(self._panel)

    def _drop_panel(self) -> None:
        if self._panel is not None:
            self.parts.removeWidget(self._panel)
            self._panel.deleteLater()
            self._panel = None
        self.parts.setCurrentWidget(self.splitter)
        self.list_side.setFocusProxy(self.table)


def _fits(row: NoticeRow, words: str) -> bool:
    """Whether a notice has all the words that were typed."""
    notice, state = row.notice, row.stored.state.value
    told = f"{row.id} {notice.title} {row.for_whom} {KIND_WORDS[notice.kind]} {state}".casefold()
    return all(word in told for word in words.casefold().split())
