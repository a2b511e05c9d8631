"""Pages of the window as pictures in files, drawn when they have their figures.

GUI thread only. Works off screen as on it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QCoreApplication, QEventLoop, QPoint, QSize, QTimer
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QApplication, QDialog

from noc_console.desk.app import DeskProgram
from noc_console.desk.live import LiveFleet
from noc_console.desk.main_window import MainWindow
from noc_console.desk.page import Settles
from noc_console.desk.standing import known_now
from noc_console.errors import ConsoleError
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import get_server
from noc_console.fleet.server import Server

WAIT_S = 60.0
"""So long a busy machine is waited for: a picture that comes late is better than none."""
_QUIET_ROUNDS = 3
"""What is drawn may ask for more: only after so many quiet rounds is everything there."""
_ROUND_MS = 20


class NoPicture(ConsoleError):
    """A page cannot be drawn; the sentence says why."""


def draw_pages(program: DeskProgram, folder: Path, size: tuple[int, int]) -> list[Path]:
    """Draw the fleet, one server's page and the settings into a folder; gives the files.

    The server is the worst of those that answer.

    Raises:
        ConsoleError: a page could not be drawn or written.
    """
    pages = ["fleet", "settings"]
    if program.live is not None and program.live.servers:
        pages.insert(1, f"server:{_worth_a_look(program.live).name}")
    theme = program.themes.current.name
    drawn = []
    for page in pages:
        path = folder / f"{page.partition(':')[0]}-{size[0]}x{size[1]}-{theme}.png"
        draw_page(program, page, size, path)
        drawn.append(path)
    return drawn


def _worth_a_look(live: LiveFleet) -> Server:
    known = known_now(live, datetime.now(UTC))

    def order(server: Server) -> tuple[bool, int]:
        state = live.states.get(server.id)
        return state is None or state.link is not LinkState.UP, known.verdict(server).urgency

    return min(live.servers, key=order)


def draw_page(program: DeskProgram, page: str, size: tuple[int, int], path: Path) -> None:
    """Draw one page into a PNG file of exactly that size.

    Raises:
        ConsoleError: there is no such page or server, the store cannot be used, the page did not
            get its figures within WAIT_S, or the file cannot be written.
    """
    _wait(program)
    window = program.window
    window.show()  # Qt hides it when a program ends, and a hidden page asks for no figures
    ratio = window.devicePixelRatioF()
    window.resize(round(size[0] / ratio), round(size[1] / ratio))
    _ways_of(program, page)()
    _wait(program)
    _write(_picture(window, QSize(*size)), path)
    for dialog in _dialogs():
        dialog.close()


def _ways_of(program: DeskProgram, page: str) -> Callable[[], object]:
    ways = _ways_by_name(program.window)
    if page in ways:
        return ways[page]
    kind, _, which = page.partition(":")
    if which and kind in _WAYS_TO_ONE:
        return partial(_WAYS_TO_ONE[kind], program, which)
    raise NoPicture(
        f"There is no page {page!r}; it is one of {', '.join(ways)}, server:NAME, reboot:NAME, "
        "lines:NAME, timeline:NAME, evidence:NAME, notice:ID, ledger:ID, answer:WHO or audit:TAB."
    )


def _ways_by_name(window: MainWindow) -> dict[str, Callable[[], object]]:
    return {
        **{key: partial(window.open_page, key) for key in window.page_keys},
        "fleet:wall": partial(_open_wall, window),
        "alarms:missed": partial(_open_alarms_tab, window, 1),
        "alarms:quality": partial(_open_alarms_tab, window, 2),
        **{
            f"sending:{tab}": partial(_open_sending_tab, window, tab)
            for tab in ("contacts", "channels", "templates", "promises")
        },
        "add-server": window.add_server,
        "plan-window": partial(_plan_window, window),
        "import": window.import_servers,
        "keys": window.show_keys,
        "palette": window.open_palette,
        "wallboard": partial(window.show_wallboard, whole_screen=False),
        "add-channel": partial(_add_channel, window),
        "add-recipient": partial(_do_on_page, window, "recipients", "add"),
        "mail-server": partial(_do_on_page, window, "recipients", "mail"),
    }


def _open_server(program: DeskProgram, name: str) -> None:
    program.window.open_server(get_server(program.opened_store(), name).id)


def _do_on_page(window: MainWindow, page: str, action: str) -> None:
    from noc_console.desk.recipients.recipients_page import RecipientsPage

    window.open_page(page)
    shown = window.current_page
    if isinstance(shown, RecipientsPage):
        shown.actions_of_page[action].trigger()


def _compose(program: DeskProgram, wanted: str) -> None:
    """Open a notice in the composer, `3`, with `3/plan` a tab; `now` asks for a first word."""
    from noc_console.desk.notices.notices_page import NoticesPage
    from noc_console.notices.notice_records import get_notice

    program.window.open_page("notices")
    page = program.window.current_page
    if not isinstance(page, NoticesPage):
        return
    if wanted == "now":
        page.first_words.of_servers()
        return
    number, _, tab = wanted.partition("/")
    if not number.isdecimal():
        raise NoPicture(f"{wanted!r} is no notice; give its number, as `notice list` shows it.")
    page.compose(get_notice(program.opened_store(), int(number)))
    composer = page.composer
    if composer is not None and tab:
        _wait(program)
        tabs = composer.tabs
        names = [tabs.tabText(place).replace("&", "").casefold() for place in range(tabs.count())]
        tabs.setCurrentIndex(names.index(tab) if tab in names else 0)


def _answer(program: DeskProgram, asked: str) -> None:
    from noc_console.desk.incidents.answer_desk import AnswerDesk

    program.window.answer_caller()
    desk = program.window.findChild(AnswerDesk)
    if desk is not None:
        desk.asked.setText(asked)


def _open_wall(window: MainWindow) -> None:
    from noc_console.desk.fleet.fleet_page import FleetPage

    window.open_page("fleet")
    page = window.current_page
    if isinstance(page, FleetPage):
        page.show_wall(True)


def _plan_window(window: MainWindow) -> None:
    from noc_console.desk.windows.windows_page import WindowsPage

    window.open_page("windows")
    page = window.current_page
    if isinstance(page, WindowsPage):
        page.plan(None)


def _open_gate(program: DeskProgram, name: str) -> None:
    """Open the gate before a server: it asks, and nothing is done."""
    from PySide6.QtGui import QShortcut

    from noc_console.desk.gate.gate_keys import REBOOT_KEYS

    _open_server(program, name)
    page = program.window.current_page
    for shortcut in page.findChildren(QShortcut) if page is not None else ():
        if shortcut.key().toString() == REBOOT_KEYS:
            shortcut.activated.emit()


def _open_lines(program: DeskProgram, wanted: str) -> None:
    """Open a server's lines; with a key, `web/load1`, the dialog that changes that value's."""
    from noc_console.desk.server.server_page import ServerPage

    name, _, key = wanted.partition("/")
    _open_server(program, name)
    page = program.window.current_page
    if isinstance(page, ServerPage):
        page.view.tables.setCurrentWidget(page.view.tables.lines)
        _wait(program)
        if key:
            page.lines.change(key)


def _open_timeline(program: DeskProgram, name: str) -> None:
    from noc_console.desk.server.server_page import ServerPage

    _open_server(program, name)
    page = program.window.current_page
    if isinstance(page, ServerPage):
        page.view.tables.setCurrentWidget(page.view.tables.timeline)


def _open_evidence(program: DeskProgram, wanted: str) -> None:
    """Open a server's evidence; with a tab, `web/changes`, one of its exhibits or what changed."""
    from noc_console.desk.evidence.evidence_window import EvidenceWindow
    from noc_console.desk.server.server_page import ServerPage

    name, _, tab = wanted.partition("/")
    _open_server(program, name)
    page = program.window.current_page
    if isinstance(page, ServerPage):
        page.recorder.open()
        _wait(program)
        for window in page.window().findChildren(EvidenceWindow) if tab else ():
            window.choose_last(is_compared=tab == "changes")


