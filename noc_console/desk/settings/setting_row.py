"""One setting on the settings page: title, meaning, control, and whether it was saved."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.settings.declared import MAX_NAME_LENGTH, Setting
from noc_console.desk.widgets.number_room import with_room

_CONTROL_WIDTH = 190


class SettingRow(QWidget):
    """Tells what a person chose; it saves nothing itself."""

    chosen = Signal(object)
    """The new value."""

    def __init__(self, setting: Setting) -> None:
        """Show the default."""
        super().__init__()
        self.setting = setting
        self._is_told = False
        self.title = QLabel(setting.title)
        self.sentence = QLabel(f"{setting.sentence} {usual_words(setting)}")
        self.sentence.setObjectName("faint")
        self.outcome = QLabel()
        self.outcome.setObjectName("faint")
        for label in (self.title, self.sentence, self.outcome):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.control, self._write = self._make_control()
        self.control.setAccessibleName(setting.title)
        self.control.setAccessibleDescription(setting.sentence)
        self.control.setFixedWidth(_CONTROL_WIDTH)
        self.control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.control.installEventFilter(self)
        self.title.setBuddy(self.control)
        self.setFocusProxy(self.control)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 6, 0, 6)
        box.setSpacing(24)
        for parts, stretch in (
            ((self.title, self.sentence), 1),
            ((self.control, self.outcome), 0),
        ):
            column = QVBoxLayout()
            column.setSpacing(2)
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
            box.addLayout(column, stretch)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_value(self, value: Any) -> None:
        """Show what holds; tells nothing."""
        self._is_told = True
        self._write(value)
        self._is_told = False

    def say(self, words: str) -> None:
        """Say that it was saved, or why not."""
        self.outcome.setText(words)
        self.control.setAccessibleDescription(f"{self.setting.sentence} {words}".strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scrolling past a control must not change it."""
        if event.type() is QEvent.Type.Wheel and not self.control.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _make_control(self) -> tuple[QWidget, Callable[[Any], None]]:
        default = self.setting.default
        if self.setting.choices is not None:
            return self._make_choice()
        if isinstance(default, bool):
            return self._make_switch(default)
        if isinstance(default, int):
            return self._make_number(default)
        return self._make_text(default)

    def _make_choice(self) -> tuple[QWidget, Callable[[Any], None]]:
        box = QComboBox()
        for value, words in (self.setting.choices or {}).items():
            box.addItem(words, value)

        def write(value: Any) -> None:
            box.setCurrentIndex(box.findData(value))

        write(self.setting.default)
        box.currentIndexChanged.connect(lambda _: self._tell(box.currentData()))
        return box, write

    def _make_switch(self, default: bool) -> tuple[QWidget, Callable[[Any], None]]:
        box = QCheckBox("On" if default else "Off")

        def write(value: Any) -> None:
            box.setChecked(value)

        write(default)
        box.toggled.connect(lambda on: box.setText("On" if on else "Off"))
        box.toggled.connect(self._tell)
        return box, write

    def _make_number(self, default: int) -> tuple[QWidget, Callable[[Any], None]]:
        box = with_room(QSpinBox())
        box.setRange(self.setting.least, self.setting.most)
        box.setSuffix(f" {self.setting.unit}" if self.setting.unit else "")
        box.setKeyboardTracking(False)
        box.setValue(default)
        box.valueChanged.connect(self._tell)
        return box, box.setValue

    def _make_text(self, default: str) -> tuple[QWidget, Callable[[Any], None]]:
        box = QLineEdit(default)
        box.setMaxLength(MAX_NAME_LENGTH)
        written = [default]

        def write(value: Any) -> None:
            written[0] = value
            box.setText(value)

        def tell() -> None:
            if box.text() != written[0]:
                written[0] = box.text()
                self._tell(box.text())

        box.editingFinished.connect(tell)
        return box, write

    def _tell(self, value: Any) -> None:
        if not self._is_told:
            self.chosen.emit(value)


def usual_words(setting: Setting) -> str:
    """Give what holds where nobody chose."""
    default = setting.default
    if setting.choices is not None:
        return f"Usually “{setting.choices[str(default)]}”."
    if isinstance(default, bool):
        return f"Usually {'on' if default else 'off'}."
    if isinstance(default, int):
        return f"Usually {default} {setting.unit}".rstrip() + "."
    return f"Usually “{default}”." if default else ""
