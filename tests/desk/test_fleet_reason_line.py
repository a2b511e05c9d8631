"""Under the fleet stands all that is known of the server the cursor is on."""

import pytest

from noc_console.desk.fleet.fleet_cells import TEXTS, Column
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Server
from noc_console.health.records import ServerState
from noc_console.health.verdict import Danger, Judgement, Reason, Verdict
from tests.desk.fleet_bench import NOW, FleetBench, columns_of, server, state
from tests.desk.qt_life import wait_until

REFUSED = Reason("link", Verdict.DOWN, "web1 refuses connections at port 22; check sshd.")
FULL = Reason("mount_used_percent:/home", Verdict.EARLY, "/home 91 % full, early line 90 %")


@pytest.fixture
def bench(application, tmp_path):
    opened = FleetBench(tmp_path)
    opened.keep(Server(name="web1", address="10.0.0.1"), Server(name="web2", address="10.0.0.2"))
    yield opened
    opened.close()


def judged(server_id, *reasons, danger=None):
    return ServerState(
        server_id=server_id,
        link=LinkState.UP,
        link_since=NOW,
        failure=None,
        judgement=Judgement(verdict=reasons[0].verdict, since=NOW, reasons=reasons, danger=danger),
        last_sample_at=NOW,
    )


def test_every_reason_and_the_time_to_danger_are_told(bench):
    page = bench.page()
    danger = Danger("mem_used_percent", 240, 480, NOW)
    bench.live.tell_states(judged(1, REFUSED, FULL, danger=danger), state(2))
    page.table.selectRow(0)

    wait_until(lambda: page.reasons.text().startswith("web1: down since "))
    words = page.reasons.text()

    assert "Refuses connections at port 22; check sshd." in words
    assert "/home 91 % full" in words
    assert "Cut-off in 4-8 min: Memory used" in words


def test_it_follows_the_cursor_and_what_becomes_of_the_server(bench):
    page = bench.page()
    bench.live.tell_states(judged(1, REFUSED), state(2))
    page.table.selectRow(1)
    wait_until(lambda: page.reasons.text().startswith("web2: ok"))

    bench.live.tell_states(judged(1, REFUSED), judged(2, FULL))

    wait_until(lambda: page.reasons.text().startswith("web2: early"))
    assert "/home 91 % full" in page.reasons.text()


def test_without_a_cursor_it_says_nothing_and_keeps_its_place(bench):
    page = bench.page()
    page.chosen.clearCurrentIndex()  # with the focus the table puts it on the first row

    assert page.reasons.text() == ""
    assert page.reasons.minimumHeight() > 0


def test_the_worst_reason_is_told_beside_the_name_without_the_name():
    columns = columns_of([server(1)], [judged(1, REFUSED)])

    assert TEXTS[Column.WHY](columns, 0, NOW) == "Refuses connections at port 22; check sshd."
    assert columns.whys[0] == "Refuses connections at port 22; check sshd."
