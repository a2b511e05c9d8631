"""Changes many servers at once: says beforehand how many will differ, and in what."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from noc_console.desk.fleet_edit.bulk_change import BulkChange, changed_servers
from noc_console.desk.fleet_edit.bulk_form import BulkForm
from noc_console.desk.widgets.dialog_frame import answer_buttons, roomy_column
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.fleet.server import InvalidServer, Server

_NAMED = 6


class BulkEditDialog(QDialog):
    """Asks what to change. The one who opened it carries the change out, then closes it."""

    change_wanted = Signal(object)
    """A `BulkChange` that alters at least one server."""

    def __init__(
        self, servers: Sequence[Server], names: Sequence[str], parent: QWidget | None = None
    ) -> None:
        """Ask about `servers`; `names` are those of all servers, for jumps."""
        super().__init__(parent)
        self._servers = tuple(servers)
        self._names = frozenset(names)
        self.form = BulkForm(servers, sorted(names))
        self.outcome = plain_label(name="outcome")
        self.change_button = QPushButton("&Change")
        self.setWindowTitle(f"Edit {len(servers)} servers")
        about = plain_label(name="about")
        about.setText(f"{_named(servers)}\nTick what to change; all else stays as it is.")
        buttons = answer_buttons(self, self.change_button, self._ask)
        box = roomy_column(self)
        box.addWidget(about)
        box.addWidget(self.form, 1)
        box.addWidget(self.outcome)
        box.addWidget(buttons)
        self.form.changed.connect(self._weigh)
        self._weigh()

    def sizeHint(self) -> QSize:
        """Give a size at which no field needs scrolling."""
        return QSize(620, 640)

    def show_trouble(self, sentence: str) -> None:
        """Say why the change was not made; a person may mend it and try again."""
        self.outcome.setText(f"✖  {sentence}")
        self.change_button.setEnabled(True)

    def problem(self, change: BulkChange) -> str:
        """Give the sentence on what is wrong with a change, or nothing."""
        unknown = [name for name in change.jumps or () if name not in self._names]
        if unknown:
            return f"No server is called {unknown[0]}; a jump must be a server in the list."
        return ""

    def _weigh(self) -> None:
        change = self.form.read()
        words = self.problem(change)
        count = 0
        if not words:
            try:
                count = len(changed_servers(change, self._servers))
            except InvalidServer as problem:
                words = problem.sentence
        self.change_button.setEnabled(count > 0)
        self.outcome.setText(f"✖  {words}" if words else _outlook(change, count, self._servers))

    def _ask(self) -> None:
        self.change_button.setEnabled(False)
        self.change_wanted.emit(self.form.read())


def _outlook(change: BulkChange, count: int, servers: Sequence[Server]) -> str:
    if change.is_empty:
        return "Nothing is ticked yet, so nothing would change."
    return f"{count} of {len(servers)} servers will be different."


def _named(servers: Sequence[Server]) -> str:
    shown = ", ".join(server.name for server in servers[:_NAMED])
    rest = len(servers) - _NAMED
    return f"{shown} and {rest} more." if rest > 0 else f"{shown}."
