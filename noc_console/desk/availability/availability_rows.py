"""What the tables of availability show in each column. GUI thread only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import VALUE_ROLE, Column, Index, RoomyDelegate
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.availability.availability_report import Report, Row
from noc_console.incidents.availability.availability_words import (
    burn_text,
    left_text,
    mark_text,
    mean_text,
    percent_text,
    short_text,
    target_text,
)
from noc_console.incidents.availability.mark_records import Mark
from noc_console.incidents.times import exact_text
from noc_console.incidents.wall_time import zone_of
from noc_console.store.schema.metadata import from_ms

BUDGET_COLUMN = 3
MOST_TRACES = 2_000
"""So many spans of a sum are shown, the newest; an export has all."""

_BAR_HEIGHT = 3.0
_MARGIN = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One span from which a figure was counted."""

    what: str
    start_ms: int
    end_ms: int
    length_ms: int
    name: str
    is_open: bool = False
    server_id: int | None = None
    """Whose outage it is, where a person may mark it as seen wrongly."""
    service: str = ""
    mark: Mark | None = None


def row_columns(look: Callable[[], Look]) -> list[Column[Row]]:
    """Give the columns of the figures."""

    def colour(row: Row) -> QColor | None:
        return look().colour(Verdict.CUT_OFF) if row.budget.left_ms < 0 else None

    def budget_words(row: Row) -> str:
        words = left_text(row.budget, short_text)
        return look().worded(Verdict.CUT_OFF, words) if row.budget.left_ms < 0 else words

    return [
        Column(title="Name", text=lambda row: inert(row.name), stretch=True),
        Column(
            title="Maint. as up",
            text=lambda row: percent_text(row.measure.percent_as_up),
            numeric=True,
            colour=colour,
            tip=lambda _: "Availability with planned maintenance counted as up",
        ),
        Column(
            title="as down",
            text=lambda row: percent_text(row.measure.percent_as_down),
            numeric=True,
            tip=lambda _: "Availability with planned maintenance counted as down",
        ),
        Column(
            title="Budget",
            text=budget_words,
            numeric=True,
            colour=colour,
            value=_used,
            tip=lambda row: (
                f"{exact_text(row.budget.used_ms)} of {exact_text(row.budget.allowed_ms)} are used:"
                f" {left_text(row.budget)}"
            ),
        ),
        Column(
            title="Target", text=lambda row: target_text(row.budget.target_percent), numeric=True
        ),
        Column(title="Burn", text=lambda row: burn_text(row.budget), numeric=True),
        Column(
            title="Without plan",
            text=lambda row: exact_text(row.measure.unscheduled_ms),
            numeric=True,
        ),
        Column(
            title="By plan", text=lambda row: exact_text(row.measure.scheduled_ms), numeric=True
        ),
        Column(title="Outages", text=lambda row: str(row.measure.outages), numeric=True),
        Column(
            title="Between",
            text=lambda row: mean_text(row.measure.between_failures_ms, short_text),
            numeric=True,
            tip=lambda row: (
                f"Mean time between failures, of {row.measure.outages}:"
                f" {mean_text(row.measure.between_failures_ms)}"
            ),
        ),
        Column(
            title="Repair",
            text=lambda row: mean_text(row.measure.to_repair_ms, short_text),
            numeric=True,
            tip=lambda row: (
                f"Mean time to repair, of {row.measure.outages}:"
                f" {mean_text(row.measure.to_repair_ms)}"
            ),
        ),
        Column(
            title="Not watched",
            text=lambda row: short_text(row.measure.not_watched_ms),
            numeric=True,
            tip=lambda row: exact_text(row.measure.not_watched_ms),
        ),
    ]


def _used(row: Row) -> float:
    """Give the used share of a budget, 1 being all of it."""
    if row.budget.allowed_ms <= 0:
        return 1.0 if row.budget.used_ms else 0.0
    return row.budget.used_ms / row.budget.allowed_ms


