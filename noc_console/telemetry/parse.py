"""From a frame of the fast probe loop to a sample. Pure: no I/O, no clock.

Every case is known here; `quick` reads those frames that look as the ones before them. Only the
words of a line count, and of them only those that are used.

Sources: proc(5), kernel Documentation (filesystems/proc, admin-guide/iostats, accounting/psi).
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from operator import sub

from noc_console.fleet.inert import inert
from noc_console.telemetry.counted import MAX_PARTS, counted_disks, is_counted_interface
from noc_console.telemetry.frame import Frame, OutputNotUnderstood
from noc_console.telemetry.reading import Counters, Counts, Earlier, Reading
from noc_console.telemetry.sample import Missing, Sample

__all__ = ["Counters", "read_files", "read_sample"]

SECTOR_BYTES = 512
"""/proc/diskstats counts sectors of 512 bytes whatever the device's are (iostats.rst)."""

PAGE_BYTES = 4096
"""/proc/vmstat counts pages; those of the machines we watch have 4 KiB."""

MAX_COUNTER = 1 << 64

REBOOT_SLACK_S = 1.0
LONGEST_UPTIME_S = 1e10

_ABSENT = Missing.NOT_ON_THIS_SERVER


def read_sample(
    frame: Frame, before: Counters | None, server_id: int, at: datetime
) -> tuple[Sample, Counters]:
    """Give what a frame tells, and the counters for the next one.

    Raises:
        OutputNotUnderstood: the frame does not even tell the uptime.
    """
    uptime_s = _uptime(frame)
    rebooted = before is not None and uptime_s < before.uptime_s - REBOOT_SLACK_S
    if rebooted:
        before = None
    reading = Reading(frame, before, uptime_s)
    reading.values["uptime_s"] = uptime_s
    for read in (_load, _memory, _pressure, _files, _sockets, _tcp):
        read(reading)
    cores, boot_time_s = _stat(reading)
    _paging(reading)
    _network(reading)
    _disks(reading)
    for metric in reading.values.keys() & reading.missing.keys():
        del reading.missing[metric]
    kinds = dict(before.kinds if before else {}) | reading.kinds
    sample = Sample(
        server_id=server_id,
        at=at,
        server_at=server_time(boot_time_s, uptime_s),
        values=reading.values,
        missing=reading.missing,
        rebooted=rebooted,
    )
    return sample, Counters(uptime_s=uptime_s, kinds=kinds, cores=cores, boot_time_s=boot_time_s)


def server_time(boot_time_s: int | None, uptime_s: float) -> datetime | None:
    """Give the server's own time; None where it does not tell, or tells what cannot be right."""
    if boot_time_s is None or not 0 <= boot_time_s < 32_503_680_000:  # the year 3000
        return None
    return datetime.fromtimestamp(boot_time_s, UTC) + timedelta(seconds=uptime_s)


def _uptime(frame: Frame) -> float:
    for line in frame.sections.get("uptime", ()):
        numbers = _floats(line.split()[:1])
        if numbers and 0 <= numbers[0] < LONGEST_UPTIME_S:
            return numbers[0]
    raise OutputNotUnderstood(
        "The server does not tell its uptime; check that it is Linux and that our user may read "
        "/proc."
    )


def _load(reading: Reading) -> None:
    names = ("load1", "load5", "load15")
    for line in reading.lines("loadavg"):
        words = line.split()
        loads = _floats(words[:3])
        tasks = _ints(words[3].split("/")) if len(words) > 3 else None
        if loads and len(loads) == 3:
            reading.values.update(zip(names, loads, strict=True))
        if tasks and len(tasks) == 2:
            # the probe itself is running while it reads
            reading.values["tasks_running"] = float(max(tasks[0] - 1, 0))
            reading.values["tasks_total"] = float(tasks[1])
    reading.lack("loadavg", *names, "tasks_running", "tasks_total")


