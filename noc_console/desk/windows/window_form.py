"""The fields of a window, and the window they make. GUI thread only."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QDateTime, QTime, QTimeZone, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from noc_console.desk.widgets.names_edit import NamesEdit
from noc_console.desk.widgets.number_room import with_room
from noc_console.desk.widgets.off_thread import OffThread
from noc_console.desk.widgets.zone_box import ZoneBox
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.incidents.planning.plan_text import REPEATS, read_recurrence
from noc_console.incidents.wall_time import WallChoice, instant_of, wall_of, zone_of
from noc_console.incidents.windows.recurrence import MAX_EVERY, WEEKDAYS
from noc_console.incidents.windows.window import MAX_MINUTES, MAX_TITLE_LENGTH, Window

_ONCE = "once"
_REPEAT_WORDS = {
    _ONCE: None,
    "every day": "daily",
    "every week": "weekly",
    "each month, same day": "monthly-day",
    "each month, same weekday (the 2nd Tuesday)": "monthly-weekday",
    "each month, last such weekday": "monthly-last-weekday",
}
_CHOICES = {
    "not decided": WallChoice.NOT_MADE,
    "the earlier instant": WallChoice.EARLIER,
    "the later instant": WallChoice.LATER,
}
_NOTES_LINES = 3


class UnknownName(ConsoleError):
    """A server or group was typed that is not in the fleet."""


class WindowForm(QWidget):
    """`draft` gives the window as it stands; `changed` says that it may be another."""

    changed = Signal()

    def __init__(self, servers: Sequence[Server], background: OffThread) -> None:
        """Make empty fields that know the fleet's names."""
        super().__init__()
        self._servers = {server.name: server.id for server in servers}
        self._weekdays: tuple[str, ...] = ()
        self._groups = {group for server in servers for group in server.groups}
        self.title = QLineEdit()
        self.title.setMaxLength(MAX_TITLE_LENGTH)
        self.title.setPlaceholderText("What is done")
        self.servers = NamesEdit("Servers", "web1, web2")
        self.servers.offer(sorted(self._servers))
        self.groups = NamesEdit("Groups", "all servers of these groups")
        self.groups.offer(sorted(self._groups))
        self.services = NamesEdit("Only services", "empty: the whole server")
        self.services.offer(sorted({one for server in servers for one in server.expected_services}))
        self.start = with_room(QDateTimeEdit())
        self.start.setTimeZone(QTimeZone(QTimeZone.Initialization.UTC))  # a wall time of any zone
        self.start.setDisplayFormat("ddd yyyy-MM-dd HH:mm")
        self.start.setCalendarPopup(True)
        self.zone = ZoneBox(background)
        self.minutes = with_room(QSpinBox())
        self.minutes.setRange(1, MAX_MINUTES)
        self.minutes.setValue(60)
        self.minutes.setSuffix(" min")
        self.ends = QLabel()
        self.ends.setObjectName("faint")
        self.repeat = QComboBox()
        self.repeat.addItems(list(_REPEAT_WORDS))
        self.every = with_room(QSpinBox())
        self.every.setRange(1, MAX_EVERY)
        self.every.setPrefix("every ")
        self.until = QLineEdit()
        self.until.setPlaceholderText("no end, or 2027-03-31")
        self.choice = QComboBox()
        self.choice.addItems(list(_CHOICES))
        self.notice = QLineEdit()
        self.notice.setPlaceholderText("Where customers are told: a link or a text")
        self.notes = QPlainTextEdit()
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(_NOTES_LINES * self.fontMetrics().lineSpacing() + 16)
        self._lay_out()
        self._join()
        self._fit()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for label, name, parts in (
            ("&Title", "Title", (self.title,)),
            ("&Servers", "", (self.servers,)),
            ("&Groups", "", (self.groups,)),
            ("Only ser&vices", "", (self.services,)),
            ("&Start", "Start", (self.start, self.zone)),
            ("&Lasts", "Minutes", (self.minutes, self.ends)),
            ("&Repeats", "Repeats", (self.repeat, self.every)),
            ("&Until", "Repeats until", (self.until,)),
            ("When &clocks change", "When clocks change", (self.choice,)),
            ("&Notice", "Notice", (self.notice,)),
            ("N&otes", "Notes", (self.notes,)),
        ):
            field = _row(parts)
            if name:
                parts[0].setAccessibleName(name)
            form.addRow(label, field)
            heading = form.labelForField(field)
            if isinstance(heading, QLabel):
                heading.setBuddy(parts[0])
        self.every.setAccessibleName("Every how many")
        self.setFocusProxy(self.title)

    def _join(self) -> None:
        for signal in (
            self.title.textChanged,
            self.servers.textChanged,
            self.groups.textChanged,
            self.services.textChanged,
            self.start.dateTimeChanged,
            self.zone.zone_changed,
            self.minutes.valueChanged,
            self.repeat.currentIndexChanged,
            self.every.valueChanged,
            self.until.textChanged,
            self.choice.currentIndexChanged,
            self.notice.textChanged,
            self.notes.textChanged,
        ):
            signal.connect(lambda *_: self._fit())

    def show_window(self, window: Window) -> None:
        """Put a window into the fields."""
        names = {server_id: name for name, server_id in self._servers.items()}
        self.title.setText(window.title)
        self.servers.show_names([names[one] for one in window.servers if one in names])
        self.groups.show_names(window.groups)
        self.services.show_names(window.services)
        self.zone.choose(window.zone)
        self.show_start(window.starts_at)
        self.minutes.setValue(window.minutes)
        rule = window.recurrence
        if rule is not None:
            words = next(one for one, unit in REPEATS.items() if unit is rule.unit)
            self.repeat.setCurrentText(
                next(shown for shown, typed in _REPEAT_WORDS.items() if typed == words)
            )
            self.every.setValue(rule.every)
            self.until.setText(rule.until.isoformat() if rule.until else "")
            self._weekdays = tuple(WEEKDAYS[one] for one in rule.weekdays)
        self.choice.setCurrentText(
            next(words for words, one in _CHOICES.items() if one is window.wall_choice)
        )
        self.notice.setText(window.notice)
        self.notes.setPlainText(window.notes)

    def show_start(self, moment: datetime) -> None:
        """Put a start into its field, in the chosen zone."""
        self._show_wall(wall_of(moment, zone_of(self.zone.zone)))

    def show_day(self, day: date) -> None:
        """Put a start on a day, at night."""
        self._show_wall(datetime(day.year, day.month, day.day, 2))  # noqa: DTZ001 - a wall time

    def _show_wall(self, wall: datetime) -> None:
        self.start.setDateTime(
            QDateTime(
                QDate(wall.year, wall.month, wall.day),
                QTime(wall.hour, wall.minute),
                QTimeZone(QTimeZone.Initialization.UTC),
            )
        )

    def wall(self) -> datetime:
        """Give the start as the wall of the chosen zone shows it."""
        told = self.start.dateTime()
        day, clock = told.date(), told.time()
        return datetime(day.year(), day.month(), day.day(), clock.hour(), clock.minute())  # noqa: DTZ001

    def server_ids(self) -> tuple[int, ...]:
        """Give the ids of the servers that were named.

        Raises:
            UnknownName: one of them is not in the fleet.
        """
        unknown = [name for name in self.servers.names if name not in self._servers]
        unknown += [name for name in self.groups.names if name not in self._groups]
        if unknown:
            raise UnknownName(f"The fleet has no server or group called {unknown[0]}.")
        return tuple(self._servers[name] for name in self.servers.names)

    def draft(self, by: str, now: datetime) -> Window:
        """Give the window of the fields.

        Raises:
            ConsoleError: it cannot be so; the sentence says what to mend.
        """
        repeat = _REPEAT_WORDS[self.repeat.currentText()]
        choice = _CHOICES[self.choice.currentText()]
        return Window(
            title=self.title.text().strip(),
            servers=self.server_ids(),
            groups=self.groups.names,
            services=self.services.names,
            starts_at=instant_of(self.wall(), zone_of(self.zone.zone), choice),
            minutes=self.minutes.value(),
            zone=self.zone.zone,
            recurrence=read_recurrence(
                repeat,
                self.every.value() if repeat else 1,
                self._weekdays if repeat == "weekly" else (),
                self.until.text().strip() if repeat else "",
            ),
            wall_choice=choice,
            notice=self.notice.text().strip(),
            notes=self.notes.toPlainText().strip(),
            entered_by=by,
            entered_at=now,
        )

    def _fit(self) -> None:
        repeats = _REPEAT_WORDS[self.repeat.currentText()] is not None
        self.every.setEnabled(repeats)
        self.until.setEnabled(repeats)
        ends = self.wall() + timedelta(minutes=self.minutes.value())
        self.ends.setText(f"to about {ends:%a %H:%M}")
        self.changed.emit()


def _row(parts: Sequence[QWidget]) -> QWidget:
    if len(parts) == 1:
        return parts[0]
    row = QWidget()
    row.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    box = QHBoxLayout(row)
    box.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        box.addWidget(part, 1)
    row.setFocusProxy(parts[0])
    return row
