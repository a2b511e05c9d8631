"""Who logged in from where and when, beside the habit of each account. GUI thread only.

The accounts of all servers stand above; of the chosen one its logins are read in full.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSplitter, QVBoxLayout, QWidget

from noc_console.audit.logins.kept import read_panel
from noc_console.audit.logins.panel import AccountShown, LoginShown, LoginsPanel, Standing
from noc_console.desk.audit.hour_chart import HourChart
from noc_console.desk.audit.login_columns import account_columns, login_columns, network_columns
from noc_console.desk.audit.long_words import broken_up
from noc_console.desk.audit.told_tab import Empty, ToldTab, counted, named, nothing_told
from noc_console.desk.context import DeskContext
from noc_console.desk.widgets.deed import Deed
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert

_ALL = "All networks"
_LEGEND = "Filled: this audit. Framed: the months before. ▲: told of. Times of the server: "
_READING = "Its logins are being read."
_EMPTY_TITLE = "No login is known in this audit"
_EMPTY = (
    "Run the audit with the checks of suspect logins (LOG-01): accounts stand here as soon as a"
    " server told who logged in."
)


class LoginsTab(ToldTab[AccountShown]):
    """Enter on an account leads to its logins; Enter on a login to its finding."""

    def __init__(self, context: DeskContext) -> None:
        """Show nothing before an audit is chosen."""
        super().__init__(context, "Logins", account_columns(lambda: context.theme().look))
        self._asked_logins = 0
        self._chosen: AccountShown | None = None
        self._shown: AccountShown | None = None
        self.chart = HourChart(context.theme)
        self.hour = plain_label(name="faint")
        self.legend = plain_label(name="faint")
        self.networks = RowsModel(network_columns(lambda: context.theme().look), self)
        self.networks_table = table_of(self.networks, "Networks the account came from")
        self.network = QComboBox()
        self.network.setAccessibleName("Only logins from this network")
        self.logins = RowsModel(
            login_columns(lambda: context.theme().look, lambda: self._shown), self
        )
        self.logins_table = table_of(self.logins, "Logins of the account, told ones first")
        self.line = plain_label()
        self.line.setAccessibleName("Raw line of the log")
        self._add_deeds()
        self._lay_out()
        self._join()
        self.choice_changed()

    def _add_deeds(self) -> None:
        self.deeds.add(
            Deed(
                key="logins",
                words="Go through its logins",
                keys="Return Enter",
                act=self.logins_table.setFocus,
                on_table=True,
            ),
            Deed(key="finding", words="Go to the finding", keys="F", act=self._open_finding),
            Deed(key="hours", words="Go through the hours", keys="H", act=self.chart.setFocus),
            Deed(
                key="accounts",
                words="Back to the accounts",
                keys="Esc",
                act=self.table.setFocus,
                has_button=False,
            ),
        )

    def _lay_out(self) -> None:
        hours = QWidget()
        left = QVBoxLayout(hours)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(4)
        left.addWidget(self.chart, 3)
        left.addWidget(self.hour)
        left.addWidget(self.legend)
        left.addWidget(self.networks_table, 2)
        logins = QWidget()
        right = QVBoxLayout(logins)
        right.setContentsMargins(6, 0, 0, 0)
        right.setSpacing(4)
        right.addWidget(self.network)
        right.addWidget(self.logins_table, 1)
        right.addWidget(self.line)
        self.beside = QSplitter(Qt.Orientation.Horizontal)
        self.beside.addWidget(hours)
        self.beside.addWidget(logins)
        self.beside.setChildrenCollapsible(False)
        self.beside.setSizes([464, 716])
        inside = QVBoxLayout(self.below)
        inside.setContentsMargins(0, 4, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(self.about)
        inside.addWidget(self.beside, 1)
        self.box.addWidget(self.summary)
        self.box.addLayout(self.deeds.row())
        self.box.addWidget(self.split, 1)

    def _join(self) -> None:
        self.chart.hour_chosen.connect(self.hour.setText)
        self.network.currentIndexChanged.connect(lambda _: self._show_logins())
        self.logins_table.selectionModel().currentRowChanged.connect(lambda *_: self._show_line())
        self.logins_table.activated.connect(lambda _: self._open_finding())
        self.table.doubleClicked.connect(lambda _: self.logins_table.setFocus())
        self.context.themes.changed.connect(lambda _: self.chart.update())

    @property
    def chosen_login(self) -> LoginShown | None:
        """The login that is chosen."""
        place = self.logins_table.currentIndex().row()
        return self.logins.rows[place] if 0 <= place < len(self.logins.rows) else None

    def reading(self) -> Callable[[], Any]:
        """Give the work that reads the accounts."""
        store, audit_id = self.context.store, self.audit_id
        return lambda: read_panel(store, audit_id) if audit_id else LoginsPanel()

    def rows_of(self, found: LoginsPanel) -> Sequence[AccountShown]:
        """Give the accounts, the worst first."""
        return found.accounts

    def summary_of(self, found: LoginsPanel) -> str:
        """Give how many are suspect, and who told nothing."""
        standings = [one.standing for one in found.accounts]
        logins = sum(one.count for one in found.accounts)
        said = (
            f"{counted(len(standings), 'account')}, {counted(logins, 'login')}:"
            f" {standings.count(Standing.SUSPECT):,} suspect,"
            f" {standings.count(Standing.UNUSUAL):,} unusual."
        ) * bool(standings)
        silent = named([one.server_name for one in found.not_told], "Not measured")
        parts = (said, silent, named(found.no_logins, "No login"))
        return " ".join(part for part in parts if part)

    def empty(self, found: LoginsPanel) -> Empty:
        """Say why there is no account, and what to do."""
        if found.not_told:
            return nothing_told(_EMPTY_TITLE, found.not_told)
        if found.no_logins:
            servers = counted(len(found.no_logins), "server")
            words = f"Nothing is to be done: the logs of {servers} hold no login of this month."
            return Empty(title="Nobody logged in", sentence=words)
        return Empty(title=_EMPTY_TITLE, sentence=_EMPTY)

    def key_of(self, row: AccountShown) -> Hashable:
        """Give what makes an account the same one."""
        return row.key

    def choice_changed(self) -> None:
        """Show what is there of the chosen account, then read all its logins."""
        row = self.chosen if self.panel is None else None
        self.deeds.enable(logins=row is not None, hours=row is not None)
        if row is None or row == self._chosen:
            return
        self._chosen = row
        self._show_account(row)
        self._asked_logins += 1
        asked, store, audit_id = self._asked_logins, self.context.store, self.audit_id
        self.context.background.call(
            lambda: _account(read_panel(store, audit_id, row.server_id), row),
            lambda found: self._show_account(found) if asked == self._asked_logins else None,
            self._say_failure,
            self,
        )

    def _show_account(self, row: AccountShown) -> None:
        self._shown = row
        self.about.setText(broken_up(inert(row.sentence, 600)))
        self.legend.setText(f"{_LEGEND}{inert(row.zone, 60) or 'zone not told'}.")
        self.chart.show_grid(row.grid)
        self.networks.show_rows(row.networks)
        fit_columns(self.networks_table, widest=200)
        kept = self.network.currentText()
        self.network.blockSignals(True)
        self.network.clear()
        self.network.addItem(_ALL)
        self.network.addItems([inert(one.network, 80) for one in row.networks])
        self.network.setCurrentIndex(max(0, self.network.findText(kept)))
        self.network.blockSignals(False)
        self._show_logins()

    def _show_logins(self) -> None:
        row = self._shown
        if row is None:
            return
        place = self.network.currentIndex() - 1
        wanted = row.networks[place].network if 0 <= place < len(row.networks) else None
        shown = [one for one in row.logins if wanted in {None, one.network}]
        shown.sort(key=lambda one: (one.standing.urgency, -one.at.timestamp()))
        self.logins.show_rows(shown)
        fit_columns(self.logins_table, widest=230)
        if shown:
            self.logins_table.selectRow(0)
        self._show_line()

    def _show_line(self) -> None:
        one = self.chosen_login
        self.deeds.enable(finding=one is not None and bool(one.items))
        words = _READING if self._shown is not None and self._shown.is_short else ""
        if one is not None:
            words = f"{inert(one.sentence, 400)}\nLine {one.line_number}: {inert(one.line, 600)}"
        self.line.setText(broken_up(words))

    def _open_finding(self) -> None:
        row, one = self._shown, self.chosen_login
        if row is None or one is None:
            return
        if one.items:
            self.finding_wanted.emit((row.server_id, row.check_id, one.items[0]))
        else:
            self.context.navigator.say("Nothing was told of this login; its line stands below.")

    def _say_failure(self, failure: ConsoleError) -> None:
        self.context.navigator.say(failure.sentence)


def _account(panel: LoginsPanel, like: AccountShown) -> AccountShown:
    """Give the same account with all its logins; what is there already where it is gone."""
    return next((one for one in panel.accounts if one.key == like.key), like)