def _memory(reading: Reading) -> None:
    kib: dict[str, int] = {}
    for line in reading.lines("meminfo"):
        words = line.split()
        numbers = _ints(words[1:2])
        if numbers:
            kib[words[0]] = numbers[0]
    values = reading.values
    total, available = kib.get("MemTotal:"), kib.get("MemAvailable:")
    if total and available is not None:
        values.update(memory_values(total, available))
    elif total:  # before Linux 3.14; what an own guess would tell differs from what `free` tells
        values["mem_total_bytes"] = total * 1024.0
        absent = dict.fromkeys(("mem_available_bytes", "mem_used_percent"), _ABSENT)
        reading.missing.update(absent)
    swap, free = kib.get("SwapTotal:"), kib.get("SwapFree:")
    if swap is not None and free is not None:
        values.update(swap_values(swap, free))
    reading.lack(
        "meminfo",
        "mem_total_bytes",
        "mem_available_bytes",
        "mem_used_percent",
        "swap_total_bytes",
        "swap_used_percent",
    )


def memory_values(total_kib: int, available_kib: int) -> dict[str, float]:
    """Give the values of a memory of some size."""
    return {
        "mem_total_bytes": total_kib * 1024.0,
        "mem_available_bytes": available_kib * 1024.0,
        "mem_used_percent": _percent(total_kib - available_kib, total_kib),
    }


def swap_values(total_kib: int, free_kib: int) -> dict[str, float]:
    """Give the values of swap, which may be none."""
    return {
        "swap_total_bytes": total_kib * 1024.0,
        "swap_used_percent": _percent(total_kib - free_kib, total_kib) if total_kib else 0.0,
    }


PRESSURES = {
    "pressure/cpu": {"some": "pressure_cpu_some_percent"},
    "pressure/memory": {
        "some": "pressure_memory_some_percent",
        "full": "pressure_memory_full_percent",
    },
    "pressure/io": {"some": "pressure_io_some_percent", "full": "pressure_io_full_percent"},
}
AVERAGE = "avg10="


def _pressure(reading: Reading) -> None:
    for section, metrics in PRESSURES.items():
        for line in reading.lines(section):
            words = line.split()
            if len(words) > 1 and words[0] in metrics and words[1].startswith(AVERAGE):
                numbers = _floats([words[1].removeprefix(AVERAGE)])
                if numbers:
                    reading.values[metrics[words[0]]] = numbers[0]
        reading.lack(section, *metrics.values())


def read_files(lines: Sequence[str]) -> dict[str, float]:
    """Give the open files of /proc/sys/fs/file-nr: allocated, free, most (sysctl/fs.rst)."""
    values: dict[str, float] = {}
    for line in lines[:1]:
        numbers = _ints(line.split())
        if numbers and len(numbers) == 3:
            values["files_open"] = float(numbers[0] - numbers[1])
            if numbers[2] < 2**62:  # the kernel's way to say that there is no limit
                values["files_max"] = float(numbers[2])
    return values


def _files(reading: Reading) -> None:
    """Most shells read byte by byte, which /proc/sys refuses: then the slow loop tells."""
    lines = reading.lines("sys/fs/file-nr")
    reading.values.update(read_files(lines))
    if not lines and "sys/fs/file-nr" in reading.frame.sections:
        why = dict.fromkeys(("files_open", "files_max"), Missing.NOT_IN_THIS_TICK)
        reading.missing.update(why)
    reading.lack("sys/fs/file-nr", "files_open", "files_max")


SOCKETS = {"inuse": "tcp_in_use", "tw": "tcp_time_wait", "orphan": "tcp_orphaned"}


def _sockets(reading: Reading) -> None:
    for line in reading.lines("net/sockstat"):
        words = line.split()
        if not words or words[0] != "TCP:":
            continue
        named = dict(zip(words[1::2], words[2::2], strict=False))
        for word, metric in SOCKETS.items():
            numbers = _ints([named.get(word, "")])
            if numbers:
                reading.values[metric] = float(numbers[0])
    reading.lack("net/sockstat", "tcp_in_use", "tcp_time_wait", "tcp_orphaned")


