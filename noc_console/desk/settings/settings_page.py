"""The page with every setting, each saved as soon as it is chosen, and where the store is."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from noc_console import __version__
from noc_console.desk.context import DeskContext
from noc_console.desk.settings.declared import SETTINGS, InvalidSetting, Scope, Setting
from noc_console.desk.settings.setting_row import SettingRow
from noc_console.desk.widgets.in_slices import InSlices
from noc_console.errors import ConsoleError
from noc_console.store.heartbeat import EngineRecord
from noc_console.store.settings import get_setting, put_setting

_WIDEST = 860
_SAID_FOR_MS = 4000
_SHARED = "These hold for everybody who uses this store."
_SAVED = "Saved."
_SAVED_FOR_ALL = "Saved for everybody."


class SettingsPage(QWidget):
    """Settings of this desk are kept in the person's file, those of the store in the store."""

    def __init__(self, context: DeskContext) -> None:
        """Show what holds; what the store holds is read in the background."""
        super().__init__()
        self._context = context
        self.setAccessibleName("Settings")
        self.rows = {setting.key: SettingRow(setting) for setting in SETTINGS}
        self.facts: dict[str, QLabel] = {}
        self._facts = self._facts_form()
        self._lay_out()
        for row in self.rows.values():
            row.chosen.connect(lambda value, row=row: self._save(row, value))
        self.setFocusProxy(next(iter(self.rows.values())))
        context.settings.changed.connect(lambda _: self._show_desk_settings())
        context.live.settings_changed.connect(self._read_store_settings)
        context.live.engine_changed.connect(self._show_engine)
        self._show_desk_settings()
        self._show_engine(context.live.engine)
        self._enable_store_settings(enabled=False)
        self._read_store_settings()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the engine that watches now."""
        super().showEvent(event)
        self._show_engine(self._context.live.engine)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(_heading("Settings", "pageTitle"))
        column.setContentsMargins(16, 12, 16, 12)
        whole = QWidget()
        whole.setLayout(column)
        whole.setMaximumWidth(_WIDEST)
        scroll = QScrollArea()
        scroll.setWidget(whole)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(scroll)
        self._sections = InSlices(
            self,
            (
                *(
                    partial(self._add_section, column, title, list(settings))
                    for title, settings in groupby(SETTINGS, key=lambda one: one.section)
                ),
                partial(self._add_facts, column),
            ),
        )

    @property
    def is_settled(self) -> bool:
        """Whether every section is there."""
        return self._sections.are_done

    def _add_section(self, column: QVBoxLayout, title: str, settings: Sequence[Setting]) -> None:
        column.addSpacing(14)
        column.addWidget(_heading(title, "sectionTitle"))
        if settings[0].scope is Scope.STORE:
            column.addWidget(_heading(_SHARED, "faint"))
        for setting in settings:
            column.addWidget(self.rows[setting.key])

    def _add_facts(self, column: QVBoxLayout) -> None:
        column.addSpacing(14)
        column.addWidget(_heading("This console", "sectionTitle"))
        column.addLayout(self._facts)
        column.addStretch(1)

    def _facts_form(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        texts = {"Store": str(self._context.store.location), "Engine": "", "Version": __version__}
        announcing = self._context.announcing
        if announcing is not None:
            texts["Alarms here"] = announcing.state
            announcing.state_changed.connect(lambda words: self._show_fact("Alarms here", words))
        for name, text in texts.items():
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            label.setWordWrap(True)
            label.setAccessibleName(f"{name}: {text}")
            self.facts[name] = label
            form.addRow(_heading(name, "faint"), label)
        return form

    def _show_engine(self, engine: EngineRecord | None) -> None:
        is_starting = self._context.live.is_starting_to_watch
        text = "Starting to watch …" if is_starting else "No engine watches this store."
        if engine is not None:
            since = engine.started_at.astimezone()
            text = (
                f"Version {engine.version} on {engine.host} (process {engine.pid}),"
                f" since {since:%Y-%m-%d %H:%M %Z}"
            )
        self._show_fact("Engine", text)

    def _show_fact(self, name: str, text: str) -> None:
        self.facts[name].setText(text)
        self.facts[name].setAccessibleName(f"{name}: {text}")

    def _show_desk_settings(self) -> None:
        for key, row in self.rows.items():
            if row.setting.scope is Scope.DESK:
                row.show_value(self._context.settings.get(key))

    def _enable_store_settings(self, *, enabled: bool) -> None:
        for row in self._store_rows():
            row.control.setEnabled(enabled)

    def _store_rows(self) -> list[SettingRow]:
        return [row for row in self.rows.values() if row.setting.scope is Scope.STORE]

    def _read_store_settings(self) -> None:
        store = self._context.store
        wanted = {row.setting.key: row.setting.default for row in self._store_rows()}
        self._context.background.call(
            lambda: {key: get_setting(store, key, default) for key, default in wanted.items()},
            self._show_store_settings,
            self._tell_unread,
            self,
        )

    def _show_store_settings(self, found: Mapping[str, Any]) -> None:
        for row in self._store_rows():
            row.show_value(_valid(row.setting, found[row.setting.key]))
        self._enable_store_settings(enabled=True)

    def _tell_unread(self, failure: ConsoleError) -> None:
        for row in self._store_rows():
            row.say(failure.sentence)

    def _save(self, row: SettingRow, value: Any) -> None:
        if row.setting.scope is Scope.DESK:
            self._save_here(row, value)
            return
        store, key = self._context.store, row.setting.key

        def refuse(failure: ConsoleError) -> None:
            row.say(failure.sentence)
            self._read_store_settings()

        self._context.background.call(
            lambda: put_setting(store, key, value),
            lambda _: self._say_saved(row, _SAVED_FOR_ALL),
            refuse,
            self,
        )

    def _save_here(self, row: SettingRow, value: Any) -> None:
        try:
            self._context.settings.put(row.setting.key, value)
        except InvalidSetting as refused:
            row.say(refused.sentence)
        else:
            self._say_saved(row, _SAVED)

    def _say_saved(self, row: SettingRow, words: str) -> None:
        row.say(words)
        QTimer.singleShot(_SAID_FOR_MS, row, lambda: row.say(""))


def _heading(words: str, name: str) -> QLabel:
    label = QLabel(words)
    label.setObjectName(name)
    return label


def _valid(setting: Setting, value: Any) -> Any:
    """A value that a later version wrote, or a hand, must not break the page."""
    try:
        setting.check(value)
    except InvalidSetting:
        return setting.default
    return value
