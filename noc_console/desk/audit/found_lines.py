"""The lines of a scope for their table: counted off the GUI thread, shown without a word for each.

A scope may be all servers: tens of thousands of lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from noc_console.audit.checklist import Checklist
from noc_console.audit.checklist_lines import Line, Scope, lines_of
from noc_console.audit.decision import Key
from noc_console.desk.widgets.rows_table import RowsModel

_MANY = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is gone through: a scope, and what it is called."""

    scope: Scope
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLines:
    """The lines of a scope, the worst first, and what is said of them all."""

    lines: tuple[Line, ...]
    is_one_server: bool
    places: Mapping[Key, int]
    open_places: tuple[int, ...]


def found_lines(checklist: Checklist, scope: Scope) -> FoundLines:
    """Give the lines of a scope. On any thread."""
    lines = tuple(lines_of(checklist, scope))
    return FoundLines(
        lines=lines,
        is_one_server=len({one.key[0] for one in lines}) == 1,
        places={one.key: place for place, one in enumerate(lines)},
        open_places=tuple(place for place, one in enumerate(lines) if one.is_open),
    )


class LinesModel(RowsModel[Line]):
    """Tells of many rows that changed at once: one by one would hold the window up."""

    def show_rows(self, rows: Sequence[Line]) -> None:
        """Show other rows."""
        if max(len(rows), len(self.rows)) <= _MANY:
            super().show_rows(rows)
            return
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()
            return
        self.rows = tuple(rows)
        last = self.index(len(self.rows) - 1, len(self.columns) - 1)
        self.dataChanged.emit(self.index(0, 0), last)


def runs_of(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give the first and last of each unbroken row of numbers, which are in order."""
    begin = 0
    for place in range(1, len(places) + 1):
        if place == len(places) or places[place] != places[place - 1] + 1:
            yield places[begin], places[place - 1]
            begin = place
