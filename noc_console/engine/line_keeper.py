"""Gives every server's picture its lines, at the start also what the history says stands amiss.

Owned by the conductor's thread, but for `load`, which runs on the store's.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from noc_console.engine.line_shelf import LineShelf
from noc_console.engine.picture import Picture
from noc_console.engine.warm_up import warm_watches
from noc_console.fleet.records import list_servers
from noc_console.health.clock import ClockWitness
from noc_console.health.line_records import load_book
from noc_console.health.watch import Watch
from noc_console.store.store import Store


class LineKeeper:
    """The line book as this engine last read it."""

    def __init__(
        self, store: Store, wall: Callable[[], datetime], now_s: Callable[[], float]
    ) -> None:
        """Give the shipped lines until the book is read."""
        self._store = store
        self._wall = wall
        self._now_s = now_s
        self._shelf = LineShelf()
        self._clocks = ClockWitness()
        self._warm: dict[int, Watch] = {}
        self._is_first = True

    def load(self, pictures: Callable[[], Iterable[Picture]]) -> Callable[[], None]:
        """Read the book; gives what is then to be done on the conductor's thread.

        The first time the last minutes of the history are judged as well, so that what was amiss
        when an engine ended is amiss at once, and not after some minutes.

        Raises:
            StoreError: the store cannot be read now.
        """
        shelf = LineShelf(load_book(self._store))
        warm: dict[int, Watch] = {}
        if self._is_first:
            servers = list_servers(self._store)
            warm |= warm_watches(self._store, servers, shelf, self._wall(), self._now_s())
            self._is_first = False

        def take() -> None:
            self._shelf = shelf
            self._warm |= warm
            for picture in pictures():
                picture.use_lines(shelf.line_set(picture.server))

        return take

    def outfit(self, picture: Picture) -> None:
        """Give a new picture its lines, what the history says of it, and the clocks of all."""
        warm = self._warm.pop(picture.server.id, None)
        if warm is not None:
            picture.watch = warm
        picture.clocks = self._clocks
        self.renew(picture)

    def renew(self, picture: Picture) -> None:
        """Give a picture the lines of its server as it is now."""
        picture.use_lines(self._shelf.line_set(picture.server))

    def forget(self, server_id: int) -> None:
        """Ask a server's clock no more."""
        self._clocks.forget(server_id)
