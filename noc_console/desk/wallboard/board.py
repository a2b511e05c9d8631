"""What the wallboard says: the worst servers first, counts, alarms, and whether anybody watches.

Pure: no Qt, no I/O; `now` is an argument. What servers told is made inert here.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from noc_console.desk.standing import Told, known_now
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm
from noc_console.health.figure_words import danger_left_s, danger_words
from noc_console.health.reason_words import beside_name
from noc_console.health.records import ServerState
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import age_text

if TYPE_CHECKING:
    from noc_console.incidents.incident.incident import Incident

MOST_TILES = 200
"""Beyond it paging would take longer than anybody looks; how many more there are is said."""

NOBODY = "nobody has it yet"
_QUIET = frozenset({Verdict.OK, Verdict.IN_MAINTENANCE})


class Seen(Told, Protocol):
    """The part of the live fleet that the board shows (`desk.context.Live`)."""

    @property
    def servers(self) -> Sequence[Server]:
        """Every server."""

    @property
    def told(self) -> Mapping[Verdict, int]:
        """How many servers have each verdict, as an engine told it last."""

    @property
    def alarms(self) -> Mapping[int, Alarm]:
        """The open alarms by their id."""

    @property
    def is_starting_to_watch(self) -> bool:
        """Whether this window's own engine is about to watch."""

    @property
    def trouble(self) -> str:
        """Why the store cannot be read; empty while it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardTile:
    """One server that is not well: what, how bad, since when, who has it, when it will fall."""

    server_id: int
    name: str
    verdict: Verdict
    what: str
    since: str
    who: str
    is_taken: bool
    falls: str
    load: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All that is shown at one moment."""

    counts: Mapping[Verdict, int]
    total: int
    tiles: tuple[BoardTile, ...]
    untold: int
    """How many servers that are not well are on no tile."""
    alarms: str
    is_calm: bool
    """Whether no alarm waits for a person."""
    incidents: tuple[str, ...]
    warning: str
    """What must be read first: nobody watches, the store is away; empty when all is right."""
    age: str
    clock: str
    day: str
    curves: tuple[int, ...] = field(default=())
    """The servers whose load is drawn, the sickest first."""


def board_of(
    seen: Seen, incidents: Sequence[Incident], now: datetime, *, most: int = MOST_TILES
) -> Board:
    """Give what the board shows now."""
    known = known_now(seen, now)
    is_watched = seen.engine is not None
    ill = [server for server in seen.servers if _told(seen, server) not in _QUIET]
    shown = heapq.nsmallest(most, ill, key=lambda server: _order(seen, server, now))
    owners = _owners(seen.alarms.values())
    tiles = tuple(_tile(seen, server, owners, now, is_watched=is_watched) for server in shown)
    waiting = sum(alarm.state.needs_person for alarm in seen.alarms.values())
    return Board(
        counts=known.counts(seen.told),
        total=len(seen.servers),
        tiles=tiles,
        untold=len(ill) - len(shown),
        alarms=_alarm_words(len(seen.alarms), waiting),
        is_calm=not waiting,
        incidents=tuple(_incident_words(one, now) for one in incidents[:4]),
        warning=_warning(seen, now),
        age=_age(seen, now),
        clock=f"{now.astimezone():%H:%M:%S}",
        day=f"{now.astimezone():%A %Y-%m-%d %Z}",
        curves=tuple(tile.server_id for tile in tiles if tile.load)[:4],
    )


def _told(seen: Seen, server: Server) -> Verdict:
    state = seen.states.get(server.id)
    return state.judgement.verdict if state is not None else Verdict.UNKNOWN


def _order(seen: Seen, server: Server, now: datetime) -> tuple[int, float, float, str]:
    """The worst first; of equals the one that falls first, then the longest ill."""
    state = seen.states.get(server.id)
    if state is None:
        return Verdict.UNKNOWN.urgency, float("inf"), 0.0, server.name
    judgement = state.judgement
    danger = judgement.danger
    left_s = float("inf") if danger is None else danger_left_s(danger, now)
    return judgement.verdict.urgency, left_s, judgement.since.timestamp(), server.name


