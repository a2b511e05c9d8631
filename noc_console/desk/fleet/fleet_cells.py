"""The columns of the fleet table: what each says of a row, and by what it sorts.

Pure: no Qt, no I/O; `now` is an argument. What servers told is made inert here.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noc_console.desk.fleet.fleet_columns import LINKS, VERDICTS, FleetColumns
from noc_console.fleet.inert import inert
from noc_console.fleet.link_state import LinkState
from noc_console.health.figure_words import DAY_S, danger_words
from noc_console.health.measures import measure_of
from noc_console.health.reason_words import beside_name
from noc_console.health.rules import verdict_now
from noc_console.health.verdict import Danger, Judgement, Verdict
from noc_console.incidents.times import since_text

Keys = NDArray[np.float64]
NOTHING = "–"
MISSED_TICKS = 3
_TWO_PLACES, _ONE_PLACE = 10, 100
SOON_S = 900.0
"""Whoever falls within so many seconds is worth a look by that alone."""

LINK_WORDS = {
    LinkState.NOT_TRIED: "not tried",
    LinkState.CONNECTING: "connecting",
    LinkState.UP: "up",
    LinkState.DOWN: "down",
    LinkState.WAITING_FOR_PERSON: "waiting",
}


class Column(Enum):
    """The columns, in the order in which they stand."""

    VERDICT = "Verdict"
    NAME = "Name"
    GROUPS = "Groups"
    LOAD = "Load / cores"
    CURVE = "10 min"
    CPU = "CPU"
    MEMORY = "Memory"
    DISK = "Disk"
    SERVICES = "Services"
    AGE = "Age"
    SINCE = "Since"
    DANGER = "Danger in"
    LINK = "Link"
    WHY = "Why"


COLUMNS = tuple(Column)
NUMERIC = frozenset(
    {
        Column.LOAD,
        Column.CPU,
        Column.MEMORY,
        Column.DISK,
        Column.SERVICES,
        Column.AGE,
        Column.SINCE,
        Column.DANGER,
    }
)


HEADER_TIPS: Mapping[Column, str] = {
    Column.VERDICT: "How the server stands now, the worst first.",
    Column.NAME: "Sorted as people count: web2 before web10.",
    Column.GROUPS: "The groups it belongs to.",
    Column.LOAD: "Load of the last minute against the number of cores; sorted by load per core.",
    Column.CURVE: (
        "Ten minutes of load per core, on one scale for all; the dotted line is the cut-off."
    ),
    Column.CPU: "CPU busy, without waiting for disks.",
    Column.MEMORY: "Memory that programs cannot have any more.",
    Column.DISK: "The fullest file system; a cell’s tip names it.",
    Column.SERVICES: "Expected services that are well, of all; a cell’s tip names the others.",
    Column.AGE: "The real age of the newest sample.",
    Column.SINCE: "How long the verdict has held.",
    Column.DANGER: (
        "Time to danger: when the first value will reach its cut-off if it goes on as it does;"
        " sorted, it shows who falls first."
    ),
    Column.LINK: "The connection; “waiting” is for a person’s decision about a host key.",
    Column.WHY: "The worst reason; a cell’s tip gives all.",
}


def verdict_of(columns: FleetColumns, row: int) -> Verdict:
    """Give a row's verdict now."""
    told = VERDICTS[int(columns.figures["verdict"][row])]
    return told if columns.is_watched or told is Verdict.UNKNOWN else Verdict.STALE


def judgement_of(columns: FleetColumns, row: int, now: datetime) -> Judgement:
    """Give a row's verdict now, since when it holds, and why."""
    state = columns.states[row]
    one = columns.figures[row]
    at_s = float(one["sample_s"])
    return verdict_now(
        state.judgement if state else None,
        datetime.fromtimestamp(at_s, UTC) if at_s == at_s else None,
        float(one["tick_s"]),
        now,
        is_watched=columns.is_watched,
    )


def why_of(columns: FleetColumns, row: int, now: datetime) -> str:
    """Give the worst reason for a row's verdict, or what falls within minutes though all is well.

    The row has said the server's name.
    """
    judgement, server = judgement_of(columns, row, now), columns.servers[row]
    reasons, danger = judgement.reasons, judgement.danger
    if not reasons:
        return _falls(danger, now) if danger is not None and danger.earliest_s <= SOON_S else ""
    return inert(beside_name(reasons[0].key, reasons[0].words, server.name if server else ""))


