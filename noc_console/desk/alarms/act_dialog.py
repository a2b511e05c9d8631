"""Asks why, and until when, before an alarm is acknowledged or shelved. GUI thread only."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDateTime, Qt, QTimeZone, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from noc_console.desk.widgets.dialog_frame import answer_buttons, roomy_column
from noc_console.desk.widgets.fitting import fit_to_screen

_NO_END = "it gets worse, or clears"
_OTHER = "another time …"
_NAMED = 3
_MORNING = 8
_SPANS = (
    ("15 minutes", timedelta(minutes=15)),
    ("30 minutes", timedelta(minutes=30)),
    ("1 hour", timedelta(hours=1)),
    ("2 hours", timedelta(hours=2)),
    ("4 hours", timedelta(hours=4)),
    ("8 hours", timedelta(hours=8)),
    ("24 hours", timedelta(hours=24)),
    ("3 days", timedelta(days=3)),
    ("7 days", timedelta(days=7)),
)
_USUAL_SHELF = "1 hour"
Until = timedelta | datetime | None


class ActDialog(QDialog):
    """A reason and a time. `decided` tells them; the one who opened it does the rest."""

    decided = Signal(str, object)
    """The reason, and until when (None: without an end)."""

    def __init__(
        self,
        title: str,
        names: Sequence[str],
        *,
        now: Callable[[], datetime],
        needs_end: bool,
        reasons: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Ask about alarms of these names; `reasons` are those given lately, to choose again."""
        super().__init__(parent)
        self._now = now
        self._needs_end = needs_end
        self.setWindowTitle(title)
        about = QLabel(_about(names))
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        self.reason = QComboBox()
        self.reason.setEditable(True)
        self.reason.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.reason.addItems(list(reasons))
        self.reason.setCurrentIndex(-1)
        self.reason.setAccessibleName("Reason")
        line = self.reason.lineEdit() or QLineEdit()
        line.setPlaceholderText("Why, for whoever reads it next")
        line.setMaxLength(400)
        self.until = QComboBox()
        self.until.setAccessibleName("Until")
        for words, until in self._choices():
            self.until.addItem(words, until)
        self.moment = QDateTimeEdit()
        self.moment.setAccessibleName("Until exactly")
        self.moment.setCalendarPopup(True)
        self.moment.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.moment.setDateTime(_local(self._now() + timedelta(hours=1)))
        self.trouble = QLabel()
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.setWordWrap(True)
        self.ok_button = QPushButton(title.partition(" ")[0])
        self._lay_out(about)
        self.until.currentIndexChanged.connect(lambda _: self._weigh())
        self.moment.dateTimeChanged.connect(lambda _: self._weigh())
        line.textChanged.connect(lambda _: self._weigh())
        if needs_end:
            self.until.setCurrentText(_USUAL_SHELF)
        self._weigh()
        self.reason.setFocus()
        fit_to_screen(self)

    def _lay_out(self, about: QLabel) -> None:
        form = QFormLayout()
        form.addRow("&Reason", self.reason)
        form.addRow("&Until", self.until)
        form.addRow("", self.moment)
        buttons = answer_buttons(self, self.ok_button, self._decide)
        box = roomy_column(self)
        box.addWidget(about)
        box.addLayout(form)
        box.addWidget(self.trouble)
        box.addStretch(1)
        box.addWidget(buttons)
        self.setMinimumWidth(480)

    def _choices(self) -> list[tuple[str, Until | str]]:
        """Give what may be chosen; a shelf always ends."""
        choices: list[tuple[str, Until | str]] = []
        if not self._needs_end:
            choices.append((_NO_END, None))
        choices += _SPANS
        morning = _next_morning(self._now())
        choices.append((f"{morning.astimezone():%A %H:%M}", morning))
        choices.append((_OTHER, _OTHER))
        return choices

    def chosen_until(self) -> datetime | None:
        """Give until when, as chosen now."""
        chosen = self.until.currentData()
        if isinstance(chosen, timedelta):
            return self._now() + chosen
        if isinstance(chosen, datetime):
            return chosen
        if chosen == _OTHER:
            return datetime.fromtimestamp(self.moment.dateTime().toSecsSinceEpoch(), UTC)
        return None

    def _weigh(self) -> None:
        self.moment.setVisible(self.until.currentData() == _OTHER)
        until = self.chosen_until()
        is_past = until is not None and until <= self._now()
        self.trouble.setText("✖  That time is past; choose a later one." if is_past else "")
        has_reason = bool(self.reason.currentText().strip())
        self.ok_button.setEnabled(has_reason and not is_past)

    def _decide(self) -> None:
        self.decided.emit(self.reason.currentText().strip(), self.chosen_until())
        self.accept()


def _about(names: Sequence[str]) -> str:
    shown = "\n".join(names[:_NAMED])
    rest = len(names) - _NAMED
    return f"{shown}\nand {rest} more" if rest > 0 else shown


def _next_morning(now: datetime) -> datetime:
    """Give the next eight o'clock of this machine's zone: when the next shift is there."""
    local = now.astimezone()
    morning = local.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    if morning <= local:
        tomorrow = (local + timedelta(days=1)).date()
        morning = datetime(tomorrow.year, tomorrow.month, tomorrow.day, _MORNING).astimezone()
    return morning.astimezone(UTC)


def _local(moment: datetime) -> QDateTime:
    zone = QTimeZone(QTimeZone.Initialization.LocalTime)
    return QDateTime.fromSecsSinceEpoch(int(moment.timestamp()), zone)
