"""Plays the time machine on a store, off screen, and prints the window's longest stall as JSON.

`python -m bench.time_machine_play STORE MOMENT SECONDS`; the moment is ISO 8601.
"""

import json
import os
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from noc_console.desk.background import Background
from noc_console.desk.context import DeskContext
from noc_console.desk.live import LiveFleet
from noc_console.desk.settings.desk_settings import DeskSettings
from noc_console.desk.theme.themes import Themes
from noc_console.desk.time_machine.time_machine_page import TimeMachinePage
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.desk.stall_watch import StallWatch


@dataclass
class Ways:
    """A navigator that goes nowhere."""

    said: list[str] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Note a sentence."""
        self.said.append(sentence)


def main() -> int:
    """Play; gives the exit status."""
    where, moment, seconds = sys.argv[1], datetime.fromisoformat(sys.argv[2]), float(sys.argv[3])
    application = QApplication([])
    store = open_store(StoreLocation.parse(where))
    background = Background(str)
    context = DeskContext(
        store=store,
        background=background,
        live=LiveFleet(store, background),
        themes=Themes(application),
        settings=DeskSettings(Path(where) / "config"),
        navigator=Ways(),  # type: ignore[arg-type]
        asked_by="bench",
    )
    page = TimeMachinePage(context, lambda: datetime.now(UTC))
    page.at = moment
    page.resize(1366, 768)
    page.show()
    _work(lambda: page.live is not None and background.is_idle, 60.0)
    _work(lambda: False, 2.0)  # what the fleet page reads after it is made
    watch = StallWatch()
    watch.start()
    page.controls.play_button.setChecked(True)
    _work(lambda: False, seconds)
    watch.stop()
    print(
        json.dumps(
            {
                "played_s": (page.at - moment).total_seconds(),
                "longest_ms": max(watch.gaps_s) * 1000,
                "p999_ms": watch.share_s(0.999) * 1000,
                "servers": len(page.live.servers) if page.live else 0,
            }
        )
    )
    background.close()
    store.close()
    return 0


def _work(is_done, seconds: float) -> None:  # type: ignore[no-untyped-def]
    ends_s = time.monotonic() + seconds
    while not is_done() and time.monotonic() < ends_s:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


if __name__ == "__main__":
    sys.exit(main())
