"""When a server freezes and when it goes on. Pure: seconds in, a wish out."""

from dataclasses import dataclass

ANSWERS_FIRST_S = 4.0
FROZEN_S = 60.0
ANSWERS_S = 120.0


@dataclass(slots=True)
class Freezing:
    """The turns of one server, counted from the first session it served."""

    _first_session_s: float | None = None

    def is_frozen(self, now_s: float, *, has_session: bool) -> bool:
        """Whether it is to be frozen at `now_s`: soon after the first session, and again."""
        if self._first_session_s is None:
            if not has_session:
                return False
            self._first_session_s = now_s
        since_s = now_s - self._first_session_s - ANSWERS_FIRST_S
        return since_s >= 0 and since_s % (FROZEN_S + ANSWERS_S) < FROZEN_S
