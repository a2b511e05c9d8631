"""One line under the fleet: all that is known of the server the cursor is on.

The table's last column has little room at a desk of 1366 pixels; this line has the whole width.
GUI thread only.
"""

from PySide6.QtCore import QItemSelectionModel, QModelIndex

from noc_console.desk.fleet.fleet_cells import judgement_of, why_line
from noc_console.desk.fleet.fleet_model import FleetModel
from noc_console.desk.widgets.eliding_label import ElidingLabel


class ReasonLine(ElidingLabel):
    """Names the current server, its verdict and every reason; empty where there is none."""

    def __init__(self, model: FleetModel, chosen: QItemSelectionModel) -> None:
        """Follow the cursor and what is told of its row."""
        super().__init__(is_sentence=True)
        self._model = model
        self._chosen = chosen
        self.setAccessibleName("The chosen server")
        self.setMinimumHeight(self.fontMetrics().height())
        chosen.currentChanged.connect(lambda *_: self.refresh())
        model.dataChanged.connect(self._take_changed)
        for moved in (model.layoutChanged, model.modelReset, model.rowsRemoved):
            moved.connect(lambda *_: self.refresh())

    def refresh(self) -> None:
        """Say how the current server stands now."""
        current, model = self._chosen.currentIndex(), self._model
        if not current.isValid() or current.row() >= len(model.shown):
            self._say("")
            return
        row, now = int(model.shown[current.row()]), model.now()
        self._say(why_line(model.columns, row, now, judgement_of(model.columns, row, now)))

    def _take_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self._chosen.currentIndex().row() <= last.row():
            self.refresh()

    def _say(self, words: str) -> None:
        if words != self.text():
            self.setText(words)
            self.setAccessibleDescription(words)
