"""What was announced and kept in a month, and how soon customers heard the first word.

GUI thread only; read in the background.
"""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime

from noc_console.desk.availability.range_chooser import RangeChooser
from noc_console.desk.context import DeskContext
from noc_console.desk.notice_ledger.ledger_forms import forms_of_month
from noc_console.desk.notice_ledger.ledger_rows import promise_columns
from noc_console.desk.notice_ledger.opening import open_ledger
from noc_console.desk.report_forms import export_forms
from noc_console.desk.rows_panel import RowsPanel
from noc_console.desk.widgets.deed import Deed
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import span_text
from noc_console.notices.ledger import PromiseMonth, read_promises
from noc_console.notices.promises import Outcome, Promise

_EMPTY = (
    "A start, an end and each “next update by” that customers were told is a promise; it stands"
    " here in the month for which it was made, kept or broken."
)
_WORST_FIRST = (Outcome.BROKEN, Outcome.OPEN, Outcome.NOT_MEASURED, Outcome.KEPT)


class PromisesPanel(RowsPanel[Promise]):
    """One of the tabs of sending."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show this month."""
        super().__init__(context, "Promises", promise_columns(lambda: context.theme().look))
        self._now = now
        self.month: PromiseMonth | None = None
        self.deeds.add(
            Deed(key="export", words="Export…", keys="Ctrl+E", act=self.export),
            Deed(
                key="ledger",
                words="Ledger of the notice",
                keys="L Return",
                on_table=True,
                act=self._open,
            ),
        )
        self.range = RangeChooser(now, context.background)
        self.range.add_keys(self)
        self.range.chosen.connect(self.read)
        self.kept = plain_label(name="sectionTitle")
        self.first_word = plain_label()
        self.box.addLayout(self.deeds.row(self.range))
        for part in (self.kept, self.first_word):
            self.box.addWidget(part)
        self.box.addWidget(self.stack, 1)
        context.live.postings_changed.connect(self.read_if_shown)
        context.live.notices_changed.connect(self.read_if_shown)

    def reading(self) -> Callable[[], PromiseMonth]:
        """Give the work that reads the promises of the range."""
        store, now, wanted = self.context.store, self._now(), self.range.wanted
        return lambda: read_promises(store, wanted(), now)

    def read(self) -> None:
        """Read the range that is chosen, unless what was typed names none."""
        try:
            wanted = self.range.wanted()
        except ConsoleError as refused:
            self.show_state("Which range?", refused.sentence, {})
            return
        del wanted
        super().read()

    def key_of(self, row: Promise) -> Hashable:
        """Give what was promised when."""
        return row.notice_id, row.kind, row.promised_at

    def take(self, found: PromiseMonth) -> None:
        """Show a range's promises and how soon customers heard."""
        self.month = found
        self.kept.setText(kept_words(found))
        self.first_word.setText(first_word_words(found))
        is_late = found.nearly_all_within is not None and found.nearly_all_within > found.target
        colour = self.context.theme().look.colours[Verdict.EARLY].name() if is_late else ""
        self.first_word.setStyleSheet(f"color: {colour};" if colour else "")
        order = {outcome: place for place, outcome in enumerate(_WORST_FIRST)}
        rows = sorted(found.promises, key=lambda one: (order[one.outcome], one.promised_at))
        self.show_rows(rows)
        if not rows:
            self.show_state(f"Nothing was promised for {found.range.title}", _EMPTY, {})

    def choice_changed(self) -> None:
        """Wake what can be done."""
        self.deeds.enable(ledger=self.chosen is not None)

    def export(self) -> None:
        """Ask for a file and write the range's promises there."""
        if self.month is not None:
            export_forms(self.context, forms_of_month(self.month), self)

    def _open(self) -> None:
        row = self.chosen
        if row is not None:
            open_ledger(self.context, row.notice_id, self)


def kept_words(month: PromiseMonth) -> str:
    """Give how many promises of a range were kept."""
    counts = ", ".join(f"{month.count(one)} {one.value}" for one in Outcome if month.count(one))
    title = inert(month.range.title)
    if month.kept is None:
        return f"{title}: no promise can be judged{f' ({counts})' if counts else ''}."
    return f"{title}: {month.kept * 100:.1f} % of the promises kept ({counts})."


def first_word_words(month: PromiseMonth) -> str:
    """Give how soon customers heard of downtime."""
    half, nearly_all = month.half_within, month.nearly_all_within
    target = span_text(month.target)
    if half is None or nearly_all is None:
        return f"First word: no downtime was told of. Target {target} from detection."
    mark = "▲  " if nearly_all > month.target else "✔  "
    waiting = sum(one.spoken_at is None for one in month.first_words)
    if len(month.first_words) == 1:
        came = "not told yet," if waiting else "told"
        return f"{mark}First word: {came} {span_text(half)} after detection; target {target}."
    words = (
        f"{mark}First word: half of {len(month.first_words)} within {span_text(half)}, 95 of 100"
        f" within {span_text(nearly_all)} of detection; target {target}."
    )
    return f"{words} Of {waiting} nobody was told yet." if waiting else words
