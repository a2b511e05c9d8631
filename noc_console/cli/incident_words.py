"""Incidents as JSON and as lines for a terminal. No clock: `now` is an argument."""

import argparse
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import inert
from noc_console.incidents.incident.incident import Incident, IncidentEntry, Role
from noc_console.incidents.incident.incident_facts import IncidentFacts
from noc_console.incidents.incident.timeline import Moment
from noc_console.incidents.times import local_text, span_text


def add_number(parser: argparse.ArgumentParser) -> None:
    """Declare which incident, and the form of the answer."""
    parser.add_argument("incident", metavar="ID", type=int, help="the incident's number")
    parser.add_argument("--json", action="store_true", help="print JSON")


def incident_to_json(one: Incident, now: datetime) -> dict[str, Any]:
    """Give an incident as plain values; `null` where something did not happen."""
    overdue = one.overdue_by(now)
    return {
        "id": one.id,
        "title": one.title,
        "severity": one.severity.value,
        "state": one.state.value,
        "began": iso(one.began_at),
        "opened": {"at": iso(one.opened_at), "by": one.opened_by},
        "resolved": _done(one.resolved_at, one.resolved_by),
        "closed": _done(one.closed_at, one.closed_by),
        "roles": {role.value: one.holder(role) or None for role in Role},
        "next_update": None if one.next_update_at is None else iso(one.next_update_at),
        "overdue_s": None if overdue is None else round(overdue.total_seconds()),
        "update_every_s": round(one.update_every.total_seconds()),
        "cause": one.cause or None,
        "lessons": one.lessons or None,
        "servers": list(one.server_ids),
        "alarms": list(one.alarm_ids),
    }


def facts_to_json(facts: IncidentFacts, now: datetime) -> dict[str, Any]:
    """Give all that is known of an incident as plain values."""
    timeline = facts.timeline()
    return {
        **incident_to_json(facts.incident, now),
        "affected": [
            {
                "server": one.name,
                "sites": [{"domain": s.domain, "customer": s.customer} for s in one.sites],
            }
            for one in facts.affected
        ],
        "timeline": [moment_to_json(one) for one in timeline.moments],
        "left_out": timeline.left_out,
        "evidence": [
            {
                "id": one.id,
                "server": one.server_name,
                "state": one.state.value,
                "sha256": one.digest,
            }
            for one in facts.recordings
        ],
    }


def entry_to_json(one: IncidentEntry) -> dict[str, Any]:
    """Give what was written as plain values."""
    return {
        "id": one.id,
        "incident": one.incident_id,
        "kind": one.kind.value,
        "at": iso(one.at),
        "written": iso(one.written_at),
        "by": one.by,
        "words": one.words,
        "next_update": None if one.due_at is None else iso(one.due_at),
    }


def clock_words(one: Incident, now: datetime) -> str:
    """Give when customers hear again, for a cell."""
    overdue = one.overdue_by(now)
    if overdue is not None:
        return f"OVERDUE {span_text(overdue)}"
    if one.next_update_at is None or one.is_closed:
        return "-"
    return f"in {span_text(one.next_update_at - now)}"


def facts_lines(facts: IncidentFacts, now: datetime) -> list[str]:
    """Give all that is known of an incident as lines."""
    one = facts.incident
    people = ", ".join(f"{role.value} {inert(one.holder(role)) or 'nobody'}" for role in Role)
    sites = sum(len(affected.sites) for affected in facts.affected)
    lasts = f"{'lasts' if one.is_open else 'lasted'} {span_text(one.lasted(now))}"
    lines = [
        f"Incident {one.id}: {inert(one.title)}",
        f"{one.severity.value}, {one.state.value}; began {local_text(one.began_at)}, {lasts}",
        f"People: {people}",
        f"Next update: {clock_words(one, now)}",
        f"Affected: {len(facts.affected)} servers, {sites} sites: "
        + ", ".join(inert(affected.name) for affected in facts.affected[:20]),
        f"Cause: {inert(one.cause) or 'not filled in'}",
        f"Lessons: {inert(one.lessons) or 'not filled in'}",
        "",
    ]
    timeline = facts.timeline()
    lines += [moment_line(moment) for moment in timeline.moments]
    if timeline.left_out:
        lines.append(f"... and {timeline.left_out} more facts; --json has as many.")
    return lines


def print_incident(one: Incident, sentence: str, *, as_json: bool, now: datetime) -> None:
    """Print what became of an incident."""
    print(json.dumps(incident_to_json(one, now)) if as_json else inert(sentence))


def print_entry(one: IncidentEntry, sentence: str, *, as_json: bool) -> None:
    """Print what was written."""
    print(json.dumps(entry_to_json(one)) if as_json else inert(sentence))


def words_of(arguments: argparse.Namespace) -> str:
    """Give the words that were typed behind a command, as one text."""
    typed: Sequence[str] = arguments.words
    return " ".join(typed)


def _done(at: datetime | None, by: str) -> dict[str, str] | None:
    return None if at is None else {"at": iso(at), "by": by}


def moment_to_json(one: Moment) -> dict[str, Any]:
    """Give one fact of a timeline as plain values."""
    return {
        "at": iso(one.at),
        "source": one.source.value,
        "words": one.words,
        "by": one.by or None,
        "server": one.server_id,
        "link": one.link or None,
    }


def moment_line(one: Moment) -> str:
    """Give one fact of a timeline as a line."""
    who = f"  ({inert(one.by)})" if one.by else ""
    return f"{local_text(one.at)}  {one.source.value:<9} {inert(one.words)}{who}"
