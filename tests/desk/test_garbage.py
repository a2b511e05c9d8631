"""Garbage is collected in moments that nobody feels, and by the window's thread alone."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from noc_console.desk.garbage import EVERY_S, LONG_QUIET_S, MUCH_CAME, THAW_EVERY_S, GarbageKeeper
from tests.desk.qt_life import end


class Clock:
    def __init__(self):
        self.s = 1000.0

    def __call__(self):
        return self.s


class Thing:
    """What holds itself."""

    def __init__(self):
        self.me = self


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keeper(application, clock):
    window = QWidget()
    keeper = GarbageKeeper(window, clock)
    keeper._timer.stop()  # the tests look themselves
    yield keeper
    keeper.close()
    gc.unfreeze()
    end(window)


def left_over(many=0):
    """Give a circle that nobody holds, and with it so many objects that stay."""
    thing = Thing()
    return weakref.ref(thing), [[number] for number in range(many)]


def touch(window):
    at = QPointF(1, 1)
    button = Qt.MouseButton.LeftButton
    event = QMouseEvent(
        QEvent.Type.MouseButtonPress, at, at, button, button, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)


def test_no_other_thread_ever_collects(keeper):
    thing, _ = left_over()
    kept = []

    def work():
        kept.extend([number] for number in range(200_000))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert thing() is not None


def test_what_is_left_over_goes_at_a_look(keeper):
    thing, kept = left_over(5_000)

    keeper.look()

    assert thing() is None
    assert len(kept) == 5_000


def test_of_a_fleet_that_was_read_nothing_is_looked_at_again(keeper):
    _, kept = left_over(MUCH_CAME + 1)

    keeper.look()

    assert gc.get_freeze_count() > len(kept)
    assert gc.get_count()[0] < MUCH_CAME


def test_what_lived_longer_goes_when_nobody_touches_the_window(keeper, clock):
    thing = Thing()
    gone = weakref.ref(thing)
    gc.collect()  # it is old now
    del thing
    clock.s += EVERY_S + 1
    touch(keeper.parent())
    keeper.look()
    assert gone() is not None

    clock.s += EVERY_S + 1
    keeper.look()

    assert gone() is None


def test_even_what_was_frozen_goes_when_nobody_is_there(keeper, clock):
    thing = Thing()
    gone = weakref.ref(thing)
    gc.freeze()
    del thing
    clock.s += EVERY_S + 1
    keeper.look()
    assert gone() is not None

    clock.s += LONG_QUIET_S + THAW_EVERY_S
    keeper.look()

    assert gone() is None
