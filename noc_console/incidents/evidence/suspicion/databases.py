"""Whose queries keep a database busy. Pure: no I/O, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.suspicion.finding import (
    ExhibitText,
    Finding,
    ShownLine,
    number_of,
    of_collector,
    shown,
)
from noc_console.incidents.evidence.suspicion.process_table import Used, who_of

LONG_S = 5.0
_OWN_USERS = {"root", "postgres", "mysql", "event_scheduler", "system user", "replication"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    user: str
    database: str
    seconds: float
    text: str
    shown: ShownLine


def of_queries(
    exhibits: Sequence[ExhibitText],
    used: Mapping[tuple[str, str], Used],
    elapsed_s: float,
    cores: float,
) -> list[Finding]:
    """Tell whose queries run for long, as far as the database is what keeps the server busy."""
    found: dict[str, list[_Query]] = {}
    programs: dict[str, str] = {}
    for program, collector, reader in (
        ("mysqld", "mysql", _mysql),
        ("postgres", "postgresql", _postgresql),
    ):
        for exhibit in of_collector(exhibits, collector):
            for query in reader(exhibit):
                if query.seconds >= LONG_S:
                    who = who_of("" if query.user in _OWN_USERS else query.user, program)
                    found.setdefault(who, []).append(query)
                    programs[who] = program
    findings = []
    for who, queries in found.items():
        share = _share(programs[who], used, elapsed_s * cores)
        longest = max(queries, key=lambda one: one.seconds)
        newest = {query.text: query for query in queries}
        database = f" on database {longest.database}" if longest.database else ""
        findings.append(
            Finding(
                who=who,
                words=f"a query of {longest.user}{database} ran for {longest.seconds:,.0f} s"
                + (f", {len(newest)} different ones" if len(newest) > 1 else "")
                + f": {inert(longest.text, 80)}",
                score=min(0.9, 0.15 + min(0.3, longest.seconds / 200.0) + 0.6 * share),
                lines=tuple(one.shown for one in list(newest.values())[-3:]),
            )
        )
    return findings


def _share(program: str, used: Mapping[tuple[str, str], Used], whole_s: float) -> float:
    """Give the database's share of the processors, 0 to 1."""
    names = {"mysqld", "mariadbd"} if program == "mysqld" else {"postgres"}
    spent = sum(one.cpu_s for one in used.values() if one.program in names)
    return min(1.0, spent / max(whole_s, 0.001))


def _mysql(exhibit: ExhibitText) -> Iterator[_Query]:
    """Rows of id, user, db, command, time, state, query, between tabs."""
    for place, line in exhibit.lines():
        words = line.split("\t")
        if len(words) >= 7 and words[0].isdigit():
            yield _Query(
                user=words[1],
                database="" if words[2] == "NULL" else words[2],
                seconds=number_of(words[4]),
                text=words[6],
                shown=shown(exhibit, place, line),
            )


def _postgresql(exhibit: ExhibitText) -> Iterator[_Query]:
    """Rows of pid, user, database, state, seconds, what it waits for, query, between tabs."""
    for place, line in exhibit.lines():
        words = line.split("\t")
        if len(words) >= 7 and words[0].isdigit() and words[3] == "active":
            yield _Query(
                user=words[1],
                database=words[2],
                seconds=number_of(words[4]),
                text=words[6],
                shown=shown(exhibit, place, line),
            )