def _open_sending_tab(window: MainWindow, tab: str) -> None:
    from noc_console.desk.sending.sending_page import SendingPage

    window.open_page("sending")
    page = window.current_page
    if isinstance(page, SendingPage):
        page.show_tab(tab)


def _add_channel(window: MainWindow) -> None:
    from noc_console.desk.sending.sending_page import SendingPage

    _open_sending_tab(window, "channels")
    page = window.current_page
    if isinstance(page, SendingPage):
        page.channels.acts.add()


def _open_ledger(program: DeskProgram, notice: str) -> None:
    from noc_console.desk.sending.sending_page import SendingPage

    program.window.open_page("sending")
    page = program.window.current_page
    if not notice.isdecimal():
        raise NoPicture(f"{notice!r} is no number of a notice; `noc-console notice list` has them.")
    if isinstance(page, SendingPage):
        page.show_ledger(int(notice))


def _open_audit(program: DeskProgram, wanted: str) -> None:
    """Open a tab of the audit by its title, `changes`, or all that was found on a server."""
    from noc_console.desk.audit.audit_page import AuditPage

    program.window.open_page("audit")
    _wait(program)
    page = program.window.current_page
    if not isinstance(page, AuditPage) or page.show_tab(wanted):
        return
    page.show_finding((get_server(program.opened_store(), wanted).id, "", ""))


