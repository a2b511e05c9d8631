"""An alarm, its life after ISA-18.2, and what befell it. Pure: no I/O, no clock.

One alarm is one condition (`key`) of one server, or of many at once (a group alarm, `server_id`
None). It is raised, gets worse or better, and is cleared when the condition is gone for long
enough; a person acknowledges, claims, shelves or latches it. Whatever befalls it is an event.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from noc_console.health.verdict import Verdict

ALARM_DAYS = 800
"""For how long alarms that are over are kept, unless a person says otherwise: two years and more.
"""


class AlarmState(Enum):
    """Where an alarm stands for the people at the desks, the most pressing first."""

    RAISED = "raised"
    """It waits for a person."""
    RETURNED = "returned"
    """The condition is gone, but the alarm is latched: it waits for a person's acknowledgement."""
    ACKNOWLEDGED = "acknowledged"
    SHELVED = "shelved"
    """A person put it aside until a moment."""
    SUPPRESSED = "suppressed"
    """It follows from another alarm, or a window mutes it: nobody needs to look at it."""
    CLEARED = "cleared"

    @property
    def needs_person(self) -> bool:
        """Whether it waits for somebody to take note of it."""
        return self is AlarmState.RAISED or self is AlarmState.RETURNED


class AlarmEventKind(Enum):
    """What may befall an alarm."""

    RAISED = "raised"
    RAISED_AGAIN = "raised again"
    """It had been cleared shortly before: the same alarm, not another one."""
    WORSE = "worse"
    BETTER = "better"
    CHATTERING = "chattering"
    """It came and went so many times by now."""
    SUPPRESSED = "suppressed"
    STANDS_ALONE = "stands alone"
    """What it followed from is over, or the window is, and it is still there."""
    MUTED = "muted"
    RETURNED = "returned"
    CLEARED = "cleared"
    ACKNOWLEDGED = "acknowledged"
    ACKNOWLEDGEMENT_ENDED = "acknowledgement ended"
    CLAIMED = "claimed"
    RELEASED = "released"
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    LATCHED = "latched"
    UNLATCHED = "unlatched"

    @property
    def calls_person(self) -> bool:
        """Whether it asks for a person: what is counted against EEMUA 191's targets."""
        return self in _CALLS


_CALLS = frozenset(
    {
        AlarmEventKind.RAISED,
        AlarmEventKind.RAISED_AGAIN,
        AlarmEventKind.WORSE,
        AlarmEventKind.STANDS_ALONE,
        AlarmEventKind.ACKNOWLEDGEMENT_ENDED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Somebody took note: who, when, why, and until when that holds (None: until it is worse)."""

    by: str
    at: datetime
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody is on it, since when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Put aside: by whom, when, until when, why."""

    by: str
    at: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm as it stands. Its words may quote a server: make them inert where they are shown.

    `server_id` is None for a group alarm; `key` is the key of the reason that raised it.
    """

    id: int
    server_id: int | None
    key: str
    verdict: Verdict
    words: str
    raised_at: datetime
    times: int = 1
    """How often it came: more than once when it chatters."""
    returned_at: datetime | None = None
    """Since when the condition is gone, of a latched alarm that is still open."""
    cleared_at: datetime | None = None
    acknowledged: Acknowledgement | None = None
    claimed: Claim | None = None
    shelved: Shelf | None = None
    is_latched: bool = False
    is_muted: bool = False
    """A window mutes it."""
    cause_id: int | None = None
    """The alarm from which this one follows."""

    @property
    def state(self) -> AlarmState:
        """Where it stands. An expired mark is taken off by the engine within seconds."""
        if self.cleared_at is not None:
            return AlarmState.CLEARED
        if self.shelved is not None:
            return AlarmState.SHELVED
        if self.is_muted or self.cause_id is not None:
            return AlarmState.SUPPRESSED
        if self.acknowledged is not None:
            return AlarmState.ACKNOWLEDGED
        return AlarmState.RAISED if self.returned_at is None else AlarmState.RETURNED

    @property
    def is_open(self) -> bool:
        """Whether it is not cleared."""
        return self.cleared_at is None

    @property
    def needs_person(self) -> bool:
        """Whether it waits for somebody to take note of it."""
        return self.state.needs_person


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmEvent:
    """Something that befell an alarm; `by` is empty where nobody but the console did it."""

    id: int
    alarm_id: int
    kind: AlarmEventKind
    at: datetime
    by: str
    words: str
    verdict: Verdict
    """The alarm's verdict after it."""


_STATES = tuple(AlarmState)


def pressing_order(alarm: Alarm) -> tuple[int, int, float, int]:
    """Give a key to sort by, worst first: who waits for a person, then how bad, then the newest."""
    place = 0 if alarm.needs_person else _STATES.index(alarm.state)
    return (place, alarm.verdict.urgency, -alarm.raised_at.timestamp(), -alarm.id)
