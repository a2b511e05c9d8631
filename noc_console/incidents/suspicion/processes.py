"""Who uses the processors, the memory and the process table. Pure: no I/O, no clock."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noc_console.incidents.suspicion.finding import (
    MAX_LINES,
    ExhibitText,
    Finding,
    bytes_words,
    of_collector,
    shown,
    span_words,
)
from noc_console.incidents.suspicion.process_table import (
    ProcessRow,
    ProcessTable,
    Used,
    accounts_of,
    parent_names,
    who_of,
)

LEAST_OF_SEEN = 0.1
MANY_PROCESSES = 80
LEAST_MEMORY_SHARE = 0.15

_KILLED = re.compile(
    r"(?:Killed process|oom-kill:)\D{0,40}?(?P<pid>\d{1,10})? ?\((?P<comm>[^)]{1,40})\).{0,200}?"
    r"UID:(?P<uid>\d{1,10})"
)
_STAMP = re.compile(r"^\[\s*(\d{1,12}\.\d+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The machine as its samples tell it: how scarce is what."""

    cores: float
    cpu_busy: float
    """0 to 1, of all cores, at its worst."""
    io_scarce: float
    memory_scarce: float
    memory_bytes: float
    uptime_s: float | None
    """At the first sample."""


def of_processors(
    used: Mapping[tuple[str, str], Used], elapsed_s: float, machine: Machine
) -> list[Finding]:
    """Tell who used the processors: of the machine, and of all use that the tables show.

    In a guest whose host is busy, or a container, the two differ: the second one ranks.
    """
    whole_s = max(elapsed_s * machine.cores, 0.001)
    seen_s = max(sum(one.cpu_s for one in used.values()), 0.02 * whole_s)
    all_runnable = sum(one.runnable for one in used.values())
    found = []
    for one in used.values():
        share, of_seen = min(1.0, one.cpu_s / whole_s), one.cpu_s / seen_s
        if of_seen < LEAST_OF_SEEN:
            continue
        words = f"{_what(one)}: {share:.0%} of CPU"
        if of_seen > share + 0.15:
            words += f", {of_seen:.0%} of what all processes used"
        if one.runnable > 1 and all_runnable:
            words += f", {one.runnable} of {all_runnable} runnable"
        found.append(
            Finding(
                who=who_of(one.account, one.program),
                words=words,
                score=of_seen * max(0.1, machine.cpu_busy),
                lines=tuple(one.lines[-MAX_LINES:]),
            )
        )
    return found


def _what(one: Used) -> str:
    if who_of(one.account, one.program) == one.program:
        return one.program
    return f"{one.program} of account {one.account}"


def with_scripts(finding: Finding, tables: Sequence[ProcessTable]) -> Finding:
    """Name the script that most of a suspect's processes run, where there is one."""
    scripts: Counter[str] = Counter()
    where: dict[str, ProcessRow] = {}
    for table in tables[-3:]:
        for row in table.rows.values():
            if row.who == finding.who:
                script = parent_names(table, row)
                if script:
                    scripts[script] += 1
                    where[script] = row
    if not scripts:
        return finding
    script, _ = scripts.most_common(1)[0]
    return Finding(
        who=finding.who,
        words=f"{finding.words} (script {script})",
        score=finding.score,
        lines=(*finding.lines, where[script].shown)[-MAX_LINES:],
    )


def of_numbers(tables: Sequence[ProcessTable]) -> list[Finding]:
    """Tell who has very many processes, and more and more of them."""
    if not tables:
        return []
    found = []
    first = accounts_of(tables[0].rows.values())
    last = max(tables, key=lambda one: len(one.rows))
    everybody = max(1, len(last.rows))
    for who, rows in accounts_of(last.rows.values()).items():
        count, before = len(rows), len(first.get(who, ()))
        share = count / everybody
        if count < MANY_PROCESSES or share < 0.3 or who.startswith("kthread"):
            continue
        program, times = Counter(row.program for row in rows).most_common(1)[0]
        if times < count / 2:
            continue
        grown = f", {count - before:+,} in {span_words(tables[0].exhibit, last.exhibit)}"
        found.append(
            Finding(
                who=who,
                words=f"{count:,} of {everybody:,} processes are {program} of {who}"
                + (grown if count - before > 20 else ""),
                score=min(1.0, 0.5 + share / 2 + (0.2 if count > 3 * before else 0.0)),
                lines=tuple(row.shown for row in rows[:MAX_LINES]),
            )
        )
    return found


def of_memory(tables: Sequence[ProcessTable], machine: Machine) -> list[Finding]:
    """Tell who holds the memory, and who takes more and more."""
    if not tables or machine.memory_bytes <= 0:
        return []
    found = []
    first, last = _held(tables[0]), _held(tables[-1])
    most = {who: max((_held(one).get(who, 0.0) for one in tables), default=0.0) for who in last}
    for who, held in most.items():
        share = min(1.0, held / machine.memory_bytes)
        if share < LEAST_MEMORY_SHARE:
            continue
        grown = held - first.get(who, 0.0)
        words = f"{who} holds {bytes_words(held)}, {share:.0%} of the memory"
        if grown > 0.05 * machine.memory_bytes:
            words += (
                f", {bytes_words(grown)} more in "
                f"{span_words(tables[0].exhibit, tables[-1].exhibit)}"
            )
        score = share * machine.memory_scarce + min(0.3, grown / machine.memory_bytes)
        rows = sorted(
            accounts_of(tables[-1].rows.values()).get(who, []), key=lambda row: -row.rss_bytes
        )
        found.append(
            Finding(
                who=who,
                words=words,
                score=min(1.0, score),
                lines=tuple(row.shown for row in rows[:3]),
            )
        )
    return found


def _held(table: ProcessTable) -> dict[str, float]:
    return {
        who: sum(row.rss_bytes for row in rows)
        for who, rows in accounts_of(table.rows.values()).items()
    }


def of_kernel_kills(
    exhibits: Sequence[ExhibitText], tables: Sequence[ProcessTable], machine: Machine
) -> list[Finding]:
    """Tell whose processes the kernel killed for want of memory, while this was recorded."""
    users = {uid: name for table in tables for uid, name in table.users.items()}
    logs = of_collector(exhibits, "kernel-log")
    old = set(logs[0].text.splitlines()) if logs else set()
    told: dict[str, Finding] = {}
    kills: Counter[str] = Counter()
    for log in logs:
        for place, line in log.lines():
            found = _KILLED.search(line)
            if found is None or "Killed process" not in line or not _is_new(line, old, machine):
                continue
            uid = found["uid"]
            who = who_of(users.get(uid, f"with uid {uid}"), found["comm"])
            key = f"{who} {line}"
            if kills[key]:
                continue
            kills[key] += 1
            kills[who] += 1
            told[who] = Finding(
                who=who,
                words=f"the kernel ran out of memory and killed {found['comm']} of {who}"
                + (f", {kills[who]} times" if kills[who] > 1 else ""),
                score=min(1.1, 0.95 + 0.05 * kills[who]),
                lines=(*(told[who].lines if who in told else ()), shown(log, place, line))[-3:],
            )
    return list(told.values())


def _is_new(line: str, old: set[str], machine: Machine) -> bool:
    """Whether a kernel message is of this recording or of the ten minutes before it."""
    stamp = _STAMP.match(line)
    if stamp is not None and machine.uptime_s is not None:
        return float(stamp[1]) >= machine.uptime_s - 600.0
    return line not in old
