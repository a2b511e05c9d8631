"""Work planned for a finding: what its check came to before and after. Pure: no I/O, no clock.

Customers are told of the work by a notice. When the work is over, the check is asked again: by
itself, some times, because a server may still be coming back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from noc_console.audit.decision import Key
from noc_console.audit.finding import CheckResult, Result, worst

MOST_TRIES = 3
AGAIN_AFTER = timedelta(minutes=15)


class WorkStage(Enum):
    """Where the work stands that a notice tells of."""

    AHEAD = "ahead"
    """It is not over: planned, going on, or not approved."""
    OVER = "over"
    CALLED_OFF = "called off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """One finding that is to be mended in the work of a notice."""

    id: int
    audit_id: int
    server_id: int
    check_id: str
    item: str
    notice_id: int
    by: str
    at: datetime
    before_result: Result
    before_sentence: str
    tries: int
    """How often it was asked to look again after the work."""
    asked_at: datetime | None
    after_result: Result | None
    after_sentence: str
    after_at: datetime | None

    @property
    def key(self) -> Key:
        """Give the finding it is for."""
        return self.server_id, self.check_id, self.item

    @property
    def is_settled(self) -> bool:
        """Whether it is known what came of the work."""
        return self.after_result not in {None, Result.NOT_MEASURED}


def is_due(one: Mending, stage: WorkStage, now: datetime) -> bool:
    """Tell whether its check is to be asked again now."""
    if stage is not WorkStage.OVER or one.is_settled or one.tries >= MOST_TRIES:
        return False
    return one.asked_at is None or one.asked_at + AGAIN_AFTER <= now


def after_of(result: CheckResult, item: str) -> tuple[Result, str]:
    """Give what a check that was asked again says of one item: its result and a sentence."""
    if result.result is Result.NOT_MEASURED:
        return Result.NOT_MEASURED, result.why
    found = [one for one in result.findings if one.item == item]
    if not found:
        return Result.PASS, "It is not found any more."
    came_to = worst(one.result for one in found)
    return came_to, next(one.sentence for one in found if one.result is came_to)


def mending_text(one: Mending) -> str:
    """Give in a sentence or two what was before the work and what is after it, without times."""
    before = f"Before: {one.before_result.value}, {one.before_sentence}"
    if one.after_result is None:
        return f"{before} After the work it is looked at again by itself."
    return f"{before} After: {one.after_result.value}, {one.after_sentence}"
