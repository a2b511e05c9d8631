"""A post-mortem drafted from facts only: figures, timeline, whom it affected, evidence, words said.

Pure: no I/O, no clock. What only people know (cause, lessons) is theirs to fill in; where they did
not, the draft says so. Nothing is guessed: a figure that is not known is told as not known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.health.alarm import AlarmEvent, AlarmEventKind
from noc_console.health.delivery.recipient import WAKING
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.gate.gate import GateAct
from noc_console.incidents.incident.incident import (
    AffectedServer,
    EntryKind,
    Incident,
    IncidentEntry,
    Role,
)
from noc_console.incidents.incident.incident_facts import IncidentFacts
from noc_console.incidents.incident.timeline import Timeline

_RAISED = {AlarmEventKind.RAISED, AlarmEventKind.RAISED_AGAIN, AlarmEventKind.WORSE}
_TAKEN = {AlarmEventKind.CLAIMED, AlarmEventKind.ACKNOWLEDGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One figure of the summary: what, when (None: it did not happen), and how long after."""

    title: str
    at: datetime | None
    after: timedelta | None = None
    """Since it was detected; None for what came before or never."""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What customers were told, when they were promised to hear again, and whether they did.

    `late_by` is zero where the promise was kept, None where there was none or it is still open.
    """

    entry: IncidentEntry
    late_by: timedelta | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspected:
    """One suspect of a recording, in words, with the lines that show it."""

    recording_id: int
    place: int
    words: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A graph as a PNG, with its caption."""

    caption: str
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PostMortem:
    """All that a report of an incident says."""

    incident: Incident
    drafted_at: datetime
    lasted: timedelta
    is_over: bool
    milestones: Sequence[Milestone]
    people: Sequence[tuple[str, str]]
    """Role and who held it; empty for nobody."""
    affected: Sequence[AffectedServer]
    sites: int
    customers: int
    said: Sequence[Said]
    timeline: Timeline
    acts: Sequence[GateAct]
    recordings: Sequence[Recording]
    suspects: Sequence[Suspected] = ()
    suspects_words: str = ""
    """Why there is no suspect, where there is none."""
    pictures: Sequence[Picture] = ()
    not_watched: timedelta = timedelta()


def draft_post_mortem(
    facts: IncidentFacts,
    *,
    suspects: Sequence[Suspected] = (),
    suspects_words: str = "",
    pictures: Sequence[Picture] = (),
) -> PostMortem:
    """Give the post-mortem of what is known of an incident."""
    incident = facts.incident
    sites = {site.domain for one in facts.affected for site in one.sites}
    customers = {site.customer for one in facts.affected for site in one.sites if site.customer}
    return PostMortem(
        incident=incident,
        drafted_at=facts.read_at,
        lasted=incident.lasted(facts.read_at),
        is_over=incident.resolved_at is not None,
        milestones=_milestones(facts),
        people=[(role.value, incident.holder(role)) for role in Role],
        affected=facts.affected,
        sites=len(sites),
        customers=len(customers),
        said=said_in(facts),
        timeline=facts.timeline(),
        acts=facts.acts,
        recordings=facts.recordings,
        suspects=suspects,
        suspects_words=suspects_words,
        pictures=pictures,
        not_watched=_absent(facts),
    )


def _milestones(facts: IncidentFacts) -> list[Milestone]:
    incident = facts.incident
    own = [one for one in facts.alarms.values() if one.id in incident.alarm_ids]
    raised = min((one.raised_at for one in own), default=None)
    detected_at = raised if raised is not None else incident.opened_at
    taken_at = min((one.at for one in facts.events if one.kind in _TAKEN), default=None)
    updates = [one.at for one in facts.entries if one.kind is EntryKind.UPDATE]
    evidence_at = min((one.started_at for one in facts.recordings), default=None)
    began = "taken from the first alarm" if incident.began_at == raised else ""
    danger_at = min(
        (one.at for one in facts.events if one.alarm_id in incident.alarm_ids and _is_danger(one)),
        default=None,
    )
    steps = (
        ("Customers affected since", incident.began_at, began),
        ("Detected", detected_at, "" if raised is not None else "by a person: no alarm was raised"),
        ("Cut off or down since", danger_at, "" if danger_at else "it never came to that"),
        ("Somebody took it on", taken_at, "" if taken_at else "nobody claimed an alarm"),
        ("Incident opened", incident.opened_at, f"by {incident.opened_by}"),
        (
            "First word to customers",
            min(updates, default=None),
            "" if updates else "customers were told nothing",
        ),
        (
            "Evidence from",
            evidence_at,
            "" if evidence_at is not None else "the flight recorder kept none",
        ),
        ("Resolved", incident.resolved_at, _by(incident.resolved_at, incident.resolved_by)),
        ("Closed", incident.closed_at, _by(incident.closed_at, incident.closed_by)),
    )
    return [
        Milestone(title=title, at=at, after=_after(at, detected_at), words=words)
        for title, at, words in steps
    ]


def _is_danger(event: AlarmEvent) -> bool:
    return event.verdict in WAKING and event.kind in _RAISED


def _by(at: datetime | None, who: str) -> str:
    return f"by {who}" if at is not None else "not yet"


def _after(at: datetime | None, detected_at: datetime) -> timedelta | None:
    return at - detected_at if at is not None and at >= detected_at else None


def said_in(facts: IncidentFacts) -> list[Said]:
    """Give what customers were told, in order, and whether what was promised was kept."""
    updates = [one for one in facts.entries if one.kind is EntryKind.UPDATE]
    return [
        _kept(one, updates[place + 1 :], facts.incident, facts.read_at)
        for place, one in enumerate(updates)
    ]


def _kept(
    one: IncidentEntry, later: Iterable[IncidentEntry], incident: Incident, now: datetime
) -> Said:
    if one.due_at is None:
        return Said(entry=one, words="nothing was promised")
    heard_at = next((other.at for other in later), None)
    if heard_at is None and incident.closed_at is not None and incident.closed_at <= one.due_at:
        return Said(entry=one, words="closed before it was due")
    if heard_at is None and now <= one.due_at:
        return Said(entry=one, words="not due yet")
    late_by = max(timedelta(), (heard_at or now) - one.due_at)
    if heard_at is None:
        return Said(entry=one, late_by=late_by, words="not kept so far")
    return Said(entry=one, late_by=late_by, words="kept" if not late_by else "kept late")


def _absent(facts: IncidentFacts) -> timedelta:
    """Give for how long nobody watched while customers were affected."""
    began_at, over_at = facts.incident.began_at, facts.incident.resolved_at or facts.read_at
    spans = [
        min(end, over_at) - max(start, began_at)
        for start, end in facts.absences
        if min(end, over_at) > max(start, began_at)
    ]
    return sum(spans, timedelta())
