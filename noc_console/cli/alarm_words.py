"""Alarms as the command line prints them: a name in a line, and JSON. Pure: no I/O, no clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import inert
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, AlarmEvent

MANY = "many servers"


def server_name(alarm: Alarm, servers: Mapping[int, Server]) -> str:
    """Give the name of an alarm's server; a group alarm has many."""
    if alarm.server_id is None:
        return MANY
    server = servers.get(alarm.server_id)
    return inert(server.name) if server is not None else f"server {alarm.server_id}"


def name_of(alarm: Alarm, servers: Mapping[int, Server]) -> str:
    """Give an alarm in a few words."""
    return f"{server_name(alarm, servers)}: {inert(alarm.words)}"


def alarm_to_json(alarm: Alarm, servers: Mapping[int, Server]) -> dict[str, Any]:
    """Give an alarm as JSON knows it; moments are ISO 8601 in UTC, what is not there is null."""
    noted, claimed, shelf = alarm.acknowledged, alarm.claimed, alarm.shelved
    server = servers.get(alarm.server_id) if alarm.server_id is not None else None
    return {
        "id": alarm.id,
        "server": server.name if server is not None else None,
        "key": alarm.key,
        "severity": alarm.verdict.value,
        "state": alarm.state.value,
        "words": alarm.words,
        "raised_at": iso(alarm.raised_at),
        "returned_at": _iso(alarm.returned_at),
        "cleared_at": _iso(alarm.cleared_at),
        "times": alarm.times,
        "acknowledged": noted
        and {
            "by": noted.by,
            "at": iso(noted.at),
            "reason": noted.reason,
            "until": _iso(noted.until),
        },
        "claimed": claimed and {"by": claimed.by, "at": iso(claimed.at)},
        "shelved": shelf
        and {
            "by": shelf.by,
            "at": iso(shelf.at),
            "reason": shelf.reason,
            "until": iso(shelf.until),
        },
        "latched": alarm.is_latched,
        "muted_by_window": alarm.is_muted,
        "follows_from": alarm.cause_id,
    }


def event_to_json(event: AlarmEvent) -> dict[str, Any]:
    """Give an event as JSON knows it; `by` is null where the console itself did it."""
    return {
        "at": iso(event.at),
        "event": event.kind.value,
        "by": event.by or None,
        "severity": event.verdict.value,
        "words": event.words,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
