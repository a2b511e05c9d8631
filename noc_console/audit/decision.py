"""What a person decided about a finding, or answered to a question. Pure: no I/O, no clock."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


class DecisionKind(Enum):
    """What can be decided."""

    FIXED = "fixed"
    ACCEPTED = "accepted"
    """An exception: with a reason, and until a day."""
    FALSE = "false"
    """The check is wrong here, and why."""
    TASK = "task"
    """Somebody mends it, until a day."""
    ANSWERED = "answered"
    """A question asked of people, or a critical check that was not measured, and why that is so."""
    REOPENED = "reopened"
    """An earlier decision is taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision. The newest for a finding holds. `item` is empty for a check as a whole.

    `until` is the last day of an exception, or the day a task is due.
    """

    id: int
    audit_id: int
    server_id: int
    check_id: str
    item: str
    kind: DecisionKind
    reason: str
    until: date | None
    owner: str
    by: str
    at: datetime
