"""What an incident is: how bad, whom it affects, who does what, and when customers hear again.

Pure: no I/O, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from noc_console.errors import ConsoleError
from noc_console.fleet.server import Site

MAX_TITLE = 200
MAX_WORDS = 8000
MAX_NAME = 120
UPDATE_EVERY = timedelta(minutes=30)
"""How soon customers hear again, unless a person says otherwise."""
LONGEST_PROMISE = timedelta(days=30)


class InvalidIncident(ConsoleError):
    """Words of an incident that cannot be right; the sentence says what to write instead."""


class UnknownIncident(ConsoleError):
    """There is no incident of that number."""


class NotNow(ConsoleError):
    """Something that cannot be done with an incident as it stands; the sentence says why."""


class Severity(Enum):
    """How bad an incident is for customers, the worst first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"

    @property
    def meaning(self) -> str:
        """When a person chooses it."""
        return _MEANINGS[self]

    @property
    def urgency(self) -> int:
        """0 is the worst."""
        return list(Severity).index(self)


_MEANINGS = {
    Severity.CRITICAL: "many customers are without a service",
    Severity.MAJOR: "some customers are without a service, or all have a slow one",
    Severity.MINOR: "few notice, or it can still be turned",
}


class IncidentState(Enum):
    """Where an incident stands."""

    OPEN = "open"
    RESOLVED = "resolved"
    """The service is back; what is promised to customers still holds."""
    CLOSED = "closed"
    """Nothing more is due."""


class Role(Enum):
    """Who does what in an incident."""

    LEAD = "lead"
    COMMUNICATOR = "communicator"
    SCRIBE = "scribe"

    @property
    def task(self) -> str:
        """What who holds it does."""
        return _TASKS[self]


_TASKS = {
    Role.LEAD: "decides, and is asked",
    Role.COMMUNICATOR: "tells customers, in time",
    Role.SCRIBE: "writes down what is done",
}


class EntryKind(Enum):
    """What was written to an incident, by a person or by what a person did."""

    OPENED = "opened"
    NOTE = "note"
    UPDATE = "update"
    """What customers were told."""
    CHANGED = "changed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEntry:
    """One thing written: when it happened (`at`), when it was written, who, and in what words.

    `due_at` is when customers were promised to hear again, with an update that promised it.
    """

    id: int
    incident_id: int
    kind: EntryKind
    at: datetime
    written_at: datetime
    by: str
    words: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedServer:
    """A server in an incident, with the sites that were on it then."""

    server_id: int
    name: str
    sites: tuple[Site, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident as it stands. `began_at` is when customers began to be affected."""

    id: int
    title: str
    severity: Severity
    state: IncidentState
    began_at: datetime
    opened_at: datetime
    opened_by: str
    resolved_at: datetime | None = None
    resolved_by: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    lead: str = ""
    communicator: str = ""
    scribe: str = ""
    next_update_at: datetime | None = None
    update_every: timedelta = UPDATE_EVERY
    cause: str = ""
    """As people found it; empty until they fill it in."""
    lessons: str = ""
    server_ids: tuple[int, ...] = ()
    alarm_ids: tuple[int, ...] = ()

    def holder(self, role: Role) -> str:
        """Give who holds a role; empty when nobody does."""
        held = {
            Role.LEAD: self.lead,
            Role.COMMUNICATOR: self.communicator,
            Role.SCRIBE: self.scribe,
        }
        return held[role]

    @property
    def is_open(self) -> bool:
        """Whether the service is not back yet."""
        return self.state is IncidentState.OPEN

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is due."""
        return self.state is IncidentState.CLOSED

    def overdue_by(self, now: datetime) -> timedelta | None:
        """Give for how long customers have waited for a promised update; None when they have not.

        What was promised holds until it is told or the incident is closed, resolved or not.
        """
        if self.next_update_at is None or self.is_closed or now <= self.next_update_at:
            return None
        return now - self.next_update_at

    def lasted(self, now: datetime) -> timedelta:
        """Give how long customers were affected, until it was resolved or until now."""
        return max(timedelta(), (self.resolved_at or self.closed_at or now) - self.began_at)


def in_order_of_need(incidents: Sequence[Incident], now: datetime) -> list[Incident]:
    """Give incidents as they need a person: open first, the longest overdue first, the worst first.

    Those that are closed come last, the newest first.
    """

    def need(one: Incident) -> tuple[float, ...]:
        overdue = one.overdue_by(now)
        return (
            list(IncidentState).index(one.state),
            -overdue.total_seconds() if overdue is not None else 0.0,
            0.0 if one.is_closed else one.severity.urgency,
            -one.opened_at.timestamp(),
            -one.id,
        )

    return sorted(incidents, key=need)


def checked_title(title: str) -> str:
    """Give a title without blanks around it.

    Raises:
        InvalidIncident: it is empty, too long or not one line.
    """
    kept = title.strip()
    if not kept or len(kept) > MAX_TITLE or not kept.isprintable():
        raise InvalidIncident(
            f"Give the incident a title of one line, 1 to {MAX_TITLE} characters long."
        )
    return kept


def checked_name(name: str) -> str:
    """Give a person's name without blanks around it; empty means nobody.

    Raises:
        InvalidIncident: it is too long or not one line.
    """
    kept = name.strip()
    if len(kept) > MAX_NAME or (kept and not kept.isprintable()):
        raise InvalidIncident(f"Write a person's name in one line of at most {MAX_NAME} letters.")
    return kept


def checked_words(words: str, what: str) -> str:
    """Give a note or an update without blanks around it.

    Raises:
        InvalidIncident: it is empty or too long; the sentence names `what`.
    """
    kept = words.strip()
    if not kept:
        raise InvalidIncident(f"Write something: an empty {what} says nothing.")
    if len(kept) > MAX_WORDS:
        raise InvalidIncident(f"The {what} is too long; keep it under {MAX_WORDS} characters.")
    return kept


def checked_promise(due_at: datetime, now: datetime) -> datetime:
    """Give a time at which customers are promised to hear again.

    Raises:
        InvalidIncident: it has passed, or is too far ahead to be meant.
    """
    if due_at <= now:
        raise InvalidIncident("The next update must be due after now; choose a later time.")
    if due_at - now > LONGEST_PROMISE:
        raise InvalidIncident(
            f"The next update is promised at most {LONGEST_PROMISE.days} days ahead."
        )
    return due_at
