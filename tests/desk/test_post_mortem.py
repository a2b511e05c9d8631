"""A post-mortem drafted from facts only, in three forms, in which hostile text stays text."""

import base64
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PySide6.QtGui import QImage, QTextDocument

from noc_console.desk.incidents.post_mortem_export import (
    ReportForm,
    UnknownForm,
    draw_pictures,
    report_form_of,
    write_post_mortem,
)
from noc_console.incidents.evidence.evidence import Ending, NewExhibit
from noc_console.incidents.evidence.evidence_writing import EvidenceWriter
from noc_console.incidents.incident.incident import Severity
from noc_console.incidents.incident.incident_facts import read_facts
from noc_console.incidents.incident.incident_records import (
    IncidentChange,
    change_incident,
    open_incident,
)
from noc_console.incidents.post_mortem.post_mortem import Suspected
from noc_console.incidents.post_mortem.post_mortem_reading import read_post_mortem
from noc_console.incidents.post_mortem.post_mortem_report import as_html, as_markdown
from noc_console.incidents.report_templates import markdown_quote, markdown_text
from tests.conftest import NOW
from tests.incidents.night import MINUTE, failing_night

LATER = NOW + timedelta(hours=8)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>![a](http://192.0.2.1/x.png)"
    "[b](javascript:alert(3))`|*_ https://evil.example www.evil.example \x1b[2J\u202eabc"
)
MARKDOWN = MarkdownIt("commonmark").enable("table")


