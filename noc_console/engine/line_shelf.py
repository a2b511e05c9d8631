"""The lines of every server as people last chose them; servers of the same kind share one set.

Owned by the conductor's thread, but for `line_set` of a shelf that is taken no more.
"""

from noc_console.fleet.server import Server
from noc_console.health.line_book import LineBook, LineSet, Owner, owners_of


class LineShelf:
    """Gives each server's lines from one line book."""

    def __init__(self, book: LineBook | None = None) -> None:
        """Give the shipped lines until a book is here."""
        self._book = book or LineBook()
        self._sets: dict[tuple[Owner, ...], LineSet] = {}

    def line_set(self, server: Server) -> LineSet:
        """Give a server's lines; those of thousands without a choice of their own are one."""
        book = self._book
        owners = tuple(
            owner for owner in owners_of(server) if owner in book.chosen or owner in book.profiles
        )
        found = self._sets.get(owners)
        if found is None:
            found = self._sets[owners] = book.line_set(server)
        return found
