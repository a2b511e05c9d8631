"""Program of the window group: 50,000 rows sorted and filtered, beside a Qt proxy over Python.

Arguments: a folder for settings, how often. It prints one JSON object: milliseconds by what is
done.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from bench.large_fleet import reading, servers, state
from bench.qt_proxy import ProxiedTable
from noc_console.cli.desk import choose_platform
from noc_console.desk.fleet.filter_match import FleetMatch
from noc_console.desk.fleet.filter_terms import parse_filter
from noc_console.desk.fleet.fleet_cells import COLUMNS, Column
from noc_console.desk.fleet.fleet_change import fleet_change
from noc_console.desk.fleet.fleet_columns import FleetColumns
from noc_console.desk.fleet.fleet_model import FleetModel
from noc_console.desk.fleet.fleet_table import FleetTable
from noc_console.desk.settings.desk_settings import DeskSettings
from noc_console.desk.theme.themes import Themes
from noc_console.store.history import Reading

ROWS = 50_000
A_HUNDREDTH = ROWS // 100
FILTER = "group:web load>1 -ok"


class MeasuredTable:
    """The fleet's table with many rows; each deed is timed until it is painted."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        """Show the rows."""
        self._application = application
        self._now, self._seconds = datetime.now(UTC), 0
        self._chance = np.random.default_rng(1)
        self._columns = FleetColumns()
        self._columns.take_change(fleet_change({}, servers(ROWS)))
        self._columns.advance(self._now)
        for server_id in range(1, ROWS + 1):
            self._columns.take_state(state(server_id, self._now, self._chance))
            self._columns.take_sample(reading(server_id, self._now, self._chance))
        self._model = FleetModel(self._columns, Themes(application).current.look)
        self._table = FleetTable(self._model, DeskSettings(folder))
        self._table.resize(1366, 768)
        self._table.show()
        application.processEvents()

    def sort_ms(self, column: Column, repeats: int) -> float:
        """Sort by a column, one way and the other in turn."""
        orders = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder) * repeats
        place = COLUMNS.index(column)
        return statistics.median(
            self._timed(partial(self._model.sort, place, order)) for order in orders
        )

    def filter_ms(self, repeats: int) -> float:
        """Keep some rows, then all again; gives the slower of both."""
        match = FleetMatch(parse_filter(FILTER))
        some, every = [], []
        for _ in range(repeats):
            some.append(self._timed(lambda: self._model.keep(match)))
            every.append(self._timed(lambda: self._model.keep(None)))
        return max(statistics.median(some), statistics.median(every))

    def change_ms(self, repeats: int) -> float:
        """Take new samples of one row in a hundred while the table is sorted by load."""
        self._model.sort(COLUMNS.index(Column.LOAD), Qt.SortOrder.DescendingOrder)
        taken = []
        for _ in range(repeats):
            self._seconds += 1
            at = self._now + timedelta(seconds=self._seconds)
            ids = self._chance.choice(ROWS, A_HUNDREDTH, replace=False) + 1
            readings = [reading(one, at, self._chance) for one in ids.tolist()]

            taken.append(self._timed(partial(self._change, readings)))
        return statistics.median(taken)

    def _change(self, readings: list[Reading]) -> None:
        touched = {self._columns.take_sample(one) for one in readings}
        self._model.arrange()
        self._model.touch(touched)

    def _timed(self, work: Callable[[], object]) -> float:
        return _milliseconds(lambda: (work(), self._application.processEvents()))


def main() -> None:
    """Measure ours, then the baseline."""
    folder, repeats = Path(sys.argv[1]), int(sys.argv[2])
    choose_platform(off_screen=True)
    application = QApplication(["rows"])
    ours = MeasuredTable(application, folder)
    sorts = {column: ours.sort_ms(column, repeats) for column in COLUMNS}
    slowest = max(COLUMNS, key=sorts.__getitem__)
    loads = np.random.default_rng(1).gamma(1.0, 1.5, ROWS).tolist()
    names = [one.name for one in servers(ROWS)]
    theirs = ProxiedTable(list(zip(names, loads, strict=True)))
    application.processEvents()
    figures = {
        "sort": statistics.median(sorts.values()),
        "slowest sort": sorts[slowest],
        "slowest column": COLUMNS.index(slowest),
        "filter": ours.filter_ms(repeats),
        "change": ours.change_ms(repeats),
        "baseline sort": _milliseconds(theirs.sort_by_load),
        "baseline filter": _milliseconds(lambda: theirs.keep_named("host-0")),
    }
    print(json.dumps(figures))


def _milliseconds(work: Callable[[], object]) -> float:
    """Give the CPU time of this thread: on a busy machine other times mean nothing."""
    started_s = time.thread_time()
    work()
    return 1000 * (time.thread_time() - started_s)


if __name__ == "__main__":
    main()
