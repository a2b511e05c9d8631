"""Who reads and writes, what fills a disk, which log grows. Pure: no I/O, no clock."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from noc_console.incidents.evidence.suspicion.finding import (
    MAX_LINES,
    ExhibitText,
    Finding,
    ShownLine,
    bytes_words,
    minutes_between,
    number_of,
    of_collector,
    shown,
    span_words,
)
from noc_console.incidents.evidence.suspicion.process_table import (
    ProcessRow,
    ProcessTable,
    who_of,
    workers_of,
)
from noc_console.incidents.evidence.suspicion.processes import Machine

LEAST_BYTES_PER_S = 2_000_000.0
FULL_PERCENT = 85.0
FLOOD_BYTES_PER_S = 300_000.0

_DF = re.compile(
    r"(?P<device>\S.*?)\s+(?P<kind>\S+)\s+(?P<total>\d+)\s+(?P<used>\d+)\s+(?P<free>-?\d+)\s+"
    r"(?P<percent>\d+)%\s+(?P<mount>/.*)"
)
_SYSTEM_LOG_NAMES = ("syslog", "messages", "kern.log", "user.log")
_IDENT = re.compile(r"^(?:\S+\s+\d+\s+[\d:]+|\d{4}-\S+)\s+\S+\s+(?P<ident>[\w./\-]{1,48})[\[:]")


@dataclass(slots=True)
class _Traffic:
    row: ProcessRow
    disk_bytes: float = 0.0
    lines: list[ShownLine] = field(default_factory=list)


def of_traffic(
    exhibits: Sequence[ExhibitText], tables: Sequence[ProcessTable], machine: Machine
) -> list[Finding]:
    """Tell who reads and writes most, from the kernel's count of each process."""
    ios = of_collector(exhibits, "process-io")
    if len(ios) < 2:
        return []
    rows = {row.pid: row for table in tables for row in table.rows.values()}
    traffic = _traffic(ios, rows | workers_of(tables))
    seconds = minutes_between(ios[0], ios[-1]) * 60.0
    all_bytes = sum(one.disk_bytes for one in traffic.values()) or 1.0
    found = []
    for who, one in traffic.items():
        per_s, share = one.disk_bytes / seconds, one.disk_bytes / all_bytes
        if per_s < LEAST_BYTES_PER_S or share < 0.15:
            continue
        what = one.row.program if who == one.row.program else f"{one.row.program} of {who}"
        words = f"{what} reads and writes {bytes_words(per_s)}/s, {share:.0%} of all"
        file = _largest_open(exhibits, one.row.pid)
        if file is not None:
            words += f", with {file.text.split(' ', 3)[-1]} open"
        found.append(
            Finding(
                who=who,
                words=words,
                score=share * max(0.15, machine.io_scarce),
                lines=(*one.lines[-2:], one.row.shown, *((file,) if file else ())),
            )
        )
    return found


def _traffic(ios: Sequence[ExhibitText], rows: Mapping[int, ProcessRow]) -> dict[str, _Traffic]:
    before: dict[int, float] = {}
    found: dict[str, _Traffic] = {}
    for place_of_io, io in enumerate(ios):
        now: dict[int, float] = {}
        for place, line in io.lines():
            words = line.split()
            if len(words) != 5 or not words[0].isdigit():
                continue
            pid = int(words[0][:12])
            now[pid] = number_of(words[3]) + number_of(words[4])
            row = rows.get(pid)
            if place_of_io == 0 or row is None:
                continue
            one = found.setdefault(row.who, _Traffic(row))
            grown = now[pid] - before.get(pid, 0.0)
            if grown > one.disk_bytes or one.row.pid == pid:
                one.row = row
                one.lines.append(shown(io, place, line))
            one.disk_bytes += max(0.0, grown)
        before = before | now
    return found


def _largest_open(exhibits: Sequence[ExhibitText], pid: int) -> ShownLine | None:
    """Give the line of the largest file that a process had open."""
    for exhibit in reversed(of_collector(exhibits, "written-files")):
        opened = {
            line.split(" ", 2)[2] for _, line in exhibit.lines() if line.startswith(f"open {pid} ")
        }
        sizes = [
            (number_of(line.split(" ")[1]), place, line)
            for place, line in exhibit.lines()
            if line.startswith("size ") and line.split(" ", 3)[-1] in opened
        ]
        if sizes:
            _, place, line = max(sizes)
            return shown(exhibit, place, line)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Space:
    used_bytes: float
    total_bytes: float
    percent: float
    shown: ShownLine


