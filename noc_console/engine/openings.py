"""Who may connect now: not too many in a second, few at once to one place.

After an outage, or at the start, hundreds of lanes want to connect. An sshd drops connections when
some ten log in at once (MaxStartups 10:30:100), a jump server in front of many is such a place, and
our own ticks must go on in between. Owned by the conductor's thread. Pure: no I/O, no clock.
"""

from collections import Counter, deque
from collections.abc import Callable

A_SECOND = 50.0
AT_ONCE = 64
"""As many may wait for a host that does not answer (8 s each) without holding up the others."""

AT_ONE_PLACE = 4

Place = tuple[str, int]
"""Address and port of the first sshd on the way to a server."""


class Openings:
    """Begins the openings that were asked for, in order of asking at each place.

    `begin` must have `ended(place)` called when the opening has come to its end.
    """

    label = "connecting"

    def __init__(self, wake: Callable[["Openings"], None]) -> None:
        """`wake` is called when `next_act_s` has moved."""
        self.next_act_s = float("inf")
        self._wake = wake
        self._asked: dict[Place, deque[Callable[[], bool]]] = {}
        self._ready: deque[Place] = deque()
        self._under_way: Counter[Place] = Counter()
        self._not_before_s = 0.0

    def ask(self, place: Place, begin: Callable[[], bool]) -> None:
        """Have `begin` called in turn; it gives false where nobody wants the opening any more."""
        self._asked.setdefault(place, deque()).append(begin)
        self._make_ready(place)

    def ended(self, place: Place) -> None:
        """Note the end of an opening that was begun, however it ended."""
        self._under_way[place] -= 1
        if not self._under_way[place]:
            del self._under_way[place]
        self._make_ready(place)

    def act(self, now_s: float) -> None:
        """Begin one opening and say when the next may begin."""
        while self._ready and self._under_way.total() < AT_ONCE:
            place = self._ready.popleft()
            if self._begin_at(place):
                self._not_before_s = now_s + 1.0 / A_SECOND
                break
        self._set_next()

    def _begin_at(self, place: Place) -> bool:
        asked = self._asked[place]
        begun = asked.popleft()()
        self._under_way[place] += begun
        if not asked:
            del self._asked[place]
        self._make_ready(place)
        return begun

    def _make_ready(self, place: Place) -> None:
        has_room = self._under_way.get(place, 0) < AT_ONE_PLACE
        if place in self._asked and has_room and place not in self._ready:
            self._ready.append(place)
        self._set_next()
        self._wake(self)

    def _set_next(self) -> None:
        free = self._ready and self._under_way.total() < AT_ONCE
        self.next_act_s = self._not_before_s if free else float("inf")
