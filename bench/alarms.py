"""From the sample that crosses a line to the row on a screen, and a storm of a thousand.

The engine's part runs in a process of its own (`alarm_source`); here is the window: the real live
fleet and the real page, off screen. A row counts as seen when its table was painted with it.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from bench.measure import Baseline, Measure
from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server
from noc_console.health.alarm_book import AlarmBook, Reach, View
from noc_console.health.alarm_life import Moment, Standing
from noc_console.health.alarm_records import events_between, open_alarms
from noc_console.health.storms import Kinship
from noc_console.health.verdict import Reason, Verdict
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store
from tests.desk.stall_watch import waited_for_processor_s

SERVERS = 1000
_COUNT = {True: 100, False: 400}
_AT_MOST_MS = 300.0
_STORM_AT_MOST_S = 10.0
_STALL_MS = 50.0
_LOOKED_AT = 5000
_DEAD = Reason("link", Verdict.DOWN, "gone")


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure rows, a storm, and what the book costs the engine."""
    measures = _single(folder / "single", _COUNT[quick])
    measures += _storm(folder / "storm")
    return [*measures, *_book()]


def _single(folder: Path, count: int) -> list[Measure]:
    with _window(folder) as window, _source(folder, "single", str(count)) as told:
        asked = _AskEachSecond(window.store)
        crossed: dict[int, float] = {}
        while len(window.seen) < count and window.work(told, crossed):
            pass
        asked.end()
    took = sorted(
        1000 * (window.seen[one] - at_s) for one, at_s in crossed.items() if one in window.seen
    )
    plain = sorted(
        1000 * (asked.seen[one] - at_s) for one, at_s in crossed.items() if one in asked.seen
    )
    if len(took) < count:
        raise RuntimeError(f"only {len(took)} of {count} alarms were seen")
    return [
        Measure(
            name=f"sample over its line to the row painted, p{percent}",
            unit="ms",
            ours=_percentile(took, percent),
            baseline=Baseline(
                name="list asked anew each second", value=_percentile(plain, percent)
            ),
            at_most=_AT_MOST_MS,
            note=f"{count} alarms, one every 0.2 s, among {SERVERS} servers that are recorded",
        )
        for percent in (50, 99)
    ]


def _storm(folder: Path) -> list[Measure]:
    with _window(folder) as window, _source(folder, "storm") as told:
        words: dict[str, float] = {}
        while window.work(told, {}, words):
            pass
        began = datetime.fromtimestamp(0, UTC)
        events = events_between(window.store, began, datetime.now(UTC))
        left = len(open_alarms(window.store))
    lost_s, over_s = words["lost"], words["over"]
    seen_s = min(window.groups, default=over_s) - lost_s
    calls = sum(event.kind.calls_person for event in events)
    cleared = sum(event.kind.value == "cleared" for event in events)
    late = max(window.late_ms, default=0.0)
    return [
        Measure(
            name=f"{SERVERS} servers lost within 5 s to the group alarm painted",
            unit="s",
            ours=seen_s,
            at_most=_STORM_AT_MOST_S,
            note=f"{calls} call(s), {cleared} cleared, {left} open after the return",
        ),
        Measure(
            name="calls of a person in the storm and its return",
            unit="calls",
            ours=float(calls),
            baseline=Baseline(name="one a server", value=float(SERVERS)),
            at_most=1.0,
        ),
        Measure(
            name="longest stall of the window's loop in the storm",
            unit="ms",
            ours=late,
            at_most=_STALL_MS,
            note="without waits for a processor that other programs use",
        ),
    ]


def _book() -> list[Measure]:
    """What the book costs: a look at a calm fleet, and a moment in which all of it is lost."""
    book, moment = AlarmBook(), Moment(datetime.now(UTC), 1000.0)
    fleet = {number: Kinship(name=f"s{number}", groups=("g",)) for number in range(_LOOKED_AT)}
    book.set_fleet(fleet, moment)
    calm = [_view(number) for number in fleet]
    looked_ms = _took_ms(lambda: [book.observe(view, moment) for view in calm])
    lost = [_view(number, _DEAD) for number in fleet]
    for view in lost:
        book.observe(view, moment)
    later = [replace(moment, s=moment.s + 1.0 + number) for number in range(9)]
    pass_ms = max(_took_ms(lambda one=one: book.pass_time(one)) for one in later)
    return [
        Measure(
            name=f"the book looks at {_LOOKED_AT} calm servers",
            unit="ms",
            ours=looked_ms,
            at_most=100.0,
        ),
        Measure(
            name=f"a moment passes in the book while {_LOOKED_AT} servers are lost",
            unit="ms",
            ours=pass_ms,
            at_most=100.0,
        ),
    ]


