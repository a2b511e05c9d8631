"""From frames of the slow probe loop to mounts, services, processes and facts. Pure.

A part that was not asked for, or of which nothing could be read, is None: unknown, not empty.
"""

import heapq
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from noc_console.fleet.inert import inert
from noc_console.telemetry.arrays import read_arrays
from noc_console.telemetry.frame import Frame
from noc_console.telemetry.host import Facts, Mount, Process
from noc_console.telemetry.parse import read_files
from noc_console.telemetry.queues import read_conntrack, read_mail_queue
from noc_console.telemetry.service import ServiceState
from noc_console.telemetry.units import read_units

TICKS_A_SECOND = 100
"""USER_HZ, in which /proc/PID/stat counts: 100 on every architecture Debian and RHEL run on."""

TOP_PROCESSES = 15
"""By CPU, and as many again by memory."""

MAX_MOUNTS = 100

_DELAYS = timedelta(seconds=10)
"""More than this between our clock and the server's uptime is no delay: a clock was set."""

_LONGEST_UPTIME_S = 1e9

_NOT_REAL = {
    "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts",
    "devtmpfs", "efivarfs", "fusectl", "hugetlbfs", "iso9660", "mqueue", "nsfs", "proc", "pstore",
    "ramfs", "rpc_pipefs", "securityfs", "squashfs", "sysfs", "tmpfs", "tracefs",
}  # fmt: skip

_DF = re.compile(
    r"(?P<device>.*\S) +(?P<total>\d{1,18}) +(?P<used>\d{1,18}) +(?P<free>-?\d{1,18})"
    r" +(?:\d+%|-) (?P<mount>/.*)",
    re.ASCII,
)
"""POSIX df -P, with -T its type at the end of the device; device and mount may hold spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowReading:
    """What one frame told; None for what was not asked or could not be read."""

    mounts: tuple[Mount, ...] | None = None
    arrays: Mapping[str, float] | None = None
    """Of each software RAID array with redundancy, how much of that is lost, in per cent."""
    units: tuple[ServiceState, ...] | None = None
    processes: tuple[Process, ...] | None = None
    zombies: int = 0
    facts: Facts | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    """Metrics that need a program, or as open files do in most shells: mail, connections."""


@dataclass(slots=True)
class SlowReader:
    """Reads the frames of one slow loop in order: CPU shares are counted from frame to frame."""

    _spent: Mapping[tuple[int, int], int] = field(default_factory=dict)
    _spent_at_s: float | None = None
    _booted_at: datetime | None = None

    def read(self, frame: Frame, now: datetime, now_s: float) -> SlowReading:
        """Give what a frame tells; `now` and `now_s` are the engine's clocks."""
        sections = frame.sections
        processes, zombies = (
            self._read_processes(sections, now_s) if "processes" in sections else (None, 0)
        )
        return SlowReading(
            mounts=read_mounts(sections) if "df" in sections else None,
            arrays=read_arrays(sections["mdstat"]) if "mdstat" in sections else None,
            units=read_units(frame, self._steady(frame, now)),
            processes=processes,
            zombies=zombies,
            facts=_read_facts(sections, now) if "uname" in sections else None,
            figures={
                **read_files(sections.get("sys/fs/file-nr", ())),
                **read_conntrack(sections.get("conntrack", ())),
                **read_mail_queue(sections.get("mail", ())),
            },
        )

    def _steady(self, frame: Frame, now: datetime) -> datetime:
        """Give `now` without the delays of the line, so that a service's "since" stands still."""
        uptime_s = _first_float(frame.sections.get("uptime", ()))
        if uptime_s is None or uptime_s > _LONGEST_UPTIME_S:
            return now
        up = timedelta(seconds=uptime_s)
        if self._booted_at is None or abs(now - up - self._booted_at) > _DELAYS:
            self._booted_at = now - up
        return self._booted_at + up

    def _read_processes(
        self, sections: Mapping[str, Sequence[str]], now_s: float
    ) -> tuple[tuple[Process, ...] | None, int]:
        page_bytes = _first_int(sections.get("page-size", ())) or 4096
        uptime_s = _first_float(sections.get("uptime", ())) or now_s
        elapsed_s = None if self._spent_at_s is None else uptime_s - self._spent_at_s
        spent: dict[tuple[int, int], int] = {}
        rows: list[_Row] = []
        for line in sections["processes"]:
            row = _row_of(line)
            if row is None:
                continue
            pid, ticks, started, pages, words = row
            one = (pid, started)  # a pid alone may be another process by now
            spent[one] = ticks
            rows.append((_cpu_percent(self._spent.get(one), ticks, elapsed_s), pages, pid, words))
        self._spent, self._spent_at_s = spent, uptime_s
        if not rows:
            return None, 0
        told = sections["processes"][-1].split()  # total N zombies N, of more than are listed
        counted = len(told) == 4 and told[2] == "zombies" and _is_count(told[3])
        zombies = int(told[3]) if counted else sum(words[1] == "Z" for *_, words in rows)
        return top_processes([_process_of(row, page_bytes) for row in _top_rows(rows)]), zombies


_Row = tuple[float | None, int, int, tuple[str, ...]]
"""A process: its CPU share, pages and pid, and its line's words. There may be thousands."""


_PROCESS = re.compile(
    r"(\d{1,18}) ([^ ]*) (\d{1,18}) (\d{1,18}) (\d{1,18}) ([^ ]*) (.*)", re.ASCII | re.DOTALL
)


