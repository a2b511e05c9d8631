"""CPU time that processes have spent, from /proc: wall time says nothing on a busy machine."""

import os
from collections.abc import Iterable
from pathlib import Path

import psutil

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def spent_s(pid: int) -> float:
    """Give the CPU seconds of a process and of its children that ended; 0 when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS_A_SECOND  # utime to cstime, proc(5)


def spent_by_family_s(pid: int) -> float:
    """Give the CPU seconds of a process and all that came from it, ended or not."""
    return spent_by_all_s([pid, *descendants(pid)])


def spent_by_all_s(pids: Iterable[int]) -> float:
    """Give the CPU seconds of several processes together."""
    return sum(map(spent_s, pids))


def descendants(pid: int) -> list[int]:
    """Give the processes that came from one and live."""
    try:
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def resident_bytes(pid: int) -> int:
    """Give the memory a process holds that no other shares."""
    return int(psutil.Process(pid).memory_full_info().uss)