def of_filling(exhibits: Sequence[ExhibitText], tables: Sequence[ProcessTable]) -> list[Finding]:
    """Tell which disk fills up, and whose file on it grows."""
    looks = of_collector(exhibits, "disk-space")
    if len(looks) < 2:
        return []
    first, last = _spaces(looks[0]), _spaces(looks[-1])
    found = []
    for mount, space in last.items():
        old = first.get(mount)
        grown = space.used_bytes - old.used_bytes if old is not None else 0.0
        if space.percent < FULL_PERCENT and grown < 0.1 * space.total_bytes:
            continue
        if grown < max(0.02 * space.total_bytes, 4e6):
            continue
        words = (
            f"{mount} went from {old.percent if old else 0:.0f} to {space.percent:.0f} % in "
            f"{span_words(looks[0], looks[-1])}"
        )
        who, told, lines = _writer_on(mount, exhibits, tables)
        found.append(
            Finding(
                who=who or f"disk {mount}",
                words=f"{told}; {words}" if told else words,
                score=min(1.1, 0.6 + space.percent / 200.0),
                lines=(*lines, space.shown)[:MAX_LINES],
            )
        )
    return found


def _spaces(exhibit: ExhibitText) -> dict[str, _Space]:
    """Give the mounts of `df -P -k -T`, which comes before the inodes."""
    found: dict[str, _Space] = {}
    for place, line in exhibit.lines():
        row = _DF.fullmatch(line)
        if row is None or row["mount"] in found or number_of(row["total"]) == 0:
            continue
        found[row["mount"]] = _Space(
            used_bytes=number_of(row["used"]) * 1024,
            total_bytes=number_of(row["total"]) * 1024,
            percent=number_of(row["percent"]),
            shown=shown(exhibit, place, line),
        )
    return found


def _writer_on(
    mount: str, exhibits: Sequence[ExhibitText], tables: Sequence[ProcessTable]
) -> tuple[str, str, tuple[ShownLine, ...]]:
    """Give whose file on a mount is the largest that a busy writer has open: who, words, lines."""
    rows = {row.pid: row for table in tables for row in table.rows.values()}
    best: tuple[float, str, str, tuple[ShownLine, ...]] | None = None
    inside = mount.rstrip("/") + "/"
    for exhibit in of_collector(exhibits, "written-files"):
        opened: dict[str, tuple[int, int, str]] = {}
        for place, line in exhibit.lines():
            words = line.split(" ", 3)
            if line.startswith("open ") and len(words) >= 3 and words[1].isdigit():
                path = line.split(" ", 2)[2]
                opened[path] = int(words[1][:12]), place, line
            elif line.startswith("size ") and len(words) == 4 and words[3].startswith(inside):
                row = rows.get(opened.get(words[3], (0, 0, ""))[0])
                size = number_of(words[1])
                if best is not None and size < best[0]:
                    continue
                owner = who_of(words[2], row.program if row is not None else words[2])
                who = row.who if row is not None else owner
                program = f"{row.program} of " if row is not None and who != row.program else ""
                told = f"{program}{who} writes {words[3]}, {bytes_words(size)} by then"
                best = size, who, told, (shown(exhibit, place, line),)
    return ("", "", ()) if best is None else best[1:]


def of_logs(exhibits: Sequence[ExhibitText]) -> list[Finding]:
    """Tell which log file is flooded, and by whom where the log says it."""
    looks = of_collector(exhibits, "growing-logs")
    if len(looks) < 2:
        return []
    first, last = _sizes(looks[0]), _sizes(looks[-1])
    seconds = minutes_between(looks[0], looks[-1]) * 60.0
    found = []
    for path, (size, place, line) in last.items():
        old = first[path][0] if path in first else 0.0
        per_s = (size - old) / seconds
        if per_s < FLOOD_BYTES_PER_S:
            continue
        owner = line.split(" ", 2)[1]
        name = path.rpartition("/")[2]
        who, told = who_of(owner, path), ""
        lines: tuple[ShownLine, ...] = ()
        if name in _SYSTEM_LOG_NAMES:
            who, told, lines = _loudest(exhibits, who)
        found.append(
            Finding(
                who=who,
                words=f"{path} grows by {bytes_words(per_s)}/s{told}",
                score=min(0.95, 0.55 + per_s / 10_000_000.0),
                lines=(shown(looks[-1], place, line), *lines),
            )
        )
    return found


def _sizes(exhibit: ExhibitText) -> dict[str, tuple[float, int, str]]:
    found: dict[str, tuple[float, int, str]] = {}
    for place, line in exhibit.lines():
        words = line.split(" ", 2)
        if len(words) == 3 and words[0].isdigit():
            found[words[2]] = number_of(words[0]), place, line
    return found


def _loudest(
    exhibits: Sequence[ExhibitText], otherwise: str
) -> tuple[str, str, tuple[ShownLine, ...]]:
    """Give who writes most of the lines of the system's log."""
    counts: dict[str, list[ShownLine]] = {}
    total = 0
    for exhibit in of_collector(exhibits, "journal")[-3:]:
        for place, line in exhibit.lines():
            found = _IDENT.match(line)
            if found is not None:
                total += 1
                counts.setdefault(found["ident"], []).append(shown(exhibit, place, line))
    if not counts:
        return otherwise, "", ()
    ident, lines = max(counts.items(), key=lambda one: len(one[1]))
    return ident, f", {len(lines) / total:.0%} of its lines from {ident}", tuple(lines[-2:])
