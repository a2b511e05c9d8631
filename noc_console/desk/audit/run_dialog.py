"""Asks what is collected: which month, which servers, and whether heavy checks wait.

GUI thread only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from noc_console.desk.widgets.form_dialog import FormDialog
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server

_ALL = "All servers"
_ABOUT = (
    "Every check is asked of the servers, read-only. What was collected this month is written over"
    " by what is found now; decisions stay. It goes on when this window is closed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWanted:
    """A run as a person wants it. `server_ids` is None for all servers."""

    month: str
    server_ids: tuple[int, ...] | None
    heavy_now: bool


class RunDialog(FormDialog):
    """`decided` comes when it is to be run."""

    def __init__(
        self,
        months: Sequence[str],
        servers: Sequence[Server],
        parent: QWidget | None,
    ) -> None:
        """Ask; all servers and the first month are proposed."""
        super().__init__("Run the audit", _ABOUT, "&Run it", parent)
        self._servers = servers
        self.month = QComboBox()
        self.month.addItems(list(months))
        self.scope = QComboBox()
        self.scope.setMaxVisibleItems(20)
        self.scope.setEditable(True)  # to type the beginning of a name
        self.scope.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.scope.addItem(_ALL, None)
        groups = sorted({name for one in servers for name in one.groups}, key=str.casefold)
        for name in groups:
            self.scope.addItem(f"Group {inert(name)}", name)
        for one in servers:
            self.scope.addItem(f"Server {inert(one.name)}", one.id)
        self.heavy = QCheckBox("&Heavy checks at once")
        self.heavy.setToolTip("Do not wait for the hours that are set for them")
        self.add_field("&Servers", self.scope)
        self.add_field("&Month", self.month)
        self.add_field(
            "",
            self.heavy,
            "Walks over the file system and the like; they go one server at a time.",
        )

    def wanted(self) -> RunWanted | None:
        """Give the run; None where what was typed is no server and no group."""
        place = self.scope.findText(self.scope.currentText())
        if place < 0:
            return None
        chosen = self.scope.itemData(place)
        ids: tuple[int, ...] | None = None
        if isinstance(chosen, int):
            ids = (chosen,)
        elif isinstance(chosen, str):
            ids = tuple(one.id for one in self._servers if chosen in one.groups)
        return RunWanted(
            month=self.month.currentText(), server_ids=ids, heavy_now=self.heavy.isChecked()
        )
