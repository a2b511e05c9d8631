"""What a person decided about a finding, or answered to a question. Pure: no I/O, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from noc_console.errors import ConsoleError

LONGEST_REASON = 2000

Key = tuple[int, str, str]
"""Server, check, item; an empty check means the whole server, an empty item the whole check.

The server `WHOLE_AUDIT` with the words of a step as its check means that step on all servers.
"""

WHOLE_AUDIT = 0
"""No server has this number."""


class InvalidDecision(ConsoleError):
    """A decision that lacks something; the sentence says what."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One decision that a person wants to take about some findings."""

    kind: DecisionKind
    keys: tuple[Key, ...]
    reason: str = ""
    owner: str = ""
    until: date | None = None


def check_decision(wanted: Wanted, today: date) -> None:
    """Refuse a decision that nobody could follow later.

    Raises:
        InvalidDecision: what is missing, and what to give.
    """
    kind, reason, until = wanted.kind, wanted.reason, wanted.until
    wants_reason = {DecisionKind.ACCEPTED, DecisionKind.FALSE, DecisionKind.ANSWERED}
    if kind in wants_reason and not reason.strip():
        raise InvalidDecision(f"Give a reason: “{kind.value}” is read again by whoever comes next.")
    if len(reason) > LONGEST_REASON:
        raise InvalidDecision(f"A reason holds at most {LONGEST_REASON} characters; shorten it.")
    if kind is DecisionKind.TASK and not wanted.owner.strip():
        raise InvalidDecision("Say who does it: a task has an owner.")
    if kind in {DecisionKind.ACCEPTED, DecisionKind.TASK}:
        if until is None:
            raise InvalidDecision("Give a day: until when is it accepted, or when is it due?")
        if until < today:
            raise InvalidDecision(f"{until:%Y-%m-%d} is over; give a day to come.")


def answer_words(day: date, who: str, found: str, today: date) -> str:
    """Give the words of an answer to a question asked of people: when, who, and what was found.

    Raises:
        InvalidDecision: somebody is to have looked on a day to come.
    """
    if day > today:
        raise InvalidDecision(f"{day:%Y-%m-%d} is to come; give the day on which somebody looked.")
    return f"{day:%Y-%m-%d}, {who}: {found}" if found.strip() else ""


def standing(
    decisions: Iterable[Decision], before: Iterable[Decision] = (), today: date | None = None
) -> dict[Key, Decision]:
    """Give the decision that holds for each key.

    What was taken back is not among them. Of `before`, the decisions of the audits before in their
    order, an exception holds on until its last day.
    """
    found: dict[Key, Decision] = {}
    for one in before:
        found[one.server_id, one.check_id, one.item] = one
    found = {
        key: one
        for key, one in found.items()
        if one.kind is DecisionKind.ACCEPTED and one.until and today and one.until >= today
    }
    for one in decisions:
        found[one.server_id, one.check_id, one.item] = one
    return {key: one for key, one in found.items() if one.kind is not DecisionKind.REOPENED}
