"""What the answer desk says to a customer who calls, from facts only, and honest when unknown.

Pure: no I/O, no clock. The text to paste is for customers: it names no server, no figure and no
guess; what was said before is repeated word for word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from noc_console.fleet.inert import inert, inert_lines
from noc_console.health.verdict import Judgement, Verdict
from noc_console.incidents.answer_desk.site_index import FoundBy, Hit, hosts_of
from noc_console.incidents.incident.incident import Incident, IncidentEntry
from noc_console.incidents.times import clock_text, span_text
from noc_console.incidents.windows.window import Occurrence


class Standing(Enum):
    """Whether a customer is affected."""

    AFFECTED = "affected"
    TROUBLED = "in trouble"
    """The server is, and nobody opened an incident yet."""
    MAINTENANCE = "in maintenance"
    NOT_AFFECTED = "not affected"
    UNKNOWN = "not known"


_PRESSING = {standing: place for place, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known at this moment, by server id."""

    judgements: Mapping[int, Judgement]
    incidents: Mapping[int, Incident]
    """The incident that is not closed, for each server in one; the open before the resolved."""
    updates: Mapping[int, Sequence[IncidentEntry]]
    """What customers were told, by incident id, in order."""
    windows: Mapping[int, Occurrence]
    """The window that goes on, for each server in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: where, whether affected, since when, what was said, what to say, when more."""

    hit: Hit
    standing: Standing
    since: datetime | None
    words: str
    """For the person at the desk."""
    incident: Incident | None
    said: tuple[IncidentEntry, ...]
    next_update_at: datetime | None
    is_overdue: bool
    text: str
    """For the customer."""


def nothing_found(asked: str) -> str:
    """Say honestly that nobody here is known by that."""
    text = inert(" ".join(asked.split()), 120)
    hosts = hosts_of(text)
    if hosts:
        return f"No server here serves {hosts[0]}. Ask how the name is written, or who hosts it."
    return (
        f"No site, customer or server here is called “{text}”. Ask for the domain, or for how it"
        " is written; a part of it will do."
    )


def answers(hits: Sequence[Hit], known: Known, now: datetime) -> list[Answer]:
    """Give an answer for each hit, those who are affected first."""
    found = [_answer(hit, known, now) for hit in hits]
    return sorted(found, key=lambda one: _PRESSING[one.standing])


def _answer(hit: Hit, known: Known, now: datetime) -> Answer:
    server_id = hit.server.id
    incident = known.incidents.get(server_id)
    judgement = known.judgements.get(server_id)
    window = known.windows.get(server_id)
    standing, since = _standing(incident, judgement, window)
    said = tuple(known.updates.get(incident.id, ())) if incident is not None else ()
    due_at = incident.next_update_at if incident is not None else None
    return Answer(
        hit=hit,
        standing=standing,
        since=since,
        words=_words(hit, standing, since, incident, judgement, window, now),
        incident=incident,
        said=said,
        next_update_at=due_at,
        is_overdue=due_at is not None and due_at < now,
        text=_text(hit, standing, since, incident, said, window, now),
    )


def _standing(
    incident: Incident | None, judgement: Judgement | None, window: Occurrence | None
) -> tuple[Standing, datetime | None]:
    if incident is not None and incident.is_open:
        return Standing.AFFECTED, incident.began_at
    verdict = judgement.verdict if judgement is not None else Verdict.UNKNOWN
    since = judgement.since if judgement is not None else None
    if window is not None or verdict is Verdict.IN_MAINTENANCE:
        return Standing.MAINTENANCE, window.planned_start if window is not None else since
    if verdict in {Verdict.DOWN, Verdict.CUT_OFF}:
        return Standing.TROUBLED, since
    if verdict in {Verdict.STALE, Verdict.UNKNOWN}:
        return Standing.UNKNOWN, since
    return Standing.NOT_AFFECTED, since


