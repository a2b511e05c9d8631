"""The engine's alarms: what each judgement means for the book, and the book's changes written.

Owned by the conductor's thread; a thread of its own loads and writes, so that an alarm does not
wait behind a thousand samples. Nothing is raised before the alarms of earlier engines are loaded,
so that none is raised twice; what the store does not take now waits, in order.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from noc_console.engine.alarm_view import view_of
from noc_console.engine.events import Event, Said
from noc_console.engine.picture import Picture
from noc_console.engine.store_work import StoreWork
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.health.alarm_book import AlarmBook
from noc_console.health.alarm_change import Change
from noc_console.health.alarm_change_records import KeptAlarm, kept_alarms, write_changes
from noc_console.health.alarm_life import Moment, restored
from noc_console.health.alarm_records import expire_marks
from noc_console.health.storms import Kinship
from noc_console.store.store import Store

SILENT_AFTER_S = 4.0
"""A server that owes an answer for so long is silent; it is lost only after three ticks."""

MOST_AT_ONCE = 2_000

WORDS_WAIT_S = 5.0
"""For so long new words of an alarm that stands as before, mostly other figures, wait for a change
that is news: each write costs the disk and us, and has others look at all alarms.
"""


class AlarmWatch:
    """Takes judgements, and has what befell alarms written at once."""

    def __init__(
        self,
        store: Store,
        post: Callable[[Event], None],
        wall: Callable[[], datetime],
        steady: Callable[[], float],
    ) -> None:
        """Begin by loading the alarms that are open."""
        self._store = store
        self._work = StoreWork("alarms")
        self._post = post
        self._wall = wall
        self._steady = steady
        self._book = AlarmBook()
        self._fleet: Mapping[int, Kinship] | None = None
        self._is_loaded = False
        self._waiting: deque[Change] = deque()
        self._write_from_s = 0.0

    def take_fleet(self, servers: Iterable[Server]) -> None:
        """Take the servers that are watched here as they are now."""
        known = {server.name: server for server in servers}
        self._fleet = {
            server.id: Kinship(
                name=server.name,
                groups=server.groups,
                jumps=tuple(known[name].id for name in server.jumps if name in known),
            )
            for server in known.values()
        }
        if self._is_loaded:
            self._put(self._book.set_fleet(self._fleet, self._moment()))

    def judged(self, picture: Picture) -> None:
        """Take a server's newest judgement."""
        judgement = picture.judgement
        if judgement is None or not self._is_loaded:
            return
        is_well = not (judgement.reasons or picture.is_rebooting)
        if is_well and self._book.knows_well(picture.server.id):
            return  # as nearly all that are judged
        self._put(self._book.observe(view_of(picture), self._moment()))

    def pass_time(self, silent: frozenset[int]) -> None:
        """Do what is due; load what is not loaded yet. Call it twice a second."""
        if not self._is_loaded:
            self._work.start("loading alarms", self._load)
            return
        self._book.set_silent(silent)
        self._put(self._book.pass_time(self._moment()))
        self._start_writing()

    def expire(self) -> None:
        """End the acknowledgements and shelves whose time is over."""
        self._work.start("expiry", lambda: _expire(self._store, self._wall()))

    def close(self, within_s: float) -> bool:
        """Write what waits, then no more; tell whether it was done in time."""
        self._write_from_s = 0.0
        self._start_writing()
        return self._work.finish(within_s)

    def _write(self) -> None:
        """Write what waits, in order; on the thread for that.

        Raises:
            ConsoleError: the store takes it not now; it stays.
        """
        at_once = MOST_AT_ONCE
        while self._waiting:
            some = [self._waiting[place] for place in range(min(len(self._waiting), at_once))]
            try:
                write_changes(self._store, some)
            except ConsoleError:
                raise
            except Exception:
                if len(some) == 1:
                    self._give_up(1)  # it would hold up for ever what comes after it
                    raise
                at_once = 1  # one of them brings out a bug: the others shall not be lost with it
                continue
            self._give_up(len(some))

    def _give_up(self, number: int) -> None:
        for _ in range(number):
            self._waiting.popleft()

    def _load(self) -> None:
        """Runs on the thread that writes."""
        kept = kept_alarms(self._store, self._wall())
        self._post(Said(lambda: self._begin(kept)))

    def _begin(self, kept: list[KeptAlarm]) -> None:
        """Runs on the conductor's thread, when the fleet is known: else its alarms would end."""
        if self._is_loaded or self._fleet is None:
            return
        moment = self._moment()
        for one in kept:
            self._book.restore(restored(one.alarm, one.cause, moment), moment, one.out)
        self._is_loaded = True
        self._put(self._book.set_fleet(self._fleet, moment))

    def _put(self, changes: list[Change]) -> None:
        if not changes:
            return
        wait_s = 0.0 if any(map(_is_news, changes)) else WORDS_WAIT_S
        from_s = self._steady() + wait_s
        self._write_from_s = min(self._write_from_s, from_s) if self._waiting else from_s
        self._waiting.extend(changes)
        self._start_writing()

    def _start_writing(self) -> None:
        if self._waiting and self._steady() >= self._write_from_s:
            self._work.start("alarms", self._write)

    def _moment(self) -> Moment:
        return Moment(self._wall(), self._steady())


def _is_news(change: Change) -> bool:
    return change.kind is not None or bool(change.joined or change.left)


def _expire(store: Store, now: datetime) -> None:
    expire_marks(store, now)
