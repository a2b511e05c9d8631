"""Reads a planned window before it is entered: what may be wrong with it, a sentence each. Pure.

What refuses must be mended, what warns should be looked at, what tells is good to know.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from noc_console.fleet.server import Server
from noc_console.incidents.planning.proof_words import dates_named, weekday_name, weekdays_named
from noc_console.incidents.planning.quiet_slots import WeekProfile, hour_words, slot_load
from noc_console.incidents.report_range import month_of
from noc_console.incidents.wall_time import WallChoice, clock_changes, instants_of, wall_of, zone_of
from noc_console.incidents.windows.window import Occurrence, Window, ids_by_group, occurrences

LOOKED_AHEAD = timedelta(days=400)
_OVERLAPS_WITHIN = timedelta(days=92)
_LONG = timedelta(hours=8)
_MOST_NAMED = 3


class Weight(Enum):
    """How much a finding matters."""

    REFUSES = "refuses"
    WARNS = "warns"
    TELLS = "tells"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a window, as a full sentence."""

    key: str
    weight: Weight
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a window is held against."""

    now: datetime
    servers: Sequence[Server]
    """The whole fleet."""
    others: Sequence[Occurrence]
    """The occurrences of other windows in the time ahead."""
    profiles: Mapping[int, WeekProfile]
    """How loaded the covered servers are; those not known are left out."""
    target_percent: float
    typed: str = ""
    """How a person wrote the start, weekday and all."""
    down: Set[int] = frozenset()
    """The ids of the servers that are down now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A window with what follows from it."""

    window: Window
    around: Surroundings
    covered: tuple[Server, ...]
    ahead: tuple[Occurrence, ...]


def proof_read(window: Window, around: Surroundings) -> list[Finding]:
    """Give what there is to say of a window, what matters most first."""
    ids = set(window.servers).union(
        *(ids_by_group(around.servers).get(group, set()) for group in window.groups)
    )
    draft = _Draft(
        window=window,
        around=around,
        covered=tuple(server for server in around.servers if server.id in ids),
        ahead=tuple(
            one
            for one in occurrences(window, around.now, around.now + LOOKED_AHEAD)
            if not one.is_cancelled
        ),
    )
    found = [finding for read in _READERS for finding in read(draft)]
    return sorted(found, key=lambda finding: list(Weight).index(finding.weight))


def _of_servers(draft: _Draft) -> Iterable[Finding]:
    window, there = draft.window, {server.id for server in draft.around.servers}
    gone = [server_id for server_id in window.servers if server_id not in there]
    if gone:
        yield Finding("servers", Weight.WARNS, f"{len(gone)} of its servers were deleted.")
    for group in window.groups:
        if not any(group in server.groups for server in draft.around.servers):
            yield Finding(
                "servers", Weight.WARNS, f"No server is in the group {group}; look at its name."
            )
    for service in window.services:
        missing = [one.name for one in draft.covered if service not in _services_of(one)]
        if missing:
            yield Finding(
                "services",
                Weight.WARNS,
                f"{service} is not among what is expected on {_some(missing)}.",
            )


def _of_weekday(draft: _Draft) -> Iterable[Finding]:
    window, around = draft.window, draft.around
    local = wall_of(window.starts_at, zone_of(window.zone))
    days = {local.weekday()}
    if window.recurrence is not None:
        days.update(window.recurrence.weekdays)
    for where, text in (
        ("The start as it was typed", around.typed),
        ("The title", window.title),
        ("The notice", window.notice),
        ("The notes", window.notes),
    ):
        named = weekdays_named(text)
        if named and not named & days:
            yield Finding(
                "weekday",
                Weight.WARNS,
                f"{where} says {' and '.join(weekday_name(one) for one in sorted(named))}, but"
                f" {local:%Y-%m-%d} is a {weekday_name(local.weekday())}.",
            )
        dates = dates_named(text)
        if dates and (local.month, local.day) not in dates and window.recurrence is None:
            yield Finding(
                "date",
                Weight.WARNS,
                f"{where} names another date than {local:%A %Y-%m-%d}, on which it begins.",
            )


def _of_start(draft: _Draft) -> Iterable[Finding]:
    window, now = draft.window, draft.around.now
    if window.starts_at < now and window.recurrence is None:
        yield Finding(
            "past",
            Weight.WARNS,
            "It begins before now, so it mutes alarms but books nothing: what is down then counts"
            " as unscheduled.",
        )
    if not draft.ahead:
        yield Finding("never", Weight.WARNS, "It does not occur within the next 400 days.")
    elif window.starts_at - now > timedelta(days=300):
        yield Finding(
            "far",
            Weight.WARNS,
            f"It begins in {(window.starts_at - now).days} days; look at the year.",
        )
    if window.duration > _LONG:
        words = f"It lasts {window.minutes / 60:.1f} h; alarms are mute all the time."
        yield Finding("long", Weight.TELLS, words)
    if not window.notice:
        yield Finding("notice", Weight.TELLS, "No notice is linked: say where customers are told.")


def _of_clock_changes(draft: _Draft) -> Iterable[Finding]:
    window, zone = draft.window, zone_of(draft.window.zone)
    for one in draft.ahead:
        for change in clock_changes(one.planned_start, one.planned_end, zone):
            first, last = (wall_of(at, zone) for at in (one.planned_start, one.planned_end))
            yield Finding(
                "clock",
                Weight.WARNS,
                f"The clocks change at {change:%Y-%m-%d %H:%M} UTC within it: from {first:%H:%M} to"
                f" {last:%H:%M} by the wall it lasts {window.minutes} min all the same.",
            )
    if window.recurrence is None or window.wall_choice is not WallChoice.NOT_MADE:
        return
    wall = wall_of(window.starts_at, zone)
    for day in window.recurrence.dates(wall.date(), wall_of(draft.around.now, zone).date()):
        if day > (draft.around.now + LOOKED_AHEAD).date():
            return
        repeat = wall.replace(year=day.year, month=day.month, day=day.day)
        earlier, later = instants_of(repeat, zone)
        if earlier != later:
            yield Finding(
                "unclear",
                Weight.REFUSES,
                f"On {repeat:%a %Y-%m-%d} the wall time {repeat:%H:%M} is skipped or doubled by a"
                " change of the clocks; choose whether the earlier or the later instant is meant.",
            )
            return


def _of_overlaps(draft: _Draft) -> Iterable[Finding]:
    groups, ours = ids_by_group(draft.around.servers), {one.id for one in draft.covered}
    partners = _partners(draft)
    names = {one.id: one.name for one in draft.around.servers}
    for other in _first_meetings(draft):
        covered = other.covered_ids(groups)
        same, mates = covered & ours, covered & partners.keys()
        when = wall_of(other.planned_start, zone_of(draft.window.zone)).strftime(
            "%a %Y-%m-%d %H:%M"
        )
        if same:
            words = (
                f"It overlaps window {other.window.id} ({other.window.title}, {when}) on"
                f" {_some(names[one] for one in same)}."
            )
            yield Finding("overlap", Weight.WARNS, words)
        if mates:
            mate = min(mates)
            words = (
                f"{names[mate]}, which takes over for {partners[mate]}, is in window"
                f" {other.window.id} at the same time ({when})."
            )
            yield Finding("partner", Weight.WARNS, words)


def _first_meetings(draft: _Draft) -> Iterable[Occurrence]:
    """Give the first occurrence of each other window that meets one of ours in time."""
    met: set[int] = {draft.window.id}
    for other in draft.around.others:
        if other.window.id not in met and _meets(draft, other):
            met.add(other.window.id)
            yield other


def _meets(draft: _Draft, other: Occurrence) -> bool:
    """Whether the time of an occurrence meets one of ours, in the next months."""
    if other.is_cancelled or other.planned_start > draft.around.now + _OVERLAPS_WITHIN:
        return False
    last = bisect_left(draft.ahead, other.planned_end, key=lambda one: one.planned_start) - 1
    return last >= 0 and draft.ahead[last].planned_end > other.planned_start


def _of_partners(draft: _Draft) -> Iterable[Finding]:
    ours = {one.id for one in draft.covered}
    names = {one.id: one.name for one in draft.around.servers}
    for server_id, partner_of in sorted(_partners(draft).items()):
        if server_id in ours:
            yield Finding(
                "partner",
                Weight.WARNS,
                f"{names[server_id]}, which takes over for {partner_of}, is in it too: nobody"
                " takes over.",
            )
        elif server_id in draft.around.down:
            yield Finding(
                "partner",
                Weight.WARNS,
                f"{names[server_id]}, which takes over for {partner_of}, is down now.",
            )


def _partners(draft: _Draft) -> dict[int, str]:
    """Give who takes over for a covered server, by id, with that server's name."""
    by_name = {one.name: one.id for one in draft.around.servers}
    ours = {one.name for one in draft.covered}
    found = {by_name[one.partner]: one.name for one in draft.covered if one.partner in by_name}
    found |= {
        one.id: one.partner
        for one in draft.around.servers
        if one.partner in ours and one.name not in ours
    }
    return found


