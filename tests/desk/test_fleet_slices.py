"""Much work on the GUI thread is done in slices, so that the window stays awake."""

import time

import pytest
from PySide6.QtCore import QObject

from noc_console.desk.fleet.slices import SLICE_S, Slices
from tests.desk.qt_life import end, wait_until


@pytest.fixture
def owner(application):
    owner = QObject()
    yield owner
    end(owner)


def busy(seconds, times, done):
    for number in range(times):
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            pass
        done.append(number)
        yield


def test_little_work_is_done_at_once_and_told(owner):
    slices, done, told = Slices(owner), [], []
    slices.done.connect(lambda: told.append(list(done)))
    slices.add(busy(0, 3, done))
    assert told == [[0, 1, 2]]


def test_much_work_is_done_later_in_the_order_in_which_it_came(owner):
    slices, first, second, told = Slices(owner), [], [], []
    slices.done.connect(lambda: told.append(len(first) + len(second)))
    slices.add(busy(SLICE_S / 2, 10, first))
    slices.add(busy(0, 1, second))
    assert 0 < len(first) < 10
    assert second == []
    wait_until(lambda: told == [11])


def test_it_is_not_done_while_something_waits(owner):
    slices, done = Slices(owner), []
    slices.add(busy(SLICE_S / 2, 10, done))
    assert not slices.are_done
    wait_until(lambda: slices.are_done)
    assert len(done) == 10
