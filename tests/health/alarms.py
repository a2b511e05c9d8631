"""Alarms put into a store as an engine would."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from noc_console.health.alarm import Alarm
from noc_console.health.alarm_records import row_of
from noc_console.health.verdict import Verdict
from noc_console.store.changes import bump
from noc_console.store.schema.alarms import alarm
from noc_console.store.store import Store
from tests.conftest import NOW


def raise_alarm(
    store: Store,
    key: str,
    *,
    server_id: int | None = None,
    verdict: Verdict = Verdict.EARLY,
    words: str = "load is high",
    raised_at: datetime = NOW,
) -> Alarm:
    """Write one open alarm; give it."""
    one = Alarm(
        id=0, server_id=server_id, key=key, verdict=verdict, words=words, raised_at=raised_at
    )
    with store.write() as connection:
        revision = bump(connection, "alarm")
        row = row_of(one) | {"revision": revision}
        one_id = connection.execute(sa.insert(alarm).values(row).returning(alarm.c.id)).scalar_one()
    return replace(one, id=one_id)
