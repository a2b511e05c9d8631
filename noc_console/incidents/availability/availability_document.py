"""An availability report as JSON, CSV and HTML, each with the rule it was counted by."""

import csv
import io
from datetime import datetime, timedelta
from math import isinf
from typing import Any

from noc_console.fleet.importing.cells import guarded
from noc_console.fleet.inert import inert
from noc_console.incidents.availability.availability import FORMULAS, Outage
from noc_console.incidents.availability.availability_report import Kind, Report, Row
from noc_console.incidents.availability.availability_words import (
    burn_text,
    left_text,
    mark_text,
    mean_text,
    percent_text,
    recorded_text,
    short_text,
    target_text,
)
from noc_console.incidents.availability.mark_records import Mark
from noc_console.incidents.report_templates import render
from noc_console.incidents.times import exact_text
from noc_console.incidents.wall_time import zone_of
from noc_console.incidents.windows.window import Occurrence
from noc_console.incidents.windows.window_words import overrun_ms
from noc_console.store.schema.metadata import from_ms

MOST_OUTAGES = 500
"""So many outages are listed in a document for people; the JSON has all."""

_NO_BREAK = "\N{NO-BREAK SPACE}"
"""Between the words of a figure, so that it stays on one line."""

_TITLES = {
    Kind.ALL: "All",
    Kind.GROUP: "Groups",
    Kind.CUSTOMER: "Customers",
    Kind.SERVER: "Servers",
    Kind.SERVICE: "Services",
}

_COLUMNS = (
    "kind",
    "name",
    "server",
    "service",
    "from",
    "to",
    "zone",
    "up_s",
    "scheduled_down_s",
    "unscheduled_down_s",
    "not_watched_s",
    "percent_maintenance_as_up",
    "percent_maintenance_as_down",
    "outages",
    "mean_between_failures_s",
    "mean_to_repair_s",
    "target_percent",
    "budget_s",
    "budget_left_s",
    "burn_rate",
    "recorded_unscheduled_down_s",
    "recorded_percent_maintenance_as_up",
    "recorded_percent_maintenance_as_down",
)


def as_json(report: Report) -> dict[str, Any]:
    """Give a report as plain values; every outage with the spans that it was counted from."""
    return {
        "range": {
            "title": report.range.title,
            "from": _iso(report.range.start),
            "to": _iso(report.range.end),
            "zone": report.range.zone,
            "measured_until": _iso(report.ends_at),
        },
        "made_at": _iso(report.made_at),
        "rules": list(FORMULAS),
        "rows": [
            _row_json(row) | {"spans": _spans_json(row)} for kind in Kind for row in report.of(kind)
        ],
        "not_watched": [_span_json(start, end) for start, end in report.not_watched],
        "windows": [_window_json(one, report.made_at) for one in report.occurrences],
        "marks": [_mark_json(one, report) for one in report.marks],
    }


