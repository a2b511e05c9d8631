"""The page of one server on a real store: live figures, history, attention."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from noc_console.desk.fleet_edit.host_key_dialog import HostKeyDialog
from noc_console.desk.server.graph_plans import Range
from noc_console.desk.server.server_page import ServerPage
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.store.history import History
from noc_console.store.orders import Order, OrderState, claim, close
from noc_console.telemetry.attention import attended
from noc_console.telemetry.host import Facts
from noc_console.telemetry.records import PendingReadings
from noc_console.telemetry.service import Inside, ServiceState
from tests.desk.page_bench import NOW, PageBench, State, theme
from tests.desk.qt_life import end, wait_until


class Bench(PageBench):
    """A page, and what it was made of."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.pages: list[ServerPage] = []

    def page(self) -> ServerPage:
        page = ServerPage(self.context, self.server.id, lambda: self.clock)
        page.resize(1366, 700)
        page.show()
        self.pages.append(page)
        return page


@pytest.fixture
def bench(application: QApplication, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "store")
    yield bench
    for page in bench.pages:
        page.close()
    end(*bench.pages)
    bench.close()


def loads(page: ServerPage) -> Mapping[str, Any]:
    return page.view.graphs.stack.series.average.get("load1", [])


def test_the_live_graph_begins_with_the_history_and_goes_on_with_samples(bench: Bench) -> None:
    readings = [bench.reading(age_s, load1=1.0, uptime_s=9.0) for age_s in (30, 20, 10)]
    for reading in readings:
        History(bench.store).append([reading], NOW)
    page = bench.page()
    wait_until(lambda: len(loads(page)) == 3)

    bench.live.samples_arrived.emit([bench.reading(0, load1=5.0, uptime_s=9.0)])

    assert list(loads(page)) == [1.0, 1.0, 1.0, 5.0]
    assert "sample 0 s old" in page.view.header.words()


def test_samples_of_other_servers_are_not_shown(bench: Bench) -> None:
    page = bench.page()
    bench.live.samples_arrived.emit([replace(bench.reading(0, load1=5.0), server_id=999)])

    assert "no sample yet" in page.view.header.words()


def test_a_range_is_read_from_the_history(bench: Bench) -> None:
    History(bench.store).append([bench.reading(1800, load1=2.5)], NOW - timedelta(minutes=30))
    page = bench.page()
    page.view.graphs.bar.choose(Range.HOUR)

    wait_until(lambda: list(loads(page)) == [2.5])


def test_the_engine_is_told_while_the_page_is_visible_and_no_longer(bench: Bench) -> None:
    page = bench.page()
    wait_until(lambda: set(attended(bench.store, NOW)) == {bench.server.id})

    page.hide()
    wait_until(lambda: not attended(bench.store, NOW))


def test_a_verdict_that_changes_is_shown_with_its_reason(bench: Bench) -> None:
    page = bench.page()
    bench.live.states = {
        bench.server.id: State(
            judgement=Judgement(
                verdict=Verdict.DOWN,
                since=NOW,
                reasons=(Reason("link", Verdict.DOWN, "It does not answer."),),
            )
        )
    }
    bench.live.states_changed.emit(bench.live.states)

    assert "down" in page.view.header.words()
    assert "It does not answer." in page.view.header.words()


def test_without_an_engine_the_page_says_that_nothing_is_new(bench: Bench) -> None:
    page = bench.page()
    assert not page.view.notice.isVisible()
    bench.live.engine = None
    bench.live.engine_changed.emit(None)

    assert page.view.notice.isVisible()
    assert "No engine is running" in page.view.notice.text()


def test_without_an_engine_a_good_verdict_is_stale_and_not_ok(bench: Bench) -> None:
    page = bench.page()
    bench.live.states = {
        bench.server.id: State(
            judgement=Judgement(verdict=Verdict.OK, since=NOW), last_sample_at=NOW
        )
    }
    bench.live.engine = None
    bench.live.engine_changed.emit(None)

    assert "stale" in page.view.header.words()
    assert "it was ok" in page.view.header.words()


def test_mounts_and_services_are_read_from_the_store_as_they_change(bench: Bench) -> None:
    page = bench.page()
    waiting = PendingReadings()
    waiting.put(
        bench.server.id,
        services=[ServiceState(name="nginx", inside=Inside.RUNNING)],
        facts=Facts(kernel="6.1"),
    )
    with bench.store.write() as connection:
        waiting.write(connection, NOW)
    bench.live.readings_changed.emit()

    wait_until(lambda: page.view.tables.services.model.rowCount() == 1)
    assert ("Kernel", "6.1") in page.view.tables.connection.model.rows


def test_a_decision_about_a_key_becomes_an_order_and_its_outcome_is_said(bench: Bench) -> None:
    page = bench.page()
    failure = Failure(
        kind=FailureKind.HOST_KEY_UNKNOWN,
        sentence="Nobody has accepted this key.",
        offered_key="ssh-ed25519 AAAA",
    )
    bench.live.states = {
        bench.server.id: State(
            judgement=Judgement(verdict=Verdict.UNKNOWN, since=NOW),
            link=LinkState.WAITING_FOR_PERSON,
            failure=failure,
        )
    }
    bench.live.states_changed.emit(bench.live.states)
    page.view.key_button.click()
    question = next(child for child in page.children() if isinstance(child, HostKeyDialog))
    question.accept()

    taken: list[Order] = []

    def claimed() -> bool:
        order = claim(bench.store, bench.engine.id, NOW)
        taken.extend([order] if order else [])
        return bool(taken)

    wait_until(claimed)
    assert (taken[0].kind, taken[0].request["key"]) == ("accept host key", "ssh-ed25519 AAAA")
    close(bench.store, taken[0].id, OrderState.DONE, {"sentence": "The key is accepted."}, NOW)
    wait_until(lambda: bench.navigator.said == ["The key is accepted."])


def test_an_edit_elsewhere_is_shown(bench: Bench) -> None:
    page = bench.page()
    bench.live.servers = [replace(bench.server, name="web9")]
    bench.live.fleet_changed.emit(bench.live.servers)

    assert page.title == "web9"
    assert "web9" in page.view.header.words()


def test_the_newest_sample_is_shown_at_once_when_the_page_opens(bench: Bench) -> None:
    bench.live.latest = {bench.server.id: bench.reading(3, load1=1.0, cores=8.0)}
    page = bench.page()

    assert "8 cores" in page.view.header.words()
    assert "sample 3 s old" in page.view.header.words()


def test_edit_goes_through_the_window(bench: Bench) -> None:
    bench.page().view.edit_button.click()

    assert bench.navigator.edited == [bench.server.id]


def test_another_theme_is_painted(bench: Bench) -> None:
    page = bench.page()
    bench.themes.changed.emit(theme("#000000"))

    seen = page.view.graphs.stack.graph("load").grab().toImage()
    assert seen.pixelColor(seen.width() // 2, 4).name() == "#000000"
