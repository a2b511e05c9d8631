"""The window's foot says who watches and how fresh the figures are."""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest

from noc_console.desk.notice_band import NoticeBand
from noc_console.desk.status_bar import DeskStatusBar
from tests.desk.page_bench import NOW, PageBench
from tests.desk.qt_life import end, wait_until


@pytest.fixture
def bench(application, tmp_path):
    bench = PageBench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def bar(bench):
    bar = DeskStatusBar(bench.live, bench.store.location, os.getpid, lambda: bench.clock)
    yield bar
    end(bar)


@pytest.fixture
def band(application):
    band = NoticeBand()
    yield band
    end(band)


def test_an_engine_elsewhere_is_named(bar):
    assert bar.engine.text() == "The engine on host (process 1) is watching"


def test_our_own_engine_needs_no_name(bench):
    bar = DeskStatusBar(bench.live, bench.store.location, lambda: 1, lambda: bench.clock)
    assert bar.engine.text() == "Watching"
    end(bar)


def test_that_nobody_watches_is_said_at_once(bench, bar):
    bench.live.engine = None
    bench.live.engine_changed.emit(None)
    assert bar.engine.text() == "No engine is watching"


def test_our_own_engine_is_starting_until_it_first_watches(bench):
    bench.live.engine, watching = None, bench.live.engine
    bench.live.expect_engine(True)
    bar = DeskStatusBar(bench.live, bench.store.location, lambda: 1, lambda: bench.clock)
    told = [bar.engine.text()]
    for engine in (watching, None):
        bench.live.engine = engine
        bench.live.expect_engine(False)
        bench.live.engine_changed.emit(engine)
        told.append(bar.engine.text())
    end(bar)

    assert told == ["Starting to watch …", "Watching", "No engine is watching"]


def test_a_store_that_is_not_read_yet_counts_nothing(bench, bar):
    bench.live.is_loaded = False
    bar.refresh()
    assert (bar.engine.text(), bar.servers.text()) == ("Reading the store …", "")


def test_the_newest_samples_age_grows_with_the_clock(bench, bar):
    assert bar.sample.text() == "No sample yet"
    bench.live.samples_arrived.emit([bench.reading(3), bench.reading(60)])
    bench.clock = NOW + timedelta(seconds=4)
    bar.refresh()
    assert bar.sample.text() == "Newest sample 7 s old"


def test_a_sample_of_long_ago_is_told_where_there_is_none_lately(bench, bar):
    assert bar.sample.text() == "No sample yet"

    at = NOW - timedelta(minutes=12)
    bench.live.states = {bench.server.id: SimpleNamespace(last_sample_at=at)}
    bar.refresh()

    assert bar.sample.text().startswith("Newest sample 12 min old")


def test_it_tells_the_store_the_count_and_the_time_with_its_zone(bench, bar):
    assert bar.store.text() == f"Store: {bench.store.location}"
    assert bar.servers.text() == "1 server"
    assert bar.clock.text() == f"{NOW.astimezone():%Y-%m-%d %H:%M:%S %Z}"


def test_a_narrow_window_takes_nothing_from_the_time(bar):
    time = bar.clock

    assert time.minimumSizeHint().width() >= time.fontMetrics().horizontalAdvance(time.text())


def test_a_sentence_goes_away_but_one_that_stays_waits_for_a_person(band):
    band.say("web1 is saved.")
    band.clear()
    assert band.isHidden()
    band.say_and_stay("A bug was met.")
    band.say("web1 is saved.")
    assert band.words.text() == "A bug was met.\nweb1 is saved."
    assert not band._timer.isActive()
    band.close_button.click()
    assert band.isHidden()


def test_a_promise_is_read_whole_at_twice_the_size(bar):
    words = "■ Customers wait for an update: notice 3, 5 min late"
    bar.resize(1366, bar.sizeHint().height())
    bar.show()
    bar.show_promise(words)
    assert bar.minimumSizeHint().width() <= 1100
    bar.resize(958, bar.height())
    wait_until(bar.store.isHidden)
    assert bar.minimumSizeHint().width() <= 958
    wait_until(lambda: bar.promise.width() >= bar.promise.sizeHint().width())

    assert bar.engine.width() >= 100
    assert not bar.store.isVisible()
    assert bar.clock.geometry().right() <= bar.width()
    bar.resize(1366, bar.height())
    assert bar.store.isVisible()
