"""The window: rail, pages, menus, palette and status bar around one store.

GUI thread only. It paints before the store is open; `begin` fills it when it is. So that it paints
soon, what reads the store is imported where it is used.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk import page_rail, things_shown
from noc_console.desk.about import about_box
from noc_console.desk.command_palette.entries import EverythingThereIs, entries_of_actions
from noc_console.desk.command_palette.palette import CommandPalette
from noc_console.desk.context import DeskContext, Settings, Themes
from noc_console.desk.key_map import KeyMapDialog, keys_of, keys_of_actions
from noc_console.desk.notice_band import NoticeBand
from noc_console.desk.page import PageKind, TellsKeys
from noc_console.desk.page_rail import PageRail, as_open
from noc_console.desk.page_stack import Key, PageStack
from noc_console.desk.standing import known_now
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.waiting_marks import WaitingMarks
from noc_console.desk.window_actions import Deed, WindowActions, offered_by
from noc_console.fleet.inert import inert

_FIRST_SIZE = (1280, 800)
_SMALL_SCREEN = (1400, 900)
_GEOMETRY = "window.geometry"
_PAGE = "window.page"
_TICK_MS = 1000
_NARROW = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowParts:
    """What is shown in the window: the pages of the rail, a server's page, the import dialog."""

    kinds: Sequence[PageKind]
    make_server_page: Callable[[DeskContext, int], QWidget]
    import_servers: Callable[[DeskContext, QWidget], object]