class Tags(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.found = set()
        self.addresses = []

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.addresses += [value for name, value in attrs if name in {"src", "href"}]
        assert not [name for name, _ in attrs if name.startswith("on")]


def tags_of(html):
    reader = Tags()
    reader.feed(html)
    return reader


@pytest.fixture
def night(store):
    return failing_night(store)


def test_the_summary_has_only_what_was_recorded(store, night):
    report = read_post_mortem(store, night.id, LATER)
    told = {one.title: (one.at, one.after) for one in report.milestones}

    assert told["Detected"] == (NOW - 4 * MINUTE, timedelta())
    assert told["Somebody took it on"] == (NOW, 4 * MINUTE)
    assert told["First word to customers"] == (NOW + 2 * MINUTE, 6 * MINUTE)
    assert told["Evidence from"] == (NOW - 3 * MINUTE, MINUTE)
    assert told["Resolved"] == (NOW + 13 * MINUTE, 17 * MINUTE)
    assert told["Closed"] == (None, None)
    assert report.lasted == 17 * MINUTE
    assert (report.sites, report.customers) == (1, 1)
    assert [(one.words, one.late_by) for one in report.said] == [
        ("kept late", 3 * MINUTE),
        ("nothing was promised", None),
    ]


def test_the_suspects_of_the_evidence_stand_in_it_with_their_lines(store, night):
    table = """  PID  PPID USER     S     TIME   RSS COMMAND
    1     0 root     S 00:00:01  9000 init
"""
    (recording,) = read_facts(store, night.id, LATER).recordings
    EvidenceWriter(store).put(
        [
            NewExhibit(
                recording_id=recording.id,
                number=1,
                collector="processes",
                title="Processes",
                at=recording.started_at,
                took_ms=5,
                ending=Ending.WHOLE,
                exit_status=0,
                content=table.encode(),
            )
        ]
    )
    report = read_post_mortem(store, night.id, LATER)
    assert report.suspects_words == "The evidence points to nobody in particular."

    told = [Suspected(recording_id=1, place=1, words="php-fpm of shop12 <b>", lines=("9 php",))]
    html = as_html(replace(report, suspects=told))

    assert "php-fpm of shop12 &lt;b&gt;" in html
    assert "9 php" in html


def test_what_only_people_know_is_marked_as_not_filled_in_until_they_do(store, night):
    def html():
        return as_html(read_post_mortem(store, night.id, LATER))

    assert html().count("Not filled in.") == 2
    change = IncidentChange(cause="A robot\nand <b>no</b> cache.", lessons="Turn robots away.")
    change_incident(store, night.id, change, by="anna", now=LATER)

    assert "Not filled in." not in html()
    assert "A robot<br>and &lt;b&gt;no&lt;/b&gt; cache." in html()


def test_an_incident_of_which_nothing_is_known_says_so(store):
    opened = open_incident(
        store, title="x", severity=Severity.MINOR, server_ids=[], by="anna", now=NOW
    )
    html = as_html(read_post_mortem(store, opened.id, LATER))

    for words in (
        "nobody claimed an alarm",
        "customers were told nothing",
        "by a person: no alarm was raised",
        "No server was named.",
        "The flight recorder kept nothing",
        "no engine watched: what happened then is not known",
    ):
        assert words in html


def test_hostile_text_stays_text_in_html(application, store):
    night = failing_night(store, hostile=HOSTILE)
    report = read_post_mortem(store, night.id, LATER, draw_pictures)
    html = as_html(report)
    read = tags_of(html)

    assert read.found & {"script", "a", "iframe", "link", "svg", "object"} == set()
    assert all(one.startswith("data:image/png;base64,") for one in read.addresses)
    assert len(read.addresses) == len(report.pictures) == 2
    assert "&lt;script&gt;" in html
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_hostile_text_stays_text_in_markdown(store):
    night = failing_night(store, hostile=HOSTILE)
    markdown = as_markdown(read_post_mortem(store, night.id, LATER), [])
    read = tags_of(MARKDOWN.render(markdown))

    assert read.found & {"script", "a", "img", "iframe"} == set()
    assert read.found >= {"h1", "h2", "table", "blockquote"}
    assert "https://evil" not in markdown
    assert "www.evil" not in markdown
    assert "\x1b" not in markdown


def test_hostile_text_stays_text_in_a_pdf(application, store, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        QTextDocument, "loadResource", lambda _self, _kind, name: asked.append(name.toString())
    )
    night = failing_night(store, hostile=HOSTILE)
    write_post_mortem(store, night.id, tmp_path / "night.pdf", LATER)

    assert (tmp_path / "night.pdf").read_bytes().startswith(b"%PDF-")
    assert all(one.startswith("data:image/png") for one in asked)


@given(st.text(alphabet=st.sampled_from("ab 1.-+*_#>|<&[]()!`\\:/@~$w\n\t\x1b^={}"), max_size=30))
def test_any_text_is_read_back_from_markdown_as_it_was(text):
    shown = re.sub(r"<[^>]*>", "", MARKDOWN.render(f"| a |\n|---|\n| x{markdown_text(text)} |"))
    quoted = tags_of(MARKDOWN.render(markdown_quote(text)))

    assert tags_of(shown).found == set()
    assert quoted.found <= {"blockquote", "p"}


def test_each_form_is_written_and_said(application, store, night, tmp_path):
    for ending in ("html", "pdf", "md"):
        path = tmp_path / f"night.{ending}"
        assert str(path) in write_post_mortem(store, night.id, path, LATER)
        assert path.stat().st_size > 2000
    pictures = sorted((tmp_path / "night-pictures").iterdir())
    assert [one.name for one in pictures] == ["0.png", "1.png"]
    assert "(night-pictures/0.png)" in (tmp_path / "night.md").read_text(encoding="utf-8")


def test_a_picture_shows_the_curve_and_leaves_gaps(application, store, night):
    facts = read_facts(store, night.id, LATER)
    picture = QImage.fromData(draw_pictures(facts)[0].png)

    assert (picture.width(), picture.height()) == (1320, 408)
    colours = {picture.pixelColor(x, y).name() for x in range(0, 1320, 2) for y in range(0, 380, 2)}
    assert len(colours) > 8


def test_a_picture_in_html_is_the_picture_that_was_drawn(application, store, night):
    report = read_post_mortem(store, night.id, LATER, draw_pictures)
    address = tags_of(as_html(report)).addresses[0]

    assert base64.b64decode(address.partition(",")[2]) == report.pictures[0].png


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.HTML", ReportForm.HTML), ("a.htm", ReportForm.HTML), ("a.pdf", ReportForm.PDF)],
)
def test_the_name_of_the_file_says_the_form(tmp_path, name, form):
    assert report_form_of(tmp_path / name) is form


def test_a_name_that_says_no_form_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(UnknownForm, match=r"\.html, \.pdf or \.md"):
        report_form_of(tmp_path / "report.docx")