def _tcp(reading: Reading) -> None:
    rows = [words for line in reading.lines("net/snmp") if (words := line.split())[:1] == ["Tcp:"]]
    if len(rows) == 2 and "CurrEstab" in rows[0]:
        place = rows[0].index("CurrEstab")
        numbers = _ints(rows[1][place : place + 1])
        if numbers:
            reading.values["tcp_established"] = float(numbers[0])
    reading.lack("net/snmp", "tcp_established")


CPU_TIMES = 8
"""A guest's time is inside the user's (proc(5)), so the first eight fields are the whole."""

CPU_METRICS = (
    "cpu_percent",
    "cpu_user_percent",
    "cpu_system_percent",
    "iowait_percent",
    "steal_percent",
)


def _stat(reading: Reading) -> tuple[int | None, int | None]:
    """Read CPU times; give the number of cores and the boot time, from this frame or before."""
    times: dict[str, tuple[int, ...]] = {}
    plain: dict[str, int] = {}
    for line in reading.lines("stat"):
        words = line.split()
        numbers = _ints(words[1 : CPU_TIMES + 1])
        if numbers and words[0].startswith("cpu") and len(numbers) >= 4:
            times[words[0]] = (*numbers, 0, 0, 0, 0)[:CPU_TIMES]
        elif numbers:
            plain[words[0]] = numbers[0]
    total = {name: counts for name, counts in times.items() if name == "cpu"}
    cores = {name[3:]: counts for name, counts in times.items() if name != "cpu"}
    _cpu(reading, total)
    _cores(reading, cores)
    if "procs_blocked" in plain:
        reading.values["tasks_blocked"] = float(plain["procs_blocked"])
    before = reading.before
    count = len(cores) or (before.cores if before else None)
    if count:
        reading.values["cores"] = float(count)
    reading.lack("stat", *CPU_METRICS, "cores")
    if "tasks_blocked" not in reading.values:
        reading.missing["tasks_blocked"] = (
            Missing.NOT_IN_THIS_TICK if times else Missing.NOT_ON_THIS_SERVER
        )
    return count, plain.get("btime", before.boot_time_s if before else None)


def _cpu(reading: Reading, times: Counts) -> None:
    if "cpu" not in times:
        return
    earlier = reading.count("cpu", times)
    values = cpu_values(earlier[1].get("cpu"), times["cpu"]) if earlier else None
    if values is None:
        why = Missing.NEEDS_TWO_READINGS
        if earlier and sum(times["cpu"]) < sum(earlier[1].get("cpu", ())):
            why = Missing.COUNTER_WENT_BACK
        reading.missing.update(dict.fromkeys(CPU_METRICS, why))
        return
    reading.values.update(zip(CPU_METRICS, values, strict=True))


def _cores(reading: Reading, times: Counts) -> None:
    if not times or len(times) > MAX_PARTS:
        return
    earlier = reading.count("cores", times)
    for name, counts in times.items() if earlier else ():
        percent_busy = busy_share(_spent(earlier[1].get(name), counts)) if earlier else None
        if percent_busy is not None and name.isascii() and name.isdecimal():
            reading.values[f"core_percent:{int(name)}"] = percent_busy


def cpu_values(before: Sequence[int] | None, now: Sequence[int]) -> tuple[float, ...] | None:
    """Give the values of `CPU_METRICS`: shares of the time between, in percent.

    None without time between. iowait may go back a little; that counts as nothing.
    """
    return cpu_shares(_spent(before, now))


def cpu_shares(spent: Sequence[int]) -> tuple[float, ...] | None:
    """Give the same of what the counters have grown by."""
    spent = _settled(spent)
    whole = sum(spent)
    if not whole:
        return None
    user, nice, system, idle, iowait, irq, softirq, steal = [100.0 * one / whole for one in spent]
    return 100.0 - idle - iowait, user + nice, system + irq + softirq, iowait, steal


def busy_share(spent: Sequence[int]) -> float | None:
    """Give one core's share of the time between in which it was not idle; None without time.

    As `cpu_shares`, of what its counters have grown by.
    """
    spent = _settled(spent)
    whole = sum(spent)
    return 100.0 - 100.0 * (spent[3] + spent[4]) / whole if whole else None


