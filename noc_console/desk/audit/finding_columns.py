"""The columns of the list of findings."""

from collections.abc import Callable

from PySide6.QtGui import QColor

from noc_console.audit.checklist_lines import Line
from noc_console.desk.audit.audit_look import colour_of
from noc_console.desk.audit.line_words import (
    change_words,
    decision_words,
    mark_words,
    short_decision,
)
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert

SERVER_COLUMN = 2
LEFT_OUT_COLUMNS = (4, 5)
"""Where there is little room; what they say stands below the list, too."""


def finding_columns(look: Callable[[], Look]) -> list[Column[Line]]:
    """Give the columns."""

    def colour(line: Line) -> QColor | None:
        return colour_of(line.mark, look())

    return [
        Column(title="State", text=lambda line: mark_words(line, look()), colour=colour),
        Column(title="Check", text=lambda line: line.key[1], tip=lambda line: inert(line.title)),
        Column(title="Server", text=lambda line: inert(line.server_name)),
        Column(title="Finding", text=_finding, stretch=True),
        Column(title="Last month", text=change_words),
        Column(
            title="Decided",
            text=lambda line: short_decision(line.decision),
            tip=lambda line: decision_words(line.decision) if line.decision else "",
        ),
    ]


def _finding(line: Line) -> str:
    return inert(line.title if line.is_question else line.sentence)
