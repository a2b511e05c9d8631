"""The server's side: what the probe costs it in each shell, and what stays when we are gone."""

import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.loopback import (
    CAT_COMMAND,
    add_fleet,
    empty_store,
    is_watched,
    links_up,
    running_engine,
    running_sshds,
    wait_until,
)
from bench.measure import Baseline, Measure
from bench.spent import descendants, spent_s
from noc_console.telemetry.frame import READY
from noc_console.telemetry.probe import Part, probe_script, slow_script, tick_line
from tests.sshd import Sshd

TICK_S = 5.0
SHELLS = ("dash", "bash")
LINKS = 20
GONE_WITHIN_S = 5.0
SLOW_PARTS = frozenset({Part.MOUNTS, Part.PROCESSES})
SLOW_EVERY_S = 60.0


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure the shells here, by pipe, then kill an engine that watches a real sshd."""
    rounds, ticks = (3, 60) if quick else (9, 120)
    shells = [name for name in SHELLS if shutil.which(name)]
    measures = [measure for name in shells for measure in _shell(name, rounds, ticks)]
    return [*measures, *_left_behind(folder)]


def _shell(name: str, rounds: int, ticks: int) -> list[Measure]:
    fast, slow, cat = [], [], []
    with (
        _loop(name, probe_script()) as probe,
        _loop(name, slow_script()) as slower,
        _loop(name, b"echo; echo @noc-console ready\n") as plain,
    ):
        for _ in range(rounds):
            fast.append(_spent_each(probe, ticks, lambda at: tick_line(at, frozenset({Part.FAST}))))
            slow.append(_spent_each(slower, 3, lambda at: tick_line(at, SLOW_PARTS)))
            cat.append(_spent_each(plain, ticks, _cat_line))
    return [
        Measure(
            name=f"the probe in {name} at a tick of {TICK_S:.0f} s",
            unit="% of a core",
            ours=100 * statistics.median(fast) / TICK_S,
            baseline=Baseline(name="(cat of the same files)", value=_percent(cat)),
            at_most=0.1,
            note=f"{1000 * statistics.median(fast):.2f} ms a tick; the slow loop beside it takes "
            f"{1000 * statistics.median(slow):.0f} ms a minute for mounts and processes, "
            f"{100 * statistics.median(slow) / SLOW_EVERY_S:.2f} % of a core",
        )
    ]


def _percent(spent: list[float]) -> float:
    return 100 * statistics.median(spent) / TICK_S


def _cat_line(at: int) -> bytes:
    return f"echo @frame {at}; {CAT_COMMAND}; echo @end {at}\n".encode("ascii")


@contextmanager
def _loop(shell: str, script: bytes) -> Iterator[subprocess.Popen[bytes]]:
    """Run a script that reads lines, as the server's shell does, and wait until it is ready."""
    process = subprocess.Popen(
        [shell], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        _write(process, script)
        _read_to(process, READY)
        yield process
    finally:
        process.kill()
        process.communicate()


def _spent_each(
    process: subprocess.Popen[bytes], ticks: int, line: Callable[[int], bytes]
) -> float:
    before_s = spent_s(process.pid)
    for at in range(1, ticks + 1):
        _write(process, line(at))
        _read_to(process, b"@end %d\n" % at)
    return (spent_s(process.pid) - before_s) / ticks


def _write(process: subprocess.Popen[bytes], content: bytes) -> None:
    if process.stdin is None:
        raise RuntimeError("the shell has no input")
    process.stdin.write(content)
    process.stdin.flush()


def _read_to(process: subprocess.Popen[bytes], line: bytes) -> None:
    if process.stdout is None:
        raise RuntimeError("the shell has no output")
    while (read := process.stdout.readline()) != line:
        if not read:
            raise RuntimeError("the shell ended")


def _left_behind(folder: Path) -> list[Measure]:
    """Kill the engine, as a crash does, and look at what its links have started on the server."""
    with running_sshds(folder / "servers") as (sshd,):
        store = empty_store(folder / "store", [sshd])
        try:
            with running_engine(folder / "store") as engine:
                wait_until(lambda: is_watched(store), 60, "an engine's start")
                add_fleet(store, [sshd], LINKS)
                wait_until(lambda: links_up(store) == LINKS, 120, f"{LINKS} links")
                started = len(_sessions(sshd))
                engine.kill()
                engine.wait(10)
                gone_s = _gone_within(sshd)
                left = len(_sessions(sshd))
        finally:
            store.close()
    return [
        Measure(
            name=f"processes left {GONE_WITHIN_S:.0f} s after the engine was killed",
            unit="",
            ours=left,
            at_most=0,
            note=f"{LINKS} links had {started} processes on the server; the last was gone after "
            f"{gone_s:.1f} s",
        )
    ]


def _sessions(sshd: Sshd) -> list[int]:
    if sshd.process is None:
        raise RuntimeError("the sshd is gone")
    return descendants(sshd.process.pid)


def _gone_within(sshd: Sshd) -> float:
    started_s = time.monotonic()
    while _sessions(sshd) and time.monotonic() - started_s < GONE_WITHIN_S:
        time.sleep(0.05)
    return time.monotonic() - started_s
