"""Asks for the lines of one value, for a server, a group or all. GUI thread; it writes nothing."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QPushButton,
    QWidget,
)

from noc_console.desk.lines.number_field import NumberField
from noc_console.desk.lines.owner_choice import OwnerChoice
from noc_console.desk.widgets.dialog_frame import answer_buttons, roomy_column
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.health.line_book import LineBook, Rule
from noc_console.health.line_words import cut_off_words, early_words
from noc_console.health.lines import InvalidLines, Lines
from noc_console.health.measures import Measure

_MINUTES = "min"
_FIELDS = (
    ("early", "&Early line"),
    ("early_minutes", "  lasting"),
    ("cut_off", "&Cut-off"),
    ("cut_off_minutes", "  lasting"),
    ("clear_minutes", "&Well again after"),
    ("hysteresis", "  and back beyond"),
    ("forecast_minutes", "&Forecast warns"),
    ("forecast_from", "  from a value of"),
)
_UNITS = {
    "early_minutes": _MINUTES,
    "cut_off_minutes": _MINUTES,
    "clear_minutes": _MINUTES,
    "hysteresis": "of the line",
    "forecast_minutes": "min before the cut-off; empty: never",
}
_MAY_BE_EMPTY = frozenset({"early", "cut_off", "forecast_from"})


class LineDialog(QDialog):
    """Asks for lines. The one who opened it carries them out, then closes it."""

    lines_wanted = Signal(object, object)
    """An `Owner` and the `Lines` chosen for it."""

    def __init__(
        self,
        server: Server,
        rule: Rule,
        measure: Measure,
        book: LineBook,
        parent: QWidget | None = None,
    ) -> None:
        """Ask about the value of `rule`, which is what holds for the server now."""
        super().__init__(parent)
        self._book = book
        self._rule = rule
        self._measure = measure
        self.setWindowTitle(f"Lines: {measure.title}")
        self.about = plain_label(name="about")
        self.owner = OwnerChoice(server)
        self.fields = {
            name: NumberField(
                title.replace("&", "").strip(), _UNITS.get(name, measure.unit.strip())
            )
            for name, title in _FIELDS
        }
        self.per_core = QCheckBox("The lines are for each c&ore")
        self.below = QCheckBox("&Less is worse")
        self.off = QCheckBox("&Never tell of this value")
        self.outcome = plain_label(name="outcome")
        self.save_button = QPushButton("&Save")
        self._lay_out()
        self._show(rule.lines)
        if rule.owner is not None:
            self.owner.choose(rule.owner)
        self._join()
        self._weigh()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("&For", self.owner)
        for name, title in _FIELDS:
            form.addRow(title, self.fields[name])
        form.addRow("", self.per_core)
        form.addRow("", self.below)
        form.addRow("", self.off)
        buttons = answer_buttons(self, self.save_button, self._ask)
        box = roomy_column(self)
        box.addWidget(self.about)
        box.addLayout(form)
        box.addWidget(self.outcome)
        box.addWidget(buttons)
        self.about.setText(
            f"Now: early {early_words(self._rule.lines, self._measure)}, "
            f"cut-off {cut_off_words(self._rule.lines, self._measure)}, "
            f"from {inert(self._rule.source)}."
        )

    def _join(self) -> None:
        self.owner.currentIndexChanged.connect(lambda _: self._show_owner())
        for field in self.fields.values():
            field.line.textChanged.connect(lambda _: self._weigh())
        for box in (self.per_core, self.below, self.off):
            box.toggled.connect(lambda _: self._weigh())

    def show_trouble(self, sentence: str) -> None:
        """Say why the lines were not kept; a person may mend them and try again."""
        self.outcome.setText(f"✖  {sentence}")
        self.save_button.setEnabled(True)

    def read(self) -> Lines:
        """Give the lines as they are typed.

        Raises:
            InvalidLines: they cannot be right.
        """
        if self.off.isChecked():
            return Lines()
        usual = Lines()
        told: dict[str, float | None] = {}
        for name, field in self.fields.items():
            try:
                number = field.number
            except ValueError:
                title = field.line.accessibleName()
                raise InvalidLines(f"{title}: write a number, such as 0.7.") from None
            if number is None and name not in _MAY_BE_EMPTY:
                number = 0.0 if name == "forecast_minutes" else getattr(usual, name)
            told[name] = number
        lines = Lines(per_core=self.per_core.isChecked(), below=self.below.isChecked(), **told)  # type: ignore[arg-type]
        if lines.is_silent:
            raise InvalidLines(
                "Give an early line or a cut-off, or tick “Never tell of this value”."
            )
        return lines

    def _show(self, lines: Lines) -> None:
        for name, field in self.fields.items():
            number: float | None = getattr(lines, name)
            field.show_number(None if name == "forecast_minutes" and not number else number)
        self.per_core.setChecked(lines.per_core)
        self.below.setChecked(lines.below)
        self.off.setChecked(lines.is_silent)

    def _show_owner(self) -> None:
        """Show what was chosen for another owner; where nothing was, keep what is typed."""
        chosen = self._book.of_owner(self.owner.owner).get(self._rule.key)
        if chosen is not None:
            self._show(chosen)
        self._weigh()

    def _weigh(self) -> None:
        is_off = self.off.isChecked()
        for field in (*self.fields.values(), self.per_core, self.below):
            field.setEnabled(not is_off)
        try:
            lines = self.read()
        except InvalidLines as problem:
            self.outcome.setText(f"✖  {problem.sentence}")
            self.save_button.setEnabled(False)
            return
        self.save_button.setEnabled(True)
        self.outcome.setText(_outlook(lines, self._measure))

    def _ask(self) -> None:
        self.save_button.setEnabled(False)
        self.lines_wanted.emit(self.owner.owner, self.read())


def _outlook(lines: Lines, measure: Measure) -> str:
    if lines.is_silent:
        return "Nobody will be told of this value, whatever it is."
    early, cut_off = early_words(lines, measure), cut_off_words(lines, measure)
    return f"Early {early}, cut-off {cut_off}."
