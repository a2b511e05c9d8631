"""Recipients and alarms for the tests of delivery, and a store with both."""

from dataclasses import replace
from datetime import datetime, timedelta

from noc_console.health.alarm import Alarm
from noc_console.health.alarm_records import act_on, put_alarm
from noc_console.health.delivery.delivery_records import begin, note_subject, ready
from noc_console.health.delivery.ledger_records import put_due, read_situation
from noc_console.health.delivery.recipient import Recipient, Way
from noc_console.health.delivery.recipient_records import add_recipient, list_recipients
from noc_console.health.delivery.rules import due
from noc_console.health.verdict import Verdict
from noc_console.store.changes import bump
from noc_console.store.store import Store
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


def anna(**fields: object) -> Recipient:
    """Give a recipient by mail."""
    usual = {"id": 1, "name": "Anna", "way": Way.MAIL, "address": "anna@example.com"}
    return Recipient(**(usual | fields))


def phone(**fields: object) -> Recipient:
    """Give a recipient by chat."""
    usual = {
        "id": 2,
        "name": "Phone",
        "way": Way.CHAT,
        "address": "JSON: json://…",
        "secret": "env:NOWHERE",
    }
    return Recipient(**(usual | fields))


def alarm(alarm_id: int = 1, **fields: object) -> Alarm:
    """Give an open alarm of a server."""
    usual = {
        "id": alarm_id,
        "server_id": 1,
        "key": "load5",
        "verdict": Verdict.EARLY,
        "words": "load 9.1, early line 4",
        "raised_at": NOW,
    }
    return Alarm(**(usual | fields))


def add(store: Store, one: Recipient) -> Recipient:
    """Add a recipient to a store."""
    return add_recipient(store, one, "ann", NOW)


def change(store: Store, one: Alarm, **fields: object) -> Alarm:
    """Write another version of an alarm, as an engine would."""
    other = replace(one, **fields)
    with store.write() as connection:
        put_alarm(connection, other, bump(connection, "alarm"))
    return other


def do(store: Store, one: Alarm, act, at: datetime = NOW) -> None:
    """Have a person's act done to an alarm."""
    act_on(store, [one.id], act, by="Ben", at=at)


def plan(store: Store, now: datetime) -> int:
    """Write down what is due at a moment, as the engine does; gives how many messages began."""
    situation = read_situation(store, now)
    dues = due(situation.alarms, situation.called, list_recipients(store), situation.ledger, now)
    return put_due(store, dues, now) if dues else 0


def take(store: Store, now: datetime):
    """Begin every message whose time has come, up to handing it over; gives the jobs."""
    jobs = []
    for one in ready(store, now):
        job = begin(store, one.delivery_id, now)
        if job is not None:
            assert note_subject(store, job.delivery_id, "subject")
            jobs.append(job)
    return jobs
