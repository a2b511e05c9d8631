"""When the flight recorder begins by itself, and when it ends. Pure: no I/O, no clock."""

from dataclasses import dataclass

from noc_console.health.verdict import Judgement, Verdict
from noc_console.telemetry.metrics import family

_NOTHING_TO_SEE = frozenset(
    {
        "link",
        "certificate",
        "certificate_days",
        "check",
        "check_failing_minutes",
        "check_latency_ms",
        "clock_offset_s",
        "reboot",
        "reboots_seen",
        "mount_used_percent",
        "mount_inodes_used_percent",
        "raid_redundancy_lost_percent",
    }
)
"""What is amiss on the way to the server, or for weeks: nothing on it tells more each second."""

_MOUNTS = ("mount_used_percent", "mount_inodes_used_percent")
FILLS_WITHIN_S = 3600.0
"""A disk that is full within the hour is being filled by something that can be seen."""

EVIDENCE_DAYS = 90
"""For how long a recording is kept after its end, unless somebody keeps it for good."""

_RECORDED = (Verdict.EARLY, Verdict.CUT_OFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderSettings:
    """What the store's settings say of the recorder."""

    is_automatic: bool = True
    after_minutes: int = 10
    """For how long it goes on after the server is well again."""
    longest_hours: int = 6
    at_most: int = 60
    """Recordings it begins by itself at once: a storm must not cost the engine its ticks."""
    manual_minutes: int = 10
    """How long one lasts that a person asked for without saying how long."""


def why_record(judgement: Judgement | None) -> str:
    """Give in words why a server should be recorded now; empty where nothing calls for it."""
    if judgement is None:
        return ""
    words = [
        reason.words
        for reason in judgement.reasons
        if reason.verdict in _RECORDED and family(reason.key) not in _NOTHING_TO_SEE
    ]
    if not words and (mount := _filling(judgement)):
        words.append(f"{mount} is full within the hour")
    return "; ".join(words[:3])


def _filling(judgement: Judgement) -> str:
    danger = judgement.danger
    if danger is None or family(danger.key) not in _MOUNTS or danger.earliest_s > FILLS_WITHIN_S:
        return ""
    return danger.key.partition(":")[2] or "a disk"


@dataclass(frozen=True, slots=True)
class Declined:
    """A person stopped a recording, or it reached its longest: none begins until it gets worse."""

    urgency: int

    def still_holds(self, judgement: Judgement | None) -> bool:
        """Whether the server is neither well again nor worse than it was then."""
        if judgement is None or not why_record(judgement):
            return False
        return judgement.verdict.urgency >= self.urgency
