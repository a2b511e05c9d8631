"""The page of availability: figures for a range, and the spans from which each was counted.

GUI thread only; counted in the background.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.availability.availability_rows import (
    BUDGET_COLUMN,
    BudgetDelegate,
    Trace,
    row_columns,
    trace_columns,
    traces_of,
)
from noc_console.desk.availability.marking import Marking
from noc_console.desk.availability.range_chooser import RangeChooser
from noc_console.desk.availability.target_dialog import TargetDialog
from noc_console.desk.context import DeskContext
from noc_console.desk.report_forms import ReportForms, export_forms
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.rows_table import RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.availability.availability import FORMULAS
from noc_console.incidents.availability.availability_document import as_csv, as_html
from noc_console.incidents.availability.availability_report import (
    Kind,
    Report,
    Row,
    Scope,
    make_report,
)
from noc_console.incidents.availability.availability_words import (
    percent_text,
    recorded_text,
    sums_text,
)
from noc_console.incidents.availability.targets import put_target
from noc_console.incidents.report_range import ReportRange

_KINDS = {
    "Servers": Kind.SERVER,
    "Services": Kind.SERVICE,
    "Groups": Kind.GROUP,
    "Customers": Kind.CUSTOMER,
}
_MANY = 300
_ROWS_MEASURED = 40
_EMPTY = {
    Kind.SERVER: "There is no server yet; add one on the fleet page (Ctrl+N).",
    Kind.SERVICE: "No service was watched in this range; say what is expected on each server.",
    Kind.GROUP: "No server is in a group; groups are set where a server is edited.",
    Kind.CUSTOMER: "No site has a customer; sites are set where a server is edited.",
}


class AvailabilityPage(QWidget):
    """Choose a range, then a row; what it was counted from is below."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Count this month when the page is shown."""
        super().__init__()
        self._context = context
        self._now = now
        self.report: Report | None = None
        self._wanted: ReportRange | None = None
        self._state: StatePanel | None = None
        self.setAccessibleName("Availability")
        self.chooser = RangeChooser(now, context.background)
        self.kind = QComboBox()
        self.kind.addItems(list(_KINDS))
        self.kind.setAccessibleName("Of what")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Name")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Show only names with this in them")
        self.export_button = QPushButton("E&xport…")
        self.target_button = QPushButton("Set ta&rget…")
        self.mark_button = QPushButton("Seen &wrongly…")
        self.mark_button.setToolTip(
            "Mark the chosen outage as not watched, or take back a mark (N)"
        )
        self.marking = Marking(context, now, self, self.count)
        self.summary, self.traced_title, self.rules = (
            QLabel(),
            QLabel(),
            QLabel("\n".join(FORMULAS)),
        )
        for label in (self.summary, self.traced_title, self.rules):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.traced_title.setObjectName("faint")
        self.rules.setObjectName("faint")
        self.rules.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.rules.hide()
        self.rows: RowsModel[Row] = RowsModel(row_columns(lambda: context.theme().look), self)
        self.traces: RowsModel[Trace] = RowsModel(trace_columns(self._zone), self)
        self.table = table_of(self.rows, "Availability, the worst first")
        self.table.horizontalHeader().setResizeContentsPrecision(_ROWS_MEASURED)
        self.table.setItemDelegateForColumn(BUDGET_COLUMN, BudgetDelegate(self, self._bar_colours))
        self.trace_table = table_of(self.traces, "What the row was counted from")
        self.pages = QStackedWidget()
        self._lay_out()
        self._join()
        self._show_state("Counting …", "The spans of this range are being added up.")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.chooser)
        top.addStretch(1)
        how = QPushButton("How it is counte&d")
        how.setCheckable(True)
        how.toggled.connect(self.rules.setVisible)
        top.addWidget(how)
        line = QHBoxLayout()
        line.addWidget(self.kind)
        line.addWidget(self.filter)
        line.addStretch(1)
        line.addWidget(self.mark_button)
        line.addWidget(self.target_button)
        line.addWidget(self.export_button)
        self.filter.setMaximumWidth(240)
        below = QWidget()
        box = QVBoxLayout(below)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.traced_title)
        box.addWidget(self.trace_table, 1)
        self.whole = QSplitter(Qt.Orientation.Vertical)
        self.whole.addWidget(self.table)
        self.whole.addWidget(below)
        self.whole.setChildrenCollapsible(False)
        self.whole.setStretchFactor(0, 3)
        self.whole.setStretchFactor(1, 2)
        self.pages.addWidget(self.whole)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 8)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(self.summary)
        box.addWidget(self.rules)
        box.addLayout(line)
        box.addWidget(self.pages, 1)
        self.setFocusProxy(self.table)

    def _join(self) -> None:
        self.chooser.chosen.connect(self.count)
        self.chooser.add_keys(self)
        self.kind.currentIndexChanged.connect(lambda _: self._change_kind())
        self.filter.textChanged.connect(lambda _: self._show_rows())
        self.export_button.clicked.connect(self.export)
        self.target_button.clicked.connect(self.set_target)
        self.mark_button.clicked.connect(self.mark)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_traces())
        self.table.activated.connect(lambda _: self.open_server())
        self._context.themes.changed.connect(lambda _: self.table.viewport().update())
        for keys, words, act in (
            ("F5", "Count again", self.count),
            ("Ctrl+S", "Export the report", self.export),
            ("F2", "Set the target of the chosen row", self.set_target),
            ("N", "Mark the chosen outage as not watched, or take a mark back", self.mark),
            ("Ctrl+F", "Show only names with something in them", self.filter.setFocus),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setWhatsThis(words)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def showEvent(self, event: QShowEvent) -> None:
        """Count when the page comes up: what was counted before has grown old."""
        super().showEvent(event)
        self.count()

    def count(self) -> None:
        """Read the range's spans and add them up."""
        now, store = self._now(), self._context.store
        try:
            wanted = self.chooser.wanted()
        except ConsoleError as failure:
            self._fail(failure)
            return
        scope = Scope(with_services=self._chosen_kind() is Kind.SERVICE)
        self._wanted = wanted
        self.summary.setText("Counting …")
        self._context.background.call(
            lambda: make_report(store, wanted, now, scope),
            lambda report: self._show(wanted, report),
            self._fail,
            self,
        )

    def export(self) -> None:
        """Write the report to a file."""
        if self.report is not None:
            export_forms(self._context, forms_of_report(self.report), self)

    def set_target(self) -> None:
        """Ask for the target of the chosen row, or of all where none is chosen."""
        row = self._current()
        name = row.name if row else "all"
        percent = row.budget.target_percent if row else 99.9
        dialog = TargetDialog(name, percent, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.decided.connect(lambda chosen: self._put_target(_scope_of(row), chosen))
        dialog.open()

    def mark(self) -> QDialog | None:
        """Ask about the chosen span: an outage that was seen wrongly, or a mark."""
        index = self.trace_table.selectionModel().currentIndex()
        is_there = index.isValid() and index.row() < len(self.traces.rows)
        return self.marking.act(self.traces.rows[index.row()] if is_there else None)

    def open_server(self) -> None:
        """Show the page of the chosen row's server."""
        row = self._current()
        if row is not None and row.server_id is not None:
            self._context.navigator.open_server(row.server_id)

    def _put_target(self, scope: str, percent: float | None) -> None:
        store = self._context.store
        self._context.background.call(
            lambda: put_target(store, scope, percent),
            lambda _: self.count(),
            lambda failure: self._context.navigator.say(failure.sentence),
            self,
        )

    def _show(self, wanted: ReportRange, report: Report) -> None:
        if wanted != self._wanted:
            return
        self.report = report
        (whole,) = report.of(Kind.ALL)
        goes_on = "" if report.ends_at == report.range.end else ", up to now"
        recorded = whole.as_recorded
        marked = "" if recorded is None else f" In all {recorded_text(recorded)}."
        figures = (
            f"{percent_text(whole.measure.percent_as_up)} with maintenance as up,"
            f" {percent_text(whole.measure.percent_as_down)} as down."
        )
        if whole.measure.percent_as_up is None:
            figures = "nothing was watched."
        self.summary.setText(
            f"{report.range.title}{goes_on}: {figures}{marked}  {report.range.words()}."
        )
        self._show_rows()

    def _show_rows(self) -> None:
        if self.report is None:
            return
        kind, words = self._chosen_kind(), self.filter.text().strip().casefold()
        rows = self.report.of(kind)
        if not rows:
            add = {"&Add a server…": self._context.navigator.add_server}
            self._show_state("Nothing to count", _EMPTY[kind], add if kind is Kind.SERVER else None)
            return
        before = self._current()
        shown = [row for row in rows if words in row.name.casefold()]
        if len(shown) > _MANY:
            self.rows.show_rows(())  # to tell of each row that changed would hold the window up
        self.rows.show_rows(shown)
        self.pages.setCurrentWidget(self.whole)
        QTimer.singleShot(0, self, self._fit)  # when it was laid out
        place = next(
            (number for number, row in enumerate(shown) if before and row.name == before.name), 0
        )
        if shown:
            self.table.selectRow(place)
        self._show_traces()

    def _fit(self) -> None:
        fit_columns(self.table, widest=210)

    def _show_traces(self) -> None:
        row = self._current()
        if self.report is None or row is None:
            self.traces.show_rows(())
            self.traced_title.setText("Choose a row to see what it was counted from.")
            return
        report = self.report
        recorded = "" if row.as_recorded is None else f"; {recorded_text(row.as_recorded)}"
        self.traced_title.setText(f"{inert(row.name)}: {sums_text(row.measure)}{recorded}")
        self._context.background.call(
            lambda: traces_of(report, row),
            lambda traces: self._take_traces(row, traces),
            self._fail,
            self,
        )

    def _take_traces(self, row: Row, traces: list[Trace]) -> None:
        if self._current() is row:
            self.traces.show_rows(traces)
            fit_columns(self.trace_table)

    def _change_kind(self) -> None:
        has_services = self.report is not None and bool(self.report.of(Kind.SERVICE))
        if self._chosen_kind() is Kind.SERVICE and not has_services:
            self.count()
        else:
            self._show_rows()

    def _chosen_kind(self) -> Kind:
        return _KINDS[self.kind.currentText()]

    def _current(self) -> Row | None:
        index = self.table.selectionModel().currentIndex()
        return self.rows.rows[index.row()] if index.isValid() else None

    def _fail(self, failure: ConsoleError) -> None:
        self.report = None
        self.summary.setText("")
        self._show_state("Nothing was counted", failure.sentence)

    def _show_state(
        self, title: str, sentence: str, buttons: Mapping[str, Callable[[], object]] | None = None
    ) -> None:
        if self._state is not None:
            self.pages.removeWidget(self._state)
            self._state.deleteLater()
        self._state = StatePanel(title, sentence, buttons or {"&Count again": self.count})
        self.pages.addWidget(self._state)
        self.pages.setCurrentWidget(self._state)

    def _zone(self) -> str:
        return self.report.range.zone if self.report is not None else self.chooser.zone.zone

    def _bar_colours(self) -> tuple[QColor, QColor, QColor]:
        theme = self._context.theme()
        return (
            QColor(theme.graph_colours.grid),
            QColor(theme.graph_colours.accent),
            theme.look.colours[Verdict.CUT_OFF],
        )


def _scope_of(row: Row | None) -> str:
    """Give the scope under which a row's target is kept."""
    if row is None or row.kind is Kind.ALL:
        return "all"
    if row.kind is Kind.SERVER:
        return f"server:{row.server_id}"
    return f"{row.kind.value}:{row.service or row.name}"


def forms_of_report(report: Report) -> ReportForms:
    """Give the forms of a report of availability."""
    return ReportForms(
        title=f"Availability, {report.range.title}",
        html=lambda: as_html(report),
        table=lambda: as_csv(report),
    )
