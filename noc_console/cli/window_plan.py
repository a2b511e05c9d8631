"""A window as it is planned on the command line, and how windows are printed."""

import argparse
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from noc_console.cli.command_module import UsageError
from noc_console.cli.moments import iso
from noc_console.cli.near_names import known_or_near
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.fleet.records import get_server, list_servers
from noc_console.fleet.server import Server
from noc_console.incidents.planning.plan_reading import covered_servers
from noc_console.incidents.planning.plan_text import (
    REPEATS,
    parse_start,
    read_recurrence,
)
from noc_console.incidents.planning.proof_reader import Finding, Weight
from noc_console.incidents.wall_time import WallChoice, own_zone, zone_of
from noc_console.incidents.windows.recurrence import recurrence_to_json
from noc_console.incidents.windows.window import Occurrence, Window
from noc_console.incidents.windows.window_words import (
    overrun_ms,
    repeat_words,
    scope_words,
    span_words,
)
from noc_console.store.store import Store


def add_scope_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare for which servers and services, and in which zone."""
    parser.add_argument(
        "--server", dest="servers", metavar="NAME", action="append", default=[], help="a server"
    )
    parser.add_argument(
        "--group", dest="groups", metavar="G", action="append", default=[], help="a group"
    )
    parser.add_argument(
        "--zone", metavar="ZONE", help="such as Europe/Berlin (default: this machine's)"
    )


def add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare all of a window."""
    add_scope_arguments(parser)
    parser.add_argument(
        "--service",
        dest="services",
        metavar="S",
        action="append",
        default=[],
        help="only this service of those servers; may be given several times",
    )
    parser.add_argument(
        "--start",
        metavar="WHEN",
        help="such as 2026-12-05T02:00, 'Sat 2026-12-05 02:00', now or +2h",
    )
    parser.add_argument("--minutes", type=int, metavar="N", help="how long it lasts")
    parser.add_argument("--repeat", choices=REPEATS, help="how it repeats")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every N of these")
    parser.add_argument(
        "--on", default="", metavar="DAYS", help="with weekly: more weekdays, such as mon,thu"
    )
    parser.add_argument("--until", metavar="DATE", help="the last day on which it may begin")
    parser.add_argument(
        "--clock-change",
        choices=[WallChoice.EARLIER.value, WallChoice.LATER.value],
        default="",
        help="which instant is meant by a time that a change of the clocks skips or doubles",
    )
    parser.add_argument("--notice", default="", help="where customers are told: a link or a text")
    parser.add_argument("--notes", default="", help="for colleagues")


def read_window(store: Store, arguments: argparse.Namespace, title: str, now: datetime) -> Window:
    """Give the window that the command line plans.

    Raises:
        ConsoleError: something is missing or cannot be; the sentence says what to give.
    """
    if not arguments.start or arguments.minutes is None:
        raise UsageError("Give --start and --minutes; `window slot` proposes quiet times.")
    zone_name = arguments.zone or own_zone()
    choice = WallChoice(arguments.clock_change)
    servers, groups = read_scope(store, arguments)
    return Window(
        title=title,
        servers=tuple(server.id for server in servers),
        groups=groups,
        services=tuple(dict.fromkeys(arguments.services)),
        starts_at=parse_start(arguments.start, zone_of(zone_name), choice, now),
        minutes=arguments.minutes,
        zone=zone_name,
        recurrence=read_recurrence(
            arguments.repeat,
            arguments.every,
            [word for word in arguments.on.split(",") if word],
            arguments.until,
        ),
        wall_choice=choice,
        notice=arguments.notice,
        notes=arguments.notes,
        entered_by=own_name(),
        entered_at=now,
    )


def read_scope(store: Store, arguments: argparse.Namespace) -> tuple[list[Server], tuple[str, ...]]:
    """Give the servers and groups that were named.

    Raises:
        ConsoleError: there is no server or group of that name, or none was named.
    """
    servers = [get_server(store, name) for name in dict.fromkeys(arguments.servers)]
    groups = tuple(dict.fromkeys(arguments.groups))
    if groups:
        known = {group for server in list_servers(store) for group in server.groups}
        for group in groups:
            known_or_near(group, known, "There is no group called")
    if not servers and not groups:
        raise UsageError("Name the servers with --server or --group.")
    return servers, groups


def finding_lines(findings: Iterable[Finding]) -> list[str]:
    """Give what the proof-reader found, a line each."""
    marks = {Weight.REFUSES: "must be mended", Weight.WARNS: "look", Weight.TELLS: "note"}
    return [f"{marks[finding.weight]}: {inert(finding.words)}" for finding in findings]


def finding_json(finding: Finding) -> dict[str, str]:
    """Give a finding as plain values."""
    return {"key": finding.key, "weight": finding.weight.value, "words": finding.words}


def window_lines(window: Window, servers: Sequence[Server]) -> list[str]:
    """Give one window, a line a field."""
    first = Occurrence(window=window, planned_start=window.starts_at)
    told = {
        "Window": str(window.id) if window.id else "not entered",
        "Title": inert(window.title),
        "For": inert(scope_words(window, servers)),
        "Servers now": str(len(covered_servers(window.servers, window.groups, servers))),
        "First": f"{span_words(first)} ({window.minutes} min, {window.zone})",
        "Repeats": repeat_words(window),
        "Notice": inert(window.notice) or "none",
        "Notes": inert(window.notes),
        "Entered": f"by {inert(window.entered_by)} at {iso(window.entered_at)}",
    }
    if window.cancelled_at is not None:
        told["Cancelled"] = f"by {inert(window.cancelled_by)} at {iso(window.cancelled_at)}"
    return [f"{name:<12}  {words}" for name, words in told.items() if words]


def window_json(window: Window, servers: Sequence[Server]) -> dict[str, Any]:
    """Give one window as plain values."""
    names = {server.id: server.name for server in servers}
    return {
        "id": window.id,
        "title": window.title,
        "servers": [names.get(one, f"#{one}") for one in window.servers],
        "groups": list(window.groups),
        "services": list(window.services),
        "starts_at": iso(window.starts_at),
        "minutes": window.minutes,
        "zone": window.zone,
        "recurrence": recurrence_to_json(window.recurrence),
        "clock_change": window.wall_choice.value,
        "notice": window.notice,
        "notes": window.notes,
        "entered_by": window.entered_by,
        "entered_at": iso(window.entered_at),
        "cancelled_by": window.cancelled_by,
        "cancelled_at": iso(window.cancelled_at) if window.cancelled_at else None,
    }


def occurrence_json(occurrence: Occurrence, now: datetime) -> dict[str, Any]:
    """Give one occurrence as plain values."""
    run, booked = occurrence.run, occurrence.booked

    def told(moment: datetime | None) -> str | None:
        return iso(moment) if moment else None

    return {
        "window": occurrence.window.id,
        "title": occurrence.window.title,
        "stage": occurrence.stage(now).value,
        "planned_start": iso(occurrence.planned_start),
        "planned_end": iso(occurrence.planned_end),
        "started_at": told(run.started_at) if run else None,
        "started_by": run.started_by if run else "",
        "ended_at": told(run.ended_at) if run else None,
        "ended_by": run.ended_by if run else "",
        "extended_to": told(run.extended_to) if run else None,
        "extended_by": run.extended_by if run else "",
        "seen_down_at": told(run.seen_down_at) if run else None,
        "seen_up_at": told(run.seen_up_at) if run else None,
        "booked": [iso(booked[0]), iso(booked[1])] if booked else None,
        "overrun_s": overrun_ms(occurrence, now) / 1000,
    }
