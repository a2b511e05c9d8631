"""What the command palette offers: the window's actions, its themes, and every server."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtGui import QAction

from noc_console.desk.command_palette.matching import best_matches
from noc_console.desk.command_palette.palette import Entry
from noc_console.desk.key_map import action_words, as_text
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server

SHOWN = 50


class EverythingThereIs:
    """Finds among actions and servers. Only what is found is made an entry: servers may be many."""

    def __init__(
        self,
        entries: Sequence[Entry],
        servers: Sequence[Server],
        open_server: Callable[[int], None],
    ) -> None:
        """Offer these, the entries before the servers."""
        self._things: list[Entry | Server] = [*entries, *servers]
        self._open_server = open_server

    def find(self, typed: str) -> list[Entry]:
        """Give what matches, the best first, at most `SHOWN`."""
        found = best_matches(typed, self._things, _words_of, SHOWN)
        return [one if isinstance(one, Entry) else self._as_entry(one) for one in found]

    def _as_entry(self, server: Server) -> Entry:
        return Entry(
            title=inert(server.name),
            beside=inert(server.address) or "this machine",
            act=partial(self._open_server, server.id),
        )


def entries_of_actions(actions: Iterable[QAction], themes: Iterable[QAction]) -> list[Entry]:
    """Give what can be done now, each with its key."""
    deeds = [
        Entry(title=action_words(action), beside=as_text(action.shortcuts()), act=action.trigger)
        for action in actions
        if action.isEnabled()
    ]
    return deeds + [
        Entry(title=f"Theme: {action_words(action)}", beside="", act=action.trigger)
        for action in themes
    ]


def _words_of(thing: Entry | Server) -> str:
    return thing.name if isinstance(thing, Server) else thing.title
