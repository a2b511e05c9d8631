"""When nobody will be awake at a due time, that is said before."""

from datetime import timedelta

import sqlalchemy as sa

from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.posting_rows import postings_of
from noc_console.notices.wakefulness import note_send_due, read_wakefulness
from noc_console.store.heartbeat import beat, register
from noc_console.store.schema.engines import watch_span
from tests.notices.outbox import START, add, approved, scheduled

NOW = START - timedelta(days=8)


def planned(store):
    add(store, ChannelKind.STATIC_SITE)
    notice_id = approved(store, scheduled(), NOW)
    return postings_of(store, notice_id)


def watched(store, engine_id, *, hours):
    """Have an engine watch in these hours of each of the last days."""
    with store.write() as connection:
        for days in range(1, 12):
            midnight = (NOW - timedelta(days=days)).replace(hour=0)
            first, last = (midnight + timedelta(hours=hour) for hour in hours)
            connection.execute(
                sa.insert(watch_span).values(engine_id=engine_id, started_at=first, ended_at=last)
            )


def test_without_a_sender_every_due_time_is_in_danger(store):
    found = read_wakefulness(store, planned(store), NOW)

    assert not found.is_awake
    assert "send-due" in found.words
    assert len(found.asleep) == 3


def test_what_is_due_while_nobody_sends_says_so(store):
    rows = planned(store)
    later = NOW + timedelta(days=2)

    found = read_wakefulness(store, rows, later)
    first = min(rows, key=lambda one: one.due_at)
    assert found.asleep[first.id] == "It is due, and nobody sends."

    note_send_due(store, "relay", later)
    assert read_wakefulness(store, rows, later).asleep == {}


def test_a_timer_counts_as_a_sender_for_two_hours(store):
    rows = planned(store)
    note_send_due(store, "relay", NOW - timedelta(hours=1))

    assert read_wakefulness(store, rows, NOW).is_awake
    assert read_wakefulness(store, rows, NOW).asleep == {}
    assert not read_wakefulness(store, rows, NOW + timedelta(hours=2)).is_awake


def test_an_engine_that_ran_only_by_day_will_be_asleep_at_night(store):
    engine = register(store, "laptop", 1, "1", NOW)
    watched(store, engine.id, hours=(7, 18))
    rows = planned(store)
    beat(store, engine.id, NOW)
    found = read_wakefulness(store, rows, NOW)

    assert found.is_awake
    assert set(found.asleep) == {one.id for one in rows}  # all are due at 01:00 UTC
    assert all("7 of the last 7 days" in words for words in found.asleep.values())


def test_an_engine_that_always_ran_worries_nobody(store):
    engine = register(store, "relay", 1, "1", NOW)
    watched(store, engine.id, hours=(0, 24))
    beat(store, engine.id, NOW)

    assert read_wakefulness(store, planned(store), NOW).asleep == {}


def test_an_engine_that_is_new_is_given_credit(store):
    register(store, "relay", 1, "1", NOW)

    assert read_wakefulness(store, planned(store), NOW).asleep == {}
