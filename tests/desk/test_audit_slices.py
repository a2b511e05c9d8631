"""An audit of a thousand servers is gone through without holding the window's thread up.

Measured in calls between two turns of its loop, as in test_window_slices.
"""

from unittest.mock import patch

import pytest

from bench.slice_watch import SliceWatch
from noc_console.audit.decision import DecisionKind
from noc_console.fleet.records import list_servers
from tests.desk import window_deeds
from tests.desk.big_audit import fill_audits
from tests.desk.call_count import CallCount
from tests.desk.qt_life import end
from tests.desk.window_deeds import is_idle, running_program

MOST_CALLS = 60_000


@pytest.fixture
def program(application, tmp_path):
    fill = window_deeds._fill

    def fill_all(store, now):
        fill(store, now)
        fill_audits(store, list_servers(store), now)

    with (
        patch.object(window_deeds, "_fill", fill_all),
        running_program(application, tmp_path) as program,
    ):
        yield program


def go_through(program, longest):
    """Do what an auditor does; gives the longest slice of each."""
    found = {}

    def tell(words, act):
        found[words] = longest(act, lambda: is_idle(program))

    tell("open the page", lambda: program.window.open_page("audit"))
    page = program.window.current_page
    checklist, findings = page.checklist, page.checklist.findings
    assert len(checklist.model.rows) > 1000
    tell("only what is open", lambda: checklist.open_only.setChecked(True))
    tell("a name", lambda: checklist.filter.setText("web01"))
    tell("every name", lambda: checklist.filter.setText(""))
    checklist.matrix.step_to_open(1)
    tell("a cell", checklist.open_cell)
    tell("the same everywhere", findings.choose_same)
    tell("every item of the check", findings.choose_same)
    assert len(findings.chosen_lines) > 100
    tell("all that is open", checklist.open_all)
    assert len(findings.model.rows) > 10_000
    tell("a decision", lambda: findings.decide(DecisionKind.FIXED))
    tell("read again", page.feed.read_now)
    tell("back", findings.go_back)
    tell("changes", lambda: page.show_tab("changes"))
    assert len(page.changes.model.rows) > 10_000
    tell("progress", lambda: page.show_tab("progress"))
    tell("anew", page.read_anew)
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_thousand_servers_are_audited_in_slices(program):
    count = CallCount()
    watch = SliceWatch(count)
    with count.counting():
        found = go_through(program, watch.longest)
    end(watch)
    assert {words: calls for words, calls in found.items() if calls >= MOST_CALLS} == {}
