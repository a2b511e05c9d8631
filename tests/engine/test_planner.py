"""A plan is made once at a time, again when asked meanwhile, and goes on after what fails."""

import logging
import threading
from contextlib import closing

from noc_console.engine.planner import Planner
from noc_console.errors import ConsoleError
from tests.engine.running import wait_until


def test_looks_asked_for_while_one_goes_on_are_one_look_after_it():
    begun, may_end, plans = threading.Event(), threading.Event(), []

    def plan():
        plans.append(1)
        begun.set()
        assert may_end.wait(60)

    with closing(Planner("test", "testing", plan)) as planner:
        planner.look()
        assert begun.wait(60)
        for _ in range(3):
            planner.look()
        may_end.set()
        wait_until(lambda: not planner.is_planning)

        assert len(plans) == 2


def test_what_the_store_did_not_take_is_written_before_the_next_plan():
    done = []
    is_away = True

    def write():
        if is_away:
            raise ConsoleError("The store is away.")
        done.append("written")

    with closing(Planner("test", "testing", lambda: done.append("planned"))) as planner:
        planner.note(write)
        planner.look()
        wait_until(lambda: not planner.is_planning)
        assert done == []

        is_away = False
        planner.look()
        wait_until(lambda: not planner.is_planning)

        assert done == ["written", "planned"]


def test_a_store_that_is_away_is_said_once_and_again_when_it_goes_again(caplog):
    ends = [True, True, False, True]

    def plan():
        if ends.pop(0):
            raise ConsoleError("The store is away.")

    with (
        caplog.at_level(logging.INFO, logger="noc_console.engine.planner"),
        closing(Planner("test", "testing", plan)) as planner,
    ):
        for left in (3, 2, 1, 0):
            planner.look()
            wait_until(lambda left=left: not planner.is_planning and len(ends) == left)

    assert caplog.messages == ["testing: The store is away."] * 2


def test_a_bug_is_said_once_and_ends_nothing(caplog):
    failed, ends = [], [ValueError("odd"), ValueError("odd"), None]

    def plan():
        end = ends.pop(0)
        if end is not None:
            raise end

    with (
        caplog.at_level(logging.ERROR),
        closing(Planner("test", "testing", plan, failed=lambda: failed.append(1))) as planner,
    ):
        for left in (2, 1, 0):
            planner.look()
            wait_until(lambda left=left: len(ends) == left and not planner.is_planning)

    assert len(failed) == 2
    assert [one.getMessage() for one in caplog.records] == ["testing met a bug"]
