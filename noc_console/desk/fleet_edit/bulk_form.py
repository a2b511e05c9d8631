"""The fields of a bulk edit: only those that are ticked change anything."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QFormLayout,
    QFrame,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from noc_console.desk.fleet_edit.bulk_change import BulkChange, words_in
from noc_console.desk.fleet_edit.connection_section import AUTHENTICATION_WORDS, HIGHEST_PORT
from noc_console.desk.fleet_edit.server_form import words_of
from noc_console.desk.widgets.number_room import with_room
from noc_console.fleet.server import Authentication, Server

_LONGEST_TICK_S = 3600


class BulkForm(QScrollArea):
    """One row a field: a tick, and what to set once it is ticked."""

    changed = Signal()

    def __init__(self, servers: Sequence[Server], names: Sequence[str]) -> None:
        """Offer what the servers have for removing, and `names` of all servers for jumps."""
        super().__init__()
        self.ticks: dict[QWidget, QCheckBox] = {}
        inside = QWidget()
        self._form = QFormLayout(inside)
        self._form.setContentsMargins(4, 8, 12, 8)
        self._form.setHorizontalSpacing(16)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        groups, services = words_in(servers, "groups"), words_in(servers, "expected_services")
        self.add_groups = self._line("Add &groups", "web, europe", groups)
        self.remove_groups = self._line("&Remove groups", ", ".join(groups), groups)
        self.add_services = self._line("Add &services", "nginx, mariadb", services)
        self.remove_services = self._line("Remove ser&vices", ", ".join(services), services)
        self.user = self._line("&User", "Empty: the name you are logged in with", ())
        self.port = self._number("&Port", HIGHEST_PORT, 22, "")
        self.authentication = QComboBox()
        for way, words in AUTHENTICATION_WORDS.items():
            self.authentication.addItem(words, way)
        self.authentication.currentIndexChanged.connect(self.changed)
        self._add("Au&thentication", self.authentication)
        self.key_file = self._line("&Key file", "~/.ssh/id_ed25519", ())
        self.jumps = self._line("&Jumps", "Empty: no jump", names)
        self.tick_s = self._number("Ti&ck", _LONGEST_TICK_S, 5, " s")
        self.brand = self._line("&Brand", "Empty: no brand", ())
        self.notes_line = self._line("Add to &notes", "A line added under the notes", ())
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def _line(self, label: str, hint: str, offered: Sequence[str]) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(hint)
        if offered:
            field.setCompleter(QCompleter(list(offered), field))
        field.textChanged.connect(self.changed)
        self._add(label, field)
        return field

    def _number(self, label: str, highest: int, value: int, suffix: str) -> QSpinBox:
        field = with_room(QSpinBox())
        field.setRange(1, highest)
        field.setValue(value)
        field.setSuffix(suffix)
        field.valueChanged.connect(self.changed)
        self._add(label, field)
        return field

    def _add(self, label: str, field: QWidget) -> None:
        tick = QCheckBox(label)
        field.setEnabled(False)
        field.setAccessibleName(label.replace("&", ""))
        tick.toggled.connect(field.setEnabled)
        tick.toggled.connect(lambda ticked: field.setFocus() if ticked else None)
        tick.toggled.connect(self.changed)
        self.ticks[field] = tick
        self._form.addRow(tick, field)

    def read(self) -> BulkChange:
        """Give the change that the ticked fields describe."""
        return BulkChange(
            add_groups=self._words(self.add_groups) or (),
            remove_groups=self._words(self.remove_groups) or (),
            add_services=self._words(self.add_services) or (),
            remove_services=self._words(self.remove_services) or (),
            user=self._text(self.user),
            port=self.port.value() if self._is_on(self.port) else None,
            authentication=(
                Authentication(self.authentication.currentData())
                if self._is_on(self.authentication)
                else None
            ),
            key_file=self._text(self.key_file),
            jumps=self._words(self.jumps),
            tick_s=self.tick_s.value() if self._is_on(self.tick_s) else None,
            brand=self._text(self.brand),
            notes_line=self._text(self.notes_line) or "",
        )

    def _is_on(self, field: QWidget) -> bool:
        return self.ticks[field].isChecked()

    def _text(self, field: QLineEdit) -> str | None:
        return field.text().strip() if self._is_on(field) else None

    def _words(self, field: QLineEdit) -> tuple[str, ...] | None:
        return words_of(field.text()) if self._is_on(field) else None
