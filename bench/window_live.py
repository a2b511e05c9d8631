"""Program of the window group: the real window on a live store, and how late its loop ever was.

Arguments: "ours" or "empty", the store's folder, a folder for settings, seconds. It prints "ready"
when the fleet is there, then at the end one JSON object: how late each beat of a timer was, in ms.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from noc_console.cli.desk import choose_platform
from noc_console.desk.app import DeskProgram
from noc_console.desk.fleet.fleet_cells import Column
from noc_console.desk.fleet.fleet_page import FleetPage
from noc_console.desk.garbage import GarbageKeeper
from noc_console.store.location import StoreLocation
from tests.desk.stall_watch import waited_for_processor_s

BEAT_MS = 5
SETTLE_S = 8.0
ACT_EVERY_MS = 3000
_LOOK_EVERY_MS = 50
_FILTERS = ("group:web load>1", "-ok", "host-00", "")
_SORTS = (Column.LOAD, Column.NAME, Column.CPU, Column.VERDICT)


class Beats(QObject):
    """A timer that notes how late it is each time: what a person's key press would have waited.

    Of that, what this thread waited for a processor is noted too: that is other programs' doing. On
    a busy machine it also waits for threads of its own that hold the interpreter and wait for a
    processor: so how long it worked in one go is noted by its own CPU time as well.
    """

    def __init__(self, seconds: float) -> None:
        """Stand still. What is noted has its room from the beginning: memory is measured too."""
        super().__init__()
        self._noted = np.zeros((int(1000 / BEAT_MS * seconds) + 1000, 3))
        self._noted.fill(-1.0)
        self._count = 0
        self._before_s = self._waited_s = self._worked_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._note)

    def start(self) -> None:
        """Beat from now on."""
        self._before_s, self._waited_s = time.monotonic(), waited_for_processor_s()
        self._worked_s = time.thread_time()
        self._timer.start()

    def figures(self) -> dict[str, float]:
        """Give what was seen."""
        late, own, worked = self._noted[: self._count].T
        return {
            "p99.9": float(np.percentile(late, 99.9)),
            "own p99.9": float(np.percentile(own, 99.9)),
            "worked p99.9": float(np.percentile(worked, 99.9)),
            "worked most": float(worked.max()),
            "most": float(late.max()),
            "over 50": int((late > 50).sum()),
            "beats": self._count,
        }

    def _note(self) -> None:
        now_s, waited_s = time.monotonic(), waited_for_processor_s()
        worked_s = time.thread_time()
        late_ms = max(0.0, 1000 * (now_s - self._before_s) - BEAT_MS)
        own_ms = max(0.0, late_ms - 1000 * (waited_s - self._waited_s))
        self._noted[self._count] = late_ms, own_ms, 1000 * (worked_s - self._worked_s)
        self._count += 1
        self._before_s, self._waited_s, self._worked_s = now_s, waited_s, worked_s


class Person(QObject):
    """Uses the window: sorts, filters, opens a server and goes back, in turn."""

    def __init__(self, program: DeskProgram, page: FleetPage, server_id: int) -> None:
        """Begin to act."""
        super().__init__()
        self._program, self._page, self._server_id = program, page, server_id
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._act)
        self._timer.start(ACT_EVERY_MS)

    def _act(self) -> None:
        self._turn += 1
        at = self._turn // 2 % len(_SORTS)
        if self._turn % 12 == 10:
            self._program.window.open_server(self._server_id)
        elif self._turn % 12 == 11:
            self._program.window.open_page("fleet")
        elif self._turn % 2:
            self._page.filter_bar.show_filter(_FILTERS[at])
        else:
            self._page.table.sort_by(_SORTS[at], descending=True)


def main() -> None:
    """Run one of the two, print, end."""
    kind, store, settings, seconds = sys.argv[1:]
    choose_platform(off_screen=True)
    application = QApplication(["noc-console"])
    beats = Beats(float(seconds))
    if kind == "ours":
        _run_ours(application, beats, store, Path(settings), float(seconds))
    else:
        print("ready", flush=True)
        beats.start()
        QTimer.singleShot(int(float(seconds) * 1000), application.quit)
        application.exec()
    print(json.dumps(beats.figures()), flush=True)


def _run_ours(
    application: QApplication, beats: Beats, store: str, settings: Path, seconds: float
) -> None:
    program = DeskProgram(
        application,
        StoreLocation.parse(store),
        own_engine=None,
        tell_of_bug=lambda bug: print(repr(bug), file=sys.stderr) or "a bug",
        settings_folder=settings,
    )
    people: list[Person] = []
    looking = QTimer()

    def look() -> None:
        page = program.window.current_page
        if isinstance(page, FleetPage) and page.model.rowCount():
            looking.stop()
            first = next(iter(page.columns.row_of))
            QTimer.singleShot(int(SETTLE_S * 1000), lambda: begin(page, first))

    def begin(page: FleetPage, first: int) -> None:
        print("ready", flush=True)
        people.append(Person(program, page, first))
        beats.start()
        QTimer.singleShot(int(seconds * 1000), application.quit)

    looking.timeout.connect(look)
    looking.start(_LOOK_EVERY_MS)
    program.start()
    keeper = GarbageKeeper(program.window)  # as the desk command does
    application.exec()
    keeper.close()
    program.close()


if __name__ == "__main__":
    main()
