"""An audit of a thousand servers is gone through without holding the window's thread up.

Measured in calls between two turns of its loop, as in test_window_slices.
"""

import pytest

from bench.slice_watch import SliceWatch
from tests.desk.audit_deeds import go_through, running_with_audits
from tests.desk.call_count import CallCount
from tests.desk.qt_life import end

MOST_CALLS = 60_000


@pytest.fixture
def program(application, tmp_path):
    with running_with_audits(application, tmp_path) as program:
        yield program


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_thousand_servers_are_audited_in_slices(program):
    count = CallCount()
    watch = SliceWatch(count)
    with count.counting():
        found = go_through(program, watch.longest)
    end(watch)
    assert {words: calls for words, calls in found.items() if calls >= MOST_CALLS} == {}
