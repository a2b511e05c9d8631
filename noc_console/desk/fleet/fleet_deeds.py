"""What a person does to chosen servers that needs the store: delete, edit many, undo, read now.

GUI thread only; the store is written in the background.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.notice_band import NoticeBand
from noc_console.desk.widgets.question import ask
from noc_console.errors import ConsoleError
from noc_console.fleet.asking import REFRESH_NOW
from noc_console.fleet.inert import inert
from noc_console.fleet.records import ServerChanged, add_and_edit, delete_servers, restore_servers
from noc_console.fleet.server import Server
from noc_console.store.orders import place
from noc_console.store.store import Store

_NAMES_SHOWN = 8
_MOST_AT_ONCE = 200
"""Reading a whole large fleet at once would help nobody: each is read every few seconds anyhow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Undoable:
    """What undoes a deed, and what is said then."""

    work: Callable[[], object]
    words: str


class FleetDeeds(QObject):
    """Does it, says so in the notice band, and remembers what can be undone."""

    def __init__(
        self,
        context: DeskContext,
        notice: NoticeBand,
        parent: QWidget,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Have done nothing yet."""
        super().__init__(parent)
        self._context = context
        self._notice = notice
        self._window = parent
        self._now = now
        self._done: list[_Undoable] = []

    def ask_to_delete(self, servers: Sequence[Server]) -> QMessageBox | None:
        """Ask whether these servers are to leave the fleet; None where there are none."""
        if not servers:
            return None
        return ask(
            self._window,
            "Delete",
            f"Delete {_counted(servers)} from the fleet?",
            f"{_named(servers)}\n\nNothing changes on the servers themselves. History is kept,"
            " and Ctrl+Z on the fleet page brings them back.",
            yes="Delete",
            act=lambda: self.delete(servers),
        )

    def delete(self, servers: Sequence[Server]) -> None:
        """Take these servers out of the fleet."""
        ids, store, now = [server.id for server in servers], self._context.store, self._now()
        verb = "is" if len(servers) == 1 else "are"
        undo = _Undoable(
            work=lambda: restore_servers(store, ids, self._now()),
            words=f"{_counted(servers)} {verb} back in the fleet.",
        )
        self._do(
            lambda: delete_servers(store, ids, now),
            lambda _: self._offer_undo(f"{_counted(servers)} deleted.", undo),
        )

    def offer_undo_of_edit(self, edited: Sequence[tuple[Server, Server]]) -> None:
        """Tell that servers were edited at once, each as it was and as it is; it can be undone."""
        if not edited:
            self._notice.say("Nothing was changed: the servers were so already.")
            return
        store, back = self._context.store, [(after, before) for before, after in edited]
        servers = [after for _, after in edited]
        verb = "was" if len(servers) == 1 else "were"
        undo = _Undoable(
            work=lambda: add_and_edit(store, [], back, self._now()),
            words=f"{_counted(servers)} {'is' if len(servers) == 1 else 'are'} as before.",
        )
        self._offer_undo(f"{_counted(servers)} {verb} edited.", undo)

    def undo(self) -> None:
        """Undo what was deleted or edited at once last."""
        if not self._done:
            self._notice.say("There is nothing to undo.")
            return
        last = self._done.pop()

        def refuse(failure: ConsoleError) -> None:
            if not isinstance(failure, ServerChanged):  # that stays so; older deeds come next
                self._done.append(last)
            self._notice.say(failure.sentence)

        self._context.background.call(
            last.work, lambda _: self._notice.say(last.words), refuse, self
        )

    def _offer_undo(self, sentence: str, undo: _Undoable) -> None:
        self._done.append(undo)
        self._notice.offer(sentence, "Undo (Ctrl+Z)", self.undo)

    def read_now(self, servers: Sequence[Server]) -> None:
        """Ask the engine to read these servers at once."""
        if not servers:
            return
        if self._context.live.is_unwatched:
            self._notice.say("No engine is watching, so nothing can be read now.")
            return
        if len(servers) > _MOST_AT_ONCE:
            self._notice.say(f"Choose at most {_MOST_AT_ONCE} servers to read at once.")
            return
        order = partial(
            _place_all,
            self._context.store,
            [server.id for server in servers],
            self._context.asked_by,
            self._now(),
        )
        self._do(order, lambda _: self._notice.say(f"Reading {_counted(servers)} now."))

    def _do(self, work: Callable[[], int], finish: Callable[[int], None]) -> None:
        self._context.background.call(
            work, finish, lambda failure: self._notice.say(failure.sentence), self
        )


def _place_all(store: Store, ids: Sequence[int], asked_by: str, now: datetime) -> int:
    for server_id in ids:
        place(store, REFRESH_NOW, server_id=server_id, asked_by=asked_by, now=now)
    return len(ids)


def _counted(servers: Sequence[Server]) -> str:
    return inert(servers[0].name) if len(servers) == 1 else f"{len(servers)} servers"


def _named(servers: Sequence[Server]) -> str:
    names = [inert(server.name) for server in servers[:_NAMES_SHOWN]]
    more = len(servers) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
