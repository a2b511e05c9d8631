"""The program around the window: application, settings, store, live fleet, engine, tray, end.

GUI thread only. The window paints before the store is opened; the store is opened elsewhere. So
that it paints soon, nothing that reads the store is imported before.
"""

from __future__ import annotations

import getpass
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from noc_console.desk.background import Background
from noc_console.desk.context import DeskContext
from noc_console.desk.first_paint import FirstPaint
from noc_console.desk.main_window import MainWindow, WindowParts
from noc_console.desk.page import PageKind
from noc_console.desk.settings.desk_settings import DeskSettings
from noc_console.desk.theme.themes import ThemeChoice, Themes
from noc_console.desk.tray import Tray
from noc_console.desk.verdict_symbol import symbol
from noc_console.desk.warm_up import WarmUp
from noc_console.errors import ConsoleError
from noc_console.health.verdict import Verdict

if TYPE_CHECKING:
    from noc_console.desk.announcing.announcer import Announcer
    from noc_console.desk.engine_keeper import EngineKeeper, EngineProcess
    from noc_console.desk.live import LiveFleet
    from noc_console.store.location import StoreLocation
    from noc_console.store.store import Store

_BUG_TITLE = "The store could not be opened"
_IN_TRAY = "Watching goes on. Open the window from here; Ctrl+Q in it quits."


