"""The page of one server on a real store: live figures, history, attention."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from noc_console.desk.background import Background
from noc_console.desk.context import DeskContext
from noc_console.desk.fleet_edit.host_key_dialog import HostKeyDialog
from noc_console.desk.server.graph_plans import Range
from noc_console.desk.server.look import Look
from noc_console.desk.server.server_page import ServerPage
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.verdict import Judgement, Verdict
from noc_console.store.heartbeat import beat, register
from noc_console.store.history import History
from noc_console.store.journal import Reading
from noc_console.store.location import StoreLocation
from noc_console.store.orders import Order, OrderState, claim, close
from noc_console.store.store import Store, open_store
from noc_console.telemetry.attention import attended
from noc_console.telemetry.host import Facts
from noc_console.telemetry.records import PendingReadings
from noc_console.telemetry.service import Inside, ServiceState
from tests.desk.qt_life import end, wait_until

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    is_dark: bool
    look: Look
    graph_colours: GraphColours


def theme(ground: str) -> Theme:
    return Theme(
        is_dark=ground == "#000000",
        look=Look(
            shapes=dict.fromkeys(Verdict, "●"),
            colours=dict.fromkeys(Verdict, QColor("#d55e00")),
            faint=QColor("#888888"),
        ),
        graph_colours=GraphColours(
            ground=ground,
            text="#777777",
            faint="#666666",
            grid="#cccccc",
            accent="#0072b2",
            series=("#0072b2", "#d55e00", "#009e73", "#cc79a7"),
        ),
    )


class Themes(QObject):
    changed = Signal(object)
    current = theme("#ffffff")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    judgement: Judgement | None = None
    link: LinkState = LinkState.UP
    link_since: datetime | None = NOW
    failure: Failure | None = None
    last_sample_at: datetime | None = None


class Live(QObject):
    """The fleet as a test tells it."""

    fleet_changed = Signal(object)
    states_changed = Signal(object)
    samples_arrived = Signal(object)
    readings_changed = Signal()
    orders_changed = Signal()
    engine_changed = Signal(object)
    is_loaded = True

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.servers = [server]
        self.states: dict[int, State] = {}
        self.latest: dict[int, Reading] = {}
        self.engine: Any = None


class Navigator:
    def __init__(self) -> None:
        self.edited: list[int] = []
        self.said: list[str] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def edit_server(self, server_id: int) -> None:
        self.edited.append(server_id)


class Bench:
    """A page on a store, and what it was made of."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(StoreLocation.parse(str(folder)))
        self.engine = register(self.store, "host", 1, "0", NOW - timedelta(days=2))
        beat(self.store, self.engine.id, datetime.now(UTC))
        self.server = add_server(self.store, Server(name="web1", address="10.0.0.1"), NOW)
        self.live = Live(self.server)
        self.live.engine = self.engine
        self.themes = Themes()
        self.navigator = Navigator()
        self.pool = Background(str)
        self.clock = NOW
        self.pages: list[ServerPage] = []
        self.context = DeskContext(
            store=self.store,
            background=self.pool,
            live=self.live,
            themes=self.themes,
            settings=QObject(),
            navigator=self.navigator,
            asked_by="ann",
        )

    def reading(self, age_s: float, **values: float) -> Reading:
        at_ms = int((NOW - timedelta(seconds=age_s)).timestamp() * 1000)
        return Reading(server_id=self.server.id, at_ms=at_ms, values=values)

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
    bench.pool.close()
    end(*bench.pages)
    bench.store.close()


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
    wait_until(lambda: attended(bench.store, NOW) == {bench.server.id})

    page.hide()
    wait_until(lambda: attended(bench.store, NOW) == frozenset())


def test_a_verdict_that_changes_is_shown_with_its_reason(bench: Bench) -> None:
    page = bench.page()
    bench.live.states = {
        bench.server.id: State(
            judgement=Judgement(verdict=Verdict.DOWN, since=NOW, reasons=("It does not answer.",))
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
    bench.live.fleet_changed.emit([replace(bench.server, name="web9")])

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

    assert "#000000" in page.view.graphs.stack.graph("load").styleSheet()
