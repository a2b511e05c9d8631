"""An incident's timeline, gathered from the records of every room."""

from noc_console.incidents.incident.incident import Severity
from noc_console.incidents.incident.incident_facts import read_facts
from noc_console.incidents.incident.incident_records import open_incident
from noc_console.incidents.incident.timeline import Source
from tests.conftest import NOW
from tests.health.alarms import raise_alarm
from tests.incidents.night import MINUTE, failing_night


def test_the_night_of_a_failing_server_is_told_from_facts_alone(any_store):
    incident = failing_night(any_store)
    raise_alarm(any_store, "load5", words="nobody's", raised_at=NOW)

    facts = read_facts(any_store, incident.id, NOW + 90 * MINUTE)
    told = [(one.at, one.source) for one in facts.timeline().moments]
    words = [one.words for one in facts.timeline().moments]

    assert told == sorted(told, key=lambda one: one[0])
    assert {source for _, source in told} == set(Source) - {Source.WINDOW, Source.ORDER}
    assert [one.server_id for one in facts.alarms.values()] == list(incident.server_ids)
    assert "web-02: Load, 1 min 8, first past the early line (2.8)." in words
    assert "web-02: Load, 1 min 41, at its worst." in words
    assert "web-02: Load, 1 min 0.5, back on the good side of its line." in words
    assert "Told: Anna’s phone: CUT-OFF web-02: Load 20" in words
    assert "reboot web-02, done: All is well." in words
    assert "Alarm acknowledged: web-02: Load 20 on 4 cores (on it)" in words
    assert any(line.startswith("Customers were told: We are on it.") for line in words)
    assert "No engine watched from here on: nothing is known." in words
    assert {curve.metric for curve in facts.curves} == {"load1", "load5"}
    assert [one.why for one in facts.recordings] == ["load5 past its early line"]


def test_the_facts_of_an_incident_without_a_server_are_what_was_written(any_store):
    incident = open_incident(
        any_store, title="A feeling", severity=Severity.MINOR, server_ids=[], by="anna", now=NOW
    )
    moments = read_facts(any_store, incident.id, NOW).timeline().moments

    assert [one.source for one in moments if one.source is not Source.CONSOLE] == [Source.INCIDENT]
