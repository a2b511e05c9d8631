"""The two views of a service and what they say together. Pure: no I/O, no clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Inside(Enum):
    """What init says."""

    RUNNING = "running"
    STARTING = "starting"
    STOPPED = "stopped"
    FAILED = "failed"
    NOT_INSTALLED = "not installed"
    UNKNOWN = "unknown"


class Outside(Enum):
    """What the port answers."""

    ANSWERS = "answers"
    WRONG_ANSWER = "wrong answer"
    NO_ANSWER = "no answer"
    REFUSED = "refused"
    NOT_CHECKED = "not checked"


class Combined(Enum):
    """Both views in one word."""

    OK = "ok"
    STARTING = "starting"
    RUNNING_NOT_ANSWERING = "running but not answering"
    ANSWERING_NOT_RUNNING = "answering but init says stopped"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one outside check saw. `detail` is one inert sentence; without answer no latency."""

    label: str
    service: str
    outside: Outside
    at: datetime
    latency_ms: float | None
    detail: str
    certificate_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """One expected service: `sub_state`, `restarts` and `since` as init tells them."""

    name: str
    inside: Inside
    outside: Outside = Outside.NOT_CHECKED
    sub_state: str = ""
    restarts: int | None = None
    since: datetime | None = None
    detail: str = ""

    @property
    def combined(self) -> Combined:
        """What the two views say together; a view that is unknown never makes it ok or down."""
        answers = self.outside is Outside.ANSWERS
        silent = self.outside in {Outside.NO_ANSWER, Outside.REFUSED, Outside.WRONG_ANSWER}
        if self.inside is Inside.RUNNING:
            return Combined.RUNNING_NOT_ANSWERING if silent else Combined.OK
        if self.inside in {Inside.STOPPED, Inside.FAILED, Inside.NOT_INSTALLED}:
            return Combined.ANSWERING_NOT_RUNNING if answers else Combined.DOWN
        if self.inside is Inside.STARTING:
            return Combined.STARTING
        if silent:
            return Combined.DOWN
        return Combined.OK if answers else Combined.UNKNOWN
