"""Program of the window group: the time from a process's start to its window's first paint.

Arguments: "ours" or "empty", the store's folder, a folder for settings, the start on the monotonic
clock. It prints the seconds to the first paint and, of ours, to the fleet's rows as well.
"""

import sys
import time
from pathlib import Path

STARTED_WORD = "painted"
_LOOK_EVERY_MS = 10


def main() -> None:
    """Show one of the two windows, print its times, end."""
    kind, store, settings, started = sys.argv[1:]
    if kind == "ours":
        _ours(store, Path(settings), float(started))
    else:
        _empty(float(started))


def _ours(store: str, settings: Path, started_s: float) -> None:
    from noc_console.cli.desk import choose_platform

    choose_platform(off_screen=True)
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from noc_console.desk.app import DeskProgram
    from noc_console.desk.first_paint import FirstPaint
    from noc_console.store.location import StoreLocation

    application = QApplication(["noc-console"])
    program = DeskProgram(
        application,
        StoreLocation.parse(store),
        own_engine=None,
        tell_of_bug=str,
        settings_folder=settings,
    )
    paint = FirstPaint(program.window)
    queued = Qt.ConnectionType.QueuedConnection
    paint.seen.connect(lambda: _print(started_s), queued)
    looking = QTimer()

    def look() -> None:
        model = getattr(program.window.current_page, "model", None)
        if model is not None and model.rowCount():
            looking.stop()
            _print(started_s)
            application.quit()

    looking.timeout.connect(look)
    looking.start(_LOOK_EVERY_MS)
    program.start()
    application.exec()
    program.close()


def _empty(started_s: float) -> None:
    from noc_console.cli.desk import choose_platform

    choose_platform(off_screen=True)
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QIcon  # noqa: F401 - the modules of Qt that our window imports
    from PySide6.QtWidgets import QApplication, QMainWindow

    from noc_console.desk.first_paint import FirstPaint

    application = QApplication(["empty"])
    window = QMainWindow()
    paint = FirstPaint(window)
    queued = Qt.ConnectionType.QueuedConnection
    paint.seen.connect(lambda: _print(started_s), queued)
    paint.seen.connect(application.quit, queued)
    window.show()
    application.exec()


def _print(started_s: float) -> None:
    print(time.monotonic() - started_s, flush=True)


if __name__ == "__main__":
    main()
