"""One sample of the machine we run on, through psutil: same names and meaning as over SSH."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import psutil

from noc_console.fleet.inert import inert
from noc_console.telemetry.counted import MAX_PARTS, counted_disks, is_counted_interface
from noc_console.telemetry.sample import Missing, Sample
from noc_console.telemetry.this_kernel import KERNEL_METRICS, PROC, read_kernel

_Counts = Mapping[str, tuple[float, ...]]

_NOT_LINUX = re.compile(r"lo\d*$|utun|awdl|llw|gif|stf|anpi|ap\d|bridge|Loopback|vEthernet")
"""Loopback, tunnels and bridges as macOS, the BSDs and Windows call them."""

_CPU = ("cpu_percent", "cpu_user_percent", "cpu_system_percent", "iowait_percent", "steal_percent")
_NET = ("net_rx_bytes_per_s", "net_tx_bytes_per_s")
_DISK = ("disk_read_bytes_per_s", "disk_write_bytes_per_s")
_SWAP = ("swap_in_bytes_per_s", "swap_out_bytes_per_s")


class SampleReader:
    """Reads samples; rates are over the time since the sample before."""

    def __init__(self, server_id: int, proc: Path = PROC) -> None:
        """Read for the server of this id; `proc` is where the kernel's own files are."""
        self._server_id = server_id
        self._proc = proc
        self._before: dict[str, tuple[float, _Counts]] = {}
        self._values: dict[str, float] = {}
        self._missing: dict[str, Missing] = {}

    def read(self, now: datetime) -> Sample:
        """Give what this machine tells at this moment."""
        self._values, self._missing = read_kernel(self._proc), {}
        for metric in KERNEL_METRICS - self._values.keys():
            self._missing[metric] = Missing.NOT_ON_THIS_SERVER
        self._values.setdefault("uptime_s", max(0.0, time.time() - psutil.boot_time()))
        for metric, load in zip(("load1", "load5", "load15"), psutil.getloadavg(), strict=True):
            self._values.setdefault(metric, load)
        self._cpu()
        self._memory()
        self._network()
        self._disks()
        return Sample(
            server_id=self._server_id,
            at=now,
            server_at=now,
            values=self._values,
            missing=self._missing,
        )

    def _cpu(self) -> None:
        cores = psutil.cpu_times(percpu=True)
        self._values["cores"] = float(len(cores))
        whole = psutil.cpu_times()._asdict()
        earlier = self._since("cpu", {"all": tuple(whole.values())})
        shares = _shares(earlier and earlier[1]["all"], whole)
        if shares is None:
            self._missing.update(dict.fromkeys(_CPU, Missing.NEEDS_TWO_READINGS))
        else:
            self._cpu_shares(shares)
        times = {str(core): one._asdict() for core, one in enumerate(cores[:MAX_PARTS])}
        earlier = self._since("cores", {core: tuple(one.values()) for core, one in times.items()})
        for core, one in times.items():
            shares = _shares(earlier and earlier[1].get(core), one)
            if shares is not None:
                self._values[f"core_percent:{core}"] = _busy(shares)

    def _cpu_shares(self, shares: Mapping[str, float]) -> None:
        self._values["cpu_percent"] = _busy(shares)
        self._values["cpu_user_percent"] = shares["user"] + shares.get("nice", 0.0)
        self._values["cpu_system_percent"] = sum(
            shares.get(name, 0.0) for name in ("system", "irq", "softirq", "interrupt", "dpc")
        )
        for name in ("iowait", "steal"):
            if name in shares:
                self._values[f"{name}_percent"] = shares[name]
            else:
                self._missing[f"{name}_percent"] = Missing.NOT_ON_THIS_SERVER

    def _memory(self) -> None:
        memory, swap = psutil.virtual_memory(), psutil.swap_memory()
        self._values["mem_total_bytes"] = float(memory.total)
        self._values["mem_available_bytes"] = float(memory.available)
        self._values["mem_used_percent"] = _percent(memory.total - memory.available, memory.total)
        self._values["swap_total_bytes"] = float(swap.total)
        self._values["swap_used_percent"] = _percent(swap.total - swap.free, swap.total)
        if psutil.WINDOWS:  # where psutil gives 0 for what it does not know
            self._missing.update(dict.fromkeys(_SWAP, Missing.NOT_ON_THIS_SERVER))
            return
        counts = {"swap": (float(swap.sin), float(swap.sout))}
        earlier = self._since("swap", counts)
        for place, metric in enumerate(_SWAP):
            self._rate(metric, earlier, "swap", counts, place)

    def _network(self) -> None:
        self._parts(
            "net",
            _NET,
            {
                name: (float(one.bytes_recv), float(one.bytes_sent))
                for name, one in psutil.net_io_counters(pernic=True, nowrap=False).items()
                if is_counted_interface(name) and not _NOT_LINUX.match(name)
            },
        )

    def _disks(self) -> None:
        found = psutil.disk_io_counters(perdisk=True, nowrap=False) or {}
        disks = {name: found[name] for name in counted_disks(list(found))}
        self._parts(
            "disk",
            _DISK,
            {name: (float(one.read_bytes), float(one.write_bytes)) for name, one in disks.items()},
        )
        busy_ms = {
            name: (float(one.busy_time),)
            for name, one in disks.items()
            if hasattr(one, "busy_time")
        }
        if disks and not busy_ms:
            self._missing["disk_busy_percent"] = Missing.NOT_ON_THIS_SERVER
            return
        self._parts("busy", ("disk_busy_percent",), busy_ms, unit=0.1, total=_busiest)

    def _parts(
        self,
        kind: str,
        metrics: Sequence[str],
        counts: _Counts,
        unit: float = 1.0,
        total: Callable[[Sequence[float]], float] = sum,
    ) -> None:
        """Give each part's rates and what they are together."""
        earlier = self._since(kind, counts)
        for place, metric in enumerate(metrics):
            for name in list(counts)[:MAX_PARTS]:
                self._rate(f"{metric}:{inert(name, 32)}", earlier, name, counts, place, unit)
            rates = [rate for one, rate in self._values.items() if one.startswith(f"{metric}:")]
            if earlier is None:
                self._missing[metric] = Missing.NEEDS_TWO_READINGS
            elif not counts:
                self._missing[metric] = Missing.NOT_ON_THIS_SERVER
            elif rates:
                self._values[metric] = total(rates)
            else:
                self._missing[metric] = Missing.COUNTER_WENT_BACK

    def _since(self, kind: str, counts: _Counts) -> tuple[float, _Counts] | None:
        """Keep counters for the next sample; give the seconds since, and those of, the last."""
        now_s = time.monotonic()
        earlier = self._before.get(kind)
        self._before[kind] = now_s, counts
        if earlier is None or now_s <= earlier[0]:
            return None
        return now_s - earlier[0], earlier[1]

    def _rate(
        self,
        metric: str,
        earlier: tuple[float, _Counts] | None,
        name: str,
        counts: _Counts,
        place: int,
        unit: float = 1.0,
    ) -> None:
        if earlier is None or name not in earlier[1]:
            self._missing[metric] = Missing.NEEDS_TWO_READINGS
            return
        difference = counts[name][place] - earlier[1][name][place]
        if difference < 0:
            self._missing[metric] = Missing.COUNTER_WENT_BACK
        else:
            self._values[metric] = difference * unit / earlier[0]


def _shares(before: Sequence[float] | None, now: Mapping[str, float]) -> dict[str, float] | None:
    """Give each state's share of the time between in percent; None without time between.

    A guest's time is inside the user's (proc(5)), and what goes back a little counts as nothing.
    """
    if before is None:
        return None
    spent = {
        name: max(0.0, count - earlier)
        for (name, count), earlier in zip(now.items(), before, strict=True)
        if not name.startswith("guest")
    }
    whole = sum(spent.values())
    return {name: 100.0 * one / whole for name, one in spent.items()} if whole else None


def _busy(shares: Mapping[str, float]) -> float:
    return 100.0 - shares["idle"] - shares.get("iowait", 0.0)


def _busiest(rates: Sequence[float]) -> float:
    return min(100.0, max(rates))


def _percent(part: float, whole: float) -> float:
    return min(100.0, max(0.0, 100.0 * part / whole)) if whole else 0.0
