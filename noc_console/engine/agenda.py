"""Whose turn is next. A heap with stale entries left in place: a lane moves its turn often."""

import heapq
from typing import Protocol


class Turn(Protocol):
    """Something that says when it wants to act next, on the monotonic clock."""

    next_act_s: float

    @property
    def label(self) -> str:
        """What the log calls it."""

    def act(self, now_s: float) -> None:
        """Do what is due and set `next_act_s`."""


class Agenda:
    """The turns of all lanes in order of time."""

    def __init__(self) -> None:
        """Begin empty."""
        self._heap: list[tuple[float, int, Turn]] = []
        self._serial = 0

    def put(self, turn: Turn) -> None:
        """Note a turn anew after its `next_act_s` may have moved."""
        if turn.next_act_s == float("inf"):
            return
        self._serial += 1
        heapq.heappush(self._heap, (turn.next_act_s, self._serial, turn))

    def due(self, now_s: float) -> list[Turn]:
        """Take out the turns due at `now_s`; entries that were moved since are dropped."""
        due: list[Turn] = []
        seen: set[int] = set()
        while self._heap and self._heap[0][0] <= now_s:
            at_s, _, turn = heapq.heappop(self._heap)
            if at_s == turn.next_act_s and id(turn) not in seen:
                seen.add(id(turn))
                due.append(turn)
        return due

    def next_s(self) -> float:
        """When the next turn is; infinite where there is none. It may be of a moved entry."""
        return self._heap[0][0] if self._heap else float("inf")
