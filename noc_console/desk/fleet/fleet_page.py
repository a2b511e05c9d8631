"""The fleet page: every server, the worst first, live. GUI thread only."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QAbstractItemView, QTableView, QVBoxLayout, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.fleet.fleet_change import fleet_change
from noc_console.desk.fleet.fleet_columns import FleetColumns
from noc_console.desk.fleet.fleet_model import FleetModel
from noc_console.fleet.server import Server


class FleetPage(QWidget):
    """The fleet in a table."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show the live fleet."""
        super().__init__()
        self._context = context
        self._now = now
        self.columns = FleetColumns()
        self.columns.advance(now())
        self.model = FleetModel(self.columns, context.theme().look, now, self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName("Servers")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.activated.connect(self._open)
        box = QVBoxLayout(self)
        box.addWidget(self.table)
        self.setFocusProxy(self.table)
        live = context.live
        live.fleet_changed.connect(self._take_fleet)
        live.states_changed.connect(lambda _: self._tick())
        live.samples_arrived.connect(lambda _: self._tick())
        live.engine_changed.connect(lambda _: self._tick())
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._take_fleet(live.servers)

    def _take_fleet(self, servers: Sequence[Server]) -> None:
        self.model.take_change(fleet_change(self.columns.by_id(), servers))
        self._tick()

    def _tick(self) -> None:
        live = self._context.live
        self.columns.advance(self._now())
        self.columns.is_watched = live.engine is not None
        for state in live.states.values():
            self.columns.take_state(state)
        for reading in live.latest.values():
            self.columns.take_sample(reading)
        self.model.arrange()
        self.model.look_at(0, self.model.rowCount() - 1)
        self.model.touch()

    def _open(self, index: QModelIndex) -> None:
        (server_id,) = self.columns.ids_of([int(self.model.shown[index.row()])])
        self._context.navigator.open_server(server_id)