def _open_alarms_tab(window: MainWindow, tab: int) -> None:
    from noc_console.desk.alarms.alarms_page import AlarmsPage

    window.open_page("alarms")
    page = window.current_page
    if isinstance(page, AlarmsPage):
        page.tabs.setCurrentIndex(tab)


def _wait(program: DeskProgram) -> None:
    """Let the window work until the page has its figures."""
    deadline = time.monotonic() + WAIT_S
    tick = QTimer()
    tick.start(_ROUND_MS)
    quiet = 0
    while quiet < _QUIET_ROUNDS:
        QCoreApplication.processEvents(
            QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        )
        if program.failure is not None:
            raise program.failure
        quiet = quiet + 1 if _is_quiet(program) else 0
        if time.monotonic() > deadline:
            raise NoPicture(
                f"The page did not get its figures within {WAIT_S:.0f} s; see whether the store"
                " answers with `noc-console store check`."
            )


def _is_quiet(program: DeskProgram) -> bool:
    page = program.window.current_page
    is_whole = page.is_settled if page is not None and isinstance(page, Settles) else True
    is_loaded = program.live is not None and program.live.is_loaded
    return is_loaded and program.background.is_idle and is_whole


def _dialogs() -> Sequence[QDialog]:
    every = QApplication.topLevelWidgets()
    return [one for one in every if isinstance(one, QDialog) and one.isVisible()]


def _picture(window: MainWindow, size: QSize) -> QImage:
    picture = window.grab().toImage()
    if picture.size() != size:
        least = window.minimumSizeHint() * window.devicePixelRatioF()
        raise NoPicture(
            f"The window cannot be as small as {size.width()}x{size.height()}; it needs at least"
            f" {least.width()}x{least.height()}."
        )
    painter = QPainter(picture)
    for dialog in _dialogs():
        above = dialog.grab()
        room = window.rect()
        place = QPoint((room.width() - dialog.width()) // 2, (room.height() - dialog.height()) // 2)
        painter.drawPixmap(place, above)
        painter.drawRect(place.x(), place.y(), dialog.width() - 1, dialog.height() - 1)
    painter.end()
    return picture


def _write(picture: QImage, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as problem:
        raise NoPicture(f"{path} cannot be written: {problem.strerror}.") from problem
    writer = QImageWriter(str(path), QByteArray(b"png"))
    if not writer.write(picture):
        raise NoPicture(f"{path} cannot be written: {writer.errorString()}.")


_WAYS_TO_ONE: Mapping[str, Callable[[DeskProgram, str], None]] = {
    "server": _open_server,
    "reboot": _open_gate,
    "lines": _open_lines,
    "timeline": _open_timeline,
    "evidence": _open_evidence,
    "notice": _compose,
    "ledger": _open_ledger,
    "answer": _answer,
    "audit": _open_audit,
}
"""Pages of one thing, named after a colon."""
