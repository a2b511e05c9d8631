"""Suspects in words, ranked, each with the lines that show it. Pure: no I/O, no clock.

A suspect is whoever takes most of what is scarce: an account, a service, a sender, an address. What
points to the same one is told together. Nobody is accused: the words say what was seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.evidence import Exhibit
from noc_console.incidents.evidence.suspicion import databases, disks, mail, network, processes
from noc_console.incidents.evidence.suspicion.finding import (
    ExhibitText,
    Finding,
    ShownLine,
    number_of,
    of_collector,
)
from noc_console.incidents.evidence.suspicion.process_table import (
    ProcessTable,
    Used,
    read_table,
    used_between,
)
from noc_console.incidents.evidence.suspicion.processes import Machine

__all__ = ["ExhibitText", "ShownLine", "Suspect", "Verdicts", "rank_suspects", "wanted_exhibits"]

TABLES_AT_MOST = 40
"""Process tables that are compared, evenly over the recording: their counters only go up."""

OTHERS_AT_MOST = 12
LEAST_SCORE = 0.05
SUSPECTS_AT_MOST = 12
_WEIGHT_OF_MORE = 0.2
"""What further findings about the same one add to the strongest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """Who, what was seen in words, how strongly it points there, and the lines that show it."""

    who: str
    words: str
    score: float
    lines: tuple[ShownLine, ...]


Verdicts = tuple[Suspect, ...]


def wanted_exhibits(exhibits: Sequence[Exhibit]) -> list[int]:
    """Give the numbers of the exhibits whose content is worth reading, some of each collector."""
    by_collector: dict[str, list[int]] = {}
    for one in exhibits:
        if one.raw_bytes:
            by_collector.setdefault(one.collector, []).append(one.number)
    chosen: list[int] = []
    for collector, numbers in by_collector.items():
        chosen += _evenly(numbers, TABLES_AT_MOST if collector in _COUNTERS else OTHERS_AT_MOST)
    return sorted(chosen)


_COUNTERS = frozenset({"processes", "process-io", "samples", "connections"})


def _evenly(numbers: Sequence[int], at_most: int) -> list[int]:
    """Give the first, the last, and some evenly between."""
    if len(numbers) <= at_most:
        return list(numbers)
    step = (len(numbers) - 1) / (at_most - 1)
    return sorted({numbers[round(place * step)] for place in range(at_most)})


def rank_suspects(exhibits: Sequence[ExhibitText]) -> Verdicts:
    """Give the suspects of a recording, the strongest first."""
    tables = [read_table(one) for one in of_collector(exhibits, "processes")]
    tables = [one for one in tables if one.rows]
    machine = machine_of(exhibits, tables)
    used = used_between(tables)
    elapsed_s = _elapsed_s(tables)
    findings = _findings(exhibits, tables, machine, used, elapsed_s)
    return _joined(findings)


def _findings(
    exhibits: Sequence[ExhibitText],
    tables: Sequence[ProcessTable],
    machine: Machine,
    used: dict[tuple[str, str], Used],
    elapsed_s: float,
) -> list[Finding]:
    users = {name for table in tables for name in table.users.values()}
    busy = [
        processes.with_scripts(one, tables)
        for one in processes.of_processors(used, elapsed_s, machine)
    ]
    queued = mail.of_queue(exhibits, mail.owners_of(exhibits), users)
    if queued:
        queued[0] = mail.with_folders(queued[0], exhibits)
    return [
        *busy,
        *processes.of_numbers(tables),
        *processes.of_memory(tables, machine),
        *processes.of_kernel_kills(exhibits, tables, machine),
        *disks.of_traffic(exhibits, tables, machine),
        *disks.of_filling(exhibits, tables),
        *disks.of_logs(exhibits),
        *queued,
        *network.of_connections(exhibits),
        *network.of_requests(exhibits),
        *databases.of_queries(exhibits, used, elapsed_s, machine.cores),
    ]


def _joined(findings: Iterable[Finding]) -> Verdicts:
    """Tell together what points to the same one, its strongest finding first."""
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        if one.score >= LEAST_SCORE:
            groups.setdefault(one.who, []).append(one)
    suspects = []
    for who, group in groups.items():
        group.sort(key=lambda one: -one.score)
        score = group[0].score + _WEIGHT_OF_MORE * sum(one.score for one in group[1:])
        suspects.append(
            Suspect(
                who=inert(who, 120),
                words=inert("; ".join(one.words for one in group), 600),
                score=round(score, 3),
                lines=tuple(dict.fromkeys(line for one in group for line in one.lines)),
            )
        )
    suspects.sort(key=lambda one: (-one.score, one.who))
    return tuple(suspects[:SUSPECTS_AT_MOST])


def _elapsed_s(tables: Sequence[ProcessTable]) -> float:
    if len(tables) < 2:
        return 1.0
    return max(1.0, (tables[-1].exhibit.at - tables[0].exhibit.at).total_seconds())


def machine_of(exhibits: Sequence[ExhibitText], tables: Sequence[ProcessTable]) -> Machine:
    """Give how scarce what was on the machine, from its samples."""
    columns = _sample_columns(of_collector(exhibits, "samples"))
    cores = max(columns.get("cores", [1.0]))
    known = {
        name: max(values) if name != "uptime_s" else values[0] for name, values in columns.items()
    }
    io = max(
        known.get("iowait_percent", 0.0) / 40.0,
        known.get("pressure_io_some_percent", 0.0) / 50.0,
        known.get("disk_busy_percent", 0.0) / 100.0,
    )
    memory = max(
        (known.get("mem_used_percent", 0.0) - 40.0) / 50.0,
        known.get("pressure_memory_some_percent", 0.0) / 20.0,
        known.get("swap_used_percent", 0.0) / 60.0,
    )
    busy = max(known.get("cpu_percent", 0.0) / 100.0, known.get("load1", 0.0) / max(cores, 1.0))
    total = known.get("mem_total_bytes", 0.0)
    return Machine(
        cores=max(1.0, cores),
        cpu_busy=min(1.0, busy if columns else 1.0),
        io_scarce=min(1.0, io),
        memory_scarce=min(1.0, max(0.0, memory)),
        memory_bytes=total or sum(row.rss_bytes for row in tables[-1].rows.values())
        if tables
        else total,
        uptime_s=known.get("uptime_s"),
    )


def _sample_columns(samples: Sequence[ExhibitText]) -> dict[str, list[float]]:
    """Give each column of figures of the samples; a figure that is missing is left out."""
    columns: dict[str, list[float]] = {}
    for exhibit in samples:
        rows = exhibit.text.splitlines()
        names = rows[0].split("\t")[1:] if rows else []
        for row in rows[1:]:
            for name, word in zip(names, row.split("\t")[1:], strict=False):
                if word:
                    columns.setdefault(name, []).append(number_of(word))
    return columns