def why_line(columns: FleetColumns, row: int, now: datetime, judgement: Judgement) -> str:
    """Say of a row what its narrow cells cannot: since when, every reason, when it falls."""
    since = f" since {since_text(judgement.since, now)}" if columns.states[row] else ""
    server = columns.servers[row]
    name = server.name if server else ""
    told = [inert(beside_name(one.key, one.words, name)) for one in judgement.reasons]
    if judgement.danger is not None:
        told.append(_falls(judgement.danger, now))
    if recording := recording_of(columns, row, now):
        told.append(recording)
    head = f"{_name(columns, row, now)}: {judgement.verdict.value}{since}"
    return "   ·   ".join((head, *told))


def _falls(danger: Danger, now: datetime) -> str:
    measure = measure_of(danger.key)
    what = measure.title if measure else inert(danger.key)
    return f"Cut-off in {danger_words(danger, now)}: {what}"


def recording_of(columns: FleetColumns, row: int, now: datetime) -> str:
    """Say for how long a row's server has been recorded; empty where it is not."""
    recording = (
        columns.recordings.get(int(columns.figures["id"][row])) if columns.recordings else None
    )
    return f"recording {short_age(recording.lasted(now).total_seconds())}" if recording else ""


def _why(columns: FleetColumns, row: int, now: datetime) -> str:
    why, recording = why_of(columns, row, now), recording_of(columns, row, now)
    return " · ".join(words for words in (why, recording) if words)


def short_age(seconds: float) -> str:
    """Give a span of time in one unit, for a narrow column: `42 s`, `12 min`, `34 h`, `8 d`."""
    for unit_s, unit, until_s in ((1, "s", 100), (60, "min", 6000), (3600, "h", 172_800)):
        if seconds < until_s:
            return f"{int(max(seconds, 0) // unit_s)} {unit}"
    return f"{int(seconds // 86_400)} d"


def age_s(columns: FleetColumns, row: int, now: datetime) -> float:
    """Give the real age of a row's last sample in seconds; nan where there is none."""
    return max(now.timestamp() - float(columns.figures["sample_s"][row]), 0.0)


def is_fresh(columns: FleetColumns, row: int, now: datetime) -> bool:
    """Whether the figures of a row are live: no more than a few ticks old."""
    return age_s(columns, row, now) <= MISSED_TICKS * float(columns.figures["tick_s"][row]) + 1


def _percent(field: str) -> Callable[[FleetColumns, int, datetime], str]:
    def text(columns: FleetColumns, row: int, _now: datetime) -> str:
        value = float(columns.figures[field][row])
        return f"{value:.0f} %" if value == value else NOTHING

    return text


def _name(columns: FleetColumns, row: int, _now: datetime) -> str:
    server = columns.servers[row]
    return inert(server.name) if server else ""


def _groups(columns: FleetColumns, row: int, _now: datetime) -> str:
    server = columns.servers[row]
    return inert(", ".join(server.groups)) if server else ""


def _load(columns: FleetColumns, row: int, _now: datetime) -> str:
    one = columns.figures[row]
    load, cores = float(one["load"]), float(one["cores"])
    if load != load:
        return NOTHING
    places = 2 if load < _TWO_PLACES else 1 if load < _ONE_PLACE else 0
    return f"{load:.{places}f} / {cores:.0f}" if cores == cores else f"{load:.{places}f}"


def _services(columns: FleetColumns, row: int, _now: datetime) -> str:
    one = columns.figures[row]
    if one["services"]:
        return f"{one['services_ok']} / {one['services']}"
    server = columns.servers[row]
    expected = len(server.expected_services) if server else 0
    return f"? / {expected}" if expected else NOTHING


def _age(columns: FleetColumns, row: int, now: datetime) -> str:
    seconds = age_s(columns, row, now)
    return short_age(seconds) if seconds == seconds else NOTHING


def _since(columns: FleetColumns, row: int, now: datetime) -> str:
    if columns.states[row] is None:
        return NOTHING
    return short_age((now - judgement_of(columns, row, now).since).total_seconds())


def danger_s(columns: FleetColumns, now: datetime) -> Keys:
    """Give the seconds by row until the first value reaches its cut-off; nan without a date."""
    left: Keys = np.fmax(columns.figures["danger_s"] - now.timestamp(), 0.0)
    left[np.isnan(columns.figures["danger_s"])] = np.nan
    return left if columns.is_watched else np.full(len(columns), np.nan)


