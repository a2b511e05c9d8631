"""Has what stands otherwise written, so that availability can be counted. Windows near now, too.

Owned by the conductor's thread; the store's thread writes. What the store does not take now waits,
in order; what engines before left open is ended first.
"""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime

from noc_console.engine.events import Event, Said
from noc_console.engine.picture import Picture
from noc_console.engine.roster import Roster
from noc_console.engine.standings import Standings
from noc_console.engine.store_work import StoreWork
from noc_console.engine.window_keeper import WindowKeeper
from noc_console.errors import ConsoleError
from noc_console.incidents.availability.standing_records import Turn, close_open, write_turns
from noc_console.store.store import Store

MOST_AT_ONCE = 2_000


class StandingWatch:
    """Looks at each judged picture; once a second at the time and at the windows."""

    def __init__(
        self,
        store: Store,
        engine_id: int,
        roster: Roster,
        store_work: StoreWork,
        post: Callable[[Event], None],
        wall: Callable[[], datetime],
    ) -> None:
        """Begin with nothing known."""
        self._store = store
        self._engine_id = engine_id
        self._roster = roster
        self._store_work = store_work
        self._post = post
        self._wall = wall
        self._standings = Standings()
        self._windows = WindowKeeper(store, self._standings, store_work.start)
        self._waiting: deque[Turn] = deque()
        self._is_begun = False
        self._wants_windows = True

    def judged(self, picture: Picture) -> None:
        """Look at a server that was just judged."""
        self._standings.look(picture, self._wall())

    def keep_only(self, server_ids: Iterable[int]) -> None:
        """Watch no more the servers that are gone from the fleet."""
        self._standings.keep_only(set(server_ids), self._wall())

    def pass_time(self) -> None:
        """Note that we are awake, and what the windows mean for the servers now."""
        now = self._wall()
        self._standings.pass_time(now)
        if self._wants_windows:
            self._store_work.start("windows", self.load_windows)
        self._roster.put_in_windows(self._windows.look(self._roster.watched, now))

    def load_windows(self) -> None:
        """Read the windows anew; runs on the store's thread.

        Raises:
            ConsoleError: the store does not tell now; it is asked again in a second.
        """
        self._wants_windows = False
        try:
            occurrences = self._windows.load(self._wall())
        except ConsoleError:
            self._wants_windows = True
            raise
        self._post(Said(lambda: self._windows.take(occurrences)))

    def write(self) -> None:
        """Have what turned written."""
        self._waiting.extend(self._standings.take())
        if self._waiting or not self._is_begun:
            self._store_work.start("standings", self.write_now)

    def write_the_last(self) -> None:
        """Write all that waits when no more comes; runs on the store's thread."""
        self._waiting.extend(self._standings.take())
        while self._waiting:
            self.write_now()

    def write_now(self) -> None:
        """Write what waits; runs on the store's thread.

        Raises:
            ConsoleError: the store takes it not now; it waits on.
        """
        some = [self._waiting[place] for place in range(min(len(self._waiting), MOST_AT_ONCE))]
        with self._store.write() as connection:
            if not self._is_begun:
                close_open(connection, self._engine_id, self._wall())
            write_turns(connection, some)
        self._is_begun = True
        for _ in some:
            self._waiting.popleft()
