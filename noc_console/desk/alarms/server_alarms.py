"""The open alarms of one server above its graphs, and marks of all its alarms on their time line.

GUI thread only. Nothing is shown, and no room taken, while there is no alarm. It is one line, the
worst alarm and how many there are, until a person opens it: graphs need the room.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from noc_console.desk.alarms.acting import AlarmActing
from noc_console.desk.alarms.alarm_actions import MENU
from noc_console.desk.alarms.alarm_model import AlarmModel
from noc_console.desk.alarms.alarm_rows import COLUMNS, Column, moment_text, rows_of
from noc_console.desk.alarms.alarm_table import AlarmTable
from noc_console.desk.context import DeskContext
from noc_console.desk.look import Look
from noc_console.desk.widgets.graph_events import EventMark
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.alarm import Alarm, AlarmEvent, AlarmEventKind
from noc_console.health.alarm_records import alarms_between, events_of, members_of
from noc_console.health.records import ServerState

_TICK_MS = 1000
_MOST_ROWS = 3
TOGGLE_KEY = "Shift+A"
_OPEN_KEY = "server.alarms_open"
_MARKED_FOR = timedelta(days=32)
_MARKED = {
    AlarmEventKind.RAISED,
    AlarmEventKind.RAISED_AGAIN,
    AlarmEventKind.WORSE,
    AlarmEventKind.CLEARED,
}
_NEED_TITLES = (Column.DANGER, Column.TIMES)
_CLEARED_SHAPE = "●"
_BUTTONS = ("acknowledge", "claim", "shelve", "latch", "incident")


class ServerAlarms(QFrame):
    """A short table of a server's alarms, with the keys of the page of alarms."""

    def __init__(
        self,
        context: DeskContext,
        server_id: int,
        mark: Callable[[Sequence[EventMark]], None],
        now: Callable[[], datetime],
    ) -> None:
        """Follow a server's alarms; `mark` puts them on the graphs."""
        super().__init__()
        self._context = context
        self._server_id = server_id
        self._mark = mark
        self._now = now
        self._groups: set[int] = set()
        self.setAccessibleName("Alarms of this server")
        self.model = AlarmModel(context.theme().look, now, self)
        self.table = AlarmTable(self.model, context.settings, keeps_layout=False)
        self.table.setAccessibleName("Alarms of this server")
        self.table.setColumnHidden(COLUMNS.index(Column.SERVER), True)
        self.acting = AlarmActing(context, self, self.table, context.navigator.say, now)
        self.acting.offer()
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.count_button = QToolButton()
        self.count_button.setObjectName("plain")
        self.count_button.setCheckable(True)
        self.count_button.setChecked(bool(context.settings.get_layout(_OPEN_KEY, False)))
        self.count_button.toggled.connect(self._keep_open)
        self.deeds = QWidget()
        deeds = self.acting.actions.buttons(_BUTTONS)
        deeds.setContentsMargins(0, 0, 0, 0)
        self.deeds.setLayout(deeds)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.table, 1)
        line.addWidget(self.count_button, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(line)
        box.addWidget(self.deeds)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.model.refresh_ages)
        self._timer.start()
        context.live.alarms_changed.connect(self._take_changed)
        context.live.states_changed.connect(self._take_states)
        context.themes.changed.connect(lambda _: self._paint())
        self._show()
        self._read()

    def toggle(self) -> None:
        """Open the strip and go to its alarms, or shrink it to a line; nothing without an alarm."""
        if not self.isHidden():
            self.count_button.toggle()
            if self.count_button.isChecked():
                self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _keep_open(self, is_open: bool) -> None:
        self._context.settings.put_layout(_OPEN_KEY, is_open)
        self._show()

    def _take_states(self, changed: Mapping[int, ServerState]) -> None:
        """A large fleet tells many times a second of others."""
        if self._server_id in changed:
            self._show()

    def _take_changed(self, changed: Sequence[Alarm]) -> None:
        is_ours = any(one.server_id == self._server_id or one.server_id is None for one in changed)
        self._show()
        if is_ours or not changed:
            self._read()

    def _show(self) -> None:
        live = self._context.live
        ours = [
            one
            for one in live.alarms.values()
            if one.server_id == self._server_id or one.id in self._groups
        ]
        self.model.show_rows(rows_of(ours, live.by_id, live.states, live.alarms))
        self.table.go_to_first()
        self.acting.refresh()
        self.setVisible(bool(ours))
        is_open = self.count_button.isChecked()
        self._show_count(len(ours), is_open)
        if not is_open and self.table.currentIndex().row() > 0:
            self.table.selectRow(0)
        rows = min(len(ours), _MOST_ROWS if is_open else 1)
        policy = Qt.ScrollBarPolicy
        self.table.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if is_open else policy.ScrollBarAlwaysOff
        )
        height = rows * self.table.verticalHeader().defaultSectionSize()
        height += self.table.horizontalHeader().sizeHint().height() if is_open else 0
        self.table.setFixedHeight(height + 2 * self.table.frameWidth() + 2)

    def _show_count(self, count: int, is_open: bool) -> None:
        words = f"{count} alarm{'' if count == 1 else 's'}"
        self.deeds.setVisible(is_open)
        self._show_titles(is_open)
        self.count_button.setText(f"{words} {'▴' if is_open else '▾'}")
        self.count_button.setAccessibleName(f"{words}, {'shrink' if is_open else 'open'}")
        tip = "Shrink to one line" if is_open else "Show all, and what can be done"
        self.count_button.setToolTip(f"{tip} ({TOGGLE_KEY})")

    def _show_titles(self, is_open: bool) -> None:
        """In its one line there are no titles: what would be a bare number is left out."""
        self.table.horizontalHeader().setVisible(is_open)
        for column in _NEED_TITLES:
            self.table.setColumnHidden(COLUMNS.index(column), not is_open)

    def _read(self) -> None:
        """Read which group alarms explain this server's loss, and what befell its alarms."""
        store, server_id, now = self._context.store, self._server_id, self._now()

        def work() -> tuple[list[Alarm], list[AlarmEvent], set[int]]:
            alarms = alarms_between(
                store, now - _MARKED_FOR, now + timedelta(minutes=1), server_id=server_id
            )
            groups = {
                one.id
                for one in alarms
                if one.is_open
                and one.server_id != server_id
                and members_of(store, one.id).get(server_id, now) is None
            }
            return alarms, events_of(store, [one.id for one in alarms]), groups

        self._context.background.call(work, lambda found: self._take(*found), self._refuse, self)

    def _take(
        self, alarms: Sequence[Alarm], events: Sequence[AlarmEvent], groups: set[int]
    ) -> None:
        self._groups = groups
        self._show()
        self._mark(marks_of(alarms, events, self._context.theme().look))

    def _refuse(self, failure: ConsoleError) -> None:
        self._context.navigator.say(failure.sentence)

    def _open_menu(self, at: QPoint) -> None:
        menu = self.acting.actions.menu(self, MENU[1:3])
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _paint(self) -> None:
        self.model.look = self._context.theme().look
        self.table.viewport().update()
        self._read()


def marks_of(
    alarms: Sequence[Alarm], events: Sequence[AlarmEvent], look: Look
) -> tuple[EventMark, ...]:
    """Give the marks of what alarms a person would look for on a time line."""
    words = {one.id: inert(one.words) for one in alarms}
    return tuple(
        EventMark(
            at_s=event.at.timestamp(),
            words=f"{moment_text(event.at)}  {event.kind.value}: "
            f"{inert(event.words) or words.get(event.alarm_id, '')}",
            shape=_CLEARED_SHAPE if _is_end(event) else look.shapes[event.verdict],
            colour=(look.faint if _is_end(event) else look.colours[event.verdict]).name(),
        )
        for event in events
        if event.kind in _MARKED
    )


def _is_end(event: AlarmEvent) -> bool:
    return event.kind is AlarmEventKind.CLEARED