def falls_soon(columns: FleetColumns, row: int, now: datetime) -> bool:
    """Whether a row's first value reaches its cut-off within a day, but has not yet."""
    at_s = float(columns.figures["danger_s"][row])
    return columns.is_watched and 0.0 < at_s < now.timestamp() + DAY_S


def _danger(columns: FleetColumns, row: int, now: datetime) -> str:
    state = columns.states[row]
    if state is None or not columns.is_watched:
        return NOTHING
    if state.judgement.verdict is Verdict.CUT_OFF:
        return "now"
    danger = state.judgement.danger
    return NOTHING if danger is None else danger_words(danger, now)


TEXTS: Mapping[Column, Callable[[FleetColumns, int, datetime], str]] = {
    Column.VERDICT: lambda columns, row, _: verdict_of(columns, row).value,
    Column.NAME: _name,
    Column.GROUPS: _groups,
    Column.LOAD: _load,
    Column.CURVE: _load,
    Column.CPU: _percent("cpu"),
    Column.MEMORY: _percent("memory"),
    Column.DISK: _percent("disk"),
    Column.SERVICES: _services,
    Column.AGE: _age,
    Column.SINCE: _since,
    Column.DANGER: _danger,
    Column.LINK: lambda columns, row, _: LINK_WORDS[LINKS[int(columns.figures["link"][row])]],
    Column.WHY: _why,
}
"""What a column's cell says of a row at a time."""


def tip_text(columns: FleetColumns, row: int, now: datetime) -> str:
    """Give all that the cells leave out: since when, every reason, which disk, which services."""
    judgement = judgement_of(columns, row, now)
    since = f", since {since_text(judgement.since, now)}" if columns.states[row] else ""
    lines = [f"{_name(columns, row, now)}: {judgement.verdict.value}{since}"]
    lines += [inert(reason) for reason in judgement.words]
    if judgement.danger is not None:
        lines.append(_falls(judgement.danger, now))
    if recording := recording_of(columns, row, now):
        lines.append(f"The flight recorder keeps evidence of it: {recording}")
    mount, services = columns.mounts[row], columns.services[row]
    if mount is not None and mount.mount:
        lines.append(f"Fullest file system: {inert(mount.mount)}, {mount.used_percent:.1f} %")
    if services is not None and services.amiss:
        lines.append(f"Services not well: {inert(', '.join(services.amiss))}")
    return "\n".join(lines)


def sort_keys(columns: FleetColumns, column: Column) -> Keys:
    """Give a key for each row; nan is what is not known, which comes last in either order."""
    keys: Keys = _KEYS[column](columns).astype(np.float64)
    return keys


def _per_core(columns: FleetColumns) -> Keys:
    return load_per_core(columns.figures)


def load_per_core(figures: NDArray[Any]) -> Keys:
    """Give the load on each core by row; nan where there was no sample."""
    per_core: Keys = figures["load"] / np.fmax(figures["cores"], 1)
    return per_core


def _services_amiss(columns: FleetColumns) -> Keys:
    figures = columns.figures
    return np.where(figures["services"] > 0, figures["services_ok"] - figures["services"], np.nan)


def _why_ranks(columns: FleetColumns) -> Keys:
    places = {word: place for place, word in enumerate(sorted(set(columns.whys)))}
    return np.fromiter(map(places.__getitem__, columns.whys), np.float64, len(columns))


_KEYS: Mapping[Column, Callable[[FleetColumns], Any]] = {
    Column.VERDICT: FleetColumns.verdicts,
    Column.NAME: lambda columns: columns.figures["name_rank"],
    Column.GROUPS: lambda columns: columns.figures["group_rank"],
    Column.LOAD: _per_core,
    Column.CURVE: _per_core,
    Column.CPU: lambda columns: columns.figures["cpu"],
    Column.MEMORY: lambda columns: columns.figures["memory"],
    Column.DISK: lambda columns: columns.figures["disk"],
    Column.SERVICES: _services_amiss,
    Column.AGE: lambda columns: -columns.figures["sample_s"],
    Column.SINCE: lambda columns: -columns.figures["since_s"],
    Column.DANGER: lambda columns: columns.figures["danger_s"],
    Column.LINK: lambda columns: columns.figures["link"],
    Column.WHY: _why_ranks,
}
