"""Connections begin at a pace, few at once at one place, and a closed place holds up no other."""

import pytest

from noc_console.engine.openings import A_SECOND, AT_ONCE, AT_ONE_PLACE, Openings

DOOR = ("door.example", 22)


@pytest.fixture
def begun():
    return []


@pytest.fixture
def openings():
    return Openings(lambda _: None)


def ask(openings, begun, place, count=1, *, wanted=True):
    def begin():
        begun.append(place)
        return wanted

    for _ in range(count):
        openings.ask(place, begin)


def run(openings, from_s, to_s):
    """Act as the conductor does; give the times at which something was begun."""
    now_s = from_s
    while (now_s := max(now_s, openings.next_act_s)) < to_s:
        openings.act(now_s)


def test_few_connect_to_one_place_at_once_and_the_next_when_one_has_ended(openings, begun):
    ask(openings, begun, DOOR, 10)

    run(openings, 0.0, 10.0)
    assert len(begun) == AT_ONE_PLACE
    openings.ended(DOOR)
    run(openings, 10.0, 20.0)

    assert len(begun) == AT_ONE_PLACE + 1


def test_a_place_that_is_full_holds_up_no_other(openings, begun):
    ask(openings, begun, DOOR, 10)
    ask(openings, begun, ("other.example", 22))

    run(openings, 0.0, 1.0)

    assert ("other.example", 22) in begun


def test_no_more_begin_in_a_second_than_we_can_take(openings, begun):
    for number in range(200):
        ask(openings, begun, (f"web{number}", 22))
        openings.ended((f"web{number}", 22))  # each ends at once: only the pace is left

    run(openings, 100.0, 101.0)

    assert A_SECOND - 2 <= len(begun) <= A_SECOND + 1


def test_hosts_that_do_not_answer_hold_only_so_many_places(openings, begun):
    for number in range(2 * AT_ONCE):
        ask(openings, begun, (f"web{number}", 22))

    run(openings, 0.0, 60.0)
    assert len(begun) == AT_ONCE
    openings.ended(("web0", 22))
    run(openings, 60.0, 61.0)

    assert len(begun) == AT_ONCE + 1


def test_an_opening_nobody_wants_any_more_takes_no_place_and_no_time(openings, begun):
    ask(openings, begun, DOOR, 100, wanted=False)
    ask(openings, begun, DOOR)

    run(openings, 0.0, 0.001)

    assert len(begun) == 101


def test_it_sleeps_while_nothing_is_asked(openings, begun):
    assert openings.next_act_s == float("inf")
    ask(openings, begun, DOOR)
    run(openings, 0.0, 1.0)

    assert openings.next_act_s == float("inf")
