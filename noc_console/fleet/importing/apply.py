"""Takes a preview in: all of it, or nothing."""

from dataclasses import dataclass
from datetime import datetime

from noc_console.errors import ConsoleError
from noc_console.fleet.importing.preview import Action, ImportPreview
from noc_console.fleet.records import NameTaken, ServerChanged, UnknownServer, add_and_edit
from noc_console.store.store import Store


class FleetMoved(ConsoleError):
    """The fleet is not as it was when the preview was made; nothing was taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did."""

    added: int
    updated: int

    @property
    def sentence(self) -> str:
        """Give it in one sentence."""
        if not self.added and not self.updated:
            return "Nothing was to be done: the fleet is as the file has it."
        parts = [
            f"{_servers(count)} {'was' if count == 1 else 'were'} {done}"
            for count, done in ((self.added, "added"), (self.updated, "updated"))
            if count
        ]
        return f"{' and '.join(parts)}."


def apply(store: Store, preview: ImportPreview, now: datetime) -> Imported:
    """Add and update what the preview says, in one transaction.

    Raises:
        FleetMoved: a name was taken, or a server changed or deleted, since the preview was made.
    """
    added = [row.server for row in preview.rows if row.action is Action.ADD]
    edited = [
        (row.before, row.server)
        for row in preview.rows
        if row.action is Action.UPDATE and row.before is not None
    ]
    if added or edited:
        try:
            add_and_edit(store, added, edited, now)
        except (NameTaken, ServerChanged, UnknownServer) as failure:
            what = failure.sentence.partition(";")[0]
            raise FleetMoved(f"{what}; nothing was imported, so read the file again.") from failure
    return Imported(added=len(added), updated=len(edited))


def _servers(count: int) -> str:
    return "1 server" if count == 1 else f"{count} servers"
