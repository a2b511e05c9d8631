"""`noc-console screenshot`: one page of the window as a picture, also without a display."""

import argparse
import re
import tempfile
from pathlib import Path

from noc_console.cli.desk import choose_platform
from noc_console.errors import ConsoleError

_LARGEST = 8192


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to draw, and where to."""
    parser.add_argument(
        "--page",
        default="fleet",
        metavar="PAGE",
        help="fleet, fleet:wall, server:NAME, reboot:NAME, lines:NAME, timeline:NAME,"
        " evidence:NAME, alarms, alarms:missed, alarms:quality, incidents, handover, audit,"
        " audit:TAB, answer:WHO, settings, add-server, plan-window, import, palette, wallboard,"
        " time-machine or keys (default: fleet)",
    )
    parser.add_argument(
        "--size", type=_size, default=(1366, 768), metavar="WxH", help="default: 1366x768"
    )
    parser.add_argument(
        "--theme", choices=("dark", "light"), default="light", help="default: light"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a PNG file")


def run(arguments: argparse.Namespace) -> int:
    """Draw one page.

    Raises:
        ConsoleError: it cannot be drawn or written; the sentence says why.
    """
    choose_platform(off_screen=True)
    from PySide6.QtWidgets import QApplication

    from noc_console.cli.bug_log import tell_of_bug
    from noc_console.cli.desk_log import log_to_file
    from noc_console.desk.app import DeskProgram
    from noc_console.desk.pictures import draw_page
    from noc_console.desk.qt_log import follow_qt
    from noc_console.store.location import StoreLocation

    location = StoreLocation.parse(arguments.store)
    log_to_file()
    follow_qt()
    application = QApplication(["noc-console"])
    bugs: list[str] = []

    def note_bug(bug: Exception) -> str:
        bugs.append(tell_of_bug(bug))
        return bugs[-1]

    with tempfile.TemporaryDirectory() as settings_folder:
        program = DeskProgram(
            application,
            location,
            own_engine=None,
            tell_of_bug=note_bug,
            settings_folder=Path(settings_folder),
        )
        program.settings.put("theme", arguments.theme)
        program.start()
        try:
            draw_page(program, arguments.page, arguments.size, arguments.out)
        finally:
            program.close()
    if bugs:
        raise ConsoleError(bugs[0])
    return 0


def _size(words: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", words)
    if found is None:
        raise argparse.ArgumentTypeError(f"write {words!r} as WIDTHxHEIGHT, such as 1366x768")
    width, height = int(found[1]), int(found[2])
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise argparse.ArgumentTypeError(f"each side is between 1 and {_LARGEST} pixels")
    return width, height
