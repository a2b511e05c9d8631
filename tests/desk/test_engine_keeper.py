"""A window starts an engine where none watches, again when it dies, and never beside another."""

import socket
from datetime import UTC, datetime

import pytest

from noc_console.desk.engine_keeper import EngineKeeper, wait_s
from noc_console.errors import ConsoleError
from noc_console.store.heartbeat import last_engine, living_engine, register, stopped
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench

PID = 4711
HOST = "desk-host"


class OwnEngine:
    """An engine process as a test wants it."""

    def __init__(self):
        self.is_running = False
        self.pid = None
        self.last_words = ""
        self.starts = 0
        self.failure = None

    def start(self):
        if self.failure is not None:
            raise self.failure
        self.starts += 1
        self.is_running, self.pid = True, PID

    def stop(self):
        self.is_running, self.pid = False, None

    def die(self, last_words=""):
        self.is_running = False
        self.last_words = last_words


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    stopped(bench.store, bench.engine.id, datetime.now(UTC))
    bench.live.engine = None
    bench.seconds = 0.0
    yield bench
    bench.close()


@pytest.fixture
def own():
    return OwnEngine()


@pytest.fixture
def keeper(bench, own):
    keeper = EngineKeeper(own, bench.store, bench.live, bench.pool, HOST, lambda: bench.seconds)
    yield keeper
    end(keeper)


@pytest.fixture
def told(keeper):
    told = []
    keeper.trouble_changed.connect(told.append)
    return told


def look(bench, keeper):
    keeper.look()
    wait_until(lambda: bench.pool.is_idle)


def watch(bench, engine):
    bench.live.engine = engine
    bench.live.engine_changed.emit(engine)


def test_where_nobody_watches_one_engine_is_started(bench, own, keeper):
    look(bench, keeper)
    look(bench, keeper)

    assert own.starts == 1
    assert keeper.own_pid == PID


def test_nothing_is_started_before_the_store_was_looked_at(bench, own, keeper):
    bench.live.is_loaded = False
    look(bench, keeper)

    assert own.starts == 0


def test_beside_another_engine_none_is_started(bench, own, keeper):
    bench.live.engine = bench.engine
    look(bench, keeper)

    assert own.starts == 0
    assert keeper.own_pid is None


def test_an_engine_that_died_is_told_and_started_again(bench, own, keeper, told):
    look(bench, keeper)
    own.die("The disk is full.")
    look(bench, keeper)
    at_once = own.starts
    bench.seconds += 1.0
    look(bench, keeper)

    assert (at_once, own.starts) == (1, 2)
    (sentence,) = told
    assert sentence == (
        "The engine ended, so nobody watches the servers; another one is started in 1 s."
        " Its last words: The disk is full."
    )


@pytest.mark.parametrize("host", [HOST, socket.gethostname()])
def test_the_lease_of_a_killed_engine_of_ours_is_given_back(bench, own, host):
    keeper = EngineKeeper(own, bench.store, bench.live, bench.pool, host, lambda: bench.seconds)
    look(bench, keeper)
    register(bench.store, host, PID, "0", datetime.now(UTC))
    own.die()
    look(bench, keeper)

    assert living_engine(bench.store, datetime.now(UTC)) is None
    assert last_engine(bench.store).stopped_at is not None
    end(keeper)


def test_the_lease_of_an_engine_elsewhere_is_left_alone(bench, own, keeper, told):
    look(bench, keeper)
    other = register(bench.store, "other-host", PID, "0", datetime.now(UTC))
    own.die(f"An engine on {other.host} already watches this store.")
    look(bench, keeper)

    living = living_engine(bench.store, datetime.now(UTC))
    assert living is not None
    assert living.id == other.id
    assert told == []


def test_the_sentence_goes_when_somebody_watches_again(bench, own, keeper, told):
    look(bench, keeper)
    own.die()
    look(bench, keeper)
    watch(bench, bench.engine)

    assert told[-1] == ""


def test_an_engine_that_cannot_be_started_is_told(bench, own, keeper, told):
    own.failure = ConsoleError("There is no room.")
    look(bench, keeper)
    look(bench, keeper)

    assert told == ["No engine could be started: There is no room."]


@pytest.mark.parametrize(("deaths", "seconds"), [(0, 0), (1, 1), (2, 2), (5, 16), (30, 60)])
def test_each_death_in_a_row_doubles_the_wait_up_to_a_minute(deaths, seconds):
    assert wait_s(deaths) == seconds


def test_an_engine_that_lived_long_is_started_again_quickly(bench, own, keeper, told):
    for lived_s in (1, 1, 1, 600):
        look(bench, keeper)
        bench.seconds += lived_s
        own.die()
        look(bench, keeper)
        bench.seconds += 60

    waits = [sentence.split(" in ")[1].split(" s.")[0] for sentence in told]
    assert waits == ["1", "2", "4", "1"]


def test_after_the_end_none_is_started(bench, own, keeper):
    keeper.start()
    keeper.close()

    assert not keeper._timer.isActive()


def test_until_our_engine_watches_no_page_says_that_nobody_does(bench, own, keeper):
    keeper.start()
    told = [bench.live.is_unwatched]
    look(bench, keeper)
    told.append(bench.live.is_unwatched)
    watch(bench, bench.engine)
    look(bench, keeper)
    watch(bench, None)

    assert [*told, bench.live.is_unwatched] == [False, False, True]


@pytest.mark.parametrize("is_dead", [True, False])
def test_an_engine_that_dies_or_hangs_at_its_start_is_not_waited_for(bench, own, keeper, is_dead):
    look(bench, keeper)
    if is_dead:
        own.die("The disk is full.")
    bench.seconds += 21.0
    look(bench, keeper)
    look(bench, keeper)

    assert bench.live.is_unwatched


def test_an_engine_that_cannot_be_started_is_told_at_once_on_every_page(bench, own, keeper):
    own.failure = ConsoleError("There is no Python here.")
    keeper.start()
    look(bench, keeper)

    assert bench.live.is_unwatched
