"""The columns of the list of windows. GUI thread only."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from noc_console.desk.context import Colours
from noc_console.desk.widgets.rows_table import Column
from noc_console.desk.windows.stage_look import stage_colour, stage_words
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.incidents.wall_time import zone_of
from noc_console.incidents.windows.window import Occurrence, Stage
from noc_console.incidents.windows.window_words import (
    how_it_went,
    repeat_words,
    scope_words,
    span_words,
    when_text,
)

_SHOWN_SERVERS = 12


def window_columns(
    colours: Callable[[], Colours],
    now: Callable[[], datetime],
    servers: Callable[[], Sequence[Server]],
    zone: Callable[[], ZoneInfo],
) -> list[Column[Occurrence]]:
    """Give the columns; starts are shown in the zone of the calendar beside them."""

    def start(one: Occurrence) -> str:
        return one.planned_start.astimezone(zone()).strftime("%a %m-%d %H:%M")

    return [
        Column(
            title="Stage",
            text=lambda one: stage_words(one.stage(now())),
            colour=lambda one: stage_colour(one.stage(now()), colours()),
        ),
        Column(title="Start", text=start, tip=span_words),
        Column(title="Min", text=lambda one: str(one.window.minutes), numeric=True, spare=True),
        Column(
            title="Title",
            text=lambda one: inert(one.window.title),
            tip=lambda one: inert(scope_words(one.window, servers())),
            stretch=True,
        ),
    ]


def detail_text(
    one: Occurrence, servers: Sequence[Server], now: datetime, zone: ZoneInfo | None = None
) -> str:
    """Say all of an occurrence, a line a thing; when it is in another zone too, if need be."""
    window = one.window
    covered = [server.name for server in servers if one.covers(server)]
    shown = ", ".join(covered[:_SHOWN_SERVERS])
    rest = len(covered) - _SHOWN_SERVERS
    scope = inert(scope_words(window, servers))
    told = f"{inert(shown)}{f' and {rest} more' if rest > 0 else ''}"
    lines = [
        f"{inert(window.title)} (window {window.id})",
        f"{span_words(one)}, {window.minutes} min, {repeat_words(window)}",
        _in_zone(one, zone),
        f"For {scope}",
        f"Servers: {told}" if covered and told != scope else "",
        f"How it went: {inert(how_it_went(one, now))}" if how_it_went(one, now) else "",
        _booking(one),
        f"Notice: {inert(window.notice)}" if window.notice else "No notice is linked.",
        f"Notes: {inert(window.notes, 1000)}" if window.notes else "",
        f"Entered by {inert(window.entered_by)}, {when_text(window.entered_at, window.zone)}",
    ]
    if one.stage(now) is Stage.CANCELLED and window.cancelled_by:
        lines.append(f"Cancelled by {inert(window.cancelled_by)}")
    return "\n".join(line for line in lines if line)


def _in_zone(one: Occurrence, zone: ZoneInfo | None) -> str:
    """Say when it is in a zone of another offset than its own: the calendar shows it so."""
    if zone is None:
        return ""
    own = one.planned_start.astimezone(zone_of(one.window.zone))
    if own.utcoffset() == own.astimezone(zone).utcoffset():
        return ""
    return f"In the calendar: {span_words(one, zone)}"


def _booking(one: Occurrence) -> str:
    booked = one.booked
    if one.is_cancelled:
        return ""
    if booked is None:
        return "It was entered after its start: it mutes, but books nothing as planned."
    until = when_text(booked[1], one.window.zone)
    return f"Down time counts as planned until {until}; what goes on after that does not."
