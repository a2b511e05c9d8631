"""A test that an engine was to make ends with a sentence whatever becomes of the engine."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from noc_console.cli import connection_trial
from noc_console.cli.connection_trial import NotTested, try_server
from noc_console.engine.testing import ConnectionTester
from noc_console.fleet.records import add_server
from noc_console.fleet.serial import server_to_json
from noc_console.fleet.server import Server
from noc_console.links.ssh import Step
from noc_console.store import orders
from noc_console.store.heartbeat import register, stopped
from noc_console.store.orders import OrderState
from tests.cli.running import wait_for
from tests.sshd import free_port


@pytest.fixture
def web(store):
    return add_server(store, Server(name="web", address="192.0.2.1"), datetime.now(UTC))


@pytest.fixture
def lease(store):
    """The lease of an engine that takes no order by itself."""
    return register(store, "noc1", 7, "0", datetime.now(UTC))


@contextmanager
def meanwhile(act):
    """Do this on another thread."""
    thread = threading.Thread(target=act)
    thread.start()
    yield
    thread.join()


def silent(_step):
    pass


def test_an_order_that_nobody_takes_is_withdrawn(store, web, lease, monkeypatch):
    monkeypatch.setattr(connection_trial, "TAKEN_WITHIN_S", 0.3)

    with pytest.raises(NotTested, match="has not taken the test up"):
        try_server(store, web, silent)

    assert orders.get(store, 1).state is OrderState.CANCELLED


def test_an_engine_that_ends_in_mid_test_is_said(store, web, lease):
    def take_and_end():
        wait_for(lambda: orders.claim(store, lease.id, datetime.now(UTC)))
        stopped(store, lease.id, datetime.now(UTC))

    with meanwhile(take_and_end), pytest.raises(NotTested, match="ended before the test"):
        try_server(store, web, silent)

    assert orders.get(store, 1).state is OrderState.CANCELLED


def test_an_engine_that_fails_at_it_says_why(store, web, lease):
    def fail():
        order = wait_for(lambda: orders.claim(store, lease.id, datetime.now(UTC)))
        outcome = {"sentence": "The engine met a bug."}
        orders.close(store, order.id, OrderState.FAILED, outcome, datetime.now(UTC))

    with meanwhile(fail), pytest.raises(NotTested, match="The engine met a bug"):
        try_server(store, web, silent)


def test_each_step_is_told_once_as_it_is_reported(store, web, lease):
    told: list[Step] = []

    def carry_out():
        order = wait_for(lambda: orders.claim(store, lease.id, datetime.now(UTC)))
        for number, name in enumerate(("name", "port")):
            orders.report(store, order.id, {"name": name, "ok": True, "sentence": name})
            wait_for(lambda seen=number + 1: len(told) == seen)
        outcome = {"ok": True, "sentence": "web can be watched.", "failure": None}
        orders.close(store, order.id, OrderState.DONE, outcome, datetime.now(UTC))

    with meanwhile(carry_out):
        trial = try_server(store, web, told.append)

    assert [step.name for step in told] == ["name", "port"]
    assert trial.steps == tuple(told)
    assert (trial.failure, trial.tested_by) == (None, "the engine on noc1 (process 7)")


def test_an_interrupt_withdraws_the_order(store, web, lease):
    def take():
        order = wait_for(lambda: orders.claim(store, lease.id, datetime.now(UTC)))
        orders.report(store, order.id, {"name": "name", "ok": True, "sentence": ""})

    def interrupt(_step):
        raise KeyboardInterrupt

    with meanwhile(take), pytest.raises(KeyboardInterrupt):
        try_server(store, web, interrupt)

    assert orders.get(store, 1).state is OrderState.CANCELLED


def test_an_engine_knows_a_jump_that_was_added_a_moment_ago(store, web, lease):
    gate = Server(name="gate", address="127.0.0.1", port=free_port())
    add_server(store, gate, datetime.now(UTC))
    behind = Server(name="db", address="192.0.2.2", jumps=("gate",))
    request = {"server": server_to_json(behind)}
    now = datetime.now(UTC)
    orders.place(store, "test connection", request=request, asked_by="ann", now=now)
    order = orders.claim(store, lease.id, now)

    outcome = ConnectionTester(store).test(order, {"web": web})

    assert outcome["sentence"].startswith("db is reached through gate. gate refuses connections")
