"""The controls of the time machine: which moment, play, speed, steps, a slider, and back to live.

GUI thread only. It only says what a person wants; the page reads and shows.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDateTime, Qt, QTimer, QTimeZone, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

SPEEDS = (1, 10, 60, 300)
_USUAL_SPEED = 60
_SPAN = timedelta(hours=24)
_SETTLE_MS = 250
"""A slider that is dragged asks when it rests: each moment costs a look at the store."""

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


class Controls(QWidget):
    """Two lines: chooser and buttons; the slider over a day."""

    moment_wanted = Signal(object)
    """datetime: a person wants to see this moment."""
    play_wanted = Signal(bool)
    live_wanted = Signal()
    fleet_wanted = Signal()
    """Back from a server to the whole fleet as it was."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Show no moment yet."""
        super().__init__()
        self._now = now
        self._at = now()
        self._start = now() - _SPAN
        self._is_typed = False
        self.chooser = QDateTimeEdit()
        self.play_button = QPushButton("▶ &Play")
        self.speed = QComboBox()
        self.live_button = QPushButton("&LIVE")
        self.fleet_button = QPushButton("◀ The &fleet then")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.first, self.last = QLabel(), QLabel()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._want_slider)
        self._dress()
        self._lay_out()

    def _dress(self) -> None:
        self.chooser.setCalendarPopup(True)
        self.chooser.setDisplayFormat("yyyy-MM-dd HH:mm:ss t")
        self.chooser.setTimeZone(QTimeZone.systemTimeZone())
        self.chooser.setAccessibleName("Moment to show")
        self.chooser.setMinimumWidth(220)
        self.chooser.dateTimeChanged.connect(self._note_typing)
        self.chooser.editingFinished.connect(self._want_chosen)
        self.play_button.setCheckable(True)
        self.play_button.setAccessibleName("Play forward")
        self.play_button.toggled.connect(self.play_wanted)
        self.play_button.toggled.connect(self._name_play)
        self.speed.setAccessibleName("Speed of play")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed} ×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(_USUAL_SPEED))
        self.live_button.clicked.connect(self.live_wanted)
        self.live_button.setAccessibleName("Back to live")
        self.live_button.setStyleSheet("font-weight: 700;")
        self.fleet_button.clicked.connect(self.fleet_wanted)
        self.fleet_button.hide()
        self.slider.setAccessibleName("Moment within a day")
        self.slider.setRange(0, int(_SPAN / _MINUTE))
        self.slider.setPageStep(60)
        self.slider.valueChanged.connect(lambda _: self._settle.start())
        for label in (self.first, self.last):
            label.setObjectName("faint")

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.fleet_button)
        line.addWidget(self.chooser)
        for words, tip, step, keys in (
            ("−1 h", "An hour back", -_HOUR, "Ctrl+Shift+PgUp"),
            ("−1 min", "A minute back", -_MINUTE, "Ctrl+PgUp"),
        ):
            line.addWidget(self._step_button(words, tip, step, keys))
        line.addWidget(self.play_button)
        line.addWidget(self.speed)
        for words, tip, step, keys in (
            ("+1 min", "A minute on", _MINUTE, "Ctrl+PgDown"),
            ("+1 h", "An hour on", _HOUR, "Ctrl+Shift+PgDown"),
        ):
            line.addWidget(self._step_button(words, tip, step, keys))
        line.addStretch(1)
        line.addWidget(self.live_button)
        below = QHBoxLayout()
        below.addWidget(self.first)
        below.addWidget(self.slider, 1)
        below.addWidget(self.last)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 6, 12, 4)
        box.setSpacing(4)
        box.addLayout(line)
        box.addLayout(below)
        self._add_key("Ctrl+Space", "Play forward, or pause", self.play_button.toggle)
        self._add_key("Ctrl+G", "Choose the moment", self.chooser.setFocus)
        self._add_key("Ctrl+Shift+T", "Back to live", self.live_wanted.emit)
        self._add_key("Ctrl+Up", "Back to the fleet as it was", self.fleet_wanted.emit)
        self.setFocusProxy(self.chooser)

    def _step_button(self, words: str, tip: str, step: timedelta, keys: str) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(f"{tip} ({keys})")
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: self._want(self._at + step))
        self._add_key(keys, tip, lambda: self._want(self._at + step))
        return button

    def _add_key(self, keys: str, words: str, act: Callable[[], object]) -> None:
        """A key holds for the whole page: the parent is told by `join`."""
        self._keys = [*getattr(self, "_keys", ()), (keys, words, act)]

    def join(self, page: QWidget) -> None:
        """Have the keys hold in the whole page."""
        for keys, words, act in self._keys:
            shortcut = QShortcut(QKeySequence(keys), page, act)
            shortcut.setWhatsThis(words)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    @property
    def chosen_speed(self) -> int:
        """How many seconds pass in one second of play."""
        return int(self.speed.currentData())

    @property
    def is_playing(self) -> bool:
        """Whether it plays forward."""
        return self.play_button.isChecked()

    def pause(self) -> None:
        """Play no more."""
        self.play_button.setChecked(False)

    def show_moment(self, at: datetime) -> None:
        """Show which moment is seen; tells nothing."""
        self._at = at
        if not self._start <= at <= self._start + _SPAN:
            newest = self._now()
            self._start = min(at - _SPAN / 2, newest - _SPAN)
        if not self._is_typed:
            self.chooser.blockSignals(True)
            self.chooser.setDateTime(QDateTime.fromSecsSinceEpoch(int(at.timestamp())))
            self.chooser.blockSignals(False)
        self.slider.blockSignals(True)
        self.slider.setValue(int((at - self._start) / _MINUTE))
        self.slider.blockSignals(False)
        self.first.setText(f"{self._start.astimezone():%m-%d %H:%M}")
        self.last.setText(f"{(self._start + _SPAN).astimezone():%m-%d %H:%M}")

    def show_way_back(self, *, is_on_server: bool) -> None:
        """Offer the way from a server back to the fleet, or not."""
        self.fleet_button.setVisible(is_on_server)

    def _note_typing(self) -> None:
        """A person is choosing: what is played meanwhile does not write over it."""
        self._is_typed = True

    def _want_chosen(self) -> None:
        """Show what was typed; leaving the field without typing asks for nothing."""
        if self._is_typed:
            self._is_typed = False
            self._want(datetime.fromtimestamp(self.chooser.dateTime().toSecsSinceEpoch(), UTC))

    def _want_slider(self) -> None:
        self._want(self._start + self.slider.value() * _MINUTE)

    def _want(self, at: datetime) -> None:
        self.moment_wanted.emit(at)

    def _name_play(self, plays: bool) -> None:
        self.play_button.setText("⏸ &Pause" if plays else "▶ &Play")
