"""What Linux tells of itself under /proc and psutil has no figure for.

Sources: proc(5); kernel Documentation, accounting/psi and networking/proc_net_tcp.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

PROC = Path("/proc")

_Rows = Sequence[Sequence[str]]
"""A file's lines as words."""

_Found = Iterator[tuple[str, float | None]]
"""Figures by metric; None for a word that is no number."""


def read_kernel(proc: Path = PROC) -> dict[str, float]:
    """Give the figures by metric name; what a kernel does not tell, or not as we know it, is out.

    Elsewhere nobody tells `KERNEL_METRICS`; of load and uptime psutil has rougher figures.
    """
    values: dict[str, float] = {}
    for path, read in _READERS.items():
        try:
            lines = (proc / path).read_text("ascii", "replace").splitlines()
        except OSError:  # another system, a container, or a kernel built without it
            continue
        found = read([line.split() for line in lines if line.strip()])
        values |= {name: number for name, number in found if number is not None}
    return values


def _load(rows: _Rows) -> _Found:
    for row in rows[:1]:
        # psutil's come unrounded from sysinfo(2); some would differ by 0.01 from what others tell
        yield from zip(("load1", "load5", "load15"), map(_number, row), strict=False)
        running, _, total = row[3].partition("/") if len(row) > 3 else ("", "", "")
        runnable = _number(running)
        # we ourselves are running while we read
        yield "tasks_running", None if runnable is None else max(runnable - 1, 0.0)
        yield "tasks_total", _number(total)


def _uptime(rows: _Rows) -> _Found:
    for row in rows[:1]:
        yield "uptime_s", _number(row[0])


def _blocked(rows: _Rows) -> _Found:
    yield from _named(rows, {"procs_blocked": "tasks_blocked"})


def _oom(rows: _Rows) -> _Found:
    yield from _named(rows, {"oom_kill": "oom_kills"})


def _files(rows: _Rows) -> _Found:
    for row in rows[:1]:
        numbers = [_number(word) for word in row]
        if len(numbers) == 3 and numbers[0] is not None and numbers[1] is not None:
            yield "files_open", numbers[0] - numbers[1]
        if len(numbers) == 3 and (numbers[2] or 0) < 2**62:  # the kernel's way to say: no limit
            yield "files_max", numbers[2]


def _sockets(rows: _Rows) -> _Found:
    for row in rows:
        if row[:1] == ["TCP:"]:
            counts = dict(zip(row[1::2], row[2::2], strict=False))
            for word, metric in _TCP_COUNTS.items():
                yield metric, _number(counts.get(word, ""))


def _established(rows: _Rows) -> _Found:
    tcp = [row for row in rows if row[:1] == ["Tcp:"]]
    if len(tcp) == 2:
        yield "tcp_established", _number(dict(zip(*tcp, strict=False)).get("CurrEstab", ""))


def _pressure(what: str) -> Callable[[_Rows], _Found]:
    def read(rows: _Rows) -> _Found:
        for row in rows:
            metric = f"pressure_{what}_{row[0]}_percent" if len(row) > 1 else ""
            if metric in KERNEL_METRICS:
                yield metric, _number(row[1].removeprefix("avg10="))

    return read


def _named(rows: _Rows, names: Mapping[str, str]) -> _Found:
    for row in rows:
        if len(row) == 2 and row[0] in names:
            yield names[row[0]], _number(row[1])


def _number(word: str) -> float | None:
    """Give a number without sign as the kernel prints it, or None."""
    whole, _, part = word.partition(".")
    is_number = whole.isdigit() and (part or "0").isdigit() and word.isascii()
    return float(word) if is_number and len(word) <= 24 else None


_TCP_COUNTS = {"inuse": "tcp_in_use", "tw": "tcp_time_wait", "orphan": "tcp_orphaned"}

KERNEL_METRICS = frozenset(
    {
        "tasks_running",
        "tasks_total",
        "tasks_blocked",
        "oom_kills",
        "files_open",
        "files_max",
        "tcp_established",
        *_TCP_COUNTS.values(),
        "pressure_cpu_some_percent",
        "pressure_memory_some_percent",
        "pressure_memory_full_percent",
        "pressure_io_some_percent",
        "pressure_io_full_percent",
    }
)

_READERS: Mapping[str, Callable[[_Rows], _Found]] = {
    "loadavg": _load,
    "uptime": _uptime,
    "stat": _blocked,
    "vmstat": _oom,
    "sys/fs/file-nr": _files,
    "net/sockstat": _sockets,
    "net/snmp": _established,
    "pressure/cpu": _pressure("cpu"),
    "pressure/memory": _pressure("memory"),
    "pressure/io": _pressure("io"),
}
