"""For whom lines or a profile are chosen: this server, one of its groups, or all. GUI thread."""

from PySide6.QtWidgets import QComboBox

from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.health.line_book import Owner, Scope, owners_of


class OwnerChoice(QComboBox):
    """A list of the owners a server has, the nearest first."""

    def __init__(self, server: Server) -> None:
        """Offer this server, its groups, and all servers."""
        super().__init__()
        self._owners = owners_of(server)
        self.setAccessibleName("For whom")
        for owner in self._owners:
            self.addItem(_words(owner, server))

    @property
    def owner(self) -> Owner:
        """The chosen one."""
        return self._owners[max(self.currentIndex(), 0)]

    def choose(self, owner: Owner) -> None:
        """Choose one."""
        if owner in self._owners:
            self.setCurrentIndex(self._owners.index(owner))


def _words(owner: Owner, server: Server) -> str:
    match owner.scope:
        case Scope.SERVER:
            return f"only {inert(server.name)}"
        case Scope.GROUP:
            return f"all servers of group {inert(owner.name)}"
        case Scope.ALL:
            return "all servers"
