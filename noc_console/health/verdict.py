"""The seven verdicts and their order of urgency. Pure: no I/O, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Verdict(Enum):
    """What a reading means for the person at the desk."""

    DOWN = "down"
    CUT_OFF = "cut-off"
    EARLY = "early"
    STALE = "stale"
    UNKNOWN = "unknown"
    IN_MAINTENANCE = "in maintenance"
    OK = "ok"

    urgency: int
    """0 is the worst: the order in which people look. It is not the order of any code."""

    __hash__ = object.__hash__  # each is there once; Enum's own hashes its name, in Python


for _place, _verdict in enumerate(Verdict):
    _verdict.urgency = _place  # looked up some times for each sample of each server

SHAPES: Mapping[Verdict, str] = {
    Verdict.DOWN: "■",
    Verdict.CUT_OFF: "◆",
    Verdict.EARLY: "▲",
    Verdict.STALE: "▽",
    Verdict.UNKNOWN: "○",
    Verdict.IN_MAINTENANCE: "□",
    Verdict.OK: "●",
}
"""One shape a verdict: full ones ask for attention or are well, hollow ones say little is known."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is amiss, or not known: which, how bad, and in words.

    The key stays the same while the words change with the figures: `link`, `load5`,
    `mount_used_percent:/home`, `service:exim4`, `check:https:/`, `certificate:https:/`, `oom`,
    `reboot`, `restarts:exim4`, `unusual:load5`. With the verdict OK it is worth a look, no alarm.
    """

    key: str
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Danger:
    """When what a key names will reach its cut-off, if it goes on as it does: a range.

    Both ends count in seconds from `at`; without `latest_s` the later end has no date.
    """

    key: str
    earliest_s: float
    latest_s: float | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict, since when it holds, the reasons, worst first, and what will fall first."""

    verdict: Verdict
    since: datetime
    reasons: tuple[Reason, ...] = ()
    danger: Danger | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Give the reasons as a person reads them, worst first."""
        return tuple(reason.words for reason in self.reasons)
