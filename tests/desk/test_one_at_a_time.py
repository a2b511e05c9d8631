"""One reading at a time; what is asked meanwhile is read once more, whatever came of the first."""

import threading

import pytest

from noc_console.desk.background import Background
from noc_console.desk.one_at_a_time import OneAtATime
from noc_console.errors import ConsoleError
from tests.desk.qt_life import wait_until


class Asking:
    """Something that reads when it is asked; each reading waits until it may go on."""

    def __init__(self):
        self.bugs = []
        self.background = Background(self.bugs.append)
        self.one = OneAtATime(self.background, self.ask, self.background)
        self.may_go_on = threading.Event()
        self.outcome = lambda number: number
        self.begun, self.told = 0, []

    def ask(self):
        self.one.call(self._work, self.told.append, self.told.append)

    def _work(self):
        self.begun += 1
        self.may_go_on.wait(30)
        return self.outcome(self.begun)

    def wait_until_told(self, count):
        self.may_go_on.set()
        wait_until(lambda: len(self.told) == count and not self.one.is_reading)


@pytest.fixture
def asking(application):
    made = Asking()
    yield made
    made.may_go_on.set()
    made.background.close()
    made.background.deleteLater()


def test_what_is_asked_three_times_meanwhile_is_read_once_more(asking):
    for _ in range(4):
        asking.ask()
    asking.wait_until_told(2)

    assert asking.begun == 2
    assert asking.told == [1, 2]


def test_a_wish_that_came_during_a_reading_that_failed_is_not_lost(asking):
    def fail_once(number):
        if number == 1:
            raise ConsoleError("The store is away; look again.")
        return number

    asking.outcome = fail_once
    asking.ask()
    asking.ask()
    asking.wait_until_told(2)

    assert isinstance(asking.told[0], ConsoleError)
    assert asking.told[1] == 2


def test_after_a_bug_in_a_reading_the_next_one_is_done(asking):
    def break_once(number):
        return number // (number - 1)

    asking.outcome = break_once
    asking.ask()
    asking.may_go_on.set()
    wait_until(lambda: asking.background.is_idle and asking.bugs)
    assert asking.told == []

    asking.ask()
    asking.wait_until_told(1)
    assert asking.told == [2]


def test_one_that_is_asked_for_by_what_is_told_begins_at_once_and_is_not_read_twice(asking):
    asking.one.call(lambda: 0, lambda _: asking.ask(), asking.told.append)
    asking.wait_until_told(1)

    assert asking.begun == 1
