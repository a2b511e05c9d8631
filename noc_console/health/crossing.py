"""Whether a value is past a line: for how long it must be, and how far it must come back. Pure.

A blip crosses nothing: a line that asks for minutes is crossed only by a value that stays past it
all that time, as far as it was looked at. Silence does not count as time, and a clock that goes
back gives no time either. Seconds are those of any one clock.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Crossing:
    """Where a value stands against one line. It rises: a value that falls is given negated."""

    is_past: bool = False
    past_since_s: float | None = None
    """Since when the value is past the line, while it has to be so for longer."""
    back_since_s: float | None = None

    def step(
        self,
        value: float,
        at_s: float,
        *,
        line: float,
        leaves_at: float,
        past_s: float,
        back_s: float,
        after_gap: bool = False,
    ) -> bool:
        """Take a value; tell whether the line counts as crossed now.

        It is crossed once the value was past it for `past_s`, dips that stay above `leaves_at`
        included, and left once it was under `leaves_at` for `back_s`. After a gap in the readings
        the time before it does not count.
        """
        if after_gap:
            self.past_since_s = None
            self.back_since_s = None
        if self.is_past:
            self._may_leave(value, at_s, leaves_at, back_s)
        else:
            self._may_cross(value, at_s, line, leaves_at, past_s)
        return self.is_past

    def _may_cross(
        self, value: float, at_s: float, line: float, leaves_at: float, past_s: float
    ) -> None:
        if value >= line:
            if self.past_since_s is None:
                self.past_since_s = at_s
            if at_s - self.past_since_s >= past_s:
                self.is_past, self.back_since_s = True, None
        elif value < leaves_at:
            self.past_since_s = None

    def _may_leave(self, value: float, at_s: float, leaves_at: float, back_s: float) -> None:
        if value >= leaves_at:
            self.back_since_s = None
            return
        if self.back_since_s is None:
            self.back_since_s = at_s
        if at_s - self.back_since_s >= back_s:
            self.is_past, self.past_since_s = False, None
