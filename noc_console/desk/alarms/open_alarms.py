"""The alarms that are open, the most pressing first, and all that a person can do about them.

GUI thread only. It follows the live alarms while it is shown, and tells of a storm once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.alarms.acting import AlarmActing
from noc_console.desk.alarms.alarm_actions import MENU
from noc_console.desk.alarms.alarm_model import AlarmModel
from noc_console.desk.alarms.alarm_rows import counts_text, keeps, row_of, ticket_line
from noc_console.desk.alarms.alarm_table import AlarmTable
from noc_console.desk.alarms.event_list import EventList
from noc_console.desk.context import DeskContext
from noc_console.desk.evidence.opening import open_evidence
from noc_console.desk.fleet.filter_bar import FilterLine
from noc_console.desk.notice_band import NoticeBand
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.page_actions import Deed
from noc_console.health.records import ServerState

_TICK_MS = 1000
_HELP = (
    "Any words of a row, in any order: a server, a group, early, cut-off, down, raised, shelved, a "
    "person’s name."
)
_NOTHING_OPEN = (
    "No alarm is open",
    (
        "What crosses a line, or is lost, appears here at once. What called while you were away is"
        " in the next tab (Ctrl+PgDown)."
    ),
)
_NOT_WATCHED = "No engine is watching: nothing is raised or cleared until one does."
_NOTHING_FITS = (
    "No alarm fits the filter",
    "Esc in the filter line shows all again, W also what is in hand.",
)
_READING = "Reading the alarms …"
_ROOM = 1000
"""How much more of the height the rows take than what stands in their place."""
_WAITING_KEY = "alarms.waiting_only"


class OpenAlarms(QWidget):
    """The table of open alarms, and below it what befell the one the cursor is on."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime]) -> None:
        """Show the live alarms as they are now."""
        super().__init__()
        self._context = context
        self._now = now
        self._shown: tuple[int, object] | None = None
        self._has_new_states = False
        self.setAccessibleName("Open alarms")
        self.model = AlarmModel(context.theme().look, now, self)
        self.table = AlarmTable(self.model, context.settings)
        self.events = EventList(context, lambda: self.model.look)
        self.filter = FilterLine()
        self.waiting_only = QCheckBox("&Only what waits for a person")
        self.state, self.not_watched, self.counts = StatePanel("", ""), QLabel(), QLabel()
        self.notice = NoticeBand()
        self.acting = AlarmActing(context, self, self.table, self.notice.say, now)
        self.acting.offer(self._deeds())
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self._join()
        self.refresh()

    def _lay_out(self) -> None:
        self.filter.setPlaceholderText("Filter: cut-off web12, raised, anna …")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter")
        self.filter.setToolTip(_HELP)
        self.waiting_only.setChecked(bool(self._context.settings.get_layout(_WAITING_KEY, False)))
        self.not_watched.setObjectName("notice")
        self.not_watched.setText(f"▲  {_NOT_WATCHED}")
        self.counts.setObjectName("faint")
        self.not_watched.setTextFormat(Qt.TextFormat.PlainText)
        self.not_watched.setWordWrap(True)
        self.tools = QWidget()
        tools = QVBoxLayout(self.tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self.filter, 1)
        top.addWidget(self.waiting_only)
        top.addWidget(self.counts)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.events)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        self.events.setMinimumHeight(110)
        inside = QVBoxLayout()
        inside.setContentsMargins(0, 8, 0, 8)
        inside.setSpacing(8)
        inside.addWidget(self.not_watched)
        tools.addLayout(top)
        tools.addLayout(self.acting.actions.buttons())
        inside.addWidget(self.tools)
        inside.addWidget(self.splitter, _ROOM)
        inside.addWidget(self.state, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(inside, 1)
        box.addWidget(self.notice)
        self.setFocusProxy(self.table)

    def _join(self) -> None:
        live = self._context.live
        live.alarms_changed.connect(self._follow)
        live.fleet_changed.connect(self._follow)
        live.states_changed.connect(self._take_states)
        live.engine_changed.connect(self._follow)
        live.trouble_changed.connect(self._follow)
        self._context.themes.changed.connect(lambda _: self._paint())
        self.filter.textChanged.connect(lambda _: self.refresh())
        self.filter.left.connect(self.focus_alarms)
        self.waiting_only.toggled.connect(self._keep_waiting_only)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_events())
        self.table.customContextMenuRequested.connect(self._open_menu)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def _deeds(self) -> list[Deed]:
        return [
            Deed(key="evidence", words="E&vidence", keys="E", act=self._show_evidence),
            Deed(key="copy", words="Copy for a tic&ket", keys="Ctrl+C", act=self._copy),
            Deed(key="all", words="Choose all", keys="Ctrl+A", act=self.table.selectAll),
            Deed(
                key="find",
                words="&Filter",
                keys="Ctrl+F /",
                act=self.filter.setFocus,
                is_of_page=True,
            ),
            Deed(
                key="waiting",
                words="Show only what waits for a person, or all",
                keys="W",
                act=self.waiting_only.toggle,
            ),
            Deed(
                key="part",
                words="Go to the next part of the page",
                keys="F6",
                act=self._focus_next_part,
                is_of_page=True,
            ),
        ]

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the live alarms."""
        super().showEvent(event)
        self._timer.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow them no more."""
        super().hideEvent(event)
        self._timer.stop()

    def refresh(self) -> None:
        """Show what holds now."""
        live = self._context.live
        every = live.alarms
        rows = [row_of(one, live.by_id, live.states, every) for one in every.values()]
        wanted = self.filter.text()
        is_waiting_only = self.waiting_only.isChecked()
        kept = [
            row
            for row in rows
            if (not is_waiting_only or row.alarm.needs_person)
            and (not wanted or keeps(row, wanted))
        ]
        self.model.show_rows(kept)
        if not self.table.currentIndex().isValid() and kept:
            self.table.go_to_first()
        self.acting.refresh()
        self.counts.setText(counts_text(live.alarms.values()))
        self.not_watched.setVisible(live.is_unwatched)
        self._show_words(has_alarms=bool(live.alarms), has_rows=bool(kept))
        self._show_events()

    def focus_alarms(self) -> None:
        """Go to the alarms."""
        self.table.go_to_first()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def choose(self, ids: Sequence[int]) -> None:
        """Choose alarms and go to the first; a filter that hides them is taken away."""
        self.refresh()
        wanted = [one for one in ids if one in self._context.live.alarms]
        if not self.table.has(wanted):
            self.filter.clear()
            self.waiting_only.setChecked(False)
            self.refresh()
        if not wanted:
            self.notice.say("That alarm is no longer open.")
        self.table.choose(wanted)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_words(self, *, has_alarms: bool, has_rows: bool) -> None:
        live = self._context.live
        if not live.is_loaded:
            title, sentence = live.trouble or _READING, ""
        else:
            title, sentence = _NOTHING_FITS if has_alarms else _NOTHING_OPEN
        self.state.title.setText(title)
        self.state.sentence.setText(sentence)
        self.state.setAccessibleName(f"{title}. {sentence}")
        self.state.setVisible(not has_rows)
        self.tools.setVisible(has_alarms)
        is_first = has_rows and self.splitter.isHidden()
        self.splitter.setVisible(has_rows)
        if is_first and self._may_take_focus():
            self.focus_alarms()

    def _may_take_focus(self) -> bool:
        """Whether keys are for this page, and nobody types into its filter."""
        holder = QApplication.focusWidget()
        is_free = holder is None or self.isAncestorOf(holder) or holder.isAncestorOf(self)
        return self.isVisible() and holder is not self.filter and is_free

    def _follow(self, _news: object) -> None:
        """What nobody sees is shown when it is seen."""
        self._has_new_states = False
        if self.isVisible():
            self.refresh()

    def _take_states(self, changed: Mapping[int, ServerState]) -> None:
        """Times to danger come with states, many times a second: shown with the ages."""
        servers = {alarm.server_id for alarm in self._context.live.alarms.values()}
        self._has_new_states = self._has_new_states or not servers.isdisjoint(changed)

    def _tick(self) -> None:
        """Let ages grow, once a second."""
        if self._has_new_states:
            self._follow(None)
        self.model.refresh_ages()

    def _show_events(self) -> None:
        """Read what befell the current alarm when it is another one, or changed."""
        current = self.table.current()
        shown = (current.id, current) if current is not None else None
        if shown == self._shown or not self.isVisible():
            return
        self._shown = shown
        self.events.show_alarm(current, self.acting.name_of(current) if current is not None else "")

    def _show_evidence(self) -> None:
        current = self.table.current()
        if current is not None and current.server_id is not None:
            open_evidence(self._context, current.server_id, self)

    def _copy(self) -> None:
        """Put the chosen alarms on the clipboard, a line each, in the order shown."""
        live = self._context.live
        rows = [row_of(one, live.by_id, live.states, live.alarms) for one in self.table.chosen()]
        if not rows:
            self.notice.say("Choose an alarm first, then copy it.")
            return
        lines = [ticket_line(row, self._now()) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))
        count = "The alarm is" if len(lines) == 1 else f"{len(lines)} alarms are"
        self.notice.say(f"{count} copied: paste into the ticket.")

    def _open_menu(self, at: QPoint) -> None:
        menu = self.acting.actions.menu(self, (*MENU, ("evidence",)))
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _keep_waiting_only(self, wanted: bool) -> None:
        self._context.settings.put_layout(_WAITING_KEY, wanted)
        self.refresh()

    def _focus_next_part(self) -> None:
        parts = (self.table, self.events.table, self.filter)
        held = [part.hasFocus() for part in parts]
        place = held.index(True) + 1 if True in held else 0
        parts[place % len(parts)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _paint(self) -> None:
        self.model.look = self._context.theme().look
        self.table.viewport().update()
        self.events.table.viewport().update()
