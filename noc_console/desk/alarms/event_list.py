"""What befell one alarm, oldest first: when, what, by whom, in which words. GUI thread only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from noc_console.desk.alarms.alarm_rows import moment_text
from noc_console.desk.context import DeskContext
from noc_console.desk.fleet.fleet_change import natural
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.alarm import Alarm, AlarmEvent, AlarmEventKind
from noc_console.health.alarm_records import events_of, members_of

CONSOLE = "the console"
_NAMED = 12


class EventList(QWidget):
    """Follows the alarm it was given; read in the background."""

    def __init__(self, context: DeskContext, look: Callable[[], Look]) -> None:
        """Show that none is chosen."""
        super().__init__()
        self._context = context
        self._look = look
        self._alarm_id: int | None = None
        self.title = QLabel()
        self.title.setObjectName("faint")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.model: RowsModel[AlarmEvent] = RowsModel(self._columns(), self)
        self.table = table_of(self.model, "What befell the alarm")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.title)
        box.addWidget(self.table, 1)
        self.show_alarm(None, "")

    def _columns(self) -> Sequence[Column[AlarmEvent]]:
        return (
            Column(title="When", text=lambda event: moment_text(event.at)),
            Column(
                title="What",
                text=self._worded,
                colour=lambda event: (
                    self._look().colour(event.verdict) if event.kind.calls_person else None
                ),
            ),
            Column(title="By", text=lambda event: inert(event.by) or CONSOLE),
            Column(
                title="Words",
                text=lambda event: inert(event.words),
                stretch=True,
                is_sentence=True,
            ),
        )

    def _worded(self, event: AlarmEvent) -> str:
        tells = event.kind.calls_person or event.kind is AlarmEventKind.BETTER
        words = f"{event.kind.value}, {event.verdict.value}" if tells else event.kind.value
        return self._look().worded(event.verdict, words) if event.kind.calls_person else words

    def show_alarm(self, alarm: Alarm | None, words: str) -> None:
        """Show what befell an alarm, read anew where it changed."""
        if alarm is None:
            self._alarm_id = None
            self.title.setText("Choose an alarm to see what befell it.")
            self.model.show_rows(())
            return
        if alarm.id != self._alarm_id:
            self.model.show_rows(())
        self._alarm_id = alarm.id
        self.title.setText(f"Alarm {alarm.id}, {words}")
        store = self._context.store
        self._context.background.call(
            lambda: (events_of(store, [alarm.id]), members_of(store, alarm.id)),
            lambda found: self._take(alarm, words, *found),
            self._refuse,
            self,
        )

    def _take(
        self,
        alarm: Alarm,
        words: str,
        events: Sequence[AlarmEvent],
        members: Mapping[int, datetime | None],
    ) -> None:
        if alarm.id == self._alarm_id:
            self.title.setText(f"Alarm {alarm.id}, {words}{self._named(members)}")
            self.model.show_rows(events)
            fit_columns(self.table)
            self.table.scrollToBottom()

    def _named(self, members: Mapping[int, datetime | None]) -> str:
        """Name the servers whose loss it explains, those that are not back first."""
        names = {server.id: inert(server.name) for server in self._context.live.servers}
        lost = (names.get(one, "") for one, left_at in members.items() if left_at is None)
        away = sorted(lost, key=natural)
        back = len(members) - len(away)
        if not members:
            return ""
        shown = ", ".join(away[:_NAMED])
        more = f" and {len(away) - _NAMED} more" if len(away) > _NAMED else ""
        if not away:
            return f"\nAll {back} are back"
        return f"\nOut of reach: {shown}{more}" + (f"; {back} are back" if back else "")

    def _refuse(self, failure: ConsoleError) -> None:
        self.title.setText(failure.sentence)