def _view(number: int, *reasons: Reason) -> View:
    return View(
        server_id=number,
        reasons=reasons,
        reach=Reach.LOST if reasons else Reach.FINE,
        hides=bool(reasons),
        standing=lambda _key: Standing.NORMAL,
    )


def _took_ms(act: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began_s)


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(int(percent / 100 * len(ordered)), len(ordered) - 1)]


class _AskEachSecond:
    """The usual way: the list of open alarms is asked for anew each second."""

    def __init__(self, store: Store) -> None:
        self.seen: dict[int, float] = {}
        self._store = store
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ends.wait(1.0):
            for one in open_alarms(self._store).values():
                self.seen.setdefault(one.server_id or 0, time.monotonic())

    def end(self) -> None:
        self._ends.wait(1.5)
        self._ends.set()
        self._thread.join(5.0)


class _Window:
    """The live fleet and the page of alarms, and when each row was painted first."""

    def __init__(self, store: Store, work: Callable[[], None]) -> None:
        self.store = store
        self.seen: dict[int, float] = {}
        self.groups: list[float] = []
        self.late_ms: list[float] = []
        self._work = work
        self._before_s = time.monotonic()

    def painted(self, servers: list[int | None]) -> None:
        now_s = time.monotonic()
        for server_id in servers:
            if server_id is None:
                self.groups.append(now_s)
            else:
                self.seen.setdefault(server_id, now_s)

    def work(
        self,
        told: "SimpleQueue[dict[str, Any] | None]",
        crossed: dict[int, float],
        words: dict[str, float] | None = None,
    ) -> bool:
        """Let the window work for a moment; false when the source has ended."""
        began_s, waited_s = time.monotonic(), waited_for_processor_s()
        self._work()
        own_s = time.monotonic() - began_s - (waited_for_processor_s() - waited_s)
        self.late_ms.append(1000 * own_s)
        time.sleep(0.002)
        try:
            while True:
                one = told.get_nowait()
                if one is None:
                    return False
                if "server" in one:
                    crossed[one["server"]] = one["s"]
                elif words is not None:
                    words[one["word"]] = one["s"]
        except Empty:
            return True


@contextmanager
def _window(folder: Path) -> Iterator[_Window]:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    from noc_console.desk.alarms.open_alarms import OpenAlarms
    from noc_console.desk.live import LiveFleet
    from tests.desk.window_bench import WindowBench

    application = QApplication.instance() or QApplication([])
    if not isinstance(application, QApplication):
        raise TypeError("there is another kind of application")
    servers = [Server(name=f"s{number}", address="192.0.2.1") for number in range(SERVERS)]
    with closing(open_store(StoreLocation.parse(str(folder)))) as store:
        add_servers(store, servers, datetime.now(UTC))
        bench = WindowBench(application, folder.parent / f"{folder.name}-desk")
        live = LiveFleet(store, bench.pool)
        live.setParent(bench.settings)
        page = OpenAlarms(replace(bench.context, store=store, live=live), lambda: datetime.now(UTC))
        page.resize(1200, 700)
        page.show()
        window = _Window(store, application.processEvents)

        class Painted(QObject):
            """Notes what the table holds whenever it was painted."""

            def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, N802
                if event.type() == QEvent.Type.Paint:
                    window.painted([row.alarm.server_id for row in page.model.rows])
                return False

        painted = Painted()
        page.table.viewport().installEventFilter(painted)
        live.start()
        while not live.is_loaded:
            application.processEvents()
            time.sleep(0.002)
        try:
            yield window
        finally:
            page.table.viewport().removeEventFilter(painted)
            live.close()
            page.close()
            page.deleteLater()
            bench.close()


@contextmanager
def _source(folder: Path, *words: str) -> Iterator["SimpleQueue[dict[str, Any] | None]"]:
    told: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
    command = [sys.executable, "-m", "bench.alarm_source", str(folder), *words]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def read() -> None:
        for line in child.stdout or ():
            told.put(json.loads(line))
        told.put(None)

    threading.Thread(target=read, daemon=True).start()
    try:
        yield told
    finally:
        if child.poll() is None:
            child.kill()
        child.wait(10)
