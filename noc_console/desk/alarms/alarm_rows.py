"""The alarms as rows of a table: what each column says, their order, and which a filter keeps.

Pure: no Qt, no I/O; `now` is an argument. What servers told is made inert here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from noc_console.desk.fleet.fleet_change import natural
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, AlarmState, pressing_order
from noc_console.health.delivery.recipient import WAKING
from noc_console.health.figure_words import danger_left_s, danger_words
from noc_console.health.reason_words import beside_name
from noc_console.health.verdict import Danger
from noc_console.incidents.times import age_text

if TYPE_CHECKING:  # descriptions only, as in `desk.context`
    from noc_console.health.records import ServerState

NOTHING = "–"
MANY = "many servers"


class Column(Enum):
    """The columns, in the order in which they stand."""

    SEVERITY = "Severity"
    STATE = "State"
    SERVER = "Server"
    WHAT = "What"
    SINCE = "Since"
    WHO = "Who has it"
    DANGER = "Cut-off in"
    TIMES = "Times"


COLUMNS = tuple(Column)
NUMERIC = frozenset({Column.SINCE, Column.DANGER, Column.TIMES})

HEADER_TIPS: Mapping[Column, str] = {
    Column.SEVERITY: "How bad it is.",
    Column.STATE: "Raised waits for a person; a latched one waits though it is over.",
    Column.SERVER: "The server, or many at once.",
    Column.WHAT: "What is amiss.",
    Column.SINCE: "For how long the alarm has been there.",
    Column.WHO: "Who claimed it; else who acknowledged or shelved it.",
    Column.DANGER: "When it reaches its cut-off, if it goes on as it does.",
    Column.TIMES: "How often it came. One that comes and goes stays one alarm.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """One alarm as it is shown."""

    alarm: Alarm
    server: str
    groups: tuple[str, ...]
    what: str
    who: str
    danger: Danger | None
    cause: str
    """The alarm from which it follows, in words."""

    @property
    def haystack(self) -> str:
        """All that a filter looks at, in lower case."""
        alarm = self.alarm
        words = (self.server, *self.groups, self.what, self.who, state_text(self))
        return " ".join((*words, alarm.verdict.value, alarm.key)).lower()


def rows_of(
    alarms: Iterable[Alarm],
    servers: Mapping[int, Server],
    states: Mapping[int, ServerState],
    by_id: Mapping[int, Alarm],
) -> list[AlarmRow]:
    """Give alarms as rows, the most pressing first; `by_id` has those they may follow from."""
    return [row_of(one, servers, states, by_id) for one in sorted(alarms, key=pressing_order)]


def row_of(
    alarm: Alarm,
    servers: Mapping[int, Server],
    states: Mapping[int, ServerState],
    by_id: Mapping[int, Alarm],
) -> AlarmRow:
    """Give one alarm as a row."""
    server = servers.get(alarm.server_id) if alarm.server_id is not None else None
    state = states.get(alarm.server_id) if alarm.server_id is not None else None
    danger = state.judgement.danger if state is not None else None
    cause = by_id.get(alarm.cause_id) if alarm.cause_id is not None else None
    return AlarmRow(
        alarm=alarm,
        server=server_text(alarm.server_id, servers),
        groups=server.groups if server is not None else (),
        what=inert(beside_name(alarm.key, alarm.words, server.name if server else "")),
        who=who_text(alarm),
        danger=danger if danger is not None and danger.key == alarm.key else None,
        cause=f"{server_text(cause.server_id, servers)}: {inert(cause.words)}" if cause else "",
    )


def server_text(server_id: int | None, servers: Mapping[int, Server]) -> str:
    """Give a server's name; a group alarm has many."""
    if server_id is None:
        return MANY
    server = servers.get(server_id)
    return inert(server.name) if server is not None else f"server {server_id}"


def who_text(alarm: Alarm) -> str:
    """Give who has it: who claimed it before all, else whose word holds."""
    if alarm.claimed is not None:
        return inert(f"{alarm.claimed.by} is on it")
    mark = alarm.shelved or alarm.acknowledged
    return inert(mark.by) if mark is not None else ""


def state_text(row: AlarmRow) -> str:
    """Give the state in a word or two."""
    alarm = row.alarm
    if alarm.state is AlarmState.RETURNED:
        return "over, latched"
    if alarm.state is AlarmState.SUPPRESSED:
        return "muted by a window" if alarm.is_muted else alarm.state.value
    return f"{alarm.state.value}, latched" if alarm.is_latched else alarm.state.value


