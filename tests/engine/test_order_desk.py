"""What a person asks of a real engine is carried out, told step by step, and closed."""

from dataclasses import replace

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.host_keys import list_keys
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server, delete_servers
from noc_console.fleet.serial import server_to_json
from noc_console.store.orders import OrderState, cancel, get, place
from tests.engine.running import (
    add,
    closed,
    failure_of,
    is_up,
    link_of,
    now,
    state_of,
    times_s,
    trust,
    wait_until,
)
from tests.sshd import Sshd, free_port, make_key


@pytest.fixture
def own_sshd(tmp_path):
    """Give an sshd whose key is not known yet."""
    sshd = Sshd(tmp_path / "own").start()
    yield sshd
    sshd.stop()


def ask(store, kind, about=None, **request):
    server_id = about.id if about else None
    return place(store, kind, server_id=server_id, request=request, asked_by="anna", now=now())


def ask_about_key(store, kind, server):
    failure = state_of(store, server).failure
    return ask(
        store, kind, server, address=failure.address, port=failure.port, key=failure.offered_key
    )


def test_an_unknown_host_key_waits_for_a_person_and_accepting_it_connects(
    shared_store, engine, own_sshd
):
    server = add_server(shared_store, own_sshd.server("unknown"), now())
    wait_until(lambda: link_of(shared_store, server) is LinkState.WAITING_FOR_PERSON)
    assert failure_of(shared_store, server) is FailureKind.HOST_KEY_UNKNOWN

    order = closed(shared_store, ask_about_key(shared_store, "accept host key", server))

    assert order.state is OrderState.DONE
    wait_until(lambda: is_up(shared_store, server))
    (key,) = list_keys(shared_store, own_sshd.address, own_sshd.port)
    assert key.accepted_by == "anna"
    delete_servers(shared_store, [server.id], now())


def test_a_changed_host_key_is_refused_until_a_person_replaces_it(shared_store, engine, own_sshd):
    server = add(shared_store, own_sshd, "changed")
    wait_until(lambda: is_up(shared_store, server))
    own_sshd.stop()
    for part in (own_sshd.host_key, own_sshd.host_key.with_suffix(".pub")):
        part.unlink()
    make_key(own_sshd.host_key)
    own_sshd.start()
    wait_until(lambda: failure_of(shared_store, server) is FailureKind.HOST_KEY_CHANGED)
    assert link_of(shared_store, server) is LinkState.WAITING_FOR_PERSON

    order = closed(shared_store, ask_about_key(shared_store, "replace host key", server))

    assert order.state is OrderState.DONE
    wait_until(lambda: is_up(shared_store, server))
    delete_servers(shared_store, [server.id], now())


def test_a_key_that_is_trusted_elsewhere_is_followed_without_an_order(
    shared_store, engine, own_sshd
):
    server = add_server(shared_store, own_sshd.server("trusted"), now())
    wait_until(lambda: link_of(shared_store, server) is LinkState.WAITING_FOR_PERSON)

    trust(shared_store, own_sshd)

    wait_until(lambda: is_up(shared_store, server))
    delete_servers(shared_store, [server.id], now())


def test_a_connection_is_tested_step_by_step_before_its_server_is_saved(shared_store, engine, sshd):
    trust(shared_store, sshd)

    asked = ask(shared_store, "test connection", server=server_to_json(sshd.server("new")))
    order = closed(shared_store, asked)

    assert order.outcome["ok"] is True, order.outcome
    steps = [step["name"] for step in order.progress]
    assert steps == ["name", "port", "banner", "host key", "authentication", "shell", "probe"]
    assert all(step["ok"] for step in order.progress)


def test_a_test_that_fails_says_where_and_why(shared_store, engine, sshd):
    nobody = replace(sshd.server("new"), port=free_port())

    order = closed(
        shared_store, ask(shared_store, "test connection", server=server_to_json(nobody))
    )

    assert order.state is OrderState.DONE
    assert order.outcome["ok"] is False
    assert order.outcome["failure"]["kind"] == FailureKind.REFUSED.value
    told = {step["name"]: step["ok"] for step in order.progress}
    assert told["port"] is False
    assert told["shell"] is None


def test_a_test_through_an_unknown_jump_names_it(shared_store, engine, sshd):
    behind = replace(sshd.server("new"), jumps=("nowhere",))

    order = closed(
        shared_store, ask(shared_store, "test connection", server=server_to_json(behind))
    )

    assert "nowhere" in order.outcome["sentence"]


def test_refreshing_connects_without_waiting_for_the_back_off(shared_store, engine, own_sshd):
    server = add(shared_store, own_sshd, "refreshed")
    wait_until(lambda: is_up(shared_store, server))
    own_sshd.stop()
    wait_until(lambda: failure_of(shared_store, server) is FailureKind.REFUSED)
    own_sshd.start()

    began = now()
    assert closed(shared_store, ask(shared_store, "refresh now", server)).state is OrderState.DONE

    wait_until(lambda: times_s(shared_store, server, began), timeout_s=8)
    delete_servers(shared_store, [server.id], now())


def test_an_order_for_a_deleted_server_fails_with_a_sentence(shared_store, engine, sshd):
    server = add(shared_store, sshd, "short")
    delete_servers(shared_store, [server.id], now())

    def refused():
        order = closed(shared_store, ask(shared_store, "refresh now", server))
        return order.state is OrderState.FAILED and "deleted meanwhile" in order.outcome["sentence"]

    wait_until(refused)


def test_an_order_that_holds_no_key_fails_and_replaces_nothing(shared_store, engine, sshd):
    trust(shared_store, sshd)

    asked = ask(
        shared_store, "replace host key", address=sshd.address, port=sshd.port, key="rubbish"
    )

    assert "no public key" in closed(shared_store, asked).outcome["sentence"]
    assert list_keys(shared_store, sshd.address, sshd.port)


def test_a_test_that_is_cancelled_stays_cancelled_and_ends(shared_store, engine, own_sshd):
    trust(shared_store, own_sshd)
    own_sshd.pause()
    asked = ask(shared_store, "test connection", server=server_to_json(own_sshd.server("new")))
    wait_until(lambda: len(get(shared_store, asked).progress) == 2)

    cancel(shared_store, asked, now())
    own_sshd.resume()
    wait_until(lambda: "Connection closed" in own_sshd.log)

    assert get(shared_store, asked).state is OrderState.CANCELLED
    assert [step["name"] for step in get(shared_store, asked).progress] == ["name", "port"]


def test_orders_carry_no_secret_into_the_log(shared_store, engine, sshd):
    closed(shared_store, ask(shared_store, "dance"))

    assert "PRIVATE KEY" not in engine.log
    assert "Traceback" not in engine.log
