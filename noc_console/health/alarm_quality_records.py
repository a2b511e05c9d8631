"""The SQL for the quality of alarms: all that was counted in a stretch of time."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from noc_console.health.alarm_quality import Quality, quality_of
from noc_console.health.alarm_records import alarm_of, events_between
from noc_console.store.heartbeat import not_watched
from noc_console.store.schema.alarms import alarm
from noc_console.store.settings import get_setting
from noc_console.store.store import Store

PEOPLE_KEY = "alarms.people"
"""The store's setting: how many people are at the desks at one time."""


def read_quality(store: Store, start: datetime, end: datetime) -> Quality:
    """Give how good the alarms of [start, end) were."""
    people = int(get_setting(store, PEOPLE_KEY, 1))
    events = events_between(store, start, end)
    query = sa.select(alarm).where(
        alarm.c.raised_at < end, alarm.c.cleared_at.is_(None) | (alarm.c.cleared_at >= start)
    )
    with store.read() as connection:
        alarms = {row.id: alarm_of(row) for row in connection.execute(query)}
    gaps = sum((late - early for early, late in not_watched(store, start, end)), timedelta(0))
    return quality_of(events, alarms, start, end, people=people, not_watched=gaps)
