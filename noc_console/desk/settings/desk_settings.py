"""A person's settings of this desk and the layout of its window, kept in their configuration.

GUI thread only; the files are small and local, so they are written at once.
"""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from noc_console.desk.settings.declared import BY_KEY, InvalidSetting, Scope
from noc_console.desk.settings.toml_file import FileNotKept, read_toml, write_toml

SETTINGS_FILE = "desk.toml"
LAYOUT_FILE = "layout.toml"
_TABLE = "desk"
_LAYOUT_TABLE = "layout"
_KEEP_LAYOUT_AFTER_MS = 1000
"""Dragging a column tells its width many times a second."""


class DeskSettings(QObject):
    """Settings by key, and pieces of layout by key. Trouble with a file is told, never raised."""

    changed = Signal(str)
    trouble_met = Signal(str)

    def __init__(self, folder: Path) -> None:
        """Read both files; what is in them but cannot be is told as trouble and left out."""
        super().__init__()
        self.troubles: list[str] = []
        self._settings_path = folder / SETTINGS_FILE
        self._layout_path = folder / LAYOUT_FILE
        self._values = self._valid(self._read(self._settings_path, _TABLE))
        self._layout = self._read(self._layout_path, _LAYOUT_TABLE)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_KEEP_LAYOUT_AFTER_MS)
        self._timer.timeout.connect(self._keep_layout)

    def get(self, key: str) -> Any:
        """Give a setting's value, or its default."""
        return self._values.get(key, BY_KEY[key].default)

    def put(self, key: str, value: Any) -> None:
        """Set a setting of the desk and keep it.

        Raises:
            InvalidSetting: the value cannot be.
        """
        BY_KEY[key].check(value)
        if value == self.get(key):
            return
        self._values[key] = value
        self._write(self._settings_path, _TABLE, self._values)
        self.changed.emit(key)

    def get_layout(self, key: str, default: Any) -> Any:
        """Give a kept piece of layout if it is of the same kind as `default`, else `default`."""
        value = self._layout.get(key, default)
        return value if type(value) is type(default) else default

    def put_layout(self, key: str, value: Any) -> None:
        """Keep a piece of layout: text, numbers, truth values, or lists of them."""
        if self._layout.get(key) != value:
            self._layout[key] = value
            self._timer.start()

    def close(self) -> None:
        """Keep the layout that is not kept yet."""
        if self._timer.isActive():
            self._timer.stop()
            self._keep_layout()

    def _keep_layout(self) -> None:
        self._write(self._layout_path, _LAYOUT_TABLE, self._layout)

    def _read(self, path: Path, table: str) -> dict[str, Any]:
        try:
            found = read_toml(path).get(table, {})
        except FileNotKept as trouble:
            self.troubles.append(trouble.sentence)
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, path: Path, table: str, values: dict[str, Any]) -> None:
        try:
            write_toml(path, {table: values})
        except FileNotKept as trouble:
            self.trouble_met.emit(trouble.sentence)

    def _valid(self, found: dict[str, Any]) -> dict[str, Any]:
        """Give what may be; keys of a later version are left alone until something is written."""
        valid: dict[str, Any] = {}
        for key, value in found.items():
            setting = BY_KEY.get(key)
            if setting is None or setting.scope is not Scope.DESK:
                continue
            try:
                setting.check(value)
            except InvalidSetting as trouble:
                self.troubles.append(trouble.sentence)
            else:
                valid[key] = value
        return valid
