"""Program of the group of audits: the real window on the page of audits while a run goes on.

Arguments: the store's folder, a folder for settings. It goes from tab to tab until its input ends,
then prints one JSON object: how late each beat of a timer was, in ms.
"""

import json
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from bench.window_live import ACT_EVERY_MS, Beats
from noc_console.cli.desk import choose_platform
from noc_console.desk.app import DeskProgram
from noc_console.desk.audit.audit_page import AuditPage
from noc_console.desk.garbage import GarbageKeeper
from noc_console.store.location import StoreLocation

_TABS = ("checklist", "logins", "senders", "progress", "changes")
_AT_MOST_S = 4 * 3600
_LOOK_EVERY_MS = 200


def main() -> None:
    """Run until the input ends."""
    store, settings = sys.argv[1:]
    choose_platform(off_screen=True)
    application = QApplication(["noc-console"])
    beats = Beats(_AT_MOST_S)
    program = DeskProgram(
        application,
        StoreLocation.parse(store),
        own_engine=None,
        tell_of_bug=lambda bug: print(repr(bug), file=sys.stderr) or "a bug",
        settings_folder=Path(settings),
    )
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    looking, acting = QTimer(), QTimer()
    turn = 0

    def look() -> None:
        if over.is_set():
            application.quit()
            return
        page = program.window.current_page
        if not acting.isActive() and program.live is not None and program.live.latest:
            if not isinstance(page, AuditPage):
                program.window.open_page("audit")
            elif page.is_settled and page.chosen.read is not None:
                beats.start()
                acting.start(ACT_EVERY_MS)

    def act() -> None:
        nonlocal turn
        page = program.window.current_page
        if isinstance(page, AuditPage):
            page.show_tab(_TABS[turn % len(_TABS)])
            turn += 1

    looking.timeout.connect(look)
    acting.timeout.connect(act)
    looking.start(_LOOK_EVERY_MS)
    program.start()
    program.window.resize(1366, 768)
    keeper = GarbageKeeper(program.window)  # as the desk command does
    application.exec()
    keeper.close()
    program.close()
    print(json.dumps({**beats.figures(), "tabs": turn}), flush=True)


if __name__ == "__main__":
    main()
