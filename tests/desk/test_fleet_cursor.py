"""Where the cursor of the fleet page begins: at the worst, unless a person put it elsewhere."""

import pytest

from noc_console.fleet.server import Server
from noc_console.health.verdict import Verdict
from tests.desk.fleet_bench import FleetBench, names_shown, state
from tests.desk.qt_life import wait_until


@pytest.fixture
def bench(application, tmp_path):
    opened = FleetBench(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def kept(bench):
    return bench.keep(*(Server(name=f"web{n}", address=f"10.0.0.{n}") for n in (1, 2, 3)))


def settle(page):
    """Wait until what was told is in the columns, and let rows and counts follow."""
    wait_until(lambda: not page.feed._slices._waiting and not page.feed._is_comparing)
    page.feed.tick()


def test_the_cursor_begins_at_the_worst_even_where_verdicts_come_after_it(bench, kept):
    page = bench.page()
    page.focus_servers()
    assert [one.name for one in page.chosen_servers()] == ["web1"]

    bench.live.tell_states(state(kept[0].id), state(kept[2].id, Verdict.DOWN, "no answer"))
    settle(page)
    assert names_shown(page.model)[0] == "web3"
    assert [one.name for one in page.chosen_servers()] == ["web3"]

    bench.live.tell_states(state(kept[1].id, Verdict.DOWN), state(kept[2].id))
    settle(page)
    assert [one.name for one in page.chosen_servers()] == ["web3"], "from now on it stays"


def test_a_cursor_that_a_person_moved_stays_where_it_is(bench, kept):
    page = bench.page()
    page.focus_servers()
    page.table.selectRow(1)

    bench.live.tell_states(state(kept[0].id), state(kept[2].id, Verdict.DOWN, "no answer"))
    settle(page)

    assert [one.name for one in page.chosen_servers()] == ["web2"]
