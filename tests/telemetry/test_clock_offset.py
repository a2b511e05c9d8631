"""How far a server's clock is off, as far as one frame can tell."""

from datetime import timedelta

import pytest

from noc_console.telemetry.clock_offset import clock_offset_s
from noc_console.telemetry.sample import Sample
from tests.conftest import NOW


def offset(ahead_s, latency_s=0.2):
    server_at = None if ahead_s is None else NOW + timedelta(seconds=ahead_s)
    sample = Sample(server_id=1, at=NOW, server_at=server_at, values={}, missing={})
    return clock_offset_s(sample, latency_s)


@pytest.mark.parametrize("ahead_s", [0.0, -0.5, -1.1, -0.1])
def test_within_what_a_frame_can_tell_a_clock_is_right(ahead_s):
    assert offset(ahead_s) == 0.0


def test_a_clock_beyond_doubt_wrong_is_told_by_at_least_how_much():
    assert offset(60.0) == pytest.approx(60.0, abs=1.5)
    assert offset(-60.0) == pytest.approx(-60.0, abs=1.5)
    assert offset(3600.0, latency_s=20.0) <= 3600.0


def test_a_server_that_does_not_tell_its_time_has_no_offset():
    assert offset(None) is None