class MainWindow(QMainWindow):
    """One window on one store; it is the navigator of its pages."""

    close_wanted = Signal()
    """A person closed the window or chose to quit; the program decides what becomes of it."""
    quit_wanted = Signal()
    begun = Signal()
    """The store is open and the pages are there."""

    def __init__(
        self,
        parts: WindowParts,
        themes: Themes,
        settings: Settings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Show that the store is being opened."""
        super().__init__()
        self._parts = parts
        self._themes = themes
        self._settings = settings
        self._now = now
        self._context: DeskContext | None = None
        self._pages: PageStack | None = None
        self._waiting: WaitingMarks | None = None
        self._panel: StatePanel | None = None
        self._engine_trouble = ""
        self._delivery_trouble = ""
        self.setWindowTitle("noc-console")
        self.rail = PageRail(parts.kinds)
        self.rail.setEnabled(False)
        self.stack = QStackedWidget()
        self.notice = NoticeBand()
        self.trouble = QLabel()
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.setObjectName("troubleBand")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self._lay_out()
        self.actions_of_window = WindowActions(self, self._deeds(), settings)
        self.show_state("Opening the store …", "This takes a moment after an update.", {})
        self._take_up_layout()

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.trouble)
        middle.addWidget(self.stack, 1)
        middle.addWidget(self.notice)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.rail)
        line.addLayout(middle, 1)
        centre = QFrame()
        centre.setLayout(line)
        self.setCentralWidget(centre)

    def _deeds(self) -> list[Deed]:
        pages = [
            Deed(
                menu="&Go", words=kind.title, keys=kind.keys, act=partial(self.open_page, kind.key)
            )
            for kind in self._parts.kinds
        ]
        return [
            Deed(menu="&Servers", words="&Add a server…", keys="Ctrl+N", act=self.add_server),
            Deed(menu="&Servers", words="&Import servers…", keys="Ctrl+I", act=self.import_servers),
            Deed(
                menu="&Servers", words="E&xport all…", keys="Ctrl+Shift+I", act=self.export_servers
            ),
            Deed(
                menu="&Servers",
                words="&Quit",
                keys="Ctrl+Q",
                act=self.quit_wanted.emit,
                needs_store=False,
            ),
            Deed(menu="&Go", words="Find &anything…", keys="Ctrl+K", act=self.open_palette),
            Deed(menu="&Go", words="Answer a &caller…", keys="Ctrl+L", act=self.answer_caller),
            *pages,
            Deed(menu="&Go", words="&Back", keys="Alt+Left", act=lambda: self._step(-1)),
            Deed(menu="&Go", words="F&orward", keys="Alt+Right", act=lambda: self._step(1)),
            Deed(menu="&Go", words="&Close the server’s page", keys="Ctrl+W", act=self._close_page),
            Deed(
                menu="&View", words="&Wallboard", keys="F12 Ctrl+Shift+W", act=self.show_wallboard
            ),
            Deed(
                menu="&View",
                words="&Full screen",
                keys="F11",
                act=self._toggle_full_screen,
                needs_store=False,
            ),
            Deed(menu="&Help", words="&Keys", keys="F1", act=self.show_keys, needs_store=False),
            Deed(
                menu="&Help",
                words="&About noc-console",
                keys="",
                act=self._tell_version,
                needs_store=False,
            ),
        ]

    def _take_up_layout(self) -> None:
        kept = QByteArray.fromBase64(self._settings.get_layout(_GEOMETRY, "").encode())
        if not kept.isEmpty() and self.restoreGeometry(kept):
            return
        self.resize(*_FIRST_SIZE)
        room = self.screen().availableSize()
        if room.width() < _SMALL_SCREEN[0] or room.height() < _SMALL_SCREEN[1]:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _keep_layout(self) -> None:
        self._settings.put_layout(_GEOMETRY, self.saveGeometry().toBase64().toStdString())
        if self._pages is not None and isinstance(self._pages.current, str):
            self._settings.put_layout(_PAGE, self._pages.current)

    def show_state(
        self, title: str, sentence: str, buttons: Mapping[str, Callable[[], object]]
    ) -> None:
        """Show a sentence in place of the pages, and buttons that do what it says."""
        self._drop_panel()
        self._panel = StatePanel(title, sentence, buttons)
        self.stack.addWidget(self._panel)
        self.stack.setCurrentWidget(self._panel)
        self._panel.setFocus()

    def _drop_panel(self) -> None:
        if self._panel is not None:
            self.stack.removeWidget(self._panel)
            self._panel.deleteLater()
            self._panel = None

    def begin(self, context: DeskContext, own_engine_pid: Callable[[], int | None]) -> None:
        """Show the pages of an open store; `context.navigator` is this window."""
        from noc_console.desk.status_bar import DeskStatusBar

        self._context = context
        pages = PageStack(context, self._parts.kinds, self._parts.make_server_page, self.stack)
        self._pages = pages
        self._waiting = WaitingMarks(context, self.rail, self._now)
        pages.shown.connect(self._mark_shown)
        pages.servers_changed.connect(self._show_rail)
        self.rail.page_chosen.connect(self._open_from_rail)
        self.rail.server_chosen.connect(self._open_from_rail)
        self.rail.itemActivated.connect(lambda _: self._focus_page())
        live = context.live
        live.states_changed.connect(self._take_states)
        live.engine_changed.connect(lambda _: self._show_rail())
        live.fleet_changed.connect(lambda _: self._mark_title())
        live.trouble_changed.connect(lambda _: self._show_trouble())
        context.themes.changed.connect(lambda _: self._show_rail())
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._show_rail)
        self._timer.start()
        bar = DeskStatusBar(live, context.store.location, own_engine_pid, self._now)
        self.setStatusBar(bar)
        promises = self._waiting.promises
        promises.changed.connect(lambda: bar.show_promise(promises.words))
        self.rail.setEnabled(True)
        self.actions_of_window.wake()
        self.actions_of_window.offer("&Servers", lambda: offered_by(self.current_page))
        first = self._parts.kinds[0].key
        self._drop_panel()
        pages.open(self._settings.get_layout(_PAGE, first))
        if pages.current is None:
            pages.open(first)
        self.begun.emit()

    @property
    def page_keys(self) -> list[str]:
        """The keys of the pages of the rail."""
        return [kind.key for kind in self._parts.kinds]

    @property
    def current_page(self) -> QWidget | None:
        """The page now shown; None before the store is open."""
        if self._pages is None or self._pages.current is None:
            return None
        return self._pages.page(self._pages.current)

    def open_server(self, server_id: int) -> None:
        """Show a server's page."""
        self._open(server_id)

    def open_page(self, key: str) -> None:
        """Show a page of the rail."""
        self._open(key)

    def open_incident(self, incident_id: int) -> None:
        """Show an incident on the page of incidents."""
        self._open("incidents")
        things_shown.show_incident(self.current_page, incident_id)

    def open_notice(self, notice_id: int, *, composing: bool = False) -> None:
        """Show a notice on the page of notices, or in the composer."""
        self._open("notices")
        things_shown.show_notice(self.current_page, notice_id, composing=composing)

    def open_window(self, window_id: int, near: datetime) -> None:
        """Show a window on the page of windows."""
        self._open("windows")
        things_shown.show_window(self.current_page, window_id, near)

    def open_finding(self, audit_id: int, key: tuple[int, str, str]) -> None:
        """Show a finding of an audit on the page of audits."""
        self._open("audit")
        things_shown.show_finding(self.current_page, audit_id, key)

    def answer_caller(self) -> None:
        """Show the answer desk."""
        if self._context is not None:
            from noc_console.desk.incidents import opening

            opening.answer_caller(self._context, self)

    def add_server(self) -> None:
        """Ask for a new server."""
        if self._context is not None:
            from noc_console.desk.fleet_edit import opening

            opening.add_server(self._context, self)

    def edit_server(self, server_id: int) -> None:
        """Ask for other fields of a server."""
        if self._context is not None:
            from noc_console.desk.fleet_edit import opening

            opening.edit_server(self._context, server_id, self)

    def import_servers(self) -> None:
        """Ask for a file with servers."""
        if self._context is not None:
            self._parts.import_servers(self._context, self)

    def export_servers(self) -> None:
        """Ask for a file to write every server to."""
        if self._context is not None:
            from noc_console.desk.importing.export_file import export_servers

            export_servers(self._context, self)

    def say(self, sentence: str) -> None:
        """Show a sentence for some seconds."""
        self.notice.say(inert(sentence))

    def say_and_stay(self, sentence: str) -> None:
        """Show a sentence until a person closes it."""
        self.notice.say_and_stay(inert(sentence))

    def show_engine_trouble(self, sentence: str) -> None:
        """Show why nobody watches, above the page; empty when somebody does again."""
        self._engine_trouble = sentence
        self._show_trouble()

    def show_delivery_trouble(self, sentence: str) -> None:
        """Show that absent people are not reached, above the page; empty when they are again."""
        self._delivery_trouble = sentence
        self._show_trouble()

    def come_forward(self) -> None:
        """Show the window, also from the tray or from behind others."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def show_wallboard(self, *, whole_screen: bool = True) -> None:
        """Show the fleet for a big screen, over the whole window; Esc leaves it."""
        if self._context is not None:
            from noc_console.desk.wallboard.opening import open_wallboard

            open_wallboard(self._context, self, whole_screen=whole_screen)

    def open_palette(self) -> None:
        """Ask where to go or what to do."""
        if self._context is None:
            return
        faint = self._themes.current.look.faint
        actions = self.actions_of_window
        everything = EverythingThereIs(
            entries_of_actions(actions.all, actions.themes),
            self._context.live.servers,
            self.open_server,
        )
        CommandPalette(everything.find, faint, self).open_over(self)

    def show_keys(self) -> None:
        """Tell every key of the window and of the page now shown."""
        parts = {"Everywhere": keys_of_actions(self.actions_of_window.all)}
        page = self.current_page
        if page is not None:
            told = page.keys_told() if isinstance(page, TellsKeys) else ()
            parts[self._title()] = [*keys_of(page), *told]
        _open_dialog(KeyMapDialog(parts, self))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave more of a narrow window to its page."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW
        self.rail.setFixedWidth(page_rail.NARROW_WIDTH if is_narrow else page_rail.WIDTH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape lead back from a server's page where nothing on it takes the key."""
        is_escape = event.key() == Qt.Key.Key_Escape and not event.modifiers().value
        if is_escape and self._pages is not None and isinstance(self._pages.current, int):
            self._step(-1)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the layout; what becomes of the program is decided by the program."""
        self._keep_layout()
        super().closeEvent(event)
        self.close_wanted.emit()

    def _open(self, key: Key) -> None:
        if self._pages is not None:
            self._pages.open(key)

    def _open_from_rail(self, key: Key) -> None:
        """Leave the focus in the rail, so that the arrows lead on through it."""
        self._open(key)
        self.rail.setFocus()

    def _focus_page(self) -> None:
        if self.current_page is not None:
            self.current_page.setFocus()

    def _step(self, by: int) -> None:
        if self._pages is not None:
            self._pages.step(by)

    def _close_page(self) -> None:
        if self._pages is not None and isinstance(self._pages.current, int):
            self._pages.close_server(self._pages.current)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _mark_shown(self, key: Key) -> None:
        self.rail.mark(key)
        self._mark_title()

    def _mark_title(self) -> None:
        self.setWindowTitle(f"{self._title()} – noc-console")
        self._show_rail()

    def _title(self) -> str:
        key = self._pages.current if self._pages is not None else None
        if self._context is not None and isinstance(key, int):
            server = self._context.live.by_id.get(key)
            return "" if server is None else inert(server.name)
        return next((kind.title for kind in self._parts.kinds if kind.key == key), "")

    def _take_states(self, changed: Mapping[int, object]) -> None:
        """A large fleet tells many times a second of servers whose pages are not open."""
        if self._pages is not None and any(one in changed for one in self._pages.open_servers):
            self._show_rail()

    def _show_rail(self) -> None:
        if self._context is None or self._pages is None:
            return
        live = self._context.live
        known = known_now(live, self._now())
        wanted = self._pages.open_servers
        opened = [live.by_id[one] for one in wanted if one in live.by_id]
        look = self._themes.current.look
        self.rail.show_servers([as_open(one, known.verdict(one), look) for one in opened])
        if self._waiting is not None:
            self._waiting.show()
        if self._pages.current is not None:
            self.rail.mark(self._pages.current)

    def _show_trouble(self) -> None:
        live = self._context.live if self._context is not None else None
        sentence = (live.trouble if live is not None else "") or self._engine_trouble
        sentence = sentence or self._delivery_trouble
        self.trouble.setText(f"▲  {sentence}")
        self.trouble.setAccessibleName(sentence)
        self.trouble.setVisible(bool(sentence))

    def _tell_version(self) -> None:
        _open_dialog(about_box(self, self._context.store.location if self._context else None))


def _open_dialog(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
