"""Which column of a CSV file is which field of a server."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QLabel, QScrollArea, QWidget

from noc_console.fleet.inert import inert

_NOT_IN_FILE = "(not in this file)"
_LONGEST_EXAMPLE = 40


class MappingForm(QScrollArea):
    """One row a field: the column it is read from, and what stands in that column's first row."""

    changed = Signal()

    def __init__(self, fields: Mapping[str, str]) -> None:
        """Offer these fields: their name in the mapping, and how a person calls them."""
        super().__init__()
        inside = QWidget()
        form = QFormLayout(inside)
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.choosers: dict[str, QComboBox] = {}
        for field, words in fields.items():
            chooser = QComboBox()
            chooser.setAccessibleName(f"Column for {words}")
            chooser.activated.connect(self.changed)
            self.choosers[field] = chooser
            label = QLabel(words)
            label.setBuddy(chooser)
            form.addRow(label, chooser)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Columns")

    def show_columns(
        self, columns: Sequence[str], first_row: Sequence[str], chosen: Mapping[str, str]
    ) -> None:
        """Offer these columns with an example each; `chosen` gives the column of each field."""
        for field, chooser in self.choosers.items():
            chooser.clear()
            chooser.addItem(_NOT_IN_FILE, "")
            for place, column in enumerate(columns):
                example = first_row[place] if place < len(first_row) else ""
                chooser.addItem(_worded(column, example), column)
            chooser.setCurrentIndex(max(chooser.findData(chosen.get(field, "")), 0))

    def mapping(self) -> dict[str, str]:
        """Give the column of each field that is in the file."""
        return {
            field: str(chooser.currentData())
            for field, chooser in self.choosers.items()
            if chooser.currentData()
        }


def _worded(column: str, example: str) -> str:
    shown = inert(example, _LONGEST_EXAMPLE)
    return f"{inert(column)}   (such as {shown})" if shown else inert(column)
