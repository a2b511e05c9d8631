"""Plans go by the wall clock, but not at once when somebody sets it."""

import logging
from datetime import timedelta

import pytest

from noc_console.engine.steady_clock import HOLD, SteadyClock
from tests.conftest import NOW


class Clocks:
    """A wall clock and a running one that a test moves."""

    def __init__(self):
        self.wall = NOW
        self.running_s = 100.0
        self.steady = SteadyClock(lambda: self.wall, lambda: self.running_s)

    def pass_time(self, span):
        self.wall += span
        self.running_s += span.total_seconds()

    def set_by(self, span):
        self.wall += span


@pytest.fixture
def clocks(caplog):
    with caplog.at_level(logging.ERROR, logger="noc_console.engine.steady_clock"):
        yield Clocks()


def test_time_that_passes_is_taken_also_when_the_machine_slept(clocks):
    clocks.pass_time(timedelta(hours=9))

    assert clocks.steady() == clocks.wall


@pytest.mark.parametrize("jump", [timedelta(days=7), timedelta(days=-7), timedelta(minutes=2)])
def test_a_clock_that_was_set_is_not_believed_for_a_while(clocks, jump):
    clocks.set_by(jump)
    clocks.pass_time(HOLD - timedelta(seconds=1))
    assert clocks.steady() == clocks.wall - jump  # notices the jump only now
    clocks.pass_time(HOLD - timedelta(seconds=1))
    assert clocks.steady() == clocks.wall - jump
    assert clocks.steady.is_held

    clocks.pass_time(timedelta(seconds=2))
    assert clocks.steady() == clocks.wall
    assert not clocks.steady.is_held


def test_a_clock_that_is_set_back_in_time_was_never_wrong(clocks):
    clocks.set_by(timedelta(days=7))
    clocks.steady()
    clocks.set_by(timedelta(days=-7))

    assert clocks.steady() == clocks.wall
    assert not clocks.steady.is_held


def test_a_clock_that_is_kept_in_step_is_followed(clocks):
    for _ in range(100):
        clocks.pass_time(timedelta(minutes=1))
        clocks.set_by(timedelta(seconds=2))
        assert clocks.steady() == clocks.wall


@pytest.mark.parametrize(
    ("jump", "words"),
    [(timedelta(hours=1), "set ahead by 1 h;"), (timedelta(hours=-1), "set back by 1 h;")],
)
def test_it_is_said_which_way_the_clock_was_set(clocks, caplog, jump, words):
    clocks.set_by(jump)
    with caplog.at_level(logging.WARNING, logger="noc_console.engine.steady_clock"):
        clocks.steady()

    assert words in caplog.text
    caplog.clear()
