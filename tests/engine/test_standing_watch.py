"""What turns waits in order for a store that is away; windows are asked for until they come."""

from datetime import timedelta

import pytest

from noc_console.engine.picture import Picture
from noc_console.engine.standing_watch import StandingWatch
from noc_console.errors import ConsoleError
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.incidents.availability.standing_records import read_standings
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window, list_occurrences
from noc_console.store.heartbeat import register
from noc_console.store.schema.metadata import to_ms
from noc_console.telemetry.sample import Sample
from tests.conftest import NOW

SECOND = timedelta(seconds=1)


class Roster:
    """The servers, and the windows they were put in."""

    def __init__(self, servers):
        self.servers = servers
        self.windows = {}

    def watched(self):
        return self.servers

    def put_in_windows(self, windows):
        self.windows = windows


class Work:
    """The store's thread: does what it is given at once, unless the store is away."""

    def __init__(self):
        self.is_away = False
        self.asked = []

    def start(self, name, work):
        self.asked.append(name)
        if not self.is_away:
            work()


class Bench:
    def __init__(self, store):
        self.store = store
        self.now = NOW
        self.server = add_server(store, Server(name="web", address="192.0.2.1"), NOW)
        self.roster, self.work = Roster([self.server]), Work()
        engine = register(store, "here", 1, "1", NOW)
        self.watch = StandingWatch(
            store, engine.id, self.roster, self.work, lambda said: said.act(), lambda: self.now
        )
        self.picture = Picture(server=self.server, link_since=NOW)

    def sample(self, second):
        self.now = NOW + second * SECOND
        self.picture.set_link(LinkState.UP, None, self.now)
        told = Sample(server_id=self.server.id, at=self.now, server_at=None, values={}, missing={})
        self.picture.take_sample(told, float(second))
        self.picture.judge(self.now, float(second))
        self.watch.judged(self.picture)
        self.watch.pass_time()


@pytest.fixture
def bench(store):
    return Bench(store)


def told(bench):
    return read_standings(bench.store, NOW, NOW + 3600 * SECOND).get((bench.server.id, ""))


def test_what_turned_while_the_store_was_away_is_written_when_it_is_back(bench):
    bench.work.is_away = True
    bench.sample(0)
    bench.watch.write()
    bench.sample(5)
    bench.now = NOW + 9 * SECOND
    bench.watch.keep_only([])
    assert told(bench) is None

    bench.watch.write_the_last()

    assert told(bench).up == [(to_ms(NOW), to_ms(NOW + 9 * SECOND))]


def test_a_write_that_fails_is_tried_again_with_all_of_it(bench, monkeypatch):
    bench.sample(0)
    with monkeypatch.context() as away:
        away.setattr(
            "noc_console.engine.standing_watch.write_turns",
            lambda *_: (_ for _ in ()).throw(ConsoleError("The disk is full.")),
        )
        with pytest.raises(ConsoleError):
            bench.watch.write()
    bench.sample(5)
    bench.watch.write()

    assert told(bench).up == [(to_ms(NOW), to_ms(NOW + 3600 * SECOND))]


def test_windows_are_asked_for_until_the_store_tells_them(bench, monkeypatch):
    add_window(
        bench.store,
        Window(title="k", servers=(bench.server.id,), starts_at=NOW, minutes=60, entered_at=NOW),
    )
    with monkeypatch.context() as away:
        away.setattr(
            "noc_console.engine.window_keeper.list_occurrences",
            lambda *_: (_ for _ in ()).throw(ConsoleError("The store does not answer.")),
        )
        with pytest.raises(ConsoleError):
            bench.watch.pass_time()
    bench.watch.pass_time()
    bench.watch.pass_time()

    assert [one.window.title for one in bench.roster.windows[bench.server.id]] == ["k"]
    assert bench.work.asked.count("windows") == 2
    (held,) = list_occurrences(bench.store, NOW, NOW + SECOND)
    assert held.run.covered == (bench.server.id,)


def test_when_the_window_is_over_its_servers_are_in_none(bench):
    add_window(
        bench.store,
        Window(title="k", servers=(bench.server.id,), starts_at=NOW, minutes=1, entered_at=NOW),
    )
    bench.watch.pass_time()
    bench.watch.pass_time()
    assert bench.roster.windows

    bench.now = NOW + 60 * SECOND
    bench.watch.pass_time()

    assert bench.roster.windows == {}
