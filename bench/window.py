"""The window: first paint, 50,000 rows, stalls of its loop while links stream, memory over time.

Each part is a program of its own, off screen, so that one part's Qt does not warm another's.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import psutil

from bench.large_fleet import add_large_fleet
from bench.loopback import (
    add_fleet,
    empty_store,
    links_up,
    running_engine,
    running_sshds,
    wait_until,
)
from bench.measure import Baseline, Measure
from bench.spent import resident_bytes
from bench.window_rows import A_HUNDREDTH, ROWS
from noc_console.desk.fleet.fleet_cells import COLUMNS
from noc_console.store.store import Store
from tests.sshd import Sshd

LINKS = 500
SOAK_S = 600.0
SOAK_QUICK_S = 40.0
SSHDS = 8
START_WITHIN_S = 120.0
MEMORY_EVERY_S = 5.0
LEAST_PRIORITY = 19
_ENV = {**os.environ, "QT_LOGGING_RULES": "*=false"}
"""Without a display Qt says at each window what it cannot do."""

FLAT_MB_A_MINUTE = 0.5


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure the window in its three situations."""
    settings = folder / "settings"
    settings.mkdir()
    with running_sshds(folder / "servers", SSHDS) as sshds:
        store = empty_store(folder / "store", sshds)
        try:
            ids = add_large_fleet(store, ROWS - LINKS)
            return [
                *_first_paint(folder / "store", settings, 3 if quick else 9),
                *_rows(settings, 3 if quick else 9),
                *_live(store, folder, settings, (ids[0], ids[-1]), sshds, quick=quick),
            ]
        finally:
            store.close()


def _first_paint(store: Path, settings: Path, repeats: int) -> list[Measure]:
    painted, listed, empty = [], [], []
    for _ in range(repeats):
        empty.append(_started("empty", store, settings)[0])
        ours = _started("ours", store, settings)
        painted.append(ours[0])
        listed.append(ours[1])
    return [
        Measure(
            name="window's first paint",
            unit="s",
            ours=statistics.median(painted),
            baseline=Baseline(name="(empty QMainWindow)", value=statistics.median(empty)),
            at_most=1.5,
            note=f"{ROWS:,} servers are listed {statistics.median(listed):.1f} s after the start",
        )
    ]


def _started(kind: str, store: Path, settings: Path) -> list[float]:
    command = [sys.executable, "-m", "bench.window_start", kind, str(store), str(settings)]
    told = subprocess.run(
        [*command, str(time.monotonic())],
        stdout=subprocess.PIPE,
        timeout=START_WITHIN_S,
        env=_ENV,
        check=True,
    )
    return [float(line) for line in told.stdout.split()]


def _rows(settings: Path, repeats: int) -> list[Measure]:
    told = subprocess.run(
        [sys.executable, "-m", "bench.window_rows", str(settings), str(repeats)],
        stdout=subprocess.PIPE,
        env=_ENV,
        check=True,
    )
    found = json.loads(told.stdout)
    proxy = "(QSortFilterProxyModel)"
    slowest = COLUMNS[int(found["slowest column"])].value
    return [
        Measure(
            name=f"{ROWS:,} rows sorted and painted",
            unit="ms",
            ours=found["sort"],
            baseline=Baseline(name=proxy, value=found["baseline sort"]),
            at_most=50.0,
            note=f"median of {len(COLUMNS)} columns; the slowest is {slowest} with "
            f"{found['slowest sort']:.0f} ms",
        ),
        Measure(
            name=f"{ROWS:,} rows filtered and painted",
            unit="ms",
            ours=found["filter"],
            baseline=Baseline(name=proxy, value=found["baseline filter"]),
            at_most=50.0,
        ),
        Measure(
            name=f"{A_HUNDREDTH} of {ROWS:,} rows changed, sorted and painted",
            unit="ms",
            ours=found["change"],
            at_most=50.0,
        ),
    ]