class DeskProgram(QObject):
    """One window on one store: `start` it, run the application until `ends`, `close` it."""

    ends = Signal()
    """A person wants the program to end."""

    def __init__(
        self,
        application: QApplication,
        location: StoreLocation,
        *,
        own_engine: EngineProcess | None,
        tell_of_bug: Callable[[Exception], str],
        settings_folder: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare; without `own_engine` the window starts none."""
        super().__init__()
        self._location = location
        self._own_engine = own_engine
        self._now = now
        self.failure: ConsoleError | None = None
        """Why the store is not open, if it could not be opened."""
        self.settings = DeskSettings(settings_folder)
        self.themes = Themes(application)
        self.themes.apply(ThemeChoice(self.settings.get("theme")))
        self.background = Background(tell_of_bug)
        self.window = MainWindow(_parts(), self.themes, self.settings, now)
        self.themes.dress(self.window)
        self.live: LiveFleet | None = None
        self._store: Store | None = None
        self._keeper: EngineKeeper | None = None
        self._announcer: Announcer | None = None
        self.tray: Tray | None = None
        self._first_paint = FirstPaint(self.window)
        self._warm_up = WarmUp(self.window)
        self._join(application)

    def _join(self, application: QApplication) -> None:
        application.setApplicationName("noc-console")
        application.setQuitOnLastWindowClosed(False)
        self.window.setWindowIcon(symbol("●", self.themes.current.look.colours[Verdict.OK]))
        self.window.close_wanted.connect(self._end_or_hide)
        self.window.quit_wanted.connect(self.ends)
        self.settings.changed.connect(self._take_setting)
        self.settings.trouble_met.connect(self.window.say_and_stay)
        self.background.bug_met.connect(self._tell_bug)
        self._first_paint.seen.connect(self._open, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Show the window; after its first paint, open the store."""
        sys.excepthook = self._take_uncaught
        threading.excepthook = lambda met: self._take_uncaught(
            met.exc_type, met.exc_value or met.exc_type(), met.exc_traceback
        )
        for trouble in self.settings.troubles:
            self.window.say_and_stay(trouble)
        self.window.show()

    def close(self) -> None:
        """Stop what was started: what this window reads, and its engine."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        if self.tray is not None:
            self.tray.show_or_hide(wanted=False)
        self.window.hide()
        self.settings.close()
        self._warm_up.close()
        if self._keeper is not None:
            self._keeper.close()
        if self._announcer is not None:
            self._announcer.close()
        if self.live is not None:
            self.live.close()
        self.background.close()
        if self._own_engine is not None:
            self._own_engine.stop()
        if self._store is not None:
            self._store.close()

    def opened_store(self) -> Store:
        """Give the store of the window.

        Raises:
            ConsoleError: it could not be opened, or not yet.
        """
        if self.failure is not None:
            raise self.failure
        if self._store is None:
            raise ConsoleError(f"The store at {self._location} is still being opened; wait longer.")
        return self._store

    def _open(self) -> None:
        self.failure = None
        self.window.show_state(
            "Opening the store …", f"{self._location}: this takes a moment after an update.", {}
        )

        def work() -> Store:
            from noc_console.desk.store_opening import open_for_desk

            return open_for_desk(self._location)

        self.background.call(work, self._begin, self._refuse, self.window)

    def _refuse(self, failure: ConsoleError) -> None:
        from noc_console.desk.store_opening import failure_title

        self.failure = failure
        self._show_failure(failure_title(failure), failure.sentence)

    def _show_failure(self, title: str, sentence: str) -> None:
        buttons = {"&Try again": self._open, "&Quit": self.ends.emit}
        self.window.show_state(title, sentence, buttons)

    def _begin(self, store: Store) -> None:
        from noc_console.desk.engine_keeper import EngineKeeper
        from noc_console.desk.live import LiveFleet

        self._store = store
        live = LiveFleet(store, self.background, self._now)
        self.live = live
        context = DeskContext(
            store=store,
            background=self.background,
            live=live,
            themes=self.themes,
            settings=self.settings,
            navigator=self.window,
            asked_by=self.settings.get("asked_by") or getpass.getuser(),
        )
        context = replace(context, announcing=self._begin_announcing(context))
        if self._own_engine is not None:
            self._keeper = EngineKeeper(
                self._own_engine, store, live, self.background, socket.gethostname()
            )
            self._keeper.trouble_changed.connect(self.window.show_engine_trouble)
            self._keeper.start()
        self.tray = Tray(live, self.themes, self._now, self.window)
        self.tray.window_wanted.connect(self.window.come_forward)
        self.tray.quit_wanted.connect(self.ends)
        self.tray.show_or_hide(wanted=self.settings.get("tray"))
        self._watch_deliveries(context)
        self._watch_outbox(context)
        live.start()
        self.window.begin(context, self._own_engine_pid)
        self._follow_presence(context)
        self._warm_up.start()

    def _watch_deliveries(self, context: DeskContext) -> None:
        from noc_console.desk.recipients.trouble_watch import TroubleWatch

        watch = TroubleWatch(context, self.window, self._now)
        watch.trouble_changed.connect(self.window.show_delivery_trouble)

    def _watch_outbox(self, context: DeskContext) -> None:
        from noc_console.desk.outbox.need_watch import NeedWatch

        watch = NeedWatch(context, self.window)
        watch.needs_changed.connect(self._show_outbox)

    def _show_outbox(self, count: int, worst: Verdict | None) -> None:
        self.window.rail.show_waiting("sending", count, worst, self.themes.current.look)

    def _begin_announcing(self, context: DeskContext) -> Announcer | None:
        """A program without a screen or an engine of its own draws pictures: nobody listens."""
        if self._own_engine is None or QApplication.platformName() == "offscreen":
            return None
        from noc_console.desk.announcing.announcer import Announcer

        announcer = Announcer(context, self.window, self._now, show_elsewhere=self._tell_in_tray)
        announcer.wanted.connect(self._show_alarms)
        self._announcer = announcer
        return announcer

    def _tell_in_tray(self, words: str) -> None:
        if self.tray is not None and self.tray.is_there:
            self.tray.tell(words)

    def _show_alarms(self, ids: Sequence[int]) -> None:
        from noc_console.desk.alarms.opening import show_alarms

        self.window.come_forward()
        show_alarms(self.window, self.window, ids)

    def _follow_presence(self, context: DeskContext) -> None:
        """Keep what a person missed; nobody sits before a window that is drawn into a picture."""
        if QApplication.platformName() == "offscreen":
            return
        from noc_console.desk.alarms.presence import Presence

        presence = Presence(context, self.window, self._now)
        presence.missed.connect(self._tell_missed)

    def _tell_missed(self, count: int) -> None:
        words = f"{count} alarm{'s' if count != 1 else ''} while you were away."
        self.window.notice.offer(words, "&Look", self._show_missed)

    def _show_missed(self) -> None:
        from noc_console.desk.alarms.alarms_page import AlarmsPage

        self.window.open_page("alarms")
        page = self.window.current_page
        if isinstance(page, AlarmsPage):
            page.show_missed()

    def _own_engine_pid(self) -> int | None:
        return self._keeper.own_pid if self._keeper is not None else None

    def _end_or_hide(self) -> None:
        """A hidden window must have a way back: without a tray, closing ends the program."""
        tray = self.tray
        if tray is not None and tray.is_there and self.settings.get("close_to_tray"):
            tray.tell(_IN_TRAY)
            return
        self.ends.emit()

    def _take_setting(self, key: str) -> None:
        if key == "theme":
            self.themes.apply(ThemeChoice(self.settings.get(key)))
        elif key == "tray" and self.tray is not None:
            self.tray.show_or_hide(wanted=self.settings.get(key))

    def _tell_bug(self, sentence: str) -> None:
        if self._store is None:
            self._show_failure(_BUG_TITLE, sentence)
        self.window.say_and_stay(sentence)

    def _take_uncaught(
        self, kind: type[BaseException], bug: BaseException, trace: TracebackType | None
    ) -> None:
        """A bug in a slot or a thread is logged and told; the window stays."""
        if isinstance(bug, Exception):
            self.background.report(bug.with_traceback(trace))
        elif not issubclass(kind, SystemExit):
            QTimer.singleShot(0, self, self.ends.emit)


def page_kinds() -> tuple[PageKind, ...]:
    """Give the pages of the rail, in its order."""
    return (
        PageKind(key="fleet", title="Fleet", keys="Ctrl+1", make=_fleet_page),
        PageKind(key="alarms", title="Alarms", keys="Ctrl+2", make=_alarms_page),
        PageKind(key="incidents", title="Incidents", keys="Ctrl+3", make=_incidents_page),
        PageKind(key="windows", title="Windows", keys="Ctrl+4", make=_windows_page),
        PageKind(key="availability", title="Availability", keys="Ctrl+5", make=_availability_page),
        PageKind(key="handover", title="Handover", keys="Ctrl+6", make=_handover_page),
        PageKind(key="recipients", title="Who is told", keys="Ctrl+7", make=_recipients_page),
        PageKind(key="notices", title="Notices", keys="Ctrl+8", make=_notices_page),
        PageKind(key="sending", title="Sending", keys="Ctrl+9", make=_sending_page),
        PageKind(key="audit", title="Audit", keys="Ctrl+0", make=_audit_page),
        PageKind(key="time-machine", title="Time machine", keys="Ctrl+T", make=_time_machine_page),
        PageKind(key="settings", title="Settings", keys="Ctrl+,", make=_settings_page),
    )


def _parts() -> WindowParts:
    return WindowParts(
        kinds=page_kinds(),
        make_server_page=_server_page,
        import_servers=_import_servers,
    )


# What a page needs is imported when it is first shown, not before the window's first paint.


def _fleet_page(context: DeskContext) -> QWidget:
    from noc_console.desk.fleet.fleet_page import FleetPage

    return FleetPage(context)


def _alarms_page(context: DeskContext) -> QWidget:
    from noc_console.desk.alarms.alarms_page import AlarmsPage

    return AlarmsPage(context)


def _incidents_page(context: DeskContext) -> QWidget:
    from noc_console.desk.incidents.incidents_page import IncidentsPage

    return IncidentsPage(context)


def _windows_page(context: DeskContext) -> QWidget:
    from noc_console.desk.windows.windows_page import WindowsPage

    return WindowsPage(context)


def _availability_page(context: DeskContext) -> QWidget:
    from noc_console.desk.availability.availability_page import AvailabilityPage

    return AvailabilityPage(context)


def _recipients_page(context: DeskContext) -> QWidget:
    from noc_console.desk.recipients.recipients_page import RecipientsPage

    return RecipientsPage(context)


def _notices_page(context: DeskContext) -> QWidget:
    from noc_console.desk.notices.notices_page import NoticesPage

    return NoticesPage(context)


def _sending_page(context: DeskContext) -> QWidget:
    from noc_console.desk.sending.sending_page import SendingPage

    return SendingPage(context)


def _audit_page(context: DeskContext) -> QWidget:
    from noc_console.desk.audit.audit_page import AuditPage

    return AuditPage(context)


def _handover_page(context: DeskContext) -> QWidget:
    from noc_console.desk.handover.handover_page import HandoverPageWidget

    return HandoverPageWidget(context)


def _time_machine_page(context: DeskContext) -> QWidget:
    from noc_console.desk.time_machine.time_machine_page import TimeMachinePage

    return TimeMachinePage(context)


def _settings_page(context: DeskContext) -> QWidget:
    from noc_console.desk.settings.settings_page import SettingsPage

    return SettingsPage(context)


def _server_page(context: DeskContext, server_id: int) -> QWidget:
    from noc_console.desk.server.server_page import ServerPage

    return ServerPage(context, server_id)


def _import_servers(context: DeskContext, parent: QWidget) -> None:
    from noc_console.desk.importing.opening import open_import_dialog

    open_import_dialog(context, parent)
