"""The page of windows: a calendar, a list of what it shows, and what is done with each.

GUI thread only; read in the background.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.flow_row import FlowRow
from noc_console.desk.widgets.rows_table import RowsModel, fit_columns, table_of
from noc_console.desk.windows.calendar import Calendar
from noc_console.desk.windows.calendar_days import Span, bounds_of, step, title_of
from noc_console.desk.windows.window_deeds import WindowDeeds
from noc_console.desk.windows.window_dialog import WindowDialog
from noc_console.desk.windows.window_finding import nearest_start
from noc_console.desk.windows.window_rows import detail_text, window_columns
from noc_console.errors import ConsoleError
from noc_console.incidents.wall_time import own_zone, zone_of
from noc_console.incidents.windows.window import Occurrence, Stage, Window
from noc_console.incidents.windows.window_records import list_occurrences

_RENEW_MS = 5_000
_SIZES = [720, 470]
_SIDE_WIDTH = 340
_NOTHING = "No window here. Insert plans one; Enter on a day plans one on that day."


class WindowsPage(QWidget):
    """What is chosen in the calendar is chosen in the list, and the other way round."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show this month; what is in it is read when the page is shown."""
        super().__init__()
        self._context = context
        self._now = now
        self._zone = zone_of(own_zone())
        self._read_for: tuple[datetime, datetime] | None = None
        self._state: StatePanel | None = None
        self._wanted: tuple[int, datetime] | None = None
        self.deeds = WindowDeeds(context, now, self)
        self.setAccessibleName("Windows")
        self.title = QLabel()
        self.title.setObjectName("sectionTitle")
        self.zone_words = QLabel(f"times of {own_zone()}")
        self.zone_words.setObjectName("faint")
        self.earlier, self.today, self.later = (
            QPushButton(words) for words in ("&Earlier", "Toda&y", "&Later")
        )
        self.span = QComboBox()
        self.span.addItems([one.value for one in Span])
        self.span.setAccessibleName("Month or week")
        self.new_button = QPushButton("&Plan a window…")
        self.calendar = Calendar(context.theme, now, lambda: self._zone)
        self.rows: RowsModel[Occurrence] = RowsModel(
            window_columns(context.theme, now, lambda: context.live.servers, lambda: self._zone),
            self,
        )
        self.table = table_of(self.rows, "Windows shown, by their start")
        self.detail = QLabel()
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setWordWrap(True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.actions_by_key: dict[str, QAction] = {}
        self._buttons: list[tuple[QPushButton, QAction]] = []
        self.pages = QStackedWidget()
        self._make_actions()
        self._lay_out()
        self._join()
        self._show_title()
        self._show_state("Reading …", "The windows are being read from the store.")

    def _make_actions(self) -> None:
        for key, words, keys, act in (
            ("new", "Plan a window", "Ins", lambda: self.plan(None)),
            ("edit", "Edit the window", "F2", self.edit),
            ("start", "Record that the work began", "S", self._start),
            ("extend", "Extend the window that goes on", "X", self._extend),
            ("end", "Record that the work is done", "E", self._end),
            ("postpone", "Postpone this occurrence only", "P", self._postpone),
            ("cancel", "Cancel the window", "Del", self._cancel),
            ("notice", "Open the link of its notice", "O", self._open_notice),
            ("tell", "Write the notice, or show it", "N", self._write_notice),
            ("month", "Show the month", "M", lambda: self._set_span(Span.MONTH)),
            ("week", "Show the week", "W", lambda: self._set_span(Span.WEEK)),
            ("today", "Go to today", "T", self._go_to_today),
        ):
            action = QAction(words, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _=False, act=act: act())
            self.addAction(action)
            self.actions_by_key[key] = action

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for part in (self.earlier, self.today, self.later):
            top.addWidget(part)
        top.addWidget(self.title)
        self.zone_words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        top.addWidget(self.zone_words, 1)
        top.addWidget(self.span)
        top.addWidget(self.new_button)
        deeds = FlowRow()
        for key, words in (
            ("start", "&Begin"),
            ("extend", "E&xtend…"),
            ("end", "E&nd"),
            ("tell", "Not&ice"),
            ("edit", "E&dit…"),
            ("postpone", "P&ostpone…"),
            ("cancel", "&Cancel…"),
        ):
            button = QPushButton(words)
            action = self.actions_by_key[key]
            button.setToolTip(f"{action.text()} ({action.shortcut().toString()})")
            button.clicked.connect(action.trigger)
            deeds.addWidget(button)
            self._buttons.append((button, action))
        side = QWidget()
        side.setMinimumWidth(_SIDE_WIDTH)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.table, 3)
        scroll = QScrollArea()
        scroll.setWidget(self.detail)
        scroll.setAccessibleName("About the window")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right.addWidget(scroll, 2)
        right.addLayout(deeds)
        self.whole = QSplitter(Qt.Orientation.Horizontal)
        self.whole.addWidget(self.calendar)
        self.whole.addWidget(side)
        self.whole.setChildrenCollapsible(False)
        self.whole.setStretchFactor(0, 3)
        self.whole.setStretchFactor(1, 2)
        self.whole.setSizes(_SIZES)
        self.pages.addWidget(self.whole)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 8)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(self.pages, 1)
        self.setFocusProxy(self.calendar)

    def _join(self) -> None:
        live, calendar = self._context.live, self.calendar
        self.earlier.clicked.connect(lambda: self._step(-1))
        self.later.clicked.connect(lambda: self._step(1))
        self.today.clicked.connect(self._go_to_today)
        self.span.currentTextChanged.connect(lambda words: calendar.show_span(Span(words)))
        self.new_button.clicked.connect(lambda: self.plan(None))
        calendar.day_chosen.connect(lambda _: self._move())
        calendar.occurrence_chosen.connect(self._choose_row)
        calendar.opened.connect(lambda one: self._edit(one.window))
        calendar.add_wanted.connect(self.plan)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_chosen())
        self.table.activated.connect(lambda _: self.edit())
        live.windows_changed.connect(self.read)
        live.fleet_changed.connect(lambda _: self._show_chosen())
        self._context.themes.changed.connect(lambda _: self.calendar.update())
        self._renewal = QTimer(self)
        self._renewal.setInterval(_RENEW_MS)
        self._renewal.timeout.connect(self._renew)
        self._renewal.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when the page comes up."""
        super().showEvent(event)
        self.read()

    def read(self) -> None:
        """Read the windows of the days shown; a hidden page reads when it is shown."""
        if not self.isVisible():
            return
        store, bounds = self._context.store, bounds_of(self.calendar.days(), self._zone)
        self._read_for = bounds
        self._context.background.call(
            lambda: list_occurrences(store, *bounds),
            lambda found: self._show(bounds, found),
            self._fail,
            self,
        )

    def plan(self, day: date | None) -> WindowDialog:
        """Plan a window, on a day when one is given."""
        dialog = self._dialog(None)
        if day is not None:
            dialog.form.show_day(day)
        return dialog

    def edit(self) -> None:
        """Change the chosen window."""
        one = self._current()
        if one is not None:
            self._edit(one.window)

    def _edit(self, window: Window) -> None:
        if window.cancelled_at is None:
            self._dialog(window)
        else:
            self._context.navigator.say("A cancelled window stays as it is; plan a new one.")

    def _dialog(self, window: Window | None) -> WindowDialog:
        return self._open(WindowDialog(self._context, self._now, window, self))

    def _open(self, dialog: WindowDialog) -> WindowDialog:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.entered.connect(self._take_entered)
        dialog.open()
        return dialog

    def _take_entered(self, window: Window) -> None:
        self._go_to(window.id, window.starts_at)

    def _start(self) -> None:
        one = self._current()
        if one is not None:
            self.deeds.start(one)

    def _end(self) -> None:
        one = self._current()
        if one is not None:
            self.deeds.end(one)

    def _extend(self) -> None:
        one = self._current()
        if one is not None:
            self.deeds.extend(one)

    def _postpone(self) -> None:
        one = self._current()
        if one is not None:
            self._open(WindowDialog(self._context, self._now, parent=self, moving=one))

    def _cancel(self) -> None:
        one = self._current()
        if one is not None and not one.is_cancelled:
            self.deeds.cancel(one)

    def _open_notice(self) -> None:
        one = self._current()
        if one is not None and _is_address(one.window.notice):
            QDesktopServices.openUrl(QUrl(one.window.notice))

    def _write_notice(self) -> None:
        one = self._current()
        if one is not None:
            from noc_console.desk.notices.window_notice import open_notice_of

            open_notice_of(self._context, one.window.id, one.planned_start, self._now(), self)

    def show_window(self, window_id: int, near: datetime) -> None:
        """Choose the occurrence of a window that begins nearest to a moment."""
        store = self._context.store
        self._context.background.call(
            lambda: nearest_start(store, window_id, near),
            lambda at: self._go_to(window_id, at),
            lambda failure: self._context.navigator.say(failure.sentence),
            self,
        )

    def _go_to(self, window_id: int, at: datetime) -> None:
        self._wanted = (window_id, at)
        self.calendar.go_to(at.astimezone(self._zone).date())
        self.read()

    def _set_span(self, span: Span) -> None:
        self.span.setCurrentText(span.value)

    def _step(self, by: int) -> None:
        self.calendar.go_to(step(self.calendar.span, self.calendar.day, by))

    def _go_to_today(self) -> None:
        self.calendar.go_to(self._now().astimezone(self._zone).date())

    def _move(self) -> None:
        self._show_title()
        if bounds_of(self.calendar.days(), self._zone) != self._read_for:
            self.read()

    def _show_title(self) -> None:
        self.title.setText(title_of(self.calendar.span, self.calendar.day))

    def _show(self, bounds: tuple[datetime, datetime], found: list[Occurrence]) -> None:
        if bounds != self._read_for:
            return
        before = self._current()
        self.calendar.show_occurrences(found)
        self.rows.show_rows(found)
        fit_columns(self.table, widest=210)
        self.pages.setCurrentWidget(self.whole)
        wanted = self._wanted or (before and (before.window.id, before.planned_start))
        self._wanted = None
        keys = [(one.window.id, one.planned_start) for one in found]
        if wanted in keys:
            self.table.selectRow(keys.index(wanted))
        elif found:
            self.table.selectRow(self._next_place(found))
        self._show_chosen()

    def _next_place(self, found: list[Occurrence]) -> int:
        """Give the place of what goes on, or else comes next."""
        now = self._now()
        for stages in ({Stage.OVERRUN, Stage.RUNNING}, {Stage.PLANNED}):
            for place, one in enumerate(found):
                if one.stage(now) in stages:
                    return place
        return 0

    def _choose_row(self, occurrence: Occurrence) -> None:
        if occurrence in self.rows.rows:
            self.table.selectRow(self.rows.rows.index(occurrence))

    def _show_chosen(self) -> None:
        one, now = self._current(), self._now()
        self.calendar.choose(one)
        servers = self._context.live.servers
        self.detail.setText(_NOTHING if one is None else detail_text(one, servers, now, self._zone))
        stage = None if one is None else one.stage(now)
        has_begun = one is not None and one.run is not None and one.run.started_at is not None
        for key, is_possible in (
            ("start", stage in {Stage.PLANNED, Stage.RUNNING} and not has_begun),
            ("end", stage in {Stage.RUNNING, Stage.OVERRUN}),
            ("extend", stage in {Stage.RUNNING, Stage.OVERRUN}),
            ("postpone", stage is Stage.PLANNED),
            ("edit", stage not in {None, Stage.CANCELLED}),
            ("cancel", stage in {Stage.PLANNED, Stage.RUNNING}),
            ("notice", one is not None and _is_address(one.window.notice)),
            ("tell", one is not None and not one.is_cancelled),
        ):
            self.actions_by_key[key].setEnabled(is_possible)
        for button, action in self._buttons:
            button.setEnabled(action.isEnabled())

    def _renew(self) -> None:
        """Stages move on with the clock."""
        if self.isVisible():
            self.calendar.update()
            self.table.viewport().update()
            self._show_chosen()

    def _current(self) -> Occurrence | None:
        index = self.table.selectionModel().currentIndex()
        is_there = index.isValid() and index.row() < len(self.rows.rows)
        return self.rows.rows[index.row()] if is_there else None

    def _fail(self, failure: ConsoleError) -> None:
        self._show_state("The windows were not read", failure.sentence)

    def _show_state(self, title: str, sentence: str) -> None:
        if self._state is not None:
            self.pages.removeWidget(self._state)
            self._state.deleteLater()
        self._state = StatePanel(title, sentence, {"&Try again": self.read})
        self.pages.addWidget(self._state)
        self.pages.setCurrentWidget(self._state)


def _is_address(notice: str) -> bool:
    """Whether a notice is a page of the web; nothing else is opened."""
    return notice.startswith(("https://", "http://")) and QUrl(notice).isValid()
