"""Imports, once the window stands, what pages and dialogs will need: the first click finds it here.

A thread imports what has nothing of Qt. The desk's own modules are imported by the window's thread,
one at a time with a rest after each, what a module needs before it: so each takes it a moment only.
Never by another thread: PySide on Python 3.11 keeps its classes in a table that the window's thread
reads without a lock, and a class that another thread adds just then ends the program.
"""

import importlib
import re
import threading
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

import noc_console.desk

_REST_MS = 15
_NEEDED = re.compile(r"^(?:from|import) (noc_console\.[\w.]+)", re.MULTILINE)
_DESK = f"{noc_console.desk.__name__}."
FIRST = f"{_DESK}server.server_page"
"""What people open first."""


class WarmUp(QObject):
    """Begins with `start`; after `close` nothing more is imported. GUI thread only."""

    def __init__(self, parent: QObject) -> None:
        """Import nothing yet."""
        super().__init__(parent)
        self._is_closing = threading.Event()
        self._order: list[str] = []
        self._thread = threading.Thread(target=self._prepare, name="warm-up", daemon=True)
        self._timer = QTimer(self)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self._import_next)

    def start(self) -> None:
        """Import from now on."""
        self._thread.start()
        self._timer.start()

    def close(self, wait_s: float = 2.0) -> None:
        """Import nothing more."""
        self._is_closing.set()
        self._timer.stop()
        if self._thread.is_alive():
            self._thread.join(wait_s)

    def _prepare(self) -> None:
        """Runs on the thread: import what has nothing of Qt, then give the order of the rest."""
        needs = dict(needs_of_desk())
        for module in sorted(set().union(*needs.values()) - needs.keys()):
            if self._is_closing.wait(_REST_MS / 1000):
                return
            importlib.import_module(module)
        self._order = in_order(needs)[::-1]

    def _import_next(self) -> None:
        if self._order:
            importlib.import_module(self._order.pop())
        elif not self._thread.is_alive():
            self._timer.stop()


def in_order(needs: Mapping[str, set[str]]) -> list[str]:
    """Give modules so that each comes after those it needs, and `FIRST` as early as can be.

    Raises:
        graphlib.CycleError: some need one another.
    """
    soon: set[str] = set()
    new = {FIRST} & needs.keys()
    while new:
        soon |= new
        new = set().union(*(needs[one] for one in new)) & needs.keys() - soon
    order = [one for one in TopologicalSorter(needs).static_order() if one in needs]
    return sorted(order, key=lambda one: one not in soon)


def needs_of_desk() -> Iterator[tuple[str, set[str]]]:
    """Give every module of the desk, and what of this program it imports as a whole."""
    folder = Path(noc_console.desk.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        name = ".".join(path.relative_to(folder).with_suffix("").parts)
        source = path.read_text(encoding="utf-8")
        yield f"{_DESK}{name}".removesuffix(".__init__"), set(_NEEDED.findall(source))