def as_csv(report: Report) -> str:
    """Give a report as CSV (RFC 4180), a row a thing, times in seconds."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for kind in Kind:
        for row in report.of(kind):
            told = _row_json(row) | {
                "from": _iso(report.range.start),
                "to": _iso(report.ends_at),
                "zone": report.range.zone,
                "outages": row.measure.outages,
            }
            writer.writerow([_cell(told[column]) for column in _COLUMNS])
    return out.getvalue()


def as_html(report: Report) -> str:
    """Give a report as one HTML file that needs no other; also what a PDF is made of."""
    zone = zone_of(report.range.zone)

    def local(moment: datetime) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z")

    tables = [
        (_TITLES[kind], [_row_words(row) for row in rows])
        for kind in Kind
        if (rows := report.of(kind))
    ]
    outages = [
        {
            "name": row.name,
            "from": local(from_ms(outage.start_ms)),
            "to": "goes on" if outage.is_open else local(from_ms(outage.end_ms)),
            "down": exact_text(outage.down_ms),
        }
        for row in report.of(Kind.SERVER, Kind.SERVICE)
        for outage in row.outages
    ]
    return render(
        "availability.html.j2",
        title=report.range.title,
        words=report.range.words(),
        measured_until=local(report.ends_at),
        is_whole=report.ends_at == report.range.end,
        made_at=local(report.made_at),
        rules=FORMULAS,
        tables=tables,
        outages=outages[:MOST_OUTAGES],
        outages_more=max(0, len(outages) - MOST_OUTAGES),
        windows=[_window_words(one, report, local) for one in report.occurrences],
        marks=[
            {
                "name": _marked_name(one, report),
                "from": local(one.started_at),
                "to": local(one.ended_at),
                "words": mark_text(one),
                "at": local(one.marked_at),
            }
            for one in report.marks
        ],
        recorded=[
            {"name": row.name, "words": recorded_text(row.as_recorded)}
            for kind in Kind
            for row in report.of(kind)
            if row.as_recorded is not None
        ],
        gaps=[
            {
                "from": local(from_ms(start)),
                "to": local(from_ms(end)),
                "length": exact_text(end - start),
            }
            for start, end in report.not_watched
        ],
    )


def _row_words(row: Row) -> dict[str, str]:
    measure, budget = row.measure, row.budget
    told = {
        "as_up": percent_text(measure.percent_as_up),
        "as_down": percent_text(measure.percent_as_down),
        "scheduled": exact_text(measure.scheduled_ms),
        "unscheduled": exact_text(measure.unscheduled_ms),
        "not_watched": exact_text(measure.not_watched_ms),
        "outages": str(measure.outages),
        "between": mean_text(measure.between_failures_ms, short_text),
        "repair": mean_text(measure.to_repair_ms, short_text),
        "target": target_text(budget.target_percent),
        "left": left_text(budget),
        "burn": burn_text(budget),
        "missed": "missed" if budget.left_ms < 0 else "",
    }
    figures = {key: words.replace(" ", _NO_BREAK) for key, words in told.items()}
    return figures | {"name": row.name}


def _window_words(occurrence: Occurrence, report: Report, local: Any) -> dict[str, str]:
    overrun = overrun_ms(occurrence, report.made_at)
    booked = occurrence.booked
    if occurrence.is_cancelled:
        words = "cancelled"
    elif booked is None:
        words = "entered after its start: books nothing"
    else:
        words = f"booked {exact_text((booked[1] - booked[0]) / timedelta(milliseconds=1))}"
    return {
        "title": occurrence.window.title,
        "from": local(occurrence.planned_start),
        "to": local(occurrence.planned_end),
        "words": words,
        "overrun": exact_text(overrun) if overrun else "",
        "notice": occurrence.window.notice,
    }


def _marked_name(mark: Mark, report: Report) -> str:
    server = report.names.get(mark.server_id, f"server {mark.server_id}")
    return f"{mark.service} on {server}" if mark.service else server


def _mark_json(mark: Mark, report: Report) -> dict[str, Any]:
    return {
        "id": mark.id,
        "server": report.names.get(mark.server_id, ""),
        "service": mark.service,
        "from": _iso(mark.started_at),
        "to": _iso(mark.ended_at),
        "reason": mark.reason,
        "marked_by": mark.marked_by,
        "marked_at": _iso(mark.marked_at),
        "taken_back_by": mark.taken_back_by,
        "taken_back_at": _iso(mark.taken_back_at) if mark.taken_back_at else None,
    }


def _row_json(row: Row) -> dict[str, Any]:
    measure, budget = row.measure, row.budget
    recorded = row.as_recorded or measure
    rate = budget.burn_rate
    return {
        "kind": row.kind.value,
        "name": row.name,
        "server": row.server,
        "service": row.service,
        "members": row.members,
        "up_s": measure.up_ms / 1000,
        "scheduled_down_s": measure.scheduled_ms / 1000,
        "unscheduled_down_s": measure.unscheduled_ms / 1000,
        "not_watched_s": measure.not_watched_ms / 1000,
        "percent_maintenance_as_up": measure.percent_as_up,
        "percent_maintenance_as_down": measure.percent_as_down,
        "outage_count": measure.outages,
        "outages": [_outage_json(outage) for outage in row.outages],
        "mean_between_failures_s": _seconds(measure.between_failures_ms),
        "mean_to_repair_s": _seconds(measure.to_repair_ms),
        "target_percent": budget.target_percent,
        "budget_s": budget.allowed_ms / 1000,
        "budget_left_s": budget.left_ms / 1000,
        "burn_rate": None if rate is None or isinf(rate) else rate,
        "recorded_unscheduled_down_s": recorded.unscheduled_ms / 1000,
        "recorded_percent_maintenance_as_up": recorded.percent_as_up,
        "recorded_percent_maintenance_as_down": recorded.percent_as_down,
    }


def _spans_json(row: Row) -> dict[str, Any] | None:
    """Give what was down, span by span, so that each figure can be traced."""
    if row.parts is None:
        return None
    return {
        "scheduled_down": [_span_json(*span) for span in row.parts.scheduled],
        "unscheduled_down": [_span_json(*span) for span in row.parts.unscheduled],
    }


def _outage_json(outage: Outage) -> dict[str, Any]:
    return _span_json(outage.start_ms, outage.end_ms) | {
        "down_s": outage.down_ms / 1000,
        "goes_on": outage.is_open,
    }


def _window_json(occurrence: Occurrence, now: datetime) -> dict[str, Any]:
    booked, run = occurrence.booked, occurrence.run
    return {
        "window": occurrence.window.id,
        "title": occurrence.window.title,
        "planned_from": _iso(occurrence.planned_start),
        "planned_to": _iso(occurrence.planned_end),
        "booked_from": _iso(booked[0]) if booked else None,
        "booked_to": _iso(booked[1]) if booked else None,
        "started_at": _iso(run.started_at) if run and run.started_at else None,
        "ended_at": _iso(run.ended_at) if run and run.ended_at else None,
        "overrun_s": overrun_ms(occurrence, now) / 1000,
        "is_cancelled": occurrence.is_cancelled,
    }


def _span_json(start_ms: int, end_ms: int) -> dict[str, Any]:
    return {"from": _iso(from_ms(start_ms)), "to": _iso(from_ms(end_ms))}


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def _iso(moment: datetime) -> str:
    return (
        from_ms(round(moment.timestamp() * 1000))
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def _cell(value: object) -> object:
    """Give a cell: no text becomes a formula of a spreadsheet, nothing is none."""
    if value is None:
        return ""
    return guarded(inert(value)) if isinstance(value, str) else value
