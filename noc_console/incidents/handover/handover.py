"""What one shift hands to the next: a page of facts, who gave it and who took it.

Pure: no I/O, no clock. The page is kept as it was given, so that it can be read later whatever
changed meanwhile. Text on it is inert already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm
from noc_console.health.delivery.delivery import Delivery
from noc_console.health.delivery.recipient import Recipient
from noc_console.health.verdict import Judgement, Verdict
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.incident.incident import Incident
from noc_console.incidents.windows.window import Occurrence
from noc_console.store.schema.metadata import from_ms, to_ms

AHEAD = timedelta(hours=24)
MAX_NOTE = 4000
MOST_ROWS = 200
"""Of each part: what is more is counted, and is no page that a person reads."""

Cell = str | datetime


class HandoverRefused(ConsoleError):
    """A handover that cannot be given or taken so; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: its cells, how bad it is, and where to see it (`alarm:3`, `server:7`)."""

    cells: tuple[Cell, ...]
    verdict: Verdict | None = None
    link: str = ""
    is_loud: bool = False
    """Whether it must not be overlooked: an overdue promise, a window that overruns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the page. `empty` is said where there is no row; `left_out` were too many.

    `link_at` is the column whose cells lead to what the row is about.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    empty: str
    left_out: int = 0
    link_at: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPage:
    """All that is handed over, as it was at one moment."""

    at: datetime
    sections: tuple[Section, ...]

    def section(self, key: str) -> Section:
        """Give one part.

        Raises:
            KeyError: there is none.
        """
        return {one.key: one for one in self.sections}[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One handover: who gave it and when, the note, who took it and when (None: nobody yet)."""

    id: int
    given_at: datetime
    given_by: str
    note: str
    taken_at: datetime | None
    taken_by: str
    page: HandoverPage


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftFacts:
    """What a page is made of."""

    servers: Mapping[int, Server]
    judgements: Mapping[int, Judgement]
    """As they hold at the moment of the page (`health.rules.verdict_now`)."""
    alarms: Sequence[Alarm] = ()
    incidents: Sequence[Incident] = ()
    """Those that are not closed."""
    windows: Sequence[Occurrence] = ()
    recordings: Sequence[Recording] = ()
    untold: Sequence[Delivery] = ()
    """The newest message of each recipient whom the last one did not reach."""
    recipients: Sequence[Recipient] = ()
    is_watched: bool = True


def page_to_json(page: HandoverPage) -> dict[str, Any]:
    """Give a page as JSON values; a moment is `{"ms": …}`."""
    return {
        "at": to_ms(page.at),
        "sections": [
            {
                "key": one.key,
                "title": one.title,
                "columns": list(one.columns),
                "empty": one.empty,
                "left_out": one.left_out,
                "link_at": one.link_at,
                "rows": [
                    {
                        "cells": [_cell_to_json(cell) for cell in row.cells],
                        "verdict": row.verdict.value if row.verdict is not None else None,
                        "link": row.link,
                        "is_loud": row.is_loud,
                    }
                    for row in one.rows
                ],
            }
            for one in page.sections
        ],
    }


def page_from_json(values: Mapping[str, Any]) -> HandoverPage:
    """Give the page that `page_to_json` gave."""
    return HandoverPage(
        at=from_ms(values["at"]),
        sections=tuple(
            Section(
                key=one["key"],
                title=one["title"],
                columns=tuple(one["columns"]),
                empty=one["empty"],
                left_out=one["left_out"],
                link_at=one["link_at"],
                rows=tuple(
                    Row(
                        cells=tuple(_cell_from_json(cell) for cell in row["cells"]),
                        verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
                        link=row["link"],
                        is_loud=row["is_loud"],
                    )
                    for row in one["rows"]
                ),
            )
            for one in values["sections"]
        ),
    )


def _cell_to_json(cell: Cell) -> Any:
    return {"ms": to_ms(cell)} if isinstance(cell, datetime) else cell


def _cell_from_json(value: Any) -> Cell:
    return from_ms(value["ms"]) if isinstance(value, dict) else str(value)