def trace_columns(zone: Callable[[], str]) -> list[Column[Trace]]:
    """Give the columns of what a figure was counted from."""

    def moment(milliseconds: int) -> str:
        local = from_ms(milliseconds).astimezone(zone_of(zone()))
        return local.strftime("%a %Y-%m-%d %H:%M:%S %Z")

    return [
        Column(title="What", text=lambda trace: trace.what),
        Column(title="From", text=lambda trace: moment(trace.start_ms)),
        Column(
            title="To",
            text=lambda trace: "goes on" if trace.is_open else moment(trace.end_ms),
        ),
        Column(title="Length", text=lambda trace: exact_text(trace.length_ms), numeric=True),
        Column(title="Of", text=lambda trace: inert(trace.name), stretch=True),
    ]


def traces_of(report: Report, row: Row) -> list[Trace]:
    """Give each span a row was counted from, the newest first; of a sum, those of its servers."""
    rows = [row] if row.parts is not None else members_of(report, row)
    found = []
    for one in rows:
        if one.parts is None:
            continue
        found += [
            Trace(
                what="outage",
                start_ms=outage.start_ms,
                end_ms=outage.end_ms,
                length_ms=outage.down_ms,
                name=one.name,
                is_open=outage.is_open and report.ends_at == report.made_at,
                server_id=one.server_id,
                service=one.service,
            )
            for outage in one.outages
        ]
        found += [
            Trace(
                what="down by plan",
                start_ms=start,
                end_ms=end,
                length_ms=end - start,
                name=f"{one.name}: {_window_at(report, start)}",
            )
            for start, end in one.parts.scheduled
        ]
    found += [
        Trace(
            what="no engine",
            start_ms=start,
            end_ms=end,
            length_ms=end - start,
            name="nobody watched",
        )
        for start, end in report.not_watched
    ]
    found += [
        Trace(
            what="seen wrongly" if mark.holds else "mark taken back",
            start_ms=mark.span[0],
            end_ms=mark.span[1],
            length_ms=mark.span[1] - mark.span[0],
            name=f"{_marked_name(report, mark)}: {mark_text(mark)}",
            mark=mark,
        )
        for mark in report.marks
        if any(_is_marked(one, mark) for one in rows)
    ]
    return sorted(found, key=lambda trace: -trace.start_ms)[:MOST_TRACES]


def members_of(report: Report, row: Row) -> list[Row]:
    """Give the rows a sum was made of."""
    kind = row.kind.value
    if kind == "group":
        members = report.members.get(row.name, frozenset())
        return [
            one for one in report.rows if one.kind.value == "server" and one.server_id in members
        ]
    wanted = "service" if row.service else "server"
    return [one for one in report.rows if one.kind.value == wanted]


def _is_marked(row: Row, mark: Mark) -> bool:
    """Whether a mark is of a row's server, and of its service where the row is of one."""
    return row.server_id == mark.server_id and mark.service in {"", row.service}


def _marked_name(report: Report, mark: Mark) -> str:
    server = report.names.get(mark.server_id, "")
    return f"{mark.service} on {server}" if mark.service else server


def _window_at(report: Report, start_ms: int) -> str:
    moment: datetime = from_ms(start_ms)
    for one in report.occurrences:
        if one.booked is not None and one.booked[0] <= moment < one.booked[1]:
            return one.window.title
    return "a window"


class BudgetDelegate(RoomyDelegate):
    """Under the words a bar of how much of the budget is used."""

    def __init__(
        self, parent: object, colours: Callable[[], tuple[QColor, QColor, QColor]]
    ) -> None:
        """`colours` gives those of the whole, of the used part, and of one that is overdrawn."""
        super().__init__(parent)  # type: ignore[arg-type]
        self._colours = colours

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the cell, then the bar at its lower edge."""
        super().paint(painter, option, index)
        used = index.data(VALUE_ROLE)
        if used is None:
            return
        whole, part, overdrawn = self._colours()
        if option.state & QStyle.StateFlag.State_Selected:
            part = overdrawn = option.palette.highlightedText().color()
        room = QRectF(option.rect).adjusted(_MARGIN, 0, -_MARGIN, -1)
        bar = QRectF(room.left(), room.bottom() - _BAR_HEIGHT, room.width(), _BAR_HEIGHT)
        painter.fillRect(bar, whole)
        bar.setWidth(bar.width() * min(1.0, used))
        painter.fillRect(bar, overdrawn if used > 1 else part)
