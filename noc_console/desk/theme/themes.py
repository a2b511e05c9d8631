"""Puts a theme on the application: palette, letters and a short style sheet on Qt's Fusion style.

GUI thread only. The style sheet is on the window, not on the application: there Qt would go through
every widget again for each one above it, at each page that is made and at each change of theme.
"""

from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from noc_console.desk.theme.style_sheet import style_sheet
from noc_console.desk.theme.theme import Theme, WindowColours, load_theme
from noc_console.health.verdict import Verdict
from noc_console.resource import resource

FONT_FILES = ("Inter-Regular.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")
FONT_FAMILY = "Inter"
FONT_PIXELS = 13


class ThemeChoice(Enum):
    """What a person may choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Themes(QObject):
    """The theme now shown. It follows the system while that is the choice."""

    changed = Signal(object)

    def __init__(self, application: QApplication) -> None:
        """Load the letters and show the system's choice of theme."""
        super().__init__(application)
        self._application = application
        self._choice = ThemeChoice.SYSTEM
        self._dressed: list[QWidget] = []
        load_letters(application)
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.current = self._chosen()
        self._show()

    def apply(self, choice: ThemeChoice) -> None:
        """Show the chosen theme from now on."""
        self._choice = choice
        self._follow_system()

    def dress(self, window: QWidget) -> None:
        """Show the theme on a window and all that it holds, for as long as it lives."""
        self._dressed.append(window)
        window.setStyleSheet(self._sheet())

    def _follow_system(self) -> None:
        theme = self._chosen()
        if theme is not self.current:
            self.current = theme
            self._show()
            self.changed.emit(theme)

    def _chosen(self) -> Theme:
        if self._choice is not ThemeChoice.SYSTEM:
            return load_theme(self._choice.value)
        scheme = self._application.styleHints().colorScheme()
        return load_theme("dark" if scheme is Qt.ColorScheme.Dark else "light")

    def _show(self) -> None:
        self._application.setPalette(window_palette(self.current.window))
        self._dressed = [window for window in self._dressed if isValid(window)]
        for window in self._dressed:
            window.setStyleSheet(self._sheet())

    def _sheet(self) -> str:
        trouble = self.current.look.colours[Verdict.DOWN].name()
        return style_sheet(self.current.window, trouble, self._picture)

    def _picture(self, name: str) -> str:
        return resource("icons", f"{name}-{self.current.name}.svg").as_posix()


def load_letters(application: QApplication) -> None:
    """Write everything in the shipped letters, with digits of one width so that columns stand."""
    for file in FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource("fonts", file)))
    font = QFont(FONT_FAMILY)
    font.setPixelSize(FONT_PIXELS)
    font.setFeature(QFont.Tag("tnum"), 1)
    application.setFont(font)


def window_palette(colours: WindowColours) -> QPalette:
    """Give the theme's colours in Qt's own roles."""
    roles = QPalette.ColorRole
    parts = {
        roles.Window: colours.ground,
        roles.WindowText: colours.text,
        roles.Base: colours.field,
        roles.AlternateBase: colours.stripe,
        roles.ToolTipBase: colours.button,
        roles.ToolTipText: colours.text,
        roles.PlaceholderText: colours.faint,
        roles.Text: colours.text,
        roles.Button: colours.button,
        roles.ButtonText: colours.text,
        roles.BrightText: colours.on_accent,
        roles.Link: colours.accent,
        roles.LinkVisited: colours.accent,
        roles.Highlight: colours.accent,
        roles.HighlightedText: colours.on_accent,
        roles.Accent: colours.accent,
        roles.Light: colours.button,
        roles.Midlight: colours.border,
        roles.Mid: colours.border,
        roles.Dark: colours.border,
        roles.Shadow: colours.border,
    }
    palette = QPalette()
    for role, colour in parts.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.disabled))
    return palette
