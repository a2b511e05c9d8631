"""How good the alarms were: figures against EEMUA 191, and for each what it was counted from.

GUI thread only; read in the background. No alarm system is good that calls more often than a person
can look: so the worst offenders stand beside the figures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.alarms.alarm_rows import moment_text, server_text
from noc_console.desk.context import DeskContext
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, AlarmEvent
from noc_console.health.alarm_quality import Measure, Offender, Quality
from noc_console.health.alarm_quality_records import read_quality
from noc_console.health.measures import spoken_key
from noc_console.health.verdict import Verdict

_SPANS: Mapping[str, timedelta] = {
    "Day": timedelta(days=1),
    "Week": timedelta(days=7),
    "Month": timedelta(days=30),
}
_MOST_TRACED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One thing a figure was counted from."""

    at: datetime
    server_id: int | None
    verdict: Verdict
    what: str
    words: str


class QualityPanel(QWidget):
    """Choose a span and a figure; the rows behind it are below."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime]) -> None:
        """Show nothing until it was read."""
        super().__init__()
        self._context = context
        self._now = now
        self._quality: Quality | None = None
        self._servers: Mapping[int, Server] = {}
        self._back = 0
        self.setAccessibleName("Alarm quality")
        self.span = QComboBox()
        self.span.addItems(list(_SPANS))
        self.span.setCurrentText("Week")
        self.span.setAccessibleName("Span")
        self.earlier, self.later = QPushButton("&Earlier"), QPushButton("La&ter")
        self.state, self.traced_title = QLabel(), QLabel()
        for label in (self.state, self.traced_title):
            label.setObjectName("faint")
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.measures: RowsModel[Measure] = RowsModel(self._measure_columns(), self)
        self.offenders: RowsModel[Offender] = RowsModel(self._offender_columns(), self)
        self.traces: RowsModel[Trace] = RowsModel(self._trace_columns(), self)
        self.measure_table = table_of(self.measures, "Figures against their targets")
        self.offender_table = table_of(self.offenders, "Top ten offenders")
        self.trace_table = table_of(self.traces, "What the figure was counted from")
        self._lay_out()
        self._join()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.span)
        top.addWidget(self.earlier)
        top.addWidget(self.later)
        top.addWidget(self.state, 1)
        across = QSplitter(Qt.Orientation.Horizontal)
        for table, title, share in (
            (self.measure_table, "Figures, and EEMUA 191’s targets", 5),
            (self.offender_table, "Top ten offenders", 4),
        ):
            part = QWidget()
            box = QVBoxLayout(part)
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(4)
            head = QLabel(title)
            head.setObjectName("sectionTitle")
            box.addWidget(head)
            box.addWidget(table, 1)
            across.addWidget(part)
            across.setStretchFactor(across.count() - 1, share)
        below = QWidget()
        box = QVBoxLayout(below)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.traced_title)
        box.addWidget(self.trace_table, 1)
        whole = QSplitter(Qt.Orientation.Vertical)
        whole.addWidget(across)
        whole.addWidget(below)
        whole.setChildrenCollapsible(False)
        whole.setStretchFactor(0, 4)
        whole.setStretchFactor(1, 3)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(whole, 1)
        self.setFocusProxy(self.measure_table)

    def _join(self) -> None:
        self.span.currentIndexChanged.connect(lambda _: self._go(0))
        self.earlier.clicked.connect(lambda: self._go(self._back + 1))
        self.later.clicked.connect(lambda: self._go(self._back - 1))
        for keys, words, by in (
            ("Alt+PgUp", "Look at the span before", 1),
            ("Alt+PgDown", "Look at the span after", -1),
        ):
            step = QShortcut(QKeySequence(keys), self, lambda by=by: self._go(self._back + by))
            step.setWhatsThis(words)
            step.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        again = QShortcut(QKeySequence("F5"), self, self.read)
        again.setWhatsThis("Count again")
        again.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for table, trace in (
            (self.measure_table, self._trace_measure),
            (self.offender_table, self._trace_offender),
        ):
            table.selectionModel().currentRowChanged.connect(
                lambda index, _, trace=trace: trace(index.row())
            )
        self._context.themes.changed.connect(lambda _: self._repaint())

    def _measure_columns(self) -> Sequence[Column[Measure]]:
        return (
            Column(title="Figure", text=lambda one: one.figure.value, stretch=True),
            Column(title="Value", text=lambda one: one.text, numeric=True),
            Column(title="Target", text=lambda one: one.target),
            Column(
                title="",
                text=self._worded,
                colour=lambda one: self._look().colour(self._verdict(one)),
            ),
        )

    def _offender_columns(self) -> Sequence[Column[Offender]]:
        return (
            Column(title="Server", text=lambda one: server_text(one.server_id, self._servers)),
            Column(title="What", text=lambda one: inert(spoken_key(one.key)), stretch=True),
            Column(title="Calls", text=lambda one: str(len(one.calls)), numeric=True),
            Column(title="Share", text=self._share, numeric=True),
        )

    def _trace_columns(self) -> Sequence[Column[Trace]]:
        return (
            Column(title="When", text=lambda one: moment_text(one.at)),
            Column(
                title="Severity",
                text=lambda one: self._look().worded(one.verdict, one.verdict.value),
                colour=lambda one: self._look().colour(one.verdict),
            ),
            Column(title="Server", text=lambda one: server_text(one.server_id, self._servers)),
            Column(title="Event", text=lambda one: one.what),
            Column(
                title="Words",
                text=lambda one: inert(one.words),
                stretch=True,
                is_sentence=True,
            ),
        )

    def _look(self) -> Look:
        return self._context.theme().look

    def _worded(self, one: Measure) -> str:
        words = "not watched" if self._is_unknown else "met" if one.is_met else "missed"
        return self._look().worded(self._verdict(one), words)

    @property
    def _is_unknown(self) -> bool:
        """Whether nobody watched in all that time: no call is then no good news."""
        return self._quality is None or not self._quality.watched

    def _verdict(self, one: Measure) -> Verdict:
        if self._is_unknown:
            return Verdict.UNKNOWN
        return Verdict.OK if one.is_met else Verdict.EARLY

    def _share(self, one: Offender) -> str:
        total = len(self._quality.calls) if self._quality is not None else 0
        return f"{100 * len(one.calls) / total:.0f} %" if total else "–"

    def showEvent(self, event: QShowEvent) -> None:
        """Count when it is looked at."""
        super().showEvent(event)
        self.read()

    def read(self) -> None:
        """Count the chosen span."""
        length = _SPANS[self.span.currentText()]
        end = self._now() - self._back * length
        store = self._context.store
        self.later.setEnabled(self._back > 0)
        if self._quality is None:
            self.state.setText("Counting …")
        self._context.background.call(
            lambda: read_quality(store, end - length, end), self._show, self._refuse, self
        )

    def _go(self, back: int) -> None:
        if back >= 0:
            self._back = back
            self.read()

    def _show(self, quality: Quality) -> None:
        self._quality = quality
        self._servers = {server.id: server for server in self._context.live.servers}
        self.state.setText(_span_words(quality))
        self.measures.show_rows(quality.measures)
        self.offenders.show_rows(quality.offenders)
        fit_columns(self.measure_table)
        fit_columns(self.offender_table)
        row = self.measure_table.currentIndex().row()
        if row < 0:
            self.measure_table.selectRow(0)
        else:
            self._trace_measure(row)

    def _refuse(self, failure: ConsoleError) -> None:
        self.state.setText(failure.sentence)

    def _trace_measure(self, row: int) -> None:
        if 0 <= row < len(self.measures.rows):
            measure = self.measures.rows[row]
            self._show_traces(
                f"{measure.figure.value}: {measure.text}",
                [*map(self._of_call, measure.calls)] or [*map(_of_alarm, measure.alarms)],
            )

    def _trace_offender(self, row: int) -> None:
        if 0 <= row < len(self.offenders.rows):
            offender = self.offenders.rows[row]
            what = inert(spoken_key(offender.key))
            name = f"{server_text(offender.server_id, self._servers)}, {what}"
            self._show_traces(name, [*map(self._of_call, offender.calls)])

    def _show_traces(self, title: str, traces: Sequence[Trace]) -> None:
        count = len(traces)
        more = f"; the first {_MOST_TRACED:,} are shown" if count > _MOST_TRACED else ""
        counted = f"counted from {count:,} row{'s' if count != 1 else ''}{more}"
        self.traced_title.setText(f"{title}, {counted if count else 'counted from nothing'}.")
        self.traces.show_rows(traces[:_MOST_TRACED])
        fit_columns(self.trace_table)

    def _of_call(self, call: AlarmEvent) -> Trace:
        quality = self._quality
        alarm = quality.alarms.get(call.alarm_id) if quality is not None else None
        return Trace(
            at=call.at,
            server_id=alarm.server_id if alarm is not None else None,
            verdict=call.verdict,
            what=call.kind.value,
            words=call.words,
        )

    def _repaint(self) -> None:
        for table in (self.measure_table, self.offender_table, self.trace_table):
            table.viewport().update()


def _of_alarm(alarm: Alarm) -> Trace:
    ended = f"cleared {moment_text(alarm.cleared_at)}" if alarm.cleared_at else "still open"
    return Trace(
        at=alarm.raised_at,
        server_id=alarm.server_id,
        verdict=alarm.verdict,
        what=ended,
        words=alarm.words,
    )


def _span_words(quality: Quality) -> str:
    start, end = moment_text(quality.start), moment_text(quality.end)
    people = f"{quality.people} person" if quality.people == 1 else f"{quality.people} people"
    watched = quality.watched / max(quality.end - quality.start, timedelta(seconds=1))
    words = f"{start} to {end}; {len(quality.calls):,} calls to {people} at the desks"
    share = f"{100 * watched:.0f} %" if not 0 < watched < 0.01 else "less than 1 %"
    return f"{words}; watched for {share} of it" if watched < 0.995 else words