def _of_jumps(draft: _Draft) -> Iterable[Finding]:
    ours = {one.name for one in draft.covered}
    for name in sorted(ours):
        behind = [
            one.name for one in draft.around.servers if name in one.jumps and one.name not in ours
        ]
        if behind and not draft.window.services:
            yield Finding(
                "jump",
                Weight.WARNS,
                f"{_some(behind)} can be reached only through {name} and will not be watched.",
            )


def _of_peak(draft: _Draft) -> Iterable[Finding]:
    zone = zone_of(draft.window.zone)
    poor = []
    for server in draft.covered:
        profile = draft.around.profiles.get(server.id)
        if profile is None or not profile.is_enough:
            poor.append(server.name)
            continue
        for one in draft.ahead[:1]:
            load, is_busy = slot_load(profile, one.planned_start, one.planned_end, zone)
            if is_busy:
                hour, peak = profile.peak()
                yield Finding(
                    "peak",
                    Weight.WARNS,
                    f"It lies in busy hours of {server.name}: {load:.1f} times its mean load; its"
                    f" peak is {hour_words(hour)} with {peak:.1f} times.",
                )
    if poor:
        yield Finding(
            "peak",
            Weight.TELLS,
            f"There is not enough history of {_some(poor)} to tell whether it is a busy time.",
        )


