"""Others that watch the same machine, read as they print: vmstat, sar and node_exporter.

Each gives readings by our names of metrics, each second, stamped when its words arrive.
"""

import re
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterable, Mapping
from typing import Protocol

from bench.truth_series import Reading

ENVIRONMENT = {"LC_ALL": "C", "S_TIME_FORMAT": "ISO", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


class Witness(Protocol):
    """One that watches from `start` to `stop`."""

    name: str
    readings: list[Reading]

    def start(self) -> None:
        """Begin to watch."""

    def stop(self) -> None:
        """End, leaving nothing that runs."""


def is_here(program: str) -> bool:
    """Whether a program is installed, in the folders of root too."""
    return shutil.which(program, path=ENVIRONMENT["PATH"]) is not None


class _Printer:
    """A program that prints lines each second; a thread reads them until it ends."""

    name = ""
    command: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._read_all, name=self.name)

    def start(self) -> None:
        """Start the program."""
        self._process = subprocess.Popen(
            ["stdbuf", "-oL", *self.command], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
        )
        self._thread.start()

    def stop(self) -> None:
        """End the program."""
        if self._process is not None:
            self._process.terminate()
            self._thread.join()
            self._process.wait(10)
            if self._process.stdout is not None:
                self._process.stdout.close()

    def take(self, words: list[str]) -> None:
        """Take a line's words."""
        raise NotImplementedError

    def _read_all(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            for line in self._process.stdout:
                self.take(line.split())


class Vmstat(_Printer):
    """vmstat(8): CPU in whole percent."""

    name = "vmstat"
    command = ("vmstat", "-n", "-y", "1")

    def __init__(self) -> None:
        """Stand ready."""
        super().__init__()
        self._columns: list[str] = []

    def take(self, words: list[str]) -> None:
        """Keep the line of columns; each line of numbers is a reading."""
        if "us" in words:
            self._columns = words
        elif words and words[0].isdigit():
            row = dict(zip(self._columns, map(float, words), strict=False))
            values = {
                "cpu_percent": 100.0 - row["id"] - row["wa"],
                "cpu_user_percent": row["us"],
                "cpu_system_percent": row["sy"],
                "iowait_percent": row["wa"],
                "steal_percent": row["st"],
            }
            self.readings.append(Reading(at_s=time.monotonic(), values=values))


class Sar(_Printer):
    """sar(1): CPU, memory, load and interfaces, in blocks of a second."""

    name = "sar"
    command = ("sar", "-u", "-r", "-q", "-n", "DEV", "1")

    def __init__(self) -> None:
        """Stand ready."""
        super().__init__()
        self._columns: list[str] = []
        self._block: dict[str, float] = {}
        self._at_s = 0.0

    def take(self, words: list[str]) -> None:
        """Collect a block: its first table is the CPU's, its last that of the interfaces."""
        if not words or words[0] == "Average:":
            return
        if any(word in words for word in ("CPU", "kbavail", "ldavg-1", "IFACE")):
            self._columns = words
            if "CPU" in words:
                self._close_block()
            return
        row = dict(zip(self._columns[1:], words[1:], strict=False))
        if "CPU" in row:
            self._at_s = time.monotonic()
        self._block.update(_sar_values(row))

    def _close_block(self) -> None:
        if self._block:
            self.readings.append(Reading(at_s=self._at_s, values=self._block))
            self._block = {}


def _sar_values(row: Mapping[str, str]) -> dict[str, float]:
    if "CPU" in row:
        return {
            "cpu_percent": 100.0 - float(row["%idle"]) - float(row["%iowait"]),
            "cpu_user_percent": float(row["%user"]) + float(row["%nice"]),
            "cpu_system_percent": float(row["%system"]),
            "iowait_percent": float(row["%iowait"]),
            "steal_percent": float(row["%steal"]),
        }
    if "kbavail" in row:
        return {"mem_available_bytes": float(row["kbavail"]) * 1024}
    if "ldavg-1" in row:
        names = {"load1": "ldavg-1", "load5": "ldavg-5", "load15": "ldavg-15"}
        return {ours: float(row[theirs]) for ours, theirs in names.items()}
    if "IFACE" in row:
        return {
            f"net_rx_bytes_per_s:{row['IFACE']}": float(row["rxkB/s"]) * 1024,
            f"net_tx_bytes_per_s:{row['IFACE']}": float(row["txkB/s"]) * 1024,
        }
    return {}


class NodeExporter:
    """prometheus-node-exporter, scraped each second; rates are of its own counters."""

    name = "node_exporter"
    _METRIC = re.compile(r"(node_\w+)(?:\{(.*)\})? (\S+)")

    def __init__(self, port: int) -> None:
        """Have it listen on this port of loopback."""
        self.readings: list[Reading] = []
        self._port = port
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._scrape_on, name=self.name)
        self._before: tuple[float, dict[str, float]] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it with the four collectors we look at."""
        collectors = ("cpu", "loadavg", "meminfo", "netdev")
        self._process = subprocess.Popen(
            [
                "prometheus-node-exporter",
                f"--web.listen-address=127.0.0.1:{self._port}",
                "--collector.disable-defaults",
                *(f"--collector.{one}" for one in collectors),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
        )
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stopping.set()
        self._thread.join()
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def _scrape_on(self) -> None:
        while not self._stopping.wait(1.0):
            try:
                with urllib.request.urlopen(  # loopback, our own child
                    f"http://127.0.0.1:{self._port}/metrics", timeout=5
                ) as page:
                    text = page.read().decode()
            except OSError:  # it is starting
                continue
            self._take(text.splitlines(), time.monotonic())

    def _take(self, lines: Iterable[str], at_s: float) -> None:
        levels: dict[str, float] = {}
        counts: dict[str, float] = {}
        for line in lines:
            found = self._METRIC.fullmatch(line)
            if found is not None:
                _sort(found[1], found[2] or "", float(found[3]), levels, counts)
        if self._before is not None:
            levels |= _rates(self._before[1], counts, at_s - self._before[0])
        self._before = at_s, counts
        self.readings.append(Reading(at_s=at_s, values=levels))


_LEVELS = {
    "node_load1": "load1",
    "node_load5": "load5",
    "node_load15": "load15",
    "node_memory_MemAvailable_bytes": "mem_available_bytes",
}
_COUNTS = {
    "node_network_receive_bytes_total": "net_rx_bytes_per_s",
    "node_network_transmit_bytes_total": "net_tx_bytes_per_s",
}


def _sort(
    name: str, labels: str, value: float, levels: dict[str, float], counts: dict[str, float]
) -> None:
    if name in _LEVELS:
        levels[_LEVELS[name]] = value
    elif name in _COUNTS:
        device = labels.split('"')[1]
        counts[f"{_COUNTS[name]}:{device}"] = value
    elif name == "node_cpu_seconds_total":
        mode = labels.split('mode="')[1].rstrip('"')
        counts[mode] = counts.get(mode, 0.0) + value


def _rates(
    before: Mapping[str, float], now: Mapping[str, float], passed_s: float
) -> dict[str, float]:
    spent = {name: now[name] - before.get(name, now[name]) for name in now}
    rates = {name: spent[name] / passed_s for name in now if ":" in name}
    whole = sum(spent[name] for name in now if ":" not in name)
    if whole <= 0:
        return rates
    share = {name: 100.0 * spent[name] / whole for name in now if ":" not in name}
    return rates | {
        "cpu_percent": 100.0 - share["idle"] - share["iowait"],
        "cpu_user_percent": share["user"] + share["nice"],
        "cpu_system_percent": share["system"] + share["irq"] + share["softirq"],
        "iowait_percent": share["iowait"],
        "steal_percent": share["steal"],
    }
