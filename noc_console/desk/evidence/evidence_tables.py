"""The tables of the evidence window: recordings, exhibits, suspects, lines. GUI thread only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from noc_console.desk.evidence.evidence_words import (
    clock,
    day_and_time,
    exhibit_words,
    size_words,
    span_words,
    state_words,
)
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.evidence import Exhibit, Recording
from noc_console.incidents.evidence.evidence_reading import Found
from noc_console.incidents.evidence.suspects import Suspect
from noc_console.incidents.evidence.suspicion.finding import ShownLine


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectRow:
    """A suspect, something more that points there, or one of the lines that show it."""

    rank: int
    suspect: Suspect
    words: str
    line: ShownLine | None = None
    is_first: bool = False


def suspect_rows(suspects: Sequence[Suspect]) -> list[SuspectRow]:
    """Give the rows of suspects: what points to each, then the lines that show it."""
    rows: list[SuspectRow] = []
    for rank, suspect in enumerate(suspects, 1):
        for place, words in enumerate(suspect.words.split("; ")):
            told = words if place == 0 else f"and {words}"
            rows.append(SuspectRow(rank=rank, suspect=suspect, words=told, is_first=place == 0))
        rows += [
            SuspectRow(
                rank=rank,
                suspect=suspect,
                words=f"        {line.exhibit}:{line.line}   {line.text}",
                line=line,
            )
            for line in suspect.lines
        ]
    return rows


def recording_columns(now: Callable[[], datetime]) -> tuple[Column[Recording], ...]:
    """Give the columns of the recordings."""
    return (
        Column(title="Began", text=lambda one: day_and_time(one.started_at)),
        Column(
            title="Lasted",
            text=lambda one: span_words(one.lasted(now()).total_seconds()),
            numeric=True,
        ),
        Column(title="State", text=state_words),
        Column(title="Why", text=lambda one: inert(one.why), stretch=True),
    )


EXHIBIT_COLUMNS: tuple[Column[Exhibit], ...] = (
    Column(title="No", text=lambda one: str(one.number), numeric=True),
    Column(title="At", text=lambda one: clock(one.at)),
    Column(title="What", text=exhibit_words, stretch=True),
    Column(title="Size", text=lambda one: size_words(one.raw_bytes), numeric=True),
)

SUSPECT_COLUMNS: tuple[Column[SuspectRow], ...] = (
    Column(title="", text=lambda row: f"{row.rank}." if row.is_first else "", numeric=True),
    Column(
        title="Weight",
        text=lambda row: f"{row.suspect.score:.2f}" if row.is_first else "",
        numeric=True,
    ),
    Column(title="Suspect, and the lines that show it", text=lambda row: row.words, stretch=True),
)

FOUND_COLUMNS: tuple[Column[Found], ...] = (
    Column(title="At", text=lambda one: clock(one.exhibit.at)),
    Column(title="What", text=lambda one: inert(one.exhibit.title)),
    Column(title="Line", text=lambda one: str(one.line), numeric=True),
    Column(title="Text", text=lambda one: inert(one.text), stretch=True),
)
