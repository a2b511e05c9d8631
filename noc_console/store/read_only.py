"""A store that can be read and not written: for looking at what was, without changing what is."""

from typing import NoReturn

from noc_console.store.failures import StoreError
from noc_console.store.store import Store


class NothingWritten(StoreError):
    """A write to a store that is only looked at; the sentence says how to write again."""


class ReadOnlyStore(Store):
    """Another store's connections, for reading. It is not closed: the other one is."""

    def __init__(self, store: Store, why: str) -> None:
        """Read through `store`; `why` is the sentence for whoever tries to write."""
        super().__init__(store.location, store.pools[0], store.pools[-1])
        self._why = why

    def write(self) -> NoReturn:
        """Refuse.

        Raises:
            NothingWritten: always.
        """
        raise NothingWritten(self._why)

    def history_write(self, *, makes_room: bool = False) -> NoReturn:
        """Refuse, as `write` does."""
        del makes_room
        raise NothingWritten(self._why)

    def close(self) -> None:
        """Leave the connections to their owner."""
