"""What it costs to judge a fleet: 5,000 servers x 30 rules, each tick.

The baseline is the usual way: every rule of every server is looked at in turn, with its timers.
"""

import gc
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bench.measure import Baseline, Measure
from noc_console.engine.picture import Picture
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Server
from noc_console.health.line_book import ALL, LineBook, LineSet
from noc_console.health.lines import Lines
from noc_console.telemetry.sample import Sample

SERVERS, RULES = 5_000, 30
TICK_S = 5.0
_BEGAN = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
_MORE = (
    "load5", "load15", "tasks_running", "tasks_total", "tasks_blocked", "cpu_percent",
    "cpu_user_percent", "cpu_system_percent", "swap_out_bytes_per_s", "net_rx_bytes_per_s",
    "net_tx_bytes_per_s", "disk_read_bytes_per_s", "disk_write_bytes_per_s", "disk_busy_percent",
    "pressure_cpu_some_percent", "pressure_memory_some_percent", "pressure_io_some_percent",
    "files_open", "tcp_established", "tcp_in_use", "tcp_time_wait", "tcp_orphaned",
)  # fmt: skip
_LINES = Lines(early=70.0, cut_off=90.0, early_minutes=5, cut_off_minutes=2, forecast_minutes=15)


def run(folder: Path, *, quick: bool) -> list[Measure]:  # noqa: ARG001 - every group is called so
    """Measure a tick of a calm fleet and of a troubled one."""
    rounds = 6 if quick else 20
    lines = _thirty_rules()
    calm = _fleet(troubled=0.03)
    troubled = _fleet(troubled=0.5)
    plain_ms = _milliseconds(_plain_tick(lines, calm), rounds)
    return [
        Measure(
            name="judge 5,000 servers x 30 rules, 3 % past a line",
            unit="ms CPU",
            ours=_milliseconds(_our_tick(lines, calm), rounds),
            baseline=Baseline(name="every rule in turn", value=plain_ms),
            at_most=100.0,
            note="the median tick; lines, minutes, forecast, reasons and verdict of each server",
        ),
        Measure(
            name="the same with half of the fleet past a line",
            unit="ms CPU",
            ours=_milliseconds(_our_tick(lines, troubled), rounds),
            baseline=Baseline(
                name="every rule in turn",
                value=_milliseconds(_plain_tick(lines, troubled), rounds),
            ),
            note="a storm: four rules of each second server are past a line and climbing",
        ),
    ]


def _thirty_rules() -> LineSet:
    """Give thirty rules that a sample answers."""
    every = LineBook().line_set(Server(name="any", address="any"))
    own = [key for key in every.rules if key in _told(0.0, 0)]
    chosen = dict.fromkeys(_MORE[: RULES - len(own)], _LINES)
    book = LineBook(chosen={ALL: chosen})
    found = book.line_set(Server(name="any", address="any"))
    told = [key for key in found.rules if key in _told(0.0, 0)]
    if len(told) != RULES:
        raise RuntimeError(f"{len(told)} rules are measured, not {RULES}")
    return found


def _told(trouble: float, tick: int) -> dict[str, float]:
    """Give a sample of 60 figures; with trouble four of them are past a line and climb."""
    calm = dict.fromkeys(_MORE, 20.0)
    calm |= {f"core_percent:{core}": 20.0 for core in range(16)}
    calm |= {
        "cores": 16.0, "uptime_s": 9e5 + 5 * tick, "oom_kills": 0.0, "load1": 3.0,
        "iowait_percent": 2.0, "steal_percent": 0.1, "mem_used_percent": 55.0,
        "swap_used_percent": 3.0, "swap_in_bytes_per_s": 0.0, "pressure_memory_full_percent": 0.0,
        "pressure_io_full_percent": 0.5, "conntrack_used_percent": 4.0, "mail_queue": 3.0,
        "zombies": 1.0,
    }  # fmt: skip
    if trouble:
        climb = trouble + tick * 0.2
        calm |= {
            "load1": 20.0 + climb, "mem_used_percent": min(99.0, 92.0 + climb / 9),
            "iowait_percent": min(99.0, 35.0 + climb), "swap_used_percent": 65.0,
        }  # fmt: skip
    return calm


def _fleet(troubled: float) -> Sequence[float]:
    """Give each server's trouble: 0 is none."""
    chance = np.random.default_rng(7)
    return [
        float(chance.uniform(0.1, 5.0)) if chance.random() < troubled else 0.0
        for _ in range(SERVERS)
    ]


def _our_tick(lines: LineSet, fleet: Sequence[float]) -> Callable[[int], Callable[[], None]]:
    pictures = []
    for number in range(1, len(fleet) + 1):
        server = Server(id=number, name=f"s{number}", address="192.0.2.1")
        picture = Picture(server=server, link_since=_BEGAN)
        picture.use_lines(lines)
        picture.set_link(LinkState.UP, None, _BEGAN)
        pictures.append(picture)

    def prepare(tick: int) -> Callable[[], None]:
        now = _BEGAN + timedelta(seconds=tick * TICK_S)
        samples = [
            Sample(server_id=1, at=now, server_at=None, values=_told(one, tick), missing={})
            for one in fleet
        ]

        def judge() -> None:
            now_s = tick * TICK_S
            for picture, sample in zip(pictures, samples, strict=True):
                picture.take_sample(sample, now_s)
                picture.judge(now, now_s)

        return judge

    return prepare


@dataclass(slots=True)
class _Plain:
    level: str = "ok"
    since_s: float = 0.0
    early_since_s: float = math.nan
    cut_off_since_s: float = math.nan


def _plain_tick(lines: LineSet, fleet: Sequence[float]) -> Callable[[int], Callable[[], None]]:
    states: list[dict[str, _Plain]] = [{} for _ in fleet]

    def prepare(tick: int) -> Callable[[], None]:
        samples = [_told(one, tick) for one in fleet]

        def judge() -> None:
            for state, values in zip(states, samples, strict=True):
                found = [
                    _judge_plainly(state.setdefault(key, _Plain()), values[key], lines, key, tick)
                    for key in lines.rules
                    if key in values
                ]
                max(found, key=("ok", "early", "cut-off").index, default="ok")

        return judge

    return prepare


def _judge_plainly(state: _Plain, value: float, lines: LineSet, key: str, tick: int) -> str:
    found, now_s = lines.lines(key, 16.0), tick * TICK_S
    if found is None or found.early is None or found.cut_off is None:
        return "ok"
    if value < found.early:
        state.early_since_s = math.nan
    elif math.isnan(state.early_since_s):
        state.early_since_s = now_s
    if value < found.cut_off:
        state.cut_off_since_s = math.nan
    elif math.isnan(state.cut_off_since_s):
        state.cut_off_since_s = now_s
    level = _level(state, found, now_s)
    if level != state.level:
        state.level, state.since_s = level, now_s
    return level


def _level(state: _Plain, found: Lines, now_s: float) -> str:
    if now_s - state.cut_off_since_s >= found.cut_off_minutes * 60:
        return "cut-off"
    return "early" if now_s - state.early_since_s >= found.early_minutes * 60 else "ok"


def _milliseconds(prepare: Callable[[int], Callable[[], None]], rounds: int) -> float:
    """Give the CPU time of a median tick, after a minute of ticks."""
    spent: list[float] = []
    for tick in range(12 + rounds):
        judge = prepare(tick)
        gc.collect()
        before_s = time.thread_time()
        judge()
        if tick >= 12:
            spent.append(time.thread_time() - before_s)
    return float(np.median(spent)) * 1000
