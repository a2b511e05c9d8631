"""`noc-console desk`: the window; or the same program off screen, where there is no display."""

import argparse
import gc
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from noc_console.errors import ConsoleError
from noc_console.resource import resource

if TYPE_CHECKING:
    from noc_console.desk.app import DeskProgram

_LISTEN_EVERY_MS = 200
_PICTURE_SIZE = (1366, 768)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how to run without a display."""
    parser.add_argument(
        "--off-screen",
        type=float,
        metavar="SECONDS",
        help="run without a display for this time, then print the fleet",
    )
    parser.add_argument(
        "--pictures", type=Path, metavar="FOLDER", help="draw the pages into it at the end"
    )
    parser.add_argument(
        "--wallboard", action="store_true", help="begin with the wallboard, on the whole screen"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the window to its end.

    Raises:
        ConsoleError: there is no display, or, off screen, the store cannot be used.
    """
    seconds = arguments.off_screen
    if seconds is not None and seconds <= 0:
        raise ConsoleError("--off-screen needs a number of seconds above 0.")
    if arguments.pictures is not None and seconds is None:
        raise ConsoleError("--pictures goes with --off-screen; `screenshot` draws a single page.")
    choose_platform(off_screen=seconds is not None)
    gc.disable()  # what is imported stays; then the keeper chooses the moments
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from noc_console.cli.bug_log import tell_of_bug
    from noc_console.cli.desk_log import log_to_file
    from noc_console.cli.own_engine import OwnEngine
    from noc_console.desk.app import DeskProgram
    from noc_console.desk.garbage import GarbageKeeper
    from noc_console.desk.qt_log import follow_qt
    from noc_console.desk.settings.toml_file import config_folder
    from noc_console.store.location import StoreLocation

    location = StoreLocation.parse(arguments.store)
    log_to_file()
    follow_qt()
    application = QApplication(["noc-console"])
    program = DeskProgram(
        application,
        location,
        own_engine=OwnEngine(location),
        tell_of_bug=tell_of_bug,
        settings_folder=config_folder(),
    )
    program.ends.connect(application.quit)
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, lambda *_: application.quit())
    listening = QTimer()  # Python hears a signal only when it runs
    listening.timeout.connect(lambda: None)
    listening.start(_LISTEN_EVERY_MS)
    if arguments.wallboard:
        program.window.begun.connect(program.window.show_wallboard)
    program.start()
    keeper = GarbageKeeper(program.window)
    if seconds is not None:
        QTimer.singleShot(int(seconds * 1000), application.quit)
    try:
        application.exec()
        if seconds is not None:
            _tell(program, arguments.pictures)
    finally:
        keeper.close()
        program.close()
    return 0


def choose_platform(*, off_screen: bool) -> None:
    """Let Qt draw into memory, or make sure that there is a display.

    Raises:
        ConsoleError: there is none.
    """
    if off_screen:
        screen = resource("off_screen.json").as_posix()
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"
        return
    ways = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(way) for way in ways):
        raise ConsoleError(
            "There is no display here. Use `noc-console status --watch`, or `noc-console desk"
            " --off-screen 30 --pictures FOLDER` to have the pages drawn into files."
        )


def _tell(program: "DeskProgram", pictures: Path | None) -> None:
    """Print the fleet as it stands, and draw the pages.

    Raises:
        ConsoleError: the store could not be used, or a picture could not be written.
    """
    import shutil
    from datetime import UTC, datetime

    from noc_console.cli.fleet_reading import read_fleet
    from noc_console.cli.fleet_status import NO_TERMINAL, as_lines
    from noc_console.desk.pictures import draw_pages

    store = program.opened_store()
    drawn = draw_pages(program, pictures, _PICTURE_SIZE) if pictures is not None else []
    fleet = read_fleet(store, datetime.now(UTC))
    print(*as_lines(fleet, shutil.get_terminal_size(NO_TERMINAL).columns), sep="\n")
    if drawn:
        print("", "Pictures of the window:", *(f"  {path}" for path in drawn), sep="\n")
