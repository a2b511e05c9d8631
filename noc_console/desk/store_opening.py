"""Opens the store for a window, and says in a few words why it could not be.

No Qt. `open_for_desk` may take long: call it from a background thread.
"""

import importlib

from noc_console.errors import ConsoleError
from noc_console.store.failures import (
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreTooNew,
    StoreUnreachable,
)
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_TITLES: dict[type[ConsoleError], str] = {
    StoreDamaged: "The store is damaged",
    StoreTooNew: "The store is newer than this program",
    StoreUnreachable: "The store cannot be reached",
    StoreFull: "The disk is full",
    StoreBusy: "Another program holds the store",
}
_USED_NEXT = ("numpy", "noc_console.desk.live_reader")
"""Nothing of Qt: its classes are made by the window's thread only (see `desk.warm_up`)."""


def open_for_desk(location: StoreLocation) -> Store:
    """Open the store, and import what shows it, as far as it has nothing of Qt.

    Raises:
        ConsoleError: it cannot be opened.
    """
    store = open_store(location)
    for module in _USED_NEXT:
        importlib.import_module(module)
    return store


def failure_title(failure: ConsoleError) -> str:
    """Give the headline of a failure; its sentence says what to do."""
    return _TITLES.get(type(failure), "The store cannot be opened")
