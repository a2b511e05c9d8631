"""How an incident reads: its severity, its clock, its moments."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtGui import QColor

from noc_console.desk.incidents.incident_look import (
    clock_sentence,
    clock_words,
    moment_words,
    severity_words,
    short_name,
    short_severity_words,
    verdict_of,
)
from noc_console.desk.look import Look
from noc_console.health.verdict import SHAPES, Verdict
from noc_console.incidents.incident.incident import Incident, IncidentState, Severity
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)
LOOK = Look(
    shapes=SHAPES, colours=dict.fromkeys(Verdict, QColor("#d55e00")), faint=QColor("#888888")
)
ONE = Incident(
    id=1,
    title="x",
    severity=Severity.MAJOR,
    state=IncidentState.OPEN,
    began_at=NOW,
    opened_at=NOW,
    opened_by="anna",
    next_update_at=NOW + 10 * MINUTE,
)


def test_severity_is_a_shape_and_a_word_and_what_is_over_is_calm():
    resolved = replace(ONE, state=IncidentState.RESOLVED)

    assert short_severity_words(ONE, LOOK) == "◆  major"
    assert severity_words(ONE, LOOK) == "◆  major, open"
    assert short_severity_words(resolved, LOOK) == "●  resolved"
    assert verdict_of(resolved) is Verdict.OK


def test_the_clock_counts_down_then_is_loud_and_rests_when_nothing_is_promised():
    assert clock_words(ONE, NOW) == "in 10 min"
    assert clock_words(ONE, NOW + 12 * MINUTE) == "▲ overdue 2 min"
    assert "UPDATE OVERDUE by 2 min" in clock_sentence(ONE, NOW + 12 * MINUTE)
    nothing = replace(ONE, next_update_at=None)
    assert clock_words(nothing, NOW) == "–"
    assert clock_sentence(nothing, NOW) == "No further update is promised to customers."


def test_a_moment_of_another_day_is_told_with_its_day():
    local = NOW.astimezone()

    assert moment_words(NOW, NOW) == f"{local:%H:%M:%S}"
    assert moment_words(NOW - timedelta(days=1), NOW).startswith(
        f"{local - timedelta(days=1):%a %d} "
    )


def test_a_long_name_keeps_both_its_ends():
    assert short_name("web1") == "web1"
    assert short_name("web-shared-frankfurt-a-017.birch.example") == "web-shared-fr…irch.example"
