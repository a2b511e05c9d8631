"""A window on a real store, whose live fleet is told by the test."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.main_window import MainWindow, WindowParts
from noc_console.desk.page import PageKind
from noc_console.desk.settings.desk_settings import DeskSettings
from noc_console.desk.theme.themes import Themes
from tests.desk.page_bench import PageBench
from tests.desk.qt_life import end


class WindowBench(PageBench):
    """A context of real settings and themes, and a window when one is wanted."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        super().__init__(folder / "store")
        self.settings = DeskSettings(folder / "config")
        self.themes = Themes(application)
        self.context = replace(self.context, settings=self.settings, themes=self.themes)
        self.imported = 0
        self._windows: list[MainWindow] = []

    def window(self) -> MainWindow:
        """Give a new window that shows its first state."""
        window = MainWindow(
            WindowParts(
                kinds=[
                    PageKind(key=key, title=key.title(), keys=keys, make=_page(key))
                    for key, keys in (("fleet", "Ctrl+1"), ("settings", "Ctrl+,"))
                ],
                make_server_page=lambda _, server_id: _page(str(server_id))(self.context),
                import_servers=self._note_import,
            ),
            self.themes,
            self.settings,
            lambda: self.clock,
        )
        self._windows.append(window)
        return window

    def begun(self) -> MainWindow:
        """Give a shown window with its pages."""
        window = self.window()
        window.begin(replace(self.context, navigator=window), lambda: None)
        window.show()
        return window

    def close(self) -> None:
        end(*self._windows, self.settings)
        super().close()

    def _note_import(self, *_: object) -> None:
        self.imported += 1


def _page(name: str):
    def make(context: DeskContext) -> QWidget:
        page = QLabel(name)
        page.setObjectName(name)
        return page

    return make