def _of_budget(draft: _Draft) -> Iterable[Finding]:
    if not draft.ahead:
        return
    window, percent = draft.window, draft.around.target_percent
    month = month_of(draft.ahead[0].planned_start, window.zone)
    allowed_ms = month.length_ms * (100.0 - percent) / 100.0
    held = [one for one in draft.ahead if month.start <= one.planned_start < month.end]
    planned_min = window.minutes * len(held)
    if allowed_ms <= 0:
        words = f"The target of {percent:g} % leaves no minute in a month."
        yield Finding("budget", Weight.WARNS, words)
        return
    share = planned_min * 60_000 / allowed_ms
    yield Finding(
        "budget",
        Weight.WARNS if share > 1 else Weight.TELLS,
        f"Its {planned_min} min in {month.title} are {100 * share:.0f} % of the"
        f" {allowed_ms / 60_000:.0f} min that {percent:g} % leaves in the month where maintenance"
        " is counted as down.",
    )


def _services_of(server: Server) -> set[str]:
    return {
        *server.expected_services,
        *(check.service or check.label for check in server.checks),
    }


def _some(names: Iterable[str]) -> str:
    ordered = sorted(names)
    rest = len(ordered) - _MOST_NAMED
    shown = ", ".join(ordered[:_MOST_NAMED])
    return f"{shown} and {rest} more" if rest > 0 else shown


_READERS: tuple[Callable[[_Draft], Iterable[Finding]], ...] = (
    _of_servers,
    _of_weekday,
    _of_start,
    _of_clock_changes,
    _of_overlaps,
    _of_partners,
    _of_jumps,
    _of_peak,
    _of_budget,
)
