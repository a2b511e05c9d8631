"""How often a server is asked for what: by what it costs, by who looks, by how it fares."""

from noc_console.engine.pace import (
    CALM_LIST_S,
    DISTRESS_FACTOR,
    TOGETHER_S,
    SlowPace,
    tick_s,
    together_s,
)
from noc_console.telemetry.probe import Part

ALL_SLOW = {Part.UNITS, Part.MOUNTS, Part.PROCESSES, Part.FACTS, Part.MAIL}


def test_a_server_somebody_looks_at_is_asked_each_second():
    assert tick_s(5, looked_at=False) == 5.0
    assert tick_s(5, looked_at=True) == 1.0
    assert tick_s(60, looked_at=True) == 1.0


def test_everything_is_due_at_first_and_again_when_it_is_forgotten():
    pace = SlowPace()
    assert pace.is_new
    assert pace.due(0.0, looked_at=False, distress=False) == ALL_SLOW

    pace.asked(frozenset(ALL_SLOW), 0.0)
    assert pace.due(1.0, looked_at=False, distress=False) == frozenset()
    pace.forget()

    assert pace.due(1.0, looked_at=False, distress=False) == ALL_SLOW


def test_services_are_asked_more_often_than_what_forks_more():
    pace = SlowPace()
    pace.asked(frozenset(ALL_SLOW), 0.0)

    assert pace.due(15.0, looked_at=False, distress=False) == {Part.UNITS}
    assert pace.due(60.0, looked_at=False, distress=False) == ALL_SLOW - {Part.FACTS}
    assert pace.due(5.0, looked_at=True, distress=False) == {Part.UNITS, Part.PROCESSES}


def test_a_server_in_distress_is_spared():
    pace = SlowPace()
    pace.asked(frozenset(ALL_SLOW), 0.0)

    assert pace.due(15.0, looked_at=False, distress=True) == frozenset()
    assert pace.due(15.0 * DISTRESS_FACTOR, looked_at=False, distress=True) == {Part.UNITS}


def test_a_server_that_is_well_lists_its_processes_seldom_once_their_shares_are_known():
    pace = SlowPace()
    pace.asked(frozenset(ALL_SLOW), 0.0)
    assert Part.PROCESSES in pace.due(60.0, looked_at=False, distress=False, calm=True)
    pace.asked(frozenset(ALL_SLOW), 60.0)

    almost_s, then_s = 59.0 + CALM_LIST_S, 60.0 + CALM_LIST_S
    assert Part.PROCESSES not in pace.due(almost_s, looked_at=False, distress=False, calm=True)
    assert Part.PROCESSES in pace.due(then_s, looked_at=False, distress=False, calm=True)


def test_processes_are_listed_at_once_where_somebody_looks_or_something_is_amiss():
    pace = SlowPace()
    pace.asked(frozenset(ALL_SLOW), 0.0)
    pace.asked(frozenset(ALL_SLOW), 60.0)

    assert Part.PROCESSES in pace.due(65.0, looked_at=True, distress=False, calm=True)
    assert Part.PROCESSES in pace.due(120.0, looked_at=False, distress=False, calm=False)


def test_servers_reached_in_the_same_minute_do_not_list_processes_in_the_same_second():
    early, late = SlowPace(spread=0.9), SlowPace(spread=0.1)
    for pace in (early, late):
        pace.asked(frozenset(ALL_SLOW), 0.0)
        pace.asked(frozenset(ALL_SLOW), 60.0)

    assert Part.PROCESSES in early.due(200.0, looked_at=False, distress=False, calm=True)
    assert Part.PROCESSES not in late.due(200.0, looked_at=False, distress=False, calm=True)


def test_servers_due_at_moments_near_to_each_other_are_asked_together_and_none_too_early():
    asked_s = {together_s(due_s) for due_s in (1.01, 1.12, 1.24)}

    assert asked_s == {1.25}
    assert together_s(1.0 + 5.0) == 6.0  # whoever is in step stays in it
    assert 0 <= together_s(7.3) - 7.3 < TOGETHER_S
