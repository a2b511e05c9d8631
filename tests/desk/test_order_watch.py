"""An order placed from the window: followed step by step, withdrawn, refused with a sentence."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from noc_console.desk.background import Background
from noc_console.desk.order_watch import OrderWatch
from noc_console.store.heartbeat import EngineRecord, register
from noc_console.store.location import StoreLocation
from noc_console.store.orders import Order, OrderState, claim, close, get, report
from noc_console.store.schema.engines import order as order_table
from noc_console.store.store import Store, open_store
from tests.desk.qt_life import end, wait_until

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


class Bench:
    """A store, a watch on it and what the watch told."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(StoreLocation.parse(str(folder)))
        self.now = NOW
        self.owner = QObject()
        self.pool = Background(str)
        self.watch = OrderWatch(self.store, self.pool, "ann", self.owner, lambda: self.now)
        self.steps: list[object] = []
        self.closed: list[Order] = []
        self.failures: list[str] = []
        self.watch.step_arrived.connect(self.steps.append)
        self.watch.closed.connect(self.closed.append)
        self.watch.failed.connect(self.failures.append)

    def engine(self) -> EngineRecord:
        return register(self.store, "host", 1, "0", NOW)

    def claimed(self, engine: EngineRecord) -> Order:
        found: list[Order] = []

        def taken() -> bool:
            order = claim(self.store, engine.id, NOW)
            found.extend([order] if order else [])
            return bool(found)

        wait_until(taken)
        return found[0]

    def orders(self) -> list[tuple[int, str]]:
        with self.store.read() as connection:
            rows = connection.execute(sa.select(order_table.c.id, order_table.c.state))
            return [(row.id, row.state) for row in rows]


@pytest.fixture
def bench(application: QApplication, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "store")
    yield bench
    bench.watch.forget()
    bench.pool.close()
    end(bench.owner)
    bench.store.close()


def test_each_step_is_told_once_and_then_what_came_of_it(bench: Bench) -> None:
    engine = bench.engine()
    bench.watch.place("test connection", {"server": {}})
    order = bench.claimed(engine)
    assert (order.kind, order.asked_by) == ("test connection", "ann")

    report(bench.store, order.id, {"name": "port", "ok": True})
    wait_until(lambda: len(bench.steps) == 1)
    report(bench.store, order.id, {"name": "banner", "ok": False})
    close(bench.store, order.id, OrderState.DONE, {"ok": False}, NOW)
    wait_until(lambda: bool(bench.closed))

    assert [step["name"] for step in bench.steps] == ["port", "banner"]
    assert bench.closed[0].outcome == {"ok": False}
    assert not bench.watch.is_running


def test_without_an_engine_nothing_is_placed_and_the_sentence_says_what_to_do(
    bench: Bench,
) -> None:
    bench.watch.place("test connection", {})
    bench.now = NOW + timedelta(seconds=21)
    wait_until(lambda: bool(bench.failures))

    assert "noc-console engine" in bench.failures[0]
    assert bench.orders() == []


def test_an_order_waits_for_an_engine_that_is_still_starting(bench: Bench) -> None:
    bench.watch.place("test connection", {})
    wait_until(lambda: bench.pool.is_idle)
    engine = bench.engine()

    assert bench.claimed(engine).kind == "test connection"
    assert bench.failures == []


def test_an_order_that_waits_for_an_engine_can_be_cancelled(bench: Bench) -> None:
    bench.watch.place("test connection", {})
    bench.watch.cancel()
    bench.engine()
    bench.watch.place("another", {})

    wait_until(lambda: bool(bench.orders()))
    assert not bench.failures
    assert len(bench.orders()) == 1


def test_a_cancelled_order_is_withdrawn_in_the_store(bench: Bench) -> None:
    engine = bench.engine()
    bench.watch.place("test connection", {})
    order = bench.claimed(engine)
    report(bench.store, order.id, {"name": "port"})
    wait_until(lambda: bool(bench.steps))
    bench.watch.cancel()

    wait_until(lambda: get(bench.store, order.id).state is OrderState.CANCELLED)
    assert bench.closed == []


def test_an_order_cancelled_while_it_is_being_written_is_withdrawn_too(bench: Bench) -> None:
    bench.engine()
    bench.watch.place("test connection", {})
    assert bench.watch.is_running
    bench.watch.cancel()

    wait_until(lambda: [state for _, state in bench.orders()] == ["cancelled"])
    assert not bench.watch.is_running


def test_an_order_nobody_takes_up_is_withdrawn_after_ten_seconds(bench: Bench) -> None:
    bench.engine()
    bench.watch.place("test connection", {})
    wait_until(lambda: len(bench.orders()) == 1)
    bench.now = NOW + timedelta(seconds=11)

    wait_until(lambda: bool(bench.failures))
    assert "10 seconds" in bench.failures[0]
    wait_until(lambda: [state for _, state in bench.orders()] == ["cancelled"])