def _words(
    hit: Hit,
    standing: Standing,
    since: datetime | None,
    incident: Incident | None,
    judgement: Judgement | None,
    window: Occurrence | None,
    now: datetime,
) -> str:
    parts = [_where(hit)]
    lasted = f" since {clock_text(since, now)} ({span_text(now - since)})" if since else ""
    if standing is Standing.AFFECTED and incident is not None:
        parts.append(f"Affected{lasted}: incident {incident.id}, {inert(incident.title)}.")
        parts.append(_clock(incident, now))
    elif standing is Standing.TROUBLED:
        parts.append(f"The server is {_verdict(judgement)}{lasted}; no incident is open for it.")
    elif standing is Standing.MAINTENANCE:
        until = f" until {clock_text(window.planned_end, now)}" if window is not None else ""
        title = f" ({inert(window.window.title)})" if window is not None else ""
        parts.append(f"Planned maintenance{lasted}{until}{title}.")
    elif standing is Standing.UNKNOWN:
        parts.append(f"We do not know how it stands: {_verdict(judgement)}{lasted}.")
    else:
        parts.append(f"Not affected: the server is {_verdict(judgement)}{lasted}.")
    if incident is not None and not incident.is_open and incident.resolved_at is not None:
        parts.append(
            f"It was in incident {incident.id}, resolved {clock_text(incident.resolved_at, now)}."
        )
    return " ".join(part for part in parts if part)


def _where(hit: Hit) -> str:
    name = inert(hit.server.name)
    if hit.site is None:
        sites = len(hit.server.sites)
        return f"{name} carries {sites} site{'' if sites == 1 else 's'}."
    whose = f" of {inert(hit.site.customer)}" if hit.site.customer else ""
    near = " (found by a domain above what was asked)" if hit.by is FoundBy.PARENT else ""
    return f"{inert(hit.site.domain)}{whose} is on {name}{near}."


def _verdict(judgement: Judgement | None) -> str:
    if judgement is None:
        return "never looked at"
    reason = judgement.words[0] if judgement.words else ""
    return f"{judgement.verdict.value}{f' ({inert(reason)})' if reason else ''}"


def _clock(incident: Incident, now: datetime) -> str:
    overdue = incident.overdue_by(now)
    if overdue is not None:
        return f"The next update is OVERDUE by {span_text(overdue)}."
    if incident.next_update_at is None:
        return "No further update is promised."
    return f"The next update is due {clock_text(incident.next_update_at, now)}."


def _text(
    hit: Hit,
    standing: Standing,
    since: datetime | None,
    incident: Incident | None,
    said: Sequence[IncidentEntry],
    window: Occurrence | None,
    now: datetime,
) -> str:
    """What a customer may be told. A promise that has passed is not repeated."""
    what = inert(hit.site.domain) if hit.site is not None else "your service"
    lines = []
    if standing is Standing.AFFECTED and since is not None:
        lines.append(
            f"{_begin(what)} has been affected by a disturbance since {clock_text(since, now)}."
        )
        lines.append("We are working on it.")
    elif standing is Standing.TROUBLED:
        lines.append(f"We see a disturbance that may affect {what}, and are looking into it now.")
    elif standing is Standing.MAINTENANCE:
        until = f", until {clock_text(window.planned_end, now)}" if window is not None else ""
        lines.append(f"{_begin(what)} is under planned maintenance{until}.")
    elif standing is Standing.UNKNOWN:
        lines.append(f"We cannot see at this moment how {what} stands, and are looking into it.")
    else:
        lines.append(f"We see no disturbance of {what} at this moment.")
    if incident is not None and said:
        lines.append(f"Our last word, {clock_text(said[-1].at, now)}:")
        lines += inert_lines(said[-1].words)
    due_at = incident.next_update_at if incident is not None else None
    if due_at is not None and due_at > now:
        lines.append(f"You will hear from us again by {clock_text(due_at, now)}.")
    return "\n".join(lines)


def _begin(what: str) -> str:
    return f"{what[0].upper()}{what[1:]}" if what.startswith("your ") else what