def _live(
    store: Store,
    folder: Path,
    settings: Path,
    changing: tuple[int, int],
    sshds: Sequence[Sshd],
    *,
    quick: bool,
) -> list[Measure]:
    seconds = SOAK_QUICK_S if quick else SOAK_S
    with running_engine(folder / "store"):
        add_fleet(store, sshds, LINKS)
        wait_until(lambda: _are_up(store), 300, f"{LINKS} links")
        for sshd in sshds:
            _be_elsewhere(sshd.process)
        rows = [folder / "store", *changing, A_HUNDREDTH]
        with (
            _program("bench.large_fleet", *rows) as another_engine,
            _program("bench.window_live", "ours", folder / "store", settings, seconds) as ours,
        ):
            _be_elsewhere(another_engine)
            _read_ready(ours)
            with _program("bench.window_live", "empty", "-", "-", seconds) as empty:
                memory = _memory_while(ours, seconds)
                late, idle = _told(ours), _told(empty)
    return [
        Measure(
            name="event loop late, p99.9",
            unit="ms",
            ours=late["p99.9"],
            baseline=Baseline(name="(empty window beside it)", value=idle["p99.9"]),
            at_most=50.0,
            note=f"{LINKS} links stream, {A_HUNDREDTH} of {ROWS:,} rows change a second, a person "
            f"sorts, filters, opens; {late['own p99.9']:.0f} ms without what it waited for a "
            f"processor; of its own CPU time {late['worked p99.9']:.0f} ms in one go, at most "
            f"{late['worked most']:.0f}; most {late['most']:.0f} ms (empty {idle['most']:.0f}), "
            f"over 50 ms {late['over 50']:.0f} of {late['beats']:,.0f} beats (empty "
            f"{idle['over 50']:.0f})",
        ),
        Measure(
            name=f"window's memory over {seconds / 60:.0f} min",
            unit="MB/min",
            ours=_slope(memory),
            at_most=None if quick else FLAT_MB_A_MINUTE,
            note=f"from {memory[0][1]:.0f} to {memory[-1][1]:.0f} MB; the slope is of the last two "
            "thirds",
        ),
    ]


def _be_elsewhere(process: subprocess.Popen[bytes] | None) -> None:
    """Let a program that stands for another machine, and its children, have only what is left over.

    Else 125 servers that answer in one moment hold the window up on the cores they share with it:
    so they are kept to one core too, where the window may go to the others.
    Each session is a group of its own to the kernel, which shares out among groups first: sched(7).
    """
    if process is None:
        return
    program = psutil.Process(process.pid)
    for one in (program, *program.children(recursive=True)):
        with suppress(OSError):  # it ended meanwhile, or the kernel knows no such groups
            os.sched_setaffinity(one.pid, {max(os.sched_getaffinity(0))})
            os.setpriority(os.PRIO_PROCESS, one.pid, LEAST_PRIORITY)
            Path(f"/proc/{one.pid}/autogroup").write_text(str(LEAST_PRIORITY))


def _are_up(store: Store) -> bool:
    return links_up(store) >= ROWS


@contextmanager
def _program(module: str, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of this package, ended at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)], stdout=subprocess.PIPE, env=_ENV
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _read_ready(process: subprocess.Popen[bytes]) -> None:
    if process.stdout is None or process.stdout.readline() != b"ready\n":
        raise RuntimeError("the window did not get its fleet")


def _told(process: subprocess.Popen[bytes]) -> dict[str, float]:
    if process.stdout is None:
        raise RuntimeError("the window tells nothing")
    told = process.stdout.read().splitlines()
    if not told:
        raise RuntimeError("the window ended without its figures")
    figures: dict[str, float] = json.loads(told[-1])
    return figures


def _memory_while(process: subprocess.Popen[bytes], seconds: float) -> list[tuple[float, float]]:
    """Give (minutes, MB) while the program runs."""
    started_s = time.monotonic()
    found = []
    while (passed_s := time.monotonic() - started_s) < seconds - MEMORY_EVERY_S:
        found.append((passed_s / 60, resident_bytes(process.pid) / 1e6))
        time.sleep(MEMORY_EVERY_S)
    return found


def _slope(memory: list[tuple[float, float]]) -> float:
    minutes, megabytes = np.array(memory[len(memory) // 3 :]).T
    return float(np.polyfit(minutes, megabytes, 1)[0])