def _row_of(line: str) -> tuple[int, int, int, int, tuple[str, ...]] | None:
    """Give pid, CPU ticks, start, pages and words of a line of slow.sh; None where it is none.

    The words are pid, state, ticks, start, pages, user and comm, which may be odd.
    """
    found = _PROCESS.fullmatch(line)
    if found is None:
        return None
    words = found.groups()
    return int(words[0]), int(words[2]), int(words[3]), int(words[4]), words


def _top_rows(rows: Sequence[_Row]) -> list[_Row]:
    """Give those among which the top processes are, in their order."""
    shares = [row[0] or 0.0 for row in rows]
    pages = [row[1] for row in rows]
    places = range(len(rows))
    top = {
        *heapq.nlargest(TOP_PROCESSES, places, key=shares.__getitem__),
        *heapq.nlargest(TOP_PROCESSES, places, key=pages.__getitem__),
    }
    return [rows[place] for place in sorted(top)]


def _process_of(row: _Row, page_bytes: int) -> Process:
    """Give a process, with what the server told of it made harmless."""
    share, pages, pid, words = row
    return Process(
        pid=pid,
        user=inert(words[5], 32),
        name=inert(words[6], 40),
        state=inert(words[1], 1),
        cpu_percent=share,
        memory_bytes=pages * page_bytes,
    )


def _cpu_percent(before: int | None, now: int, elapsed_s: float | None) -> float | None:
    """Give the share of one core; None without an earlier reading to count from."""
    if before is None or elapsed_s is None or elapsed_s <= 0 or now < before:
        return None
    return 100.0 * (now - before) / TICKS_A_SECOND / elapsed_s


def top_processes(processes: Sequence[Process]) -> tuple[Process, ...]:
    """Give the processes with the most CPU and those with the most memory, CPU first."""
    by_cpu = heapq.nlargest(TOP_PROCESSES, processes, key=lambda one: one.cpu_percent or 0.0)
    by_memory = heapq.nlargest(TOP_PROCESSES, processes, key=lambda one: one.memory_bytes)
    chosen = {one.pid: one for one in (*by_cpu, *by_memory)}
    return tuple(sorted(chosen.values(), key=lambda one: -(one.cpu_percent or 0.0)))


def read_mounts(sections: Mapping[str, Sequence[str]]) -> tuple[Mount, ...] | None:
    """Give the real file systems of `df -P -k -T` and `df -P -i`; None when df told nothing."""
    inodes = {
        row["mount"]: _used_percent(row["used"], row["free"])
        for line in sections.get("df-inodes", ())
        if (row := _DF.fullmatch(line))
    }
    mounts: dict[str, Mount] = {}
    seen_lines = 0
    for line in sections.get("df", ()):
        row = _DF.fullmatch(line)
        if row is None:
            continue
        seen_lines += 1
        device, _, kind = row["device"].rstrip().rpartition(" ")
        mount = row["mount"]
        percent = _used_percent(row["used"], row["free"])
        if percent is None or not _is_real(kind, mount):
            continue
        device = device.rstrip()
        key = device if device.startswith("/dev/") else mount  # a bind mount is shown once
        if key in mounts and len(mounts[key].mount) <= len(mount):
            continue
        mounts[key] = Mount(
            mount=inert(mount, 200),
            device=inert(device, 200),
            kind=inert(kind, 40),
            total_bytes=int(row["total"]) * 1024,
            used_percent=percent,
            inodes_used_percent=inodes.get(mount),
        )
    return tuple(mounts.values())[:MAX_MOUNTS] if seen_lines else None


def _is_real(kind: str, mount: str) -> bool:
    """Whether it can fill up and stay full: no memory, no image; a container's root counts."""
    return kind not in _NOT_REAL and (kind != "overlay" or mount == "/")


def _used_percent(used: str, free: str) -> float | None:
    """df's rule: used of what an ordinary user may use; None where there is nothing to count.

    What is free goes below zero when root fills the blocks reserved for it: that is full.
    """
    usable = int(used) + max(0, int(free))
    return 100.0 * int(used) / usable if usable else None


def _read_facts(sections: Mapping[str, Sequence[str]], now: datetime) -> Facts:
    words = " ".join(sections["uname"][:1]).split()
    system = next(
        (
            line.partition("=")[2].strip().strip("\"'")
            for line in sections.get("os-release", ())
            if line.startswith("PRETTY_NAME=")
        ),
        "",
    )
    memory = [line.split() for line in sections.get("memory", ())[:1]]
    kib = int(memory[0][1]) if memory and len(memory[0]) > 1 and _is_count(memory[0][1]) else 0
    server_now_s = _first_int(sections.get("now", ()))
    return Facts(
        hostname=inert(words[1], 80) if len(words) > 1 else "",
        kernel=inert(words[2], 80) if len(words) > 2 else "",
        machine=inert(words[3], 40) if len(words) > 3 else "",
        system=inert(system, 80),
        init=inert(" ".join(sections.get("comm", ())[:1]), 40),
        cores=_first_int(sections.get("cores", ())) or 0,
        memory_bytes=kib * 1024,
        server_clock_offset_s=(
            None if server_now_s is None else server_now_s - int(now.timestamp())
        ),
    )


def _first_int(lines: Sequence[str]) -> int | None:
    words = lines[0].split() if lines else []
    return int(words[0]) if words and _is_count(words[0]) else None


def _first_float(lines: Sequence[str]) -> float | None:
    words = lines[0].split() if lines else []
    whole, _, part = words[0].partition(".") if words else ("", "", "")
    return float(f"{whole}.{part or 0}") if _is_count(whole) and _is_count(part or "0") else None


def _is_count(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 18
