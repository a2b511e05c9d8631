"""The windows near now: which servers they mute, and what was seen of the work.

Owned by the conductor's thread, but for what runs on the store's.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from noc_console.engine.standings import Standings
from noc_console.fleet.server import Server
from noc_console.incidents.availability.standing_records import SERVER_ITSELF
from noc_console.incidents.windows.muting import OVERRUN_TOLD_FOR, is_near
from noc_console.incidents.windows.window import Occurrence, Stage, ids_by_group
from noc_console.incidents.windows.window_records import list_occurrences, put_covered, put_seen
from noc_console.store.store import Store

RELOAD_EVERY_S = 900.0
_AHEAD = timedelta(hours=3)

Write = Callable[[str, Callable[[], None]], None]
"""Starts work of a name on the store's thread."""

Seen = tuple[datetime | None, datetime | None]
"""When the servers of an occurrence were seen to go down, and to be back."""


class WindowKeeper:
    """Knows the occurrences from a day ago to some hours ahead; `load` reads them anew."""

    def __init__(self, store: Store, standings: Standings, write: Write) -> None:
        """Begin with no window; the first ones come by `take`."""
        self._store = store
        self._standings = standings
        self._write = write
        self._occurrences: tuple[Occurrence, ...] = ()
        self._seen: dict[tuple[int, datetime], Seen] = {}
        self._covering: set[tuple[int, datetime]] = set()

    def load(self, now: datetime) -> tuple[Occurrence, ...]:
        """Read the windows; runs on the store's thread."""
        return tuple(list_occurrences(self._store, now - OVERRUN_TOLD_FOR, now + _AHEAD))

    def take(self, occurrences: tuple[Occurrence, ...]) -> None:
        """Take what `load` gave."""
        self._occurrences = occurrences
        known = {_key(one) for one in occurrences}
        self._seen = {key: seen for key, seen in self._seen.items() if key in known}
        self._covering &= known

    def look(
        self, watched: Callable[[], Sequence[Server]], now: datetime
    ) -> Mapping[int, tuple[Occurrence, ...]]:
        """Give the windows that have something to say at `now`, by server id; note what is seen."""
        near = [one for one in self._occurrences if is_near(one, now)]
        if not near:
            return {}
        servers = watched()
        groups, there = ids_by_group(servers), {server.id for server in servers}
        by_server: dict[int, tuple[Occurrence, ...]] = {}
        for one in near:
            covered = one.covered_ids(groups) & there
            for server_id in covered:
                by_server[server_id] = (*by_server.get(server_id, ()), one)
            if one.stage(now) in {Stage.RUNNING, Stage.OVERRUN} and one.planned_start <= now:
                self._note_covered(one, sorted(covered))
                self._note_seen(one, covered)
        return by_server

    def _note_covered(self, occurrence: Occurrence, covered: Sequence[int]) -> None:
        key = _key(occurrence)
        if key in self._covering or (occurrence.run and occurrence.run.covered is not None):
            return
        self._covering.add(key)
        name = f"covered by window {occurrence.window.id}"
        self._write(name, lambda: put_covered(self._store, occurrence, covered))

    def _note_seen(self, occurrence: Occurrence, covered: set[int]) -> None:
        key, run = _key(occurrence), occurrence.run
        before = self._seen.get(key) or (
            (run.seen_down_at, run.seen_up_at) if run else (None, None)
        )
        seen = self._seen[key] = self._seen_now(occurrence, covered, before)
        if seen != before:
            name = f"seen of window {occurrence.window.id}: {seen}"
            self._write(name, lambda: put_seen(self._store, occurrence, *seen))

    def _seen_now(self, occurrence: Occurrence, covered: set[int], before: Seen) -> Seen:
        begins = occurrence.planned_start
        falls = [
            fall
            for server_id in covered
            for service in occurrence.window.services or (SERVER_ITSELF,)
            if (fall := self._standings.last_fall(server_id, service)) is not None
            and (fall[1] is None or fall[1] > begins)
        ]
        if not falls:
            return before
        first = max(begins, min(fall[0] for fall in falls))
        back = [fall[1] for fall in falls if fall[1] is not None]
        return before[0] or first, max(back) if len(back) == len(falls) else None


def _key(occurrence: Occurrence) -> tuple[int, datetime]:
    return occurrence.window.id, occurrence.planned_start
