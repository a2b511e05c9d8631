"""Chooses the span of time the graphs show, and says which moment the crosshair reads."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QDateTimeEdit,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from noc_console.desk.server.graph_plans import Range
from noc_console.desk.widgets.eliding_label import ElidingLabel
from noc_console.desk.widgets.graph_stack import moment_text, zone_text
from noc_console.desk.widgets.number_room import with_room

_FORMAT = "yyyy-MM-dd HH:mm"

_STYLE = """
QToolButton { border: 1px solid palette(mid); border-radius: 4px; padding: 3px 9px; }
QToolButton:focus, QToolButton:hover { border-color: palette(highlight); }
QToolButton:checked { background: palette(highlight); color: palette(highlighted-text); }
"""
"""Fusion shows a checked button on dark ground so faintly that one cannot tell which it is."""


class RangeBar(QWidget):
    """The ranges as buttons (Alt+1 to Alt+6), two instants for a custom one, and the readout."""

    range_chosen = Signal(object)
    """A `Range`."""

    def __init__(self, now: datetime) -> None:
        """Start with the live range; `now` fills the custom fields."""
        super().__init__()
        self.chosen = Range.LIVE
        self.setStyleSheet(_STYLE)
        self._buttons = QButtonGroup(self)
        self._buttons.setExclusive(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for place, span in enumerate(Range):
            button = QToolButton()
            button.setText(span.value)
            button.setCheckable(True)
            button.setChecked(span is Range.LIVE)
            button.setAccessibleName(f"Range: {span.value}")
            keys = QKeySequence(f"Alt+{place + 1}")
            button.setToolTip(f"{span.value} ({keys.toString()})")
            shortcut = QShortcut(keys, self, button.click)
            shortcut.setWhatsThis(f"Show the range “{span.value}”")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._buttons.addButton(button, place)
            row.addWidget(button)
        self._buttons.idClicked.connect(self._choose)
        self._custom = self._custom_fields(now)
        row.addWidget(self._custom)
        row.addStretch(1)
        self._moment = ElidingLabel()
        self._moment.setAccessibleName("Moment")
        self._moment.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        row.addWidget(self._moment)
        actions = QWidget()
        actions.setMinimumWidth(1)  # in a narrow window their keys remain
        self._actions = QHBoxLayout(actions)
        self._actions.setContentsMargins(0, 0, 0, 0)
        row.addWidget(actions)
        self._zone = f"Times in {zone_text(now.astimezone())}"
        self.show_moment(None)

    def _custom_fields(self, now: datetime) -> QWidget:
        fields = QWidget()
        row = QHBoxLayout(fields)
        row.setContentsMargins(8, 0, 0, 0)
        self.start = _instant_field(now - timedelta(days=1), "Start of the range")
        self.end = _instant_field(now, "End of the range")
        show = QPushButton("Show")
        show.setAccessibleName("Show the custom range")
        show.clicked.connect(lambda: self.range_chosen.emit(Range.CUSTOM))
        for widget in (QLabel("from"), self.start, QLabel("to"), self.end, show):
            row.addWidget(widget)
        fields.setVisible(False)
        return fields

    def add_action(self, button: QWidget) -> None:
        """Put a button at the right."""
        self._actions.addWidget(button)

    def custom_span(self) -> tuple[datetime, datetime]:
        """Give the two instants chosen, the earlier one first, in UTC."""
        first, second = (
            datetime.fromtimestamp(field.dateTime().toSecsSinceEpoch(), UTC)
            for field in (self.start, self.end)
        )
        return min(first, second), max(first, second)

    def choose(self, span: Range) -> None:
        """Choose a range as if its button was pressed."""
        self._buttons.button(list(Range).index(span)).click()

    def show_moment(self, moment_s: float | None, state: str = "") -> None:
        """Say which moment is read; without one, `state` or the zone of the axis."""
        if moment_s is not None:
            self._moment.setText(moment_text(moment_s))
        else:
            self._moment.setText(f"{state}  ·  {self._zone}" if state else self._zone)

    def _choose(self, place: int) -> None:
        self.chosen = list(Range)[place]
        self._custom.setVisible(self.chosen is Range.CUSTOM)
        if self.chosen is Range.CUSTOM:
            self.start.setFocus()
        self.range_chosen.emit(self.chosen)


def _instant_field(at: datetime, accessible_name: str) -> QDateTimeEdit:
    field = with_room(QDateTimeEdit(QDateTime.fromSecsSinceEpoch(int(at.timestamp()))))
    field.setDisplayFormat(_FORMAT)
    field.setCalendarPopup(True)
    field.setAccessibleName(accessible_name)
    return field