def _spent(before: Sequence[int] | None, now: Sequence[int]) -> Sequence[int]:
    """Give what each counter has grown by; empty where there are none to count from."""
    return () if before is None else [*map(sub, now, before)]


def _settled(spent: Sequence[int]) -> Sequence[int]:
    """Give the time spent in each state; empty where the counters give none."""
    if not spent or min(spent) >= 0:
        return spent
    return () if sum(spent) < 0 else [max(0, one) for one in spent]


PAGING = {"pswpin": "swap_in_bytes_per_s", "pswpout": "swap_out_bytes_per_s"}


def _paging(reading: Reading) -> None:
    counts: dict[str, tuple[int, ...]] = {}
    for line in reading.lines("vmstat"):
        words = line.split()
        numbers = _ints(words[1:2])
        if numbers:
            counts[words[0]] = (numbers[0],)
    if "oom_kill" in counts:
        reading.values["oom_kills"] = float(counts["oom_kill"][0])
    elif counts:  # before Linux 4.13
        reading.missing["oom_kills"] = _ABSENT
    if counts:
        earlier = reading.count("vmstat", counts)
        for name, metric in PAGING.items():
            if name in counts:
                reading.put(metric, reading.rate(earlier, name, counts, 0, PAGE_BYTES))
    reading.lack("vmstat", "oom_kills", *PAGING.values())


def _network(reading: Reading) -> None:
    counts: dict[str, tuple[int, ...]] = {}
    for line in reading.lines("net/dev"):
        name, _, rest = line.partition(":")
        words = rest.split()
        numbers = _ints(words[:9:8])
        if numbers and len(numbers) == 2 and is_counted_interface(name.strip()):
            counts[inert(name.strip(), 32)] = (numbers[0], numbers[1])
    metrics = ("net_rx_bytes_per_s", "net_tx_bytes_per_s")
    if reading.lines("net/dev"):
        reading.rates("net", metrics, counts, (1, 1))
    reading.lack("net/dev", *metrics)


def _disks(reading: Reading) -> None:
    found: dict[str, tuple[int, ...]] = {}
    for line in reading.lines("diskstats"):
        words = line.split()
        numbers = _ints([words[5], words[9], words[12]]) if len(words) >= 13 else None
        if numbers:
            found[inert(words[2], 32)] = (numbers[0], numbers[1], numbers[2])
    counts = {name: found[name] for name in counted_disks(list(found))}
    metrics = ("disk_read_bytes_per_s", "disk_write_bytes_per_s")
    if reading.lines("diskstats"):
        earlier = reading.rates("disk", metrics, counts, (SECTOR_BYTES, SECTOR_BYTES))
        _disk_busy(reading, earlier, counts)
    reading.lack("diskstats", *metrics, "disk_busy_percent")


def _disk_busy(reading: Reading, earlier: Earlier, counts: Counts) -> None:
    """The busiest disk's share of time with I/O under way (field 10 of iostats, in ms)."""
    rates = {name: reading.rate(earlier, name, counts, 2, 0.1) for name in counts}
    known = {name: min(rate, 100.0) for name, rate in rates.items() if isinstance(rate, float)}
    for name in list(counts)[:MAX_PARTS]:
        reading.put(f"disk_busy_percent:{name}", known.get(name, rates[name]))
    if known:
        reading.put("disk_busy_percent", max(known.values()))
    elif earlier is None:
        reading.put("disk_busy_percent", Missing.NEEDS_TWO_READINGS)


def _percent(part: float, whole: float) -> float:
    return min(100.0, max(0.0, 100.0 * part / whole))


def _floats(words: Sequence[str]) -> list[float] | None:
    """Give words as numbers that are finite, or None when one is none."""
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return None
    return numbers if all(map(math.isfinite, numbers)) else None


def _ints(words: Sequence[str]) -> list[int] | None:
    """Give words as counters of 64 bits, or None when one is none."""
    try:
        numbers = [*map(int, words)]
    except ValueError:
        return None
    if numbers and not 0 <= min(numbers) <= max(numbers) < MAX_COUNTER:
        return None
    return numbers
