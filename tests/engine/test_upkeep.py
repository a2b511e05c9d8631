"""The store's housework is started when it is due, one thing at a time, by its settings."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from noc_console.audit.audit_records import evidence_of
from noc_console.engine.upkeep import DAILY_EVERY_S, SEAL_EVERY_S, Upkeep, retention
from noc_console.incidents.evidence.evidence_records import (
    end_recording,
    list_recordings,
    open_recording,
)
from noc_console.store.backups import list_backups
from noc_console.store.failures import StoreFull
from noc_console.store.history import History
from noc_console.store.retention import Retention
from noc_console.store.schema.audit import audit_result
from noc_console.store.settings import put_setting
from tests.audit.signed import collected


class Worker:
    """Holds work until it is told to do it."""

    def __init__(self):
        self.waiting = []

    def submit(self, work):
        self.waiting.append(work)

    def do(self):
        while self.waiting:
            self.waiting.pop(0)()


@pytest.fixture
def worker():
    return Worker()


@pytest.fixture
def sealed(monkeypatch):
    seen = []
    monkeypatch.setattr(History, "seal", lambda _self, now: seen.append(now))
    return seen


def test_all_is_done_at_the_start_and_again_at_its_pace(store, worker, sealed):
    upkeep = Upkeep(store, worker)

    for now_s in (1000.0, 1060.0, 1000.0 + SEAL_EVERY_S, 1000.0 + DAILY_EVERY_S):
        upkeep.start_due(now_s)
        worker.do()

    assert len(sealed) == 3
    assert len(list_backups(store.location.folder, "daily")) == 1


def test_nothing_more_is_started_while_something_is_under_way(store, worker, sealed):
    upkeep = Upkeep(store, worker)

    upkeep.start_due(1000.0)
    upkeep.start_due(1000.0 + DAILY_EVERY_S)
    assert len(worker.waiting) == 1
    worker.do()
    upkeep.start_due(1000.0 + DAILY_EVERY_S)  # what was put off is not forgotten
    worker.do()

    assert len(sealed) == 2


def test_a_store_that_refuses_is_said_and_asked_again(store, worker, monkeypatch, caplog):
    def refuse(*_):
        raise StoreFull("The disk is full.")

    monkeypatch.setattr(History, "seal", refuse)
    upkeep = Upkeep(store, worker)

    upkeep.start_due(0.0)
    worker.do()
    upkeep.start_due(SEAL_EVERY_S)
    worker.do()

    assert caplog.text.count("The disk is full.") == 2


def test_history_is_kept_as_the_settings_say(store):
    assert retention(store) == Retention()

    put_setting(store, "retention.raw_days", 3)

    assert retention(store) == Retention(raw_days=3)


def test_old_evidence_of_audits_is_let_go_as_the_settings_say(store, worker, sealed):
    begun = collected(store)  # in November 2026
    put_setting(store, "audit.evidence_days", 100_000)
    upkeep = Upkeep(store, worker)
    upkeep.start_due(1000.0)
    worker.do()
    assert evidence_of(store, begun.id, 1, "FW-01") is not None

    put_setting(store, "audit.evidence_days", 0)
    with store.write() as connection:
        connection.execute(sa.update(audit_result).values(at=datetime(2020, 1, 1, tzinfo=UTC)))
    upkeep.start_due(1000.0 + DAILY_EVERY_S)
    worker.do()
    assert evidence_of(store, begun.id, 1, "FW-01") is None


def test_old_evidence_is_deleted_as_the_settings_say(store, worker, sealed):
    long_ago = datetime.now(UTC) - timedelta(days=10)
    recording = open_recording(
        store,
        server_id=1,
        server_name="web",
        engine_id=1,
        why="load",
        asked_by="",
        until=None,
        now=long_ago,
    )
    end_recording(store, recording.id, why="well again", now=long_ago)
    upkeep = Upkeep(store, worker)
    upkeep.start_due(1000.0)
    worker.do()
    assert list_recordings(store, datetime.now(UTC))

    put_setting(store, "retention.evidence_days", 7)
    upkeep.start_due(1000.0 + SEAL_EVERY_S)
    worker.do()

    assert list_recordings(store, datetime.now(UTC)) == []
