"""Who sent how many mails, beside what is usual for each: the tab of spamming. GUI thread only."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from noc_console.audit.spam.kept import read_panel
from noc_console.audit.spam.panel import DayCount, SenderShown, SpamPanel, Standing
from noc_console.audit.spam.shown import SCRIPTS, SENDERS
from noc_console.desk.audit.day_chart import DayChart, day_words
from noc_console.desk.audit.long_words import broken_up
from noc_console.desk.audit.told_tab import Empty, ToldTab, counted, named, nothing_told
from noc_console.desk.context import DeskContext
from noc_console.desk.evidence.exhibit_view import ExhibitView
from noc_console.desk.widgets.deed import Deed
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict

_BAD = {Standing.HIGH: Verdict.CUT_OFF, Standing.UNKNOWN: Verdict.UNKNOWN}
_LEGEND = (
    "Solid line: usual for that kind of day. Dotted: over it a day is high. ▲ high; faint: an"
    " earlier month; hollow: the day was not over. Heights go by the square root."
)
_NO_LINE = "The evidence kept no line of this sender."
_READING = "Its days and lines are being read."
_EMPTY_TITLE = "No sender is known in this audit"
_EMPTY = (
    "Run the audit with the checks of spamming (MAIL-04, MAIL-05): senders stand here as soon as a"
    " server told of them."
)


class SendersTab(ToldTab[SenderShown]):
    """Enter goes to the finding; the days and the raw lines of the chosen sender are below."""

    def __init__(self, context: DeskContext) -> None:
        """Show nothing before an audit is chosen."""
        super().__init__(context, "Senders", _columns(context))
        self._asked_sender = 0
        self._chosen: SenderShown | None = None
        self.chart = DayChart(context.theme)
        self.day = plain_label(name="faint")
        self.legend = plain_label(_LEGEND, name="faint")
        self.lines = ExhibitView("Raw lines of the log")
        self.lines.setMinimumHeight(70)
        self.deeds.add(
            Deed(
                key="finding",
                words="Go to the finding",
                keys="Return Enter",
                act=self._open_finding,
                on_table=True,
            ),
            Deed(key="days", words="Go through the days", keys="D", act=self.chart.setFocus),
            Deed(key="lines", words="Read the raw lines", keys="L", act=self.lines.setFocus),
        )
        top = QHBoxLayout()
        top.addWidget(self.summary, 1)
        inside = QVBoxLayout(self.below)
        inside.setContentsMargins(0, 4, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(self.about)
        inside.addWidget(self.chart, 3)
        inside.addWidget(self.day)
        inside.addWidget(self.legend)
        inside.addWidget(self.lines, 2)
        self.box.addLayout(top)
        self.box.addLayout(self.deeds.row())
        self.box.addWidget(self.split, 1)
        self.chart.day_chosen.connect(self._show_day)
        self.table.doubleClicked.connect(lambda _: self._open_finding())
        context.themes.changed.connect(lambda _: self.chart.update())
        self.choice_changed()

    def reading(self) -> Callable[[], Any]:
        """Give the work that reads the senders."""
        store, audit_id = self.context.store, self.audit_id
        return lambda: read_panel(store, audit_id) if audit_id else SpamPanel()

    def rows_of(self, found: SpamPanel) -> Sequence[SenderShown]:
        """Give the senders, the worst first."""
        return found.senders

    def summary_of(self, found: SpamPanel) -> str:
        """Give how many are high, and who told nothing."""
        high = sum(one.standing is Standing.HIGH for one in found.senders)
        unknown = sum(one.standing is Standing.UNKNOWN for one in found.senders)
        said = (
            f"{counted(len(found.senders), 'sender')}, {high:,} far above their past,"
            f" {unknown:,} with too little past."
        ) * bool(found.senders)
        silent = [
            named([one.server_name for one in found.not_told if one.check_id == check], words)
            for check, words in ((SENDERS, "Not measured"), (SCRIPTS, "Scripts not measured"))
        ]
        parts = (said, *silent, named(found.no_mail, "No mail server"))
        return " ".join(part for part in parts if part)

    def empty(self, found: SpamPanel) -> Empty:
        """Say why there is no sender, and what to do. Scripts count where all senders were read."""
        silent = [one for one in found.not_told if one.check_id == SENDERS] or found.not_told
        if silent:
            return nothing_told(_EMPTY_TITLE, silent)
        if found.no_mail:
            servers = counted(len(found.no_mail), "server has", "servers have")
            words = f"Nothing is to be done: {servers} no mail server, and no log tells of a mail."
            return Empty(title=_EMPTY_TITLE, sentence=words)
        return Empty(title=_EMPTY_TITLE, sentence=_EMPTY)

    def key_of(self, row: SenderShown) -> Hashable:
        """Give what makes a sender the same one."""
        return (*row.key, row.kind, row.name)

    def choice_changed(self) -> None:
        """Show the days and lines of the chosen sender."""
        row = self.chosen if self.panel is None else None
        self.deeds.enable(
            finding=row is not None and bool(row.item), days=row is not None, lines=row is not None
        )
        if row is None or row == self._chosen:
            return
        self._chosen = row
        self._show_sender(row, _READING)
        self._asked_sender += 1
        asked, store, audit_id = self._asked_sender, self.context.store, self.audit_id
        self.context.background.call(
            lambda: _sender(read_panel(store, audit_id, row.server_id), row),
            lambda found: self._show_sender(found) if asked == self._asked_sender else None,
            lambda failure: self.context.navigator.say(failure.sentence),
            self,
        )

    def _show_sender(self, row: SenderShown, no_line: str = _NO_LINE) -> None:
        self.about.setText(broken_up(inert(row.sentence, 600)))
        self.chart.show_days(row.days, row.peak)
        shown = "\n".join(inert(one, 1000) for one in row.lines)
        self.lines.show_text(shown or no_line)

    def _show_day(self, day: DayCount | None) -> None:
        self.day.setText(day_words(day) if day is not None else "")

    def _open_finding(self) -> None:
        row = self.chosen
        if row is not None and row.item:
            self.finding_wanted.emit(row.key)
        elif row is not None:
            self.context.navigator.say("Nothing was found against this sender; L reads its lines.")


def _sender(panel: SpamPanel, like: SenderShown) -> SenderShown:
    """Give the same sender with all its days; what is there already where it is gone."""
    wanted = (like.key, like.kind, like.name)
    return next((one for one in panel.senders if (one.key, one.kind, one.name) == wanted), like)


def _columns(context: DeskContext) -> Sequence[Column[SenderShown]]:
    def standing(row: SenderShown) -> str:
        verdict = _BAD.get(row.standing)
        shape = "●" if verdict is None else context.theme().look.shapes[verdict]
        return f"{shape} {row.standing.value}"

    def colour(row: SenderShown) -> QColor | None:
        look = context.theme().look
        return look.colours[_BAD[row.standing]] if row.standing in _BAD else look.faint

    return (
        Column(title="Stands", text=standing, colour=colour),
        Column(title="Server", text=lambda row: inert(row.server_name, 80)),
        Column(title="Known as", text=lambda row: row.kind.value),
        Column(title="Sender", text=lambda row: inert(row.name, 200), stretch=True),
        Column(title="Worst day", text=lambda row: f"{row.peak.day:%Y-%m-%d}"),
        Column(title="Mails", text=lambda row: f"{row.peak.mails:,}", numeric=True),
        Column(title="Usual", text=lambda row: _level(row.peak.usual), numeric=True),
        Column(title="High over", text=lambda row: _level(row.peak.bound), numeric=True),
        Column(title="All days", text=lambda row: f"{row.month_mails:,}", numeric=True),
    )


def _level(value: float | None) -> str:
    return "not known" if value is None else f"{value:,.0f}"
