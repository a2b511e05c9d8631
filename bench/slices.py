"""The window's thread at work in one go: what a person opens, storms, moments, another theme.

CPU time of that thread, so that a busy machine counts little. Run as a program it prints one JSON
object: the longest slice in milliseconds by what is done.
"""

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication, QFormLayout, QLabel, QWidget

from bench.measure import Baseline, Measure
from bench.slice_watch import SliceWatch
from noc_console.cli.desk import choose_platform
from noc_console.desk.app import DeskProgram
from noc_console.desk.garbage import GarbageKeeper
from tests.desk import audit_deeds
from tests.desk.composing_deeds import beside_large_fleet, open_composer, type_everywhere
from tests.desk.qt_life import end
from tests.desk.window_deeds import (
    SERVERS,
    change_theme,
    go_to_moments,
    open_dialogs,
    open_pages,
    open_servers,
    running_program,
    tell_storm,
)

_LABELS = 200
_WITHIN_S = 600
_GOAL_MS = 50.0


def run(folder: Path, *, quick: bool) -> list[Measure]:  # noqa: ARG001 - it is quick
    """Measure each once, in a program of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.slices", str(folder)],
        stdout=subprocess.PIPE,
        timeout=_WITHIN_S,
        env={**os.environ, "QT_LOGGING_RULES": "*=false"},
        check=True,
    )
    found: dict[str, dict[str, float]] = json.loads(told.stdout)
    plain = found.pop("plain")["labels"]
    return [
        Measure(
            name=f"longest slice: {words}",
            unit="ms",
            ours=max(slices.values()),
            baseline=Baseline(name=f"({_LABELS} labels shown in one go)", value=plain),
            at_most=None if words == "another theme" else _GOAL_MS,
            note=", ".join(f"{what} {ms:.0f}" for what, ms in slices.items()),
        )
        for words, slices in found.items()
    ]


def main() -> None:
    """Measure."""
    folder = Path(sys.argv[1])
    choose_platform(off_screen=True)
    application = QApplication(["slices"])
    watch = SliceWatch(lambda: 1000 * time.thread_time())
    found = {"plain": {"labels": _plain_ms(watch)}}
    with _program(application, folder / "opening") as program:
        found["pages, first time"] = open_pages(program, watch.longest)
        found["a server's page"] = open_servers(program, watch.longest)
        found["dialogs"] = open_dialogs(program, watch.longest)
        found["moments of the time machine"] = go_to_moments(program, watch.longest)
        found["another theme"] = {"every page": change_theme(program, watch.longest)}
    with _kept(audit_deeds.running_with_audits(application, _made(folder / "audit"))) as program:
        found[f"an audit of {SERVERS:,} servers"] = audit_deeds.go_through(program, watch.longest)
    storms: dict[str, float] = {}
    for page in ("alarms", "fleet"):
        for at_a_time in (SERVERS // 10, SERVERS):
            with _program(application, folder / f"{page}{at_a_time}") as program:
                ms = tell_storm(program, watch.longest, page, at_a_time)
                storms[f"{page}, {at_a_time} at a time"] = ms
    found[f"{SERVERS:,} servers lost"] = storms
    with beside_large_fleet(folder / "warm") as bench:
        open_composer(bench, watch.longest)
    with beside_large_fleet(folder / "composer") as bench:
        opened = open_composer(bench, watch.longest)
        typed = type_everywhere(bench, watch.longest)
    found["the composer beside 50,000 servers"] = {"opened": opened, **typed}
    print(json.dumps(found))


@contextmanager
def _program(application: QApplication, folder: Path) -> Iterator[DeskProgram]:
    with _kept(running_program(application, _made(folder))) as program:
        yield program


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@contextmanager
def _kept(running: AbstractContextManager[DeskProgram]) -> Iterator[DeskProgram]:
    with running as program:
        keeper = GarbageKeeper(program.window)  # as the desk command does
        yield program
        keeper.close()
        gc.unfreeze()


def _plain_ms(watch: SliceWatch) -> float:
    whole = QWidget()
    form = QFormLayout(whole)
    for number in range(_LABELS):
        form.addRow(QLabel(f"What {number} is"), QLabel(f"{number} of them"))
    ms = watch.longest(whole.show, lambda: True)
    end(whole)
    return ms


if __name__ == "__main__":
    main()
