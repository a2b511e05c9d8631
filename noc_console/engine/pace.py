"""When a part of the readings is due. Pure: no I/O, no clock; seconds on the monotonic clock.

The paces are chosen by what a reading costs the server: ticks fork nothing, units fork one
`systemctl`, mounts two `df`, processes read the whole of /proc.
"""

import math
from dataclasses import dataclass, field

from noc_console.telemetry.probe import Part

DISTRESS_FACTOR = 3
"""A server past its cut-off is asked for the readings that fork three times less often."""

LOOKED_AT_TICK_S = 1.0

TOGETHER_S = 0.25
"""Ticks are at moments so far apart. Of hundreds of servers that are asked each at a moment of its
own, each costs us more: all that is needed for it is fetched into the processor anew.
"""

CALM_LIST_S = 300.0
"""Processes of a server that is well and that nobody looks at: to list them costs the server and us
more than all its ticks, and whoever looks has a new list within seconds."""

_EVERY_S = {
    Part.UNITS: 15.0,
    Part.MOUNTS: 60.0,
    Part.PROCESSES: 60.0,
    Part.FACTS: 3600.0,
    Part.MAIL: 60.0,
}
_EVERY_S_LOOKED_AT = {
    Part.UNITS: 5.0,
    Part.MOUNTS: 20.0,
    Part.PROCESSES: 5.0,
    Part.FACTS: 600.0,
    Part.MAIL: 30.0,
}


def together_s(at_s: float) -> float:
    """Give the moment at which a server that is due is asked with others, soon after."""
    return math.ceil(at_s / TOGETHER_S) * TOGETHER_S


_NOTHING: frozenset[Part] = frozenset()


def tick_s(server_tick_s: int, *, looked_at: bool) -> float:
    """Give the seconds between two ticks."""
    return min(LOOKED_AT_TICK_S, server_tick_s) if looked_at else float(server_tick_s)


@dataclass(slots=True)
class SlowPace:
    """When each slow part was last asked for.

    `spread`, between 0 and 1, is where in its round a server begins: many that are reached in the
    same minute are not to list their processes in the same second for ever.
    """

    spread: float = 0.0
    asked_s: dict[Part, float] = field(default_factory=dict)
    lists: int = 0
    """How often processes were asked for; CPU shares are known from the second list on."""
    _next_s: float = -math.inf
    """Before that nothing is due, in this state."""
    _state: tuple[bool, bool, bool] = (False, False, False)

    def due(
        self, now_s: float, *, looked_at: bool, distress: bool, calm: bool = False
    ) -> frozenset[Part]:
        """Give the parts due now. A part never asked for is due."""
        state = looked_at, distress, calm
        if now_s < self._next_s and state == self._state:
            return _NOTHING
        every = _EVERY_S_LOOKED_AT if looked_at else _EVERY_S
        factor = DISTRESS_FACTOR if distress else 1
        at_s = {part: self._asked(part) + pace_s * factor for part, pace_s in every.items()}
        if calm and not looked_at and self.lists > 1:
            calm_s = self._asked(Part.PROCESSES) + CALM_LIST_S
            at_s[Part.PROCESSES] = max(at_s[Part.PROCESSES], calm_s)
        self._state, self._next_s = state, min(at_s.values())
        return frozenset(part for part, due_s in at_s.items() if due_s <= now_s)

    def _asked(self, part: Part) -> float:
        return self.asked_s.get(part, -math.inf)

    def asked(self, parts: frozenset[Part], now_s: float) -> None:
        """Note that these parts were asked for now."""
        self._next_s = -math.inf
        for part in parts:
            self.asked_s[part] = now_s
        if Part.PROCESSES in parts:
            self.lists += 1
            if self.lists == 2:
                self.asked_s[Part.PROCESSES] -= self.spread * (
                    CALM_LIST_S - _EVERY_S[Part.PROCESSES]
                )

    @property
    def is_new(self) -> bool:
        """Whether nothing was asked for yet."""
        return not self.asked_s

    def forget(self) -> None:
        """Make every part due: a new connection, or a person who asked for a refresh."""
        self.asked_s.clear()
        self.lists = 0
        self._next_s = -math.inf
