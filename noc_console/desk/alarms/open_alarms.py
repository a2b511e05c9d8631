"""The alarms that are open, the most pressing first, and all that a person can do about them.

GUI thread only. It follows the live alarms while it is shown, and tells of a storm once.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.alarms.act_dialog import ActDialog
from noc_console.desk.alarms.alarm_actions import MENU, AlarmActions
from noc_console.desk.alarms.alarm_deeds import AlarmDeeds
from noc_console.desk.alarms.alarm_model import AlarmModel
from noc_console.desk.alarms.alarm_rows import counts_text, keeps, row_of, rows_of
from noc_console.desk.alarms.alarm_table import AlarmTable
from noc_console.desk.alarms.event_list import EventList
from noc_console.desk.context import DeskContext
from noc_console.desk.fleet.filter_bar import FilterLine
from noc_console.desk.fleet.fleet_actions import Deed
from noc_console.desk.notice_band import NoticeBand
from noc_console.health.alarm import Alarm

_TICK_MS = 1000
_HELP = (
    "Any words of a row, in any order: a server, a group, early, cut-off, down, raised, shelved, a "
    "person’s name."
)
_NOTHING_OPEN = "No alarm is open. What crosses a line, or is lost, appears here at once."
_NOT_WATCHED = "No engine is watching: nothing is raised or cleared until one does."
_NOTHING_FITS = "No alarm fits the filter. Esc in the filter line shows all again."
_REASONS_KEY = "alarms.reasons"
_MOST_REASONS = 8
_WAITING_KEY = "alarms.waiting_only"


class OpenAlarms(QWidget):
    """The table of open alarms, and below it what befell the one the cursor is on."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime]) -> None:
        """Show the live alarms as they are now."""
        super().__init__()
        self._context = context
        self._now = now
        self._shown: tuple[int, object] | None = None
        self.setAccessibleName("Open alarms")
        self.model = AlarmModel(context.theme().look, now, self)
        self.table = AlarmTable(self.model, context.settings)
        self.events = EventList(context, lambda: self.model.look)
        self.filter = FilterLine()
        self.waiting_only = QCheckBox("&Only what waits for a person")
        self.state, self.not_watched, self.counts = QLabel(), QLabel(), QLabel()
        self.notice = NoticeBand()
        self.deeds = AlarmDeeds(context, self.notice.say, self, now)
        self.actions_of_page = AlarmActions(self, self.table, self._deeds())
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
        for label in (self.state, self.not_watched):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
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
        inside.addLayout(top)
        inside.addLayout(self.actions_of_page.buttons())
        inside.addWidget(self.state)
        inside.addWidget(self.splitter, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(inside, 1)
        box.addWidget(self.notice)
        self.setFocusProxy(self.table)

    def _join(self) -> None:
        live = self._context.live
        live.alarms_changed.connect(lambda _: self.refresh())
        live.fleet_changed.connect(lambda _: self.refresh())
        live.states_changed.connect(self._take_states)
        live.engine_changed.connect(lambda _: self.refresh())
        live.trouble_changed.connect(lambda _: self.refresh())
        self._context.themes.changed.connect(lambda _: self._paint())
        self.filter.textChanged.connect(lambda _: self.refresh())
        self.filter.left.connect(self.focus_alarms)
        self.waiting_only.toggled.connect(self._keep_waiting_only)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_events())
        self.table.doubleClicked.connect(lambda _: self._open_server())
        self.table.customContextMenuRequested.connect(self._open_menu)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.model.refresh_ages)
        self._show_chosen()

    def _deeds(self) -> list[Deed]:
        deeds, chosen = self.deeds, self.table_chosen
        return [
            Deed(key="open", words="&Open the server", keys="Return Enter", act=self._open_server),
            Deed(key="acknowledge", words="&Acknowledge…", keys="A", act=self._acknowledge),
            Deed(
                key="claim",
                words="&Claim",
                keys="C",
                act=lambda: deeds.claim_or_release(chosen()),
            ),
            Deed(key="shelve", words="&Shelve…", keys="S", act=self._shelve),
            Deed(
                key="unshelve",
                words="&Unshelve",
                keys="U",
                act=lambda: deeds.unshelve(chosen()),
            ),
            Deed(
                key="latch",
                words="&Latch",
                keys="L",
                act=lambda: deeds.latch_or_unlatch(chosen()),
            ),
            Deed(key="incident", words="Open an &incident", keys="I", act=self._open_incident),
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

    def table_chosen(self) -> list[Alarm]:
        """Give the chosen alarms, in the order shown."""
        return self.table.chosen()

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
        servers = {server.id: server for server in live.servers}
        rows = rows_of(live.alarms.values(), servers, live.states, live.alarms)
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
        self.counts.setText(counts_text(live.alarms.values()))
        self.not_watched.setVisible(live.is_loaded and live.engine is None)
        self._show_words(has_alarms=bool(live.alarms), has_rows=bool(kept))
        self._show_events()

    def focus_alarms(self) -> None:
        """Go to the alarms."""
        self.table.go_to_first()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_words(self, *, has_alarms: bool, has_rows: bool) -> None:
        live = self._context.live
        words = ""
        if not live.is_loaded:
            words = live.trouble or "Reading the alarms …"
        elif not has_alarms:
            words = _NOTHING_OPEN
        elif not has_rows:
            words = _NOTHING_FITS
        self.state.setText(words)
        self.state.setVisible(bool(words))
        self.splitter.setVisible(has_rows)

    def _take_states(self, _states: object) -> None:
        """Times to danger come with states; rows are only told where they changed."""
        if self.isVisible():
            self.refresh()

    def _show_chosen(self) -> None:
        self.actions_of_page.show_alarms(self.table_chosen(), self._context.asked_by)

    def _show_events(self) -> None:
        """Read what befell the current alarm when it is another one, or changed."""
        current = self.table.current()
        shown = (current.id, current) if current is not None else None
        if shown == self._shown or not self.isVisible():
            return
        self._shown = shown
        self.events.show_alarm(current, self._name_of(current) if current is not None else "")
        self._show_chosen()

    def _name_of(self, alarm: Alarm) -> str:
        live = self._context.live
        servers = {one.id: one for one in live.servers if one.id == alarm.server_id}
        row = row_of(alarm, servers, {}, {})
        return f"{row.server}: {row.what}"

    def _acknowledge(self) -> None:
        self._ask("Acknowledge", needs_end=False, act=self.deeds.acknowledge)

    def _shelve(self) -> None:
        self._ask("Shelve", needs_end=True, act=self.deeds.shelve)

    def _ask(
        self,
        title: str,
        *,
        needs_end: bool,
        act: Callable[..., None],
    ) -> None:
        alarms = self.table_chosen()
        if not alarms:
            return
        count = f" {len(alarms)} alarms" if len(alarms) > 1 else ""
        dialog = ActDialog(
            f"{title}{count}",
            [self._name_of(one) for one in alarms],
            now=self._now,
            needs_end=needs_end,
            reasons=self._reasons(),
            parent=self,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.decided.connect(partial(self._decide, alarms, act))
        dialog.open()

    def _decide(
        self, alarms: Sequence[Alarm], act: Callable[..., None], reason: str, until: object
    ) -> None:
        kept = [reason, *(one for one in self._reasons() if one != reason)]
        self._context.settings.put_layout(_REASONS_KEY, kept[:_MOST_REASONS])
        act(alarms, reason, until)

    def _reasons(self) -> list[str]:
        return [str(one) for one in self._context.settings.get_layout(_REASONS_KEY, [])]

    def _open_incident(self) -> None:
        alarms = self.table_chosen()
        if alarms:
            self.deeds.open_incident(alarms, self._name_of(alarms[0]))

    def _open_server(self) -> None:
        current = self.table.current()
        if current is not None and current.server_id is not None:
            self._context.navigator.open_server(current.server_id)

    def _open_menu(self, at: QPoint) -> None:
        menu = self.actions_of_page.menu(self, MENU)
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
