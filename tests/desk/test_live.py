"""The window learns what other programs write, in batches and on its own thread."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from shutil import disk_usage

import pytest

from noc_console.desk import live_reader
from noc_console.desk.live import LiveFleet
from noc_console.desk.standing import told_of
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server, delete_servers
from noc_console.fleet.server import Server
from noc_console.health.records import ServerState, put_states
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.store import store as store_module
from noc_console.store.changes import bump
from noc_console.store.failures import StoreUnreachable
from noc_console.store.heartbeat import register, stopped
from noc_console.store.history import History, Reading
from noc_console.store.settings import put_setting
from noc_console.store.store import open_store
from tests.desk.qt_life import wait_until


class Bugs:
    def report(self, bug):
        raise bug


class Clock:
    def __init__(self):
        self.at = datetime.now(UTC).replace(microsecond=0)

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def engine_store(location, store):
    """Give the store as another program has it open."""
    opened = open_store(location)
    yield opened
    opened.close()


@pytest.fixture
def live(application, store, clock):
    live = LiveFleet(store, Bugs(), clock)
    yield live
    live.close()


def started(live):
    live.start()
    wait_until(lambda: live.is_loaded)


def reading(server_id, **values):
    return Reading(server_id, int(datetime.now(UTC).timestamp() * 1000), values)


def state(server_id, verdict, at):
    return ServerState(
        server_id=server_id,
        link=LinkState.UP,
        link_since=at,
        failure=None,
        judgement=Judgement(verdict=verdict, since=at, reasons=()),
        last_sample_at=None,
    )


def test_how_many_have_each_verdict_is_kept_as_if_counted_anew(live, engine_store, clock):
    started(live)
    servers = [
        add_server(engine_store, Server(name=f"web{place}", address="192.0.2.1"), clock.at)
        for place in range(4)
    ]
    wait_until(lambda: len(live.servers) == 4)
    assert live.told == {Verdict.UNKNOWN: 4}
    steps = [
        {0: Verdict.OK, 1: Verdict.OK, 2: Verdict.EARLY},
        {0: Verdict.DOWN, 2: Verdict.EARLY},
        {0: Verdict.OK, 3: Verdict.CUT_OFF},
    ]

    for step in steps:
        told = [state(servers[place].id, verdict, clock.at) for place, verdict in step.items()]
        with engine_store.write() as connection:
            put_states(connection, told)
        wait_until(lambda told=told: all(live.states.get(one.server_id) == one for one in told))
        assert +live.told == told_of(live.servers, live.states)
    delete_servers(engine_store, [servers[3].id], clock.at)
    wait_until(lambda: len(live.servers) == 3)
    assert live.told == told_of(live.servers, live.states) == {Verdict.OK: 2, Verdict.EARLY: 1}


def test_an_empty_store_is_told_as_an_empty_fleet(live):
    told = []
    live.fleet_changed.connect(told.append)

    started(live)

    assert told == [[]]


def test_servers_and_states_of_another_program_arrive(live, engine_store, clock):
    started(live)

    server = add_server(engine_store, Server(name="web1", address="192.0.2.1"), clock.at)
    state = ServerState(
        server_id=server.id,
        link=LinkState.UP,
        link_since=clock.at,
        failure=None,
        judgement=Judgement(
            verdict=Verdict.EARLY,
            since=clock.at,
            reasons=(Reason("load1", Verdict.EARLY, "Load is high."),),
        ),
        last_sample_at=None,
    )
    with engine_store.write() as connection:
        put_states(connection, [state])
        bump(connection, "state")

    wait_until(lambda: live.states)
    assert [one.name for one in live.servers] == ["web1"]
    assert live.states[server.id].judgement == state.judgement


def test_of_many_states_those_are_told_that_changed(live, engine_store, clock):
    servers = [
        add_server(engine_store, Server(name=name, address="192.0.2.1"), clock.at)
        for name in ("web1", "web2")
    ]
    states = [
        ServerState(
            server_id=server.id,
            link=LinkState.UP,
            link_since=clock.at,
            failure=None,
            judgement=Judgement(verdict=Verdict.OK, since=clock.at, reasons=()),
            last_sample_at=None,
        )
        for server in servers
    ]
    with engine_store.write() as connection:
        put_states(connection, states)
    started(live)
    wait_until(lambda: len(live.states) == 2)
    told = []
    live.states_changed.connect(told.append)

    down = replace(states[1], link=LinkState.DOWN)
    with engine_store.write() as connection:
        put_states(connection, [down])

    wait_until(lambda: told)
    assert told == [{servers[1].id: down}]
    assert live.states == {servers[0].id: states[0], servers[1].id: down}


def test_a_deleted_server_leaves_no_sample_behind(live, engine_store, clock):
    server = add_server(engine_store, Server(name="web1", address="192.0.2.1"), clock.at)
    History(engine_store).append([reading(server.id, load1=1.0)], clock.at)
    started(live)
    wait_until(lambda: live.latest)

    delete_servers(engine_store, [server.id], clock.at)

    wait_until(lambda: not live.servers)
    assert live.latest == {}


def test_samples_arrive_in_order_and_each_once(live, engine_store, clock):
    history = History(engine_store)
    history.append([reading(1, load1=0.0)], clock.at)
    arrived = []
    live.samples_arrived.connect(arrived.extend)
    started(live)

    for value in range(1, 601):  # more than the reader takes at once
        history.append([reading(1, load1=float(value))], clock.at)

    wait_until(lambda: len(arrived) >= 601, 30)
    assert [one.values["load1"] for one in arrived] == [float(value) for value in range(601)]
    assert live.latest[1].values["load1"] == 600.0


def test_a_reading_of_outside_checks_alone_is_no_sample(live, engine_store, clock):
    started(live)
    history = History(engine_store)

    history.append([reading(1, **{"check_ms:tcp:25": 4.0})], clock.at)
    history.append([reading(2, uptime_s=9.0)], clock.at)

    wait_until(lambda: live.latest)
    assert list(live.latest) == [2]


def test_slow_readings_and_settings_are_told(live, engine_store, clock):
    started(live)
    told = []
    live.readings_changed.connect(lambda: told.append("reading"))
    live.settings_changed.connect(lambda: told.append("setting"))
    live.deliveries_changed.connect(lambda: told.append("delivery"))

    put_setting(engine_store, "retention.raw_days", 3)
    wait_until(lambda: told)
    for place, noun in enumerate(("reading", "delivery"), 2):
        with engine_store.write() as connection:
            bump(connection, noun)
        wait_until(lambda place=place: len(told) == place)

    assert told == ["setting", "reading", "delivery"]


def test_an_engine_that_starts_and_stops_is_told(live, engine_store, clock):
    started(live)
    told = []
    live.engine_changed.connect(told.append)

    record = register(engine_store, "noc-1", 42, "0.1", clock.at)
    wait_until(lambda: told)
    stopped(engine_store, record.id, clock.at)

    wait_until(lambda: len(told) == 2)
    assert (told[0].host, told[1]) == ("noc-1", None)


def test_an_engine_that_was_killed_is_missed_when_its_lease_is_over(live, engine_store, clock):
    register(engine_store, "noc-1", 42, "0.1", clock.at)
    started(live)
    wait_until(lambda: live.engine)

    clock.at += timedelta(seconds=60)

    wait_until(lambda: live.engine is None)


def test_a_store_that_cannot_be_read_is_told_until_it_can(live, engine_store, clock, monkeypatch):
    """The one broken part: the reading of states, twice."""
    left = ["The store does not answer; look at its server."] * 2

    def states_since(store, revision):
        if left:
            raise StoreUnreachable(left.pop())
        return revision, {}

    monkeypatch.setattr(live_reader, "states_since", states_since)
    monkeypatch.setattr(live_reader, "TRY_AGAIN_AFTER_S", 0.3)
    told = []
    live.trouble_changed.connect(told.append)

    started(live)

    wait_until(lambda: len(told) == 2)
    assert told == ["The store does not answer; look at its server.", ""]


def test_a_disk_without_room_is_told_until_there_is_some(live, store, monkeypatch):
    told = []
    live.trouble_changed.connect(told.append)
    started(live)
    free = disk_usage(store.location.folder).free
    monkeypatch.setattr(store_module, "MIN_FREE_BYTES", 2 * free)
    wait_until(lambda: told)
    monkeypatch.setattr(store_module, "MIN_FREE_BYTES", 0)
    wait_until(lambda: len(told) == 2)

    assert "MB left, so nothing new is recorded" in told[0]
    assert told[1] == ""
