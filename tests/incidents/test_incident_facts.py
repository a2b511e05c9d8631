"""An incident's timeline, gathered from the records of every room."""

from datetime import timedelta

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server, Site
from noc_console.health.alarm import AlarmEventKind
from noc_console.health.alarm_acts import Deed, acknowledge, claim
from noc_console.health.alarm_records import act_on, put_events
from noc_console.health.verdict import Verdict
from noc_console.incidents.evidence_records import end_recording, open_recording
from noc_console.incidents.gate import ActKind, ActState, Affected, Step
from noc_console.incidents.gate_records import begin_act, note_step
from noc_console.incidents.incident import Severity
from noc_console.incidents.incident_facts import read_facts
from noc_console.incidents.incident_records import (
    note,
    open_incident,
    resolve_incident,
    tell_customers,
)
from noc_console.incidents.timeline import Source
from noc_console.incidents.turning_points import Bounds
from noc_console.store import orders
from noc_console.store.heartbeat import register, stopped
from noc_console.store.history import History
from noc_console.store.journal import Reading
from tests.conftest import NOW
from tests.health.alarms import raise_alarm

MINUTE = timedelta(minutes=1)


def bounds_of(server_id, metric, cores):
    return Bounds(early=1.5 * cores, cut_off=4 * cores) if metric == "load5" else None


def test_the_night_of_a_failing_server_is_told_from_facts_alone(any_store):
    """Load climbs, alarm, recorder, claim, incident, first word, reboot, resolved."""
    web = add_server(
        any_store, Server(name="web-02", address="a", sites=(Site(domain="birch.example"),)), NOW
    )
    other = add_server(any_store, Server(name="other", address="b"), NOW)
    engine = register(any_store, "desk", 1, "1", NOW - 60 * MINUTE)
    history = History(any_store)
    for minute, load in ((-6, 1.0), (-5, 8.0), (-2, 20.0), (3, 41.0), (12, 0.5)):
        at = NOW + minute * MINUTE
        values = {"load5": load, "load1": load, "cores": 4.0}
        history.append(
            [Reading(server_id=web.id, at_ms=int(at.timestamp() * 1000), values=values)], at
        )
    alarm = raise_alarm(
        any_store,
        "load5",
        server_id=web.id,
        verdict=Verdict.CUT_OFF,
        words="Load 20 on 4 cores",
        raised_at=NOW - 4 * MINUTE,
    )
    with any_store.write() as connection:
        raised = [Deed(AlarmEventKind.RAISED, "Load 20 on 4 cores")]
        put_events(connection, alarm, raised, by="", at=alarm.raised_at)
    raise_alarm(any_store, "load5", server_id=other.id, words="elsewhere")
    recording = open_recording(
        any_store,
        server_id=web.id,
        server_name="web-02",
        engine_id=engine.id,
        why="load5 past its early line",
        asked_by="",
        until=None,
        now=NOW - 3 * MINUTE,
    )
    act_on(any_store, [alarm.id], lambda one: claim(one, by="anna", now=NOW), by="anna", at=NOW)
    act_on(
        any_store,
        [alarm.id],
        lambda one: acknowledge(one, by="anna", now=NOW, reason="on it"),
        by="anna",
        at=NOW,
    )
    incident = open_incident(
        any_store,
        [alarm.id],
        title="web-02 is slow",
        severity=Severity.MAJOR,
        server_ids=[web.id],
        by="anna",
        now=NOW + MINUTE,
        began_at=alarm.raised_at,
    )
    tell_customers(
        any_store,
        incident.id,
        "We are on it.",
        by="ben",
        now=NOW + 2 * MINUTE,
        next_update_at=NOW + 20 * MINUTE,
    )
    order_id = orders.place(
        any_store, "reboot", server_id=web.id, asked_by="anna", now=NOW + 5 * MINUTE
    )
    act = begin_act(
        any_store,
        orders.get(any_store, order_id),
        ActKind.REBOOT,
        web,
        reason="it hangs",
        service="",
        affected=Affected(),
    )
    note_step(
        any_store,
        act.id,
        Step(at=NOW + 6 * MINUTE, words="It went away."),
        state=ActState.DONE,
        sentence="All is well.",
        closed_at=NOW + 9 * MINUTE,
    )
    end_recording(any_store, recording.id, why="It is well again.", now=NOW + 10 * MINUTE)
    note(any_store, incident.id, "A robot.", by="ben", now=NOW + 12 * MINUTE)
    resolve_incident(any_store, incident.id, by="anna", now=NOW + 13 * MINUTE)
    stopped(any_store, engine.id, NOW + 14 * MINUTE)

    facts = read_facts(any_store, incident.id, NOW + 90 * MINUTE, bounds_of)
    told = [(one.at, one.source) for one in facts.timeline().moments]
    words = [one.words for one in facts.timeline().moments]

    assert told == sorted(told, key=lambda one: one[0])
    assert {source for _, source in told} == set(Source) - {Source.WINDOW, Source.ORDER}
    assert [one.server_id for one in facts.alarms.values()] == [web.id]
    assert "web-02: Load, 5 min 8, first past the early line (6)." in words
    assert "web-02: Load, 5 min 41, at its worst." in words
    assert "web-02: Load, 5 min 0.5, back on the good side of its line." in words
    assert "reboot web-02, done: All is well." in words
    assert "Alarm acknowledged: web-02: Load 20 on 4 cores (on it)" in words
    assert any(line.startswith("Customers were told: We are on it.") for line in words)
    assert "No engine watched from here on: nothing is known." in words
    assert {curve.metric for curve in facts.curves} == {"load1", "load5"}
    assert [one.id for one in facts.recordings] == [recording.id]


def test_the_facts_of_an_incident_without_a_server_are_what_was_written(any_store):
    incident = open_incident(
        any_store,
        title="A feeling",
        severity=Severity.MINOR,
        server_ids=[],
        by="anna",
        now=NOW,
    )
    facts = read_facts(any_store, incident.id, NOW)

    assert [one.source for one in facts.timeline().moments if one.source is not Source.CONSOLE] == [
        Source.INCIDENT
    ]
