"""One line of the bench's table: ours, a baseline of the same run, a goal, reached or not."""

from dataclasses import dataclass
from enum import Enum


class Reached(Enum):
    """Whether a goal is reached. What has no goal is measured to be seen, not judged."""

    YES = "reached"
    NO = "MISSED"
    NO_GOAL = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What the usual way costs, measured in the same run."""

    name: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure where less is better. `times_less` is a goal against the baseline, `at_most` an
    absolute one; both may be given, then both must hold.
    """

    name: str
    unit: str
    ours: float
    baseline: Baseline | None = None
    times_less: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times less than the baseline; None without one."""
        if self.baseline is None or self.ours <= 0:
            return None
        return self.baseline.value / self.ours

    @property
    def goal(self) -> str:
        """The goal in words; empty where there is none."""
        words = []
        if self.times_less is not None:
            words.append(f"{self.times_less:g} x less")
        if self.at_most is not None:
            words.append(f"at most {self.at_most:g} {self.unit}")
        return ", ".join(words)

    @property
    def reached(self) -> Reached:
        """Whether every goal given holds."""
        if self.times_less is None and self.at_most is None:
            return Reached.NO_GOAL
        enough = self.times_less is None or (self.ratio or 0.0) >= self.times_less
        small = self.at_most is None or self.ours <= self.at_most
        return Reached.YES if enough and small else Reached.NO
