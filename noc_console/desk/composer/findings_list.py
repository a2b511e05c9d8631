"""What is missing and what the proof-reader says, the worst first; Enter leads to the field.

GUI thread only.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from noc_console.desk.composer.field_names import field_of_finding, field_of_lamp
from noc_console.desk.context import Colours
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.planning.proof_reader import Weight
from noc_console.notices.notice import Notice
from noc_console.notices.reading_through import ReadThrough

_SHAPES = {Weight.REFUSES: "■", Weight.WARNS: "▲", Weight.TELLS: "○"}
_VERDICTS = {Weight.REFUSES: Verdict.DOWN, Weight.WARNS: Verdict.EARLY}
_ALL_WELL = "✓  Nothing is missing, and the proof-reader has nothing to say."


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing to look at, how much it matters, and the field it is about."""

    weight: Weight
    words: str
    field: str


def points_of(notice: Notice, through: ReadThrough, unknown: list[str]) -> list[Point]:
    """Give what there is to mend: what is missing first."""
    points = [
        Point(
            weight=Weight.REFUSES,
            words=f"No server is called {name}; choose one of those that are offered.",
            field="servers",
        )
        for name in unknown
    ]
    points += [
        Point(
            weight=Weight.REFUSES,
            words=f"{lamp.number} {lamp.title}: {lamp.words}",
            field=field_of_lamp(notice, lamp.number),
        )
        for lamp in through.lamps
        if not lamp.is_lit
    ]
    points += [
        Point(weight=one.weight, words=one.words, field=field_of_finding(notice, one))
        for one in through.findings
    ]
    return sorted(points, key=lambda one: list(Weight).index(one.weight))


class FindingsList(QListWidget):
    """`wanted` tells the field to go to."""

    wanted = Signal(str)

    def __init__(self, colours: Callable[[], Colours]) -> None:
        """Show nothing yet."""
        super().__init__()
        self._colours = colours
        self.points: list[Point] = []
        self.setAccessibleName("What is missing, and what the proof-reader says")
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemActivated.connect(lambda item: self._go(self.row(item)))
        self._next = 0

    def show_points(self, points: list[Point]) -> None:
        """Show these; the place stays where it can."""
        if points == self.points and self.count():
            return
        place = self.currentRow()
        self.points = points
        self._next = 0
        self.clear()
        for one in points:
            item = QListWidgetItem(f"{_SHAPES[one.weight]}  {inert(one.words, 400)}")
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{one.weight.value}: {inert(one.words, 400)}"
            )
            colour = self._colour(one.weight)
            if colour is not None:
                item.setForeground(colour)
            self.addItem(item)
        if not points:
            self.addItem(QListWidgetItem(_ALL_WELL))
        self.setCurrentRow(min(max(place, 0), self.count() - 1))

    def go_to_next(self, is_here: Callable[[str], bool] = lambda _name: False) -> None:
        """Go to the field of the next thing to look at, from the worst on.

        The field one is in (`is_here`) is passed over where others want something: what was typed
        into it just now may not have been read yet, and who types on must not type into it.
        """
        if self.points:
            many = len(self.points)
            order = [(self._next + step) % many for step in range(many)]
            other = (one for one in order if not is_here(self.points[one].field))
            place = next(other, order[0])
            self._next = place + 1
            self.setCurrentRow(place)
            self._go(place)

    def _go(self, place: int) -> None:
        if 0 <= place < len(self.points):
            self.wanted.emit(self.points[place].field)

    def _colour(self, weight: Weight) -> QColor | None:
        verdict = _VERDICTS.get(weight)
        return None if verdict is None else self._colours().look.colours[verdict]
