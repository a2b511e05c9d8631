"""Windows as people read them: when, how often, for whom, and how it went. Pure: no I/O, no clock.

What a person typed is given as it is; make it inert before it is shown.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from noc_console.fleet.server import Server
from noc_console.incidents.times import exact_text
from noc_console.incidents.wall_time import zone_of
from noc_console.incidents.windows.window import Occurrence, Stage, Window


def when_text(moment: datetime, zone_name: str) -> str:
    """Give an instant in a zone, with weekday, date and the zone: `Sat 2026-12-05 02:00 CET`."""
    return moment.astimezone(zone_of(zone_name)).strftime("%a %Y-%m-%d %H:%M %Z")


def span_words(occurrence: Occurrence, zone: ZoneInfo | None = None) -> str:
    """Give from when to when an occurrence is planned: `Sat 2026-12-05 02:00 - 04:00 CET`.

    In its window's own zone, if in no other.
    """
    zone = zone or zone_of(occurrence.window.zone)
    first = occurrence.planned_start.astimezone(zone)
    last = occurrence.planned_end.astimezone(zone)
    form = "%H:%M %Z" if first.date() == last.date() else "%a %Y-%m-%d %H:%M %Z"
    begins = f"{first:%a %Y-%m-%d %H:%M}"
    if first.utcoffset() != last.utcoffset():
        begins += f" {first:%Z}"
    return f"{begins} - {last.strftime(form)}"


def repeat_words(window: Window) -> str:
    """Say how a window repeats; `once` for one that does not."""
    if window.recurrence is None:
        return "once"
    return window.recurrence.words(window.starts_at.astimezone(zone_of(window.zone)).date())


def scope_words(window: Window, servers: Sequence[Server]) -> str:
    """Say for whom a window is."""
    names = {server.id: server.name for server in servers}
    parts = [names.get(one, "a deleted server") for one in window.servers]
    parts += [f"group {group}" for group in window.groups]
    services = f" ({', '.join(window.services)})" if window.services else ""
    return ", ".join(parts) + services


def how_it_went(occurrence: Occurrence, now: datetime) -> str:
    """Say who began and ended an occurrence and what was seen, in one line."""
    run, zone = occurrence.run, zone_of(occurrence.window.zone)
    if run is None:
        return ""
    told = (
        ("begun", run.started_at, run.started_by),
        ("seen down", run.seen_down_at, ""),
        ("seen back", run.seen_up_at, ""),
        ("ended", run.ended_at, run.ended_by),
        ("extended to", run.extended_to, run.extended_by),
        ("skipped", run.skipped_at, run.skipped_by),
    )
    parts = [
        f"{what} {at.astimezone(zone):%H:%M}{' by ' if by else ''}{by}"
        for what, at, by in told
        if at is not None
    ]
    if overrun := overrun_ms(occurrence, now):
        parts.append(f"overrun {exact_text(overrun)}")
    return ", ".join(parts)


def overrun_ms(occurrence: Occurrence, now: datetime) -> int:
    """Give how long after its planned end an occurrence went on, as a person recorded it."""
    ended_at = occurrence.run.ended_at if occurrence.run else None
    if occurrence.stage(now) is Stage.OVERRUN:
        ended_at = now
    if ended_at is None or ended_at <= occurrence.planned_end:
        return 0
    return round((ended_at - occurrence.planned_end).total_seconds() * 1000)
