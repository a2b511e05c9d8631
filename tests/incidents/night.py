"""A night with a failing server, in a store: what the engine, the gate and people wrote of it."""

from datetime import timedelta

import sqlalchemy as sa

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server, Site
from noc_console.health.alarm import AlarmEventKind
from noc_console.health.alarm_acts import acknowledge, claim
from noc_console.health.alarm_records import act_on
from noc_console.health.delivery.delivery_records import begin, note_sent, note_subject, ready
from noc_console.health.verdict import Verdict
from noc_console.incidents.evidence.evidence_records import end_recording, open_recording
from noc_console.incidents.gate.gate import ActKind, ActState, Affected, Step
from noc_console.incidents.gate.gate_records import begin_act, note_step
from noc_console.incidents.incident.incident import Incident, Severity
from noc_console.incidents.incident.incident_records import (
    note,
    open_incident,
    resolve_incident,
    tell_customers,
)
from noc_console.store import orders
from noc_console.store.heartbeat import register, stopped
from noc_console.store.history import History
from noc_console.store.journal import Reading
from noc_console.store.schema.alarms import alarm_event
from noc_console.store.store import Store
from tests.conftest import NOW
from tests.health.alarms import raise_alarm
from tests.health.telling import add, anna, plan

MINUTE = timedelta(minutes=1)
LOADS = ((-6, 1.0), (-5, 8.0), (-2, 20.0), (3, 41.0), (12, 0.5))


def failing_night(store: Store, *, hostile: str = "", now=NOW) -> Incident:
    """Load climbs, alarm, a message, recorder, claim, incident, first word, reboot, resolved.

    `hostile` stands in every text that a person or a server may write.
    """
    bad = f" {hostile}" if hostile else ""
    customer = f"Birch{bad}"
    web = add_server(
        store,
        Server(
            name="web-02", address="a", sites=(Site(domain="birch.example", customer=customer),)
        ),
        now,
    )
    engine = register(store, "desk", 1, "1", now - 60 * MINUTE)
    history = History(store)
    for minute, load in LOADS:
        at = now + minute * MINUTE
        values = {"load5": load, "load1": load, "cores": 4.0, "uptime_s": 9.0}
        at_ms = int(at.timestamp() * 1000)
        history.append([Reading(server_id=web.id, at_ms=at_ms, values=values)], at)
    alarm = raise_alarm(
        store,
        "load5",
        server_id=web.id,
        verdict=Verdict.CUT_OFF,
        words=f"Load 20 on 4 cores{bad}",
        raised_at=now - 4 * MINUTE,
    )
    with store.write() as connection:
        connection.execute(
            sa.insert(alarm_event).values(
                alarm_id=alarm.id,
                kind=AlarmEventKind.RAISED.value,
                at=alarm.raised_at,
                by="",
                words=alarm.words,
                verdict=alarm.verdict.value,
            )
        )
    _tell_anna(store, alarm.raised_at, bad)
    recording = open_recording(
        store,
        server_id=web.id,
        server_name="web-02",
        engine_id=engine.id,
        why=f"load5 past its early line{bad}",
        asked_by="",
        until=None,
        now=now - 3 * MINUTE,
    )
    act_on(store, [alarm.id], lambda one: claim(one, by="anna", now=now), by="anna", at=now)
    act_on(
        store,
        [alarm.id],
        lambda one: acknowledge(one, by="anna", now=now, reason=f"on it{bad}"),
        by="anna",
        at=now,
    )
    incident = open_incident(
        store,
        [alarm.id],
        title=f"web-02 is slow{bad}" if bad.isprintable() else "web-02 is slow",
        severity=Severity.MAJOR,
        server_ids=[web.id],
        by="anna",
        now=now + MINUTE,
        began_at=alarm.raised_at,
    )
    tell_customers(
        store,
        incident.id,
        f"We are on it.{bad}",
        by="ben",
        now=now + 2 * MINUTE,
        next_update_at=now + 20 * MINUTE,
    )
    _reboot(store, web, now, bad)
    end_recording(store, recording.id, why="It is well again.", now=now + 10 * MINUTE)
    note(store, incident.id, f"A robot.{bad}", by="ben", now=now + 12 * MINUTE)
    tell_customers(
        store, incident.id, "It is over.", by="ben", now=now + 23 * MINUTE, next_update_at=None
    )
    resolved = resolve_incident(store, incident.id, by="anna", now=now + 13 * MINUTE)
    stopped(store, engine.id, now + 14 * MINUTE)
    return resolved


def _tell_anna(store: Store, at, bad: str) -> None:
    add(store, anna(name="Anna’s phone"))
    plan(store, at)
    (waiting,) = ready(store, at)
    begin(store, waiting.delivery_id, at)
    note_subject(store, waiting.delivery_id, f"[noc-console] CUT-OFF web-02: Load 20{bad}")
    note_sent(store, waiting.delivery_id, "taken", at)


def _reboot(store: Store, web: Server, now, bad: str) -> None:
    asked_at = now + 5 * MINUTE
    order_id = orders.place(store, "reboot", server_id=web.id, asked_by="anna", now=asked_at)
    act = begin_act(
        store,
        orders.get(store, order_id),
        ActKind.REBOOT,
        web,
        reason=f"it hangs{bad}",
        service="",
        affected=Affected(),
    )
    note_step(
        store,
        act.id,
        Step(at=now + 6 * MINUTE, words=f"It went away.{bad}"),
        state=ActState.DONE,
        sentence="All is well.",
        sent_at=now + 6 * MINUTE,
        closed_at=now + 9 * MINUTE,
    )
