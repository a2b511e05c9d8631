"""A post-mortem as a file: HTML and PDF of one piece, Markdown with its pictures in a folder.

For any thread; needs a running Qt application for the letters in its pictures
(`desk.pdf.application_for_pictures`).
"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from urllib.parse import quote

from noc_console.desk.incidents.curve_picture import (
    MarkedMoment,
    caption_of,
    draw_curve,
    span_words,
)
from noc_console.desk.pdf import write_pdf
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.whole_file import NotWritten, write_whole
from noc_console.health.alarm import AlarmEventKind
from noc_console.incidents.incident.incident import EntryKind
from noc_console.incidents.incident.incident_facts import IncidentFacts
from noc_console.incidents.post_mortem.post_mortem import Picture, PostMortem
from noc_console.incidents.post_mortem.post_mortem_reading import read_post_mortem
from noc_console.incidents.post_mortem.post_mortem_report import as_html, as_markdown
from noc_console.store.store import Store


class ReportForm(Enum):
    """The forms of a report."""

    HTML = "html"
    PDF = "pdf"
    MARKDOWN = "md"


class UnknownForm(ConsoleError):
    """A file's name that says no form of a report."""


def report_form_of(path: Path) -> ReportForm:
    """Give the form that a file's name asks for.

    Raises:
        UnknownForm: it asks for none.
    """
    ending = path.suffix.lower().removeprefix(".")
    forms = {"htm": "html", "markdown": "md"} | {one.value: one.value for one in ReportForm}
    if ending not in forms:
        raise UnknownForm(
            f"{inert(path.name)} says no form of a report; let its name end in .html, .pdf or .md."
        )
    return ReportForm(forms[ending])


def write_post_mortem(store: Store, incident_id: int, path: Path, now: datetime) -> str:
    """Write the post-mortem of an incident in the form the file's name asks for; say so.

    Raises:
        UnknownForm, UnknownIncident, NotWritten: what was there is as it was.
    """
    form = report_form_of(path)
    report = read_post_mortem(store, incident_id, now, draw=draw_pictures)
    if form is ReportForm.MARKDOWN:
        _write_markdown(report, path)
    elif form is ReportForm.PDF:
        incident = report.incident
        write_pdf(as_html(report), path, f"Post-mortem of incident {incident.id}: {incident.title}")
    else:
        write_whole(path, as_html(report).encode("utf-8"))
    return f"The post-mortem of incident {incident_id} is written to {inert(str(path))}."


def draw_pictures(facts: IncidentFacts) -> Sequence[Picture]:
    """Draw every curve of an incident over its whole time, with what happened marked."""
    marks = _marks(facts)
    words = span_words(facts.start, facts.end)
    return [
        Picture(
            caption=f"{caption_of(curve)}, {words}",
            png=draw_curve(
                curve,
                facts.start,
                facts.end,
                [one for one in marks if one.server_id in {None, curve.server_id}],
            ),
        )
        for curve in facts.curves
    ]


def _marks(facts: IncidentFacts) -> list[MarkedMoment]:
    kinds = {
        EntryKind.OPENED: "incident",
        EntryKind.UPDATE: "update",
        EntryKind.RESOLVED: "resolved",
    }
    marks = [
        MarkedMoment(at=one.at, word=kinds[one.kind]) for one in facts.entries if one.kind in kinds
    ]
    marks += [
        MarkedMoment(at=one.at, word="alarm", server_id=facts.alarms[one.alarm_id].server_id)
        for one in facts.events
        if one.kind is AlarmEventKind.RAISED and one.alarm_id in facts.alarms
    ]
    marks += [
        MarkedMoment(at=one.sent_at, word=one.kind.value, server_id=one.server_id)
        for one in facts.acts
        if one.sent_at is not None
    ]
    return marks


def _write_markdown(report: PostMortem, path: Path) -> None:
    folder = path.with_name(f"{path.stem}-pictures")
    addresses = [f"{_address(folder.name)}/{place}.png" for place in range(len(report.pictures))]
    if report.pictures:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotWritten(
                f"{inert(str(folder))} cannot be made ({error.strerror}); choose another place."
            ) from error
    for place, picture in enumerate(report.pictures):
        write_whole(folder / f"{place}.png", picture.png)
    write_whole(path, as_markdown(report, addresses).encode("utf-8"))


def _address(name: str) -> str:
    """Give a folder's name as the address of a picture: nothing in it ends the address."""
    return quote(name)
