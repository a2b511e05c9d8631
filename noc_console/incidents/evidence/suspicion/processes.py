"""Who uses the processors, the memory and the process table. Pure: no I/O, no clock."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noc_console.incidents.evidence.suspicion.finding import (
    MAX_LINES,
    ExhibitText,
    Finding,
    ShownLine,
    bytes_words,
    of_collector,
    shown,
    span_words,
)
from noc_console.incidents.evidence.suspicion.process_table import (
    ProcessRow,
    ProcessTable,
    Used,
    accounts_of,
    parent_names,
    who_of,
)

LEAST_OF_SEEN = 0.1
LATELY_S, JUST_BEFORE_S = 600.0, 60.0
ENOUGH = 0.15
"""Where all processes use less of the machine together, it is not they who keep it busy."""

MANY_PROCESSES = 80
LEAST_MEMORY_SHARE = 0.15

_KILLED = re.compile(
    r"Killed process \d{1,10} \((?P<comm>[^)]{1,40})\).{0,200}?UID:(?P<uid>\d{1,10})"
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
                score=of_seen * max(0.1, machine.cpu_busy) * min(1.0, seen_s / whole_s / ENOUGH),
                lines=tuple(row.shown for row in one.rows[-MAX_LINES:]),
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
    held_by_time = [_held(one) for one in tables]
    first, last = held_by_time[0], held_by_time[-1]
    most = {who: max(held.get(who, 0.0) for held in held_by_time) for who in last}
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
    """Tell whose processes the kernel killed for want of memory: now, or shortly before."""
    users = {uid: name for table in tables for uid, name in table.users.items()}
    logs = of_collector(exhibits, "kernel-log")
    users |= _named_users(logs)
    old = set(logs[0].text.splitlines()) if logs else set()
    kills: dict[str, dict[str, tuple[float, ShownLine]]] = {}
    victims: dict[str, str] = {}
    for log in logs:
        for place, line in log.lines():
            found = _KILLED.search(line)
            weight = 0.0 if found is None else _weight(line, old, machine)
            if found is None or weight <= 0.0:
                continue
            uid, victim = found["uid"], found["comm"]
            who = who_of(users.get(uid, f"with uid {uid}"), victim)
            kills.setdefault(who, {})[line] = weight, shown(log, place, line)
            victims[who] = victim
    findings = []
    for who, told in kills.items():
        times = f", {len(told)} times" if len(told) > 1 else ""
        findings.append(
            Finding(
                who=who,
                words=f"the kernel ran out of memory and killed {victims[who]} of {who}{times}",
                score=min(1.1, max(weight for weight, _ in told.values()) + 0.03 * len(told)),
                lines=tuple(line for _, line in told.values())[-3:],
            )
        )
    return findings


def _named_users(logs: Sequence[ExhibitText]) -> dict[str, str]:
    """Give the names of users by number, as the collector looked them up: `user 1001 shop12`."""
    words = (line.split() for log in logs for _, line in log.lines() if line.startswith("user "))
    return {one[1]: one[2] for one in words if len(one) == 3}


def _weight(line: str, old: set[str], machine: Machine) -> float:
    """Give how much a kernel message counts: one of this recording more than one before it.

    One that a group of processes brought on by a limit of its own tells less of the whole server.
    """
    most = 0.9 if "Memory cgroup" in line else 1.0
    stamp = _STAMP.match(line)
    if stamp is None or machine.uptime_s is None:
        return 0.0 if line in old else most
    before_s = machine.uptime_s - float(stamp[1])
    if before_s > LATELY_S:
        return 0.0
    return most if before_s < JUST_BEFORE_S else most / 3