def _tile(
    seen: Seen, server: Server, owners: Mapping[int, str], now: datetime, *, is_watched: bool
) -> BoardTile:
    state = seen.states.get(server.id)
    told = _told(seen, server)
    reasons = state.judgement.reasons if state is not None else ()
    what = (
        inert(beside_name(reasons[0].key, reasons[0].words, server.name), 160)
        if reasons
        else "nothing is known of it"
    )
    danger = state.judgement.danger if state is not None else None
    falls = f"cut-off in {danger_words(danger, now)}" if danger is not None and is_watched else ""
    sample = seen.latest.get(server.id)
    load = sample.values.get("load1") if sample is not None else None
    return BoardTile(
        server_id=server.id,
        name=inert(server.name, 60),
        verdict=told if is_watched else Verdict.STALE,
        what=what if is_watched else _was(state, what),
        since=_since(state, now, is_watched=is_watched),
        who=owners.get(server.id, NOBODY),
        is_taken=server.id in owners,
        falls=falls if told is not Verdict.CUT_OFF else "",
        load="" if load is None else f"load {load:.2f}",
    )


def _was(state: ServerState | None, what: str) -> str:
    """Give what was so when somebody watched last."""
    if state is None:
        return what
    since = state.judgement.since.astimezone()
    return f"was {state.judgement.verdict.value} since {since:%H:%M}: {what}"


def _since(state: ServerState | None, now: datetime, *, is_watched: bool) -> str:
    """Give for how long it is as it is; what nobody watches is stale since its last sample."""
    since = None
    if state is not None:
        since = state.judgement.since if is_watched else state.last_sample_at
    return "" if since is None else age_text(now - since)


def _owners(alarms: Iterable[Alarm]) -> dict[int, str]:
    """Give who has each server's alarms: by claim, else by acknowledgement, else shelved."""
    by_id = {alarm.id: alarm for alarm in alarms}
    owners: dict[int, str] = {}
    ranks: dict[int, int] = {}
    for alarm in by_id.values():
        cause = by_id.get(alarm.cause_id) if alarm.cause_id is not None else None
        rank, words = _owner(cause or alarm)
        if alarm.server_id is not None and rank < ranks.get(alarm.server_id, 3):
            owners[alarm.server_id], ranks[alarm.server_id] = words, rank
    return owners


def _owner(alarm: Alarm) -> tuple[int, str]:
    if alarm.claimed is not None:
        return 0, f"{inert(alarm.claimed.by, 40)} is on it"
    if alarm.acknowledged is not None:
        return 1, f"acknowledged by {inert(alarm.acknowledged.by, 40)}"
    if alarm.shelved is not None:
        until = alarm.shelved.until.astimezone()
        return 2, f"shelved by {inert(alarm.shelved.by, 40)} until {until:%H:%M}"
    return 3, ""


def _alarm_words(count: int, waiting: int) -> str:
    if not count:
        return "No open alarm"
    noun = "alarm" if count == 1 else "alarms"
    wait = f"{waiting} {'waits' if waiting == 1 else 'wait'} for a person"
    return f"{count} open {noun}, {wait if waiting else 'none waits for a person'}"


def _incident_words(one: Incident, now: datetime) -> str:
    overdue = one.overdue_by(now)
    due = ""
    if overdue is not None:
        due = f", update OVERDUE by {age_text(overdue)}"
    elif one.next_update_at is not None:
        due = f", next update {one.next_update_at.astimezone():%H:%M}"
    return f"{one.severity.value}{due}: {inert(one.title, 80)}"


def _warning(seen: Seen, now: datetime) -> str:
    if seen.trouble:
        return inert(seen.trouble, 200)
    if seen.engine is not None:
        return ""
    why = "STARTING TO WATCH" if seen.is_starting_to_watch else "NOT WATCHED: no engine is running"
    return f"{why}; all below is as it was ({_age(seen, now)})."


def _age(seen: Seen, now: datetime) -> str:
    newest_ms = max((sample.at_ms for sample in seen.latest.values()), default=0)
    newest = datetime.fromtimestamp(newest_ms / 1000, UTC) if newest_ms else None
    if newest is None:  # what is older than some minutes is told with the states only
        told = (state.last_sample_at for state in seen.states.values())
        newest = max((at for at in told if at is not None), default=None)
    return "no sample yet" if newest is None else f"newest sample {age_text(now - newest)} old"
