"""What waits to be written: kept while the store refuses, bounded, and in few shapes."""

import pytest

from noc_console.engine.picture import Picture
from noc_console.engine.recorder import (
    MAX_NAMES,
    MAX_READINGS_A_BATCH,
    MAX_WAITING_READINGS,
    SLOW_EVERY_S,
    Recorder,
)
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.records import list_states
from noc_console.store.failures import StoreFull
from noc_console.store.history import History
from noc_console.telemetry.host import Facts, Mount
from noc_console.telemetry.records import readings_of
from noc_console.telemetry.sample import Sample
from tests.conftest import NOW


@pytest.fixture
def recorder():
    return Recorder(lambda: NOW)


@pytest.fixture
def server(store):
    return add_server(store, Server(name="web", address="192.0.2.1"), NOW)


def sample(server_id=1, **values):
    return Sample(
        server_id=server_id, at=NOW, server_at=None, values=values or {"load1": 1.0}, missing={}
    )


def written(store, recorder, now_s=0.0):
    recorder.batch(now_s).write(store, History(store), NOW)


class RefusingHistory(History):
    """A history whose disk is full until there is room."""

    full = True

    def append(self, readings, at):
        if self.full:
            raise StoreFull("The disk is full.")
        return super().append(readings, at)


def test_a_refused_batch_is_tried_again_before_what_came_after_it(store, recorder):
    history = RefusingHistory(store)
    recorder.add_sample(sample(load1=1.0))
    with pytest.raises(StoreFull):
        recorder.batch(0.0).write(store, history, NOW)
    recorder.add_sample(sample(load1=2.0))

    history.full = False
    while (batch := recorder.batch(1.0)) is not None:
        batch.write(store, history, NOW)

    loads = [reading.values["load1"] for reading in history.after(0)[1]]
    assert loads == [1.0, 2.0]


def test_samples_are_not_written_twice_when_only_the_core_refuses(
    store, recorder, server, monkeypatch
):
    recorder.add_sample(sample(server.id))
    recorder.mark(Picture(server=server, link_since=NOW))

    def refuse(*_):
        raise StoreFull("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr("noc_console.engine.batch.put_states", refuse)
        with pytest.raises(StoreFull):
            written(store, recorder)
    written(store, recorder)

    assert len(History(store).after(0)[1]) == 1
    assert list_states(store)[server.id].link is LinkState.NOT_TRIED
    assert recorder.batch(0.0) is None


def test_a_batch_that_brings_out_a_bug_does_not_hold_up_the_next(store, recorder, monkeypatch):
    recorder.add_sample(sample())

    def fail(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(History, "append", fail)
        with pytest.raises(ZeroDivisionError):
            written(store, recorder)
    recorder.add_sample(sample(load1=2.0))
    written(store, recorder)

    assert [one.values for one in History(store).after(0)[1]] == [{"load1": 2.0}]


def test_memory_is_bounded_and_what_was_dropped_is_said(recorder, caplog):
    for _ in range(MAX_WAITING_READINGS + 7):
        recorder.add_sample(sample())

    total = 0
    while (batch := recorder.batch(0.0)) is not None:
        assert len(batch.readings) <= MAX_READINGS_A_BATCH
        total += len(batch.readings)
        batch.is_done = True

    assert total == MAX_WAITING_READINGS
    assert "7 samples were dropped" in caplog.text


def test_slow_readings_are_written_together_and_states_at_once(store, recorder, server):
    recorder.put_facts(server.id, Facts(hostname="one"))
    written(store, recorder, now_s=10.0)
    recorder.put_facts(server.id, Facts(hostname="two"))

    assert recorder.batch(10.0 + SLOW_EVERY_S / 2) is None
    recorder.mark(Picture(server=server, link_since=NOW))
    written(store, recorder, now_s=10.0 + SLOW_EVERY_S / 2)
    assert readings_of(store, server.id).facts.hostname == "one"
    written(store, recorder, now_s=10.0 + SLOW_EVERY_S)

    assert readings_of(store, server.id).facts.hostname == "two"


def test_the_last_batch_holds_all_that_waits(store, recorder, server):
    recorder.put_facts(server.id, Facts(hostname="one"))
    written(store, recorder, now_s=10.0)
    recorder.put_facts(server.id, Facts(hostname="two"))

    recorder.last_batch().write(store, History(store), NOW)

    assert readings_of(store, server.id).facts.hostname == "two"
    assert recorder.last_batch() is None


def test_figures_of_slow_readings_go_with_the_next_sample_in_one_order(recorder):
    def mount(name):
        return Mount(
            mount=name,
            device="/dev/sda",
            kind="ext4",
            total_bytes=1,
            used_percent=50.0,
            inodes_used_percent=None,
        )

    for names in (("/", "/home"), ("/home", "/")):
        recorder.put_mounts(1, tuple(mount(name) for name in names))
        recorder.add_sample(sample(), latency_s=0.01)

    shapes = {tuple(reading.values) for reading in recorder.batch(0.0).readings}
    assert shapes == {
        ("load1", "link_latency_ms", "mount_used_percent:/", "mount_used_percent:/home")
    }


def test_a_server_that_invents_names_does_not_fill_the_catalogue(recorder):
    for number in range(MAX_NAMES + 50):
        recorder.add_sample(sample(load1=1.0, **{f"net_rx_bytes_per_s:eth{number}": 1.0}))

    names = {name for one in recorder.batch(0.0).readings for name in one.values}
    assert len(names) == MAX_NAMES
    assert all("load1" in one.values for one in recorder.batch(0.0).readings)


def test_nothing_is_written_of_a_server_that_is_looked_after_no_more(recorder, server):
    recorder.put_facts(server.id, Facts(hostname="one"))
    recorder.mark(Picture(server=server, link_since=NOW))

    recorder.forget(server.id)

    assert recorder.batch(0.0) is None


def test_a_verdict_that_changes_is_urgent_until_it_is_written_and_not_while_the_store_refuses(
    store, recorder, server
):
    picture = Picture(server=server, link_since=NOW)
    recorder.judge(picture)
    assert recorder.is_urgent
    written(store, recorder)
    recorder.judge(picture)
    assert not recorder.is_urgent

    picture.set_link(LinkState.UP, None, NOW)
    picture.take_sample(sample(server.id), recorder.now_s())
    recorder.judge(picture)
    assert recorder.is_urgent
    recorder.add_sample(sample(server.id))
    batch = recorder.batch(0.0)
    picture.set_link(LinkState.DOWN, None, NOW)
    recorder.judge(picture)
    assert not recorder.is_urgent
    batch.write(store, History(store), NOW)
    assert recorder.is_urgent