def tip_text(row: AlarmRow, now: datetime) -> str:
    """Give all that the cells leave out: every mark with who, when, until when and why."""
    alarm = row.alarm
    lines = [f"{row.server}: {row.what}", f"Raised {moment_text(alarm.raised_at)}"]
    if alarm.returned_at is not None:
        lines.append(f"Over since {moment_text(alarm.returned_at)}; latched until acknowledged")
    if alarm.claimed is not None:
        by, at = inert(alarm.claimed.by), moment_text(alarm.claimed.at)
        lines.append(f"{by} is on it since {at}")
    noted, shelf = alarm.acknowledged, alarm.shelved
    if noted is not None:
        until = f" until {moment_text(noted.until)}" if noted.until else ""
        lines.append(f"Acknowledged by {inert(noted.by)}{until}: {inert(noted.reason)}")
    if shelf is not None:
        left = age_text(shelf.until - now)
        lines.append(
            f"Shelved by {inert(shelf.by)} until {moment_text(shelf.until)} (in {left}):"
            f" {inert(shelf.reason)}"
        )
    if row.cause:
        lines.append(f"Follows from {row.cause}")
    return "\n".join(lines)


def ticket_line(row: AlarmRow, now: datetime) -> str:
    """Give all of an alarm in one line, for a ticket or a chat."""
    alarm = row.alarm
    _, _, *marks = tip_text(row, now).split("\n")
    lasts = f"raised {moment_text(alarm.raised_at)}, {age_text(now - alarm.raised_at)} ago"
    what = f"{alarm.verdict.value.upper()} {row.server}: {row.what}"
    return "; ".join((what, lasts, *marks, f"alarm {alarm.id}"))


def moment_text(at: datetime) -> str:
    """Give a moment in the local zone, with the zone."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S %Z}"


def _danger(row: AlarmRow, now: datetime) -> str:
    if row.alarm.verdict in WAKING:
        return "now"
    return danger_words(row.danger, now) if row.danger is not None else NOTHING


def _left_s(row: AlarmRow, now: datetime) -> float:
    if row.alarm.verdict in WAKING:
        return -1.0
    return danger_left_s(row.danger, now) if row.danger is not None else float("inf")


TEXTS: Mapping[Column, Callable[[AlarmRow, datetime], str]] = {
    Column.SEVERITY: lambda row, _: row.alarm.verdict.value,
    Column.STATE: lambda row, _: state_text(row),
    Column.SERVER: lambda row, _: row.server,
    Column.WHAT: lambda row, _: row.what,
    Column.SINCE: lambda row, now: age_text(now - row.alarm.raised_at),
    Column.WHO: lambda row, _: row.who or NOTHING,
    Column.DANGER: _danger,
    Column.TIMES: lambda row, _: str(row.alarm.times),
}
"""What a column's cell says of a row at a time."""

SORT_KEYS: Mapping[Column, Callable[[AlarmRow, datetime], tuple[object, ...]]] = {
    Column.SEVERITY: lambda row, _: (row.alarm.verdict.urgency, -row.alarm.raised_at.timestamp()),
    Column.STATE: lambda row, _: pressing_order(row.alarm),
    Column.SERVER: lambda row, _: (natural(row.server), row.alarm.id),
    Column.WHAT: lambda row, _: (row.what.lower(), row.alarm.id),
    Column.SINCE: lambda row, _: (-row.alarm.raised_at.timestamp(), row.alarm.id),
    Column.WHO: lambda row, _: (row.who == "", row.who.lower(), row.alarm.id),
    Column.DANGER: lambda row, now: (_left_s(row, now), row.alarm.id),
    Column.TIMES: lambda row, _: (-row.alarm.times, row.alarm.id),
}
"""By what a column sorts; that of the state is the order in which people look."""


def keeps(row: AlarmRow, wanted: str) -> bool:
    """Whether a row has every word of a filter, in whatever column."""
    return all(word in row.haystack for word in wanted.lower().split())


def counts_text(alarms: Iterable[Alarm]) -> str:
    """Give how many alarms there are by what they ask of people: `3 to look at, 2 acknowledged`."""
    states = [alarm.state for alarm in alarms]
    waiting = sum(state.needs_person for state in states)
    parts = [f"{waiting:,} to look at"] if waiting else []
    for state in (AlarmState.ACKNOWLEDGED, AlarmState.SHELVED, AlarmState.SUPPRESSED):
        count = states.count(state)
        if count:
            parts.append(f"{count:,} {state.value}")
    return ", ".join(parts)
