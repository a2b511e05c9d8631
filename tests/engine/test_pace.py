"""How often a server is asked for what: by what it costs, by who looks, by how it fares."""

from noc_console.engine.pace import DISTRESS_FACTOR, SlowPace, tick_s
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
