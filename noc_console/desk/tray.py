"""The symbol in the tray: the worst verdict and how many alarms wait, and a way to the window.

GUI thread only. Where the desktop has no tray nothing is shown and `is_there` is false.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from noc_console.desk.context import Live, Themes
from noc_console.desk.standing import known_now
from noc_console.desk.verdict_symbol import badged
from noc_console.health.alarm import Alarm
from noc_console.health.delivery.rules import calls
from noc_console.health.verdict import Verdict

_TICK_MS = 2000
_BADGE_GROUND = "#202020"
_TITLE = "noc-console"


class Tray(QObject):
    """Follows the live fleet."""

    window_wanted = Signal()
    quit_wanted = Signal()

    def __init__(
        self, live: Live, themes: Themes, now: Callable[[], datetime], parent: QWidget
    ) -> None:
        """Show nothing until `show_or_hide`."""
        super().__init__(parent)
        self._live = live
        self._themes = themes
        self._now = now
        self._shown: tuple[Verdict, int, str, bool] | None = None
        self.menu = QMenu(parent)
        self.show_action = QAction("&Show the window", self.menu)
        self.show_action.triggered.connect(self.window_wanted)
        self.quit_action = QAction("&Quit", self.menu)
        self.quit_action.triggered.connect(self.quit_wanted)
        self.menu.addActions([self.show_action, self.quit_action])
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._take_click)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.refresh)

    @property
    def is_there(self) -> bool:
        """Whether a person can see the symbol, and so can come back to a hidden window."""
        return self.icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def show_or_hide(self, *, wanted: bool) -> None:
        """Show the symbol, where the desktop has a tray, or take it away."""
        if wanted:
            self.refresh()
            self._timer.start()
        else:
            self._timer.stop()
        self.icon.setVisible(wanted)

    def refresh(self) -> None:
        """Show what holds now; an unchanged symbol is not sent to the desktop again."""
        known = known_now(self._live, self._now())
        counts = known.counts(self._live.told)
        waiting = [one for one in self._live.alarms.values() if calls(one)]
        worst = min(
            [next(iter(counts), Verdict.UNKNOWN), *(one.verdict for one in waiting)],
            key=lambda verdict: verdict.urgency,
        )
        words = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items())
        if not known.is_watched:
            words = f"{words or 'No server yet'}; nobody watches"
        words = words or "No server yet"
        if waiting:
            alarms = f"{len(waiting)} alarm{'s' if len(waiting) != 1 else ''} without anybody"
            words = f"{alarms}, the worst {_worst(waiting).value}; {words}"
        shown = (worst, len(waiting), words, self._themes.current.is_dark)
        if shown == self._shown:
            return
        self._shown = shown
        look = self._themes.current.look
        self.icon.setIcon(
            badged(look.shapes[worst], look.colours[worst], len(waiting), QColor(_BADGE_GROUND))
        )
        self.icon.setToolTip(f"{_TITLE}: {words}")

    def tell(self, sentence: str) -> None:
        """Show a sentence beside the symbol for some seconds."""
        self.icon.showMessage(_TITLE, sentence, self.icon.icon())

    def _take_click(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.window_wanted.emit()


def _worst(alarms: Sequence[Alarm]) -> Verdict:
    return min((one.verdict for one in alarms), key=lambda verdict: verdict.urgency)
