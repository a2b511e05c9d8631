"""The seven verdicts and their order of urgency. Pure: no I/O, no clock."""

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

    @property
    def urgency(self) -> int:
        """0 is the worst: the order in which people look. It is not the order of any code."""
        return _URGENCY[self]


_URGENCY = {verdict: place for place, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict, since when it holds, and the reasons in words, worst first."""

    verdict: Verdict
    since: datetime
    reasons: tuple[str, ...] = ()
