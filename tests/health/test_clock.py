"""Whose clock is wrong: never the server's when the console's was set."""

from datetime import timedelta

from noc_console.health.clock import ClockWitness
from tests.conftest import NOW


def test_one_server_that_is_off_among_many_is_off():
    clocks = ClockWitness()
    for server_id in range(1, 6):
        clocks.fault_of(server_id, 0.0, NOW, 100.0)

    assert clocks.fault_of(6, 90.0, NOW, 100.0) == 90.0


def test_when_most_servers_are_off_by_the_same_it_is_our_own_clock():
    clocks = ClockWitness()
    faults = [clocks.fault_of(server_id, -3600.0, NOW, 100.0) for server_id in (1, 2, 3, 1, 2, 3)]

    assert faults[-1] == 0.0


def test_a_console_clock_that_was_set_while_it_ran_blames_no_lone_server():
    clocks = ClockWitness()
    assert clocks.fault_of(1, 0.0, NOW, 100.0) == 0.0

    later = NOW + timedelta(hours=1, seconds=5)

    assert abs(clocks.fault_of(1, -3600.0, later, 105.0)) < 1.0


def test_a_server_that_is_asked_no_more_is_no_witness():
    clocks = ClockWitness()
    for server_id in (1, 2, 3):
        clocks.fault_of(server_id, 500.0, NOW, 100.0)
    for server_id in (1, 2):
        clocks.forget(server_id)

    assert clocks.fault_of(3, 500.0, NOW, 100.0) == 500.0
