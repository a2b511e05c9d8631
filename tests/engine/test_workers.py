"""Threads for what may block, and the one for the store: bugs stay inside, order is kept."""

import itertools
import logging
import queue
import threading

from noc_console.engine.store_work import StoreWork
from noc_console.engine.workers import Workers
from noc_console.store.failures import StoreFull


def test_work_goes_on_after_a_bug_in_it(caplog):
    workers = Workers("test", 1)
    done = queue.SimpleQueue()

    def fail():
        raise ZeroDivisionError

    workers.submit(fail)
    workers.submit(lambda: done.put(1))

    assert done.get(timeout=30) == 1
    assert "work in the background failed" in caplog.text
    workers.stop()


def test_a_worker_that_hangs_holds_up_neither_the_others_nor_the_end():
    workers = Workers("test", 2)
    hang, done = threading.Event(), queue.SimpleQueue()
    workers.submit(hang.wait)
    workers.submit(lambda: done.put(1))

    assert done.get(timeout=30) == 1
    workers.stop()
    hang.set()


def test_what_still_waits_at_the_end_is_not_begun():
    workers = Workers("test", 1)
    begun, hang, ended, late = (threading.Event() for _ in range(4))

    def work():
        begun.set()
        hang.wait(30)
        ended.set()

    workers.submit(work)
    workers.submit(late.set)
    assert begun.wait(30)
    workers.stop()
    hang.set()

    assert ended.wait(30)
    assert not late.wait(0.1)


def test_the_stores_work_is_done_in_order_and_before_its_end():
    work = StoreWork()
    seen = []
    for number in range(50):
        work.start(str(number), lambda number=number: seen.append(number))

    assert work.finish(5)
    assert seen == list(range(50))


def test_work_that_still_waits_is_not_started_twice():
    work = StoreWork()
    hang, seen = threading.Event(), []
    work.start("first", lambda: hang.wait(30))
    for _ in range(10):
        work.start("flush", lambda: seen.append(1))
    hang.set()

    assert work.finish(5)
    assert seen == [1]


def test_a_store_that_hangs_is_not_waited_for():
    work = StoreWork()
    hang = threading.Event()
    work.start("hang", lambda: hang.wait(10))

    assert not work.finish(0.05)
    hang.set()


def test_a_store_that_refuses_is_said_once_and_again_when_it_takes_everything(caplog):
    caplog.set_level(logging.WARNING)
    work = StoreWork()
    refuses = threading.Event()
    refuses.set()

    def write():
        if refuses.is_set():
            raise StoreFull("The disk is full.")

    names = itertools.count()

    def do(name):
        done = threading.Event()
        work.start(name, write)
        work.start(f"marker {next(names)}", done.set)
        assert done.wait(30)

    for name in ("recording", "recording", "heartbeat"):
        do(name)
    refuses.clear()
    do("recording")
    said_too_early = "takes everything again" in caplog.text
    do("heartbeat")
    work.finish(5)

    assert not said_too_early
    assert [record.getMessage() for record in caplog.records] == [
        "recording: The disk is full.",
        "The store takes everything again.",
    ]


def test_a_bug_in_the_stores_work_is_logged_once_and_stops_nothing(caplog):
    work = StoreWork()
    seen = []

    def fail():
        raise ZeroDivisionError

    for number in range(3):
        done = threading.Event()
        work.start("fail", fail)
        work.start(str(number), done.set)
        assert done.wait(30)
        seen.append(1)
    work.finish(5)

    assert seen == [1, 1, 1]
    assert caplog.text.count("fail: a bug") == 1
