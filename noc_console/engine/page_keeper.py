"""Keeps status pages true as time passes: what is planned becomes current, and what is late past.

A posting writes its page by itself; this is for what nothing is posted of.
"""

import logging
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.notices.channel_records import list_channels
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.channels.ways import page_of
from noc_console.store.store import Store

log = logging.getLogger(__name__)

SOONEST_S = 30.0
LATEST_S = 3600.0
_NOUNS = frozenset({"channel", "posting"})


class PageKeeper:
    """Looks at each status page when one must change. Used by one thread; works on its own."""

    def __init__(
        self,
        store: Store,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look for the first time soon."""
        self._store = store
        self._wall = wall
        self._monotonic = monotonic
        self._workers = Workers("status-page", 1)
        self._next_s = monotonic() + SOONEST_S
        self.is_looking = False

    def heed(self, nouns: Collection[str]) -> None:
        """Take that some nouns changed in the store."""
        if not _NOUNS.isdisjoint(nouns):
            self._next_s = min(self._next_s, self._monotonic() + SOONEST_S)

    def turn(self) -> None:
        """Begin a look if it is time; cheap, to be called each second."""
        if self._monotonic() >= self._next_s and not self.is_looking:
            self.is_looking = True
            self._next_s = self._monotonic() + LATEST_S
            self._workers.submit(self._look)

    def close(self) -> None:
        """Begin no more."""
        self._workers.stop()

    def _look(self) -> None:
        try:
            moves = [at for at in self._refreshed() if at is not None]
            if moves:
                ahead_s = (min(moves) - self._wall()).total_seconds()
                wait_s = min(max(ahead_s, SOONEST_S), LATEST_S)
                self._next_s = min(self._next_s, self._monotonic() + wait_s)
        except ConsoleError as error:
            log.info("status pages: %s", error.sentence)  # the store's; said elsewhere
        finally:
            self.is_looking = False

    def _refreshed(self) -> list[datetime | None]:
        moves = []
        for channel in list_channels(self._store):
            if channel.kind is not ChannelKind.STATIC_SITE or channel.is_paused:
                continue
            try:
                moves.append(page_of(self._store, channel, self._wall).refresh().next_at)
            except ConsoleError as error:  # what is posted there tells of it, too
                log.info("status page %s: %s", channel.name, error.sentence)
        return moves
