"""A real engine, asked by orders: reboots over its own link, killed in the middle, gone on with."""

import pytest

from noc_console.fleet.records import list_servers
from noc_console.fleet.server import ServerKind
from noc_console.incidents.evidence.evidence_records import exhibits_of
from noc_console.incidents.gate.gate import ActState
from noc_console.incidents.gate.gate_records import act_of_order, acts_of_server, snapshot_from_json
from noc_console.store.orders import OrderState, place
from tests.engine.rebootable import Rebootable
from tests.engine.running import add, closed, is_up, now, times_s, wait_until


@pytest.fixture
def machine(tmp_path):
    made = Rebootable(tmp_path / "machine")
    yield made
    made.close()


def ask(store, kind, server, **request):
    return place(store, kind, server_id=server.id, request=request, asked_by="anna", now=now())


def ask_reboot(store, server, **request):
    usual = {"reason": "load 212", "typed_name": server.name, "without_evidence": "a test"}
    return ask(store, "reboot", server, **(usual | request))


def test_a_look_tells_what_a_reboot_would_take_away(shared_store, engine, machine):
    server = add(shared_store, machine.sshd, "looked-at")
    wait_until(lambda: is_up(shared_store, server))

    order = closed(shared_store, ask(shared_store, "look before", server))

    look = snapshot_from_json(order.outcome["look"])
    assert look.boot_id == machine.boot_id
    assert look.services["nginx"] == "running"
    assert look.ports == ("tcp:22", "tcp:80", "tcp:443")
    assert look.mounts == ("/", "/home")
    assert not any("reboot" in line or "restart" in line for line in machine.asked)


def test_a_look_at_a_server_that_is_away_says_so_within_its_bounds(shared_store, engine, machine):
    server = add(shared_store, machine.sshd, "away")
    wait_until(lambda: times_s(shared_store, server, now().replace(year=2000)))
    machine.sshd.stop()

    order = closed(shared_store, ask(shared_store, "look before", server))

    look = snapshot_from_json(order.outcome["look"])
    assert look.boot_id == ""
    assert look.uptime_s >= 90_000, "the last sample stands for it"
    assert any("as sampled" in words for words in look.missing)
    machine.sshd.start()


def test_a_reboot_by_order_is_done_and_the_link_is_up_again_soon(shared_store, engine, machine):
    server = add(shared_store, machine.sshd, "rebooted")
    wait_until(lambda: is_up(shared_store, server))

    order = closed(shared_store, ask_reboot(shared_store, server), timeout_s=60)

    assert order.state is OrderState.DONE, order.outcome
    assert order.outcome["is_well"] is True
    assert "rebooted is back after" in order.outcome["sentence"]
    began = now()
    wait_until(lambda: times_s(shared_store, server, began), timeout_s=15)


def test_a_reboot_goes_on_after_the_engine_was_killed_in_the_middle(
    store, start_engine, machine, tmp_path
):
    machine.comes_back = False
    server = add(store, machine.sshd, "web1")
    first = start_engine(store).wait_until_watching()
    wait_until(lambda: is_up(store, server))
    order_id = ask_reboot(store, server)
    wait_until(lambda: _state(store, order_id) is ActState.GONE)
    first.kill()
    machine.power_on()

    start_engine(store).wait_until_watching()
    wait_until(lambda: _state(store, order_id) is ActState.DONE, timeout_s=60)

    act = act_of_order(store, order_id)
    assert act.is_well is True
    assert "web1 is back after" in act.sentence
    assert sum("reboot" in line for line in machine.asked) == 1, "it is never done twice"


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"reason": "  "}, "Say in one line why"),
        ({"typed_name": "web2"}, "The name typed is not"),
        ({"service": "nginx"}, "none to reboot"),
    ],
)
def test_an_order_that_lacks_what_the_gate_asks_does_nothing(
    shared_store, engine, machine, request_, words
):
    server = add(shared_store, machine.sshd, f"asked-{len(words)}")

    order = closed(shared_store, ask_reboot(shared_store, server, **request_))

    assert order.state is OrderState.FAILED
    assert words in order.outcome["sentence"]
    assert acts_of_server(shared_store, server.id) == []


def test_everything_else_that_can_be_asked_of_an_engine_changes_nothing(
    shared_store, engine, machine
):
    server = add(shared_store, machine.sshd, "untouched", expected_services=("nginx",))
    wait_until(lambda: is_up(shared_store, server))
    home = sorted(path for path in machine.folder.rglob("*") if path.name not in {"asked", "log"})

    for kind in ("refresh now", "look before", "record now", "stop recording"):
        closed(shared_store, ask(shared_store, kind, server))

    reads = ("show ", "list-units ", "list-unit-files", "status", "is-system-running", "--version")
    assert machine.asked, "it was asked something"
    assert [line for line in machine.asked if not line.startswith(reads)] == []
    assert (
        sorted(path for path in machine.folder.rglob("*") if path.name not in {"asked", "log"})
        == home
    )


def test_the_machine_the_engine_runs_on_is_never_rebooted(shared_store, engine):
    (here,) = (one for one in list_servers(shared_store) if one.kind is ServerKind.THIS_MACHINE)

    order = closed(shared_store, ask_reboot(shared_store, here))

    assert order.state is OrderState.FAILED
    assert "is the machine this engine runs on" in order.outcome["sentence"]


def _state(store, order_id):
    act = act_of_order(store, order_id)
    return act and act.state


@pytest.mark.slow
def test_the_recorder_has_evidence_before_the_server_goes_down(shared_store, engine, machine):
    server = add(shared_store, machine.sshd, "recorded")
    wait_until(lambda: is_up(shared_store, server))

    order_id = ask_reboot(shared_store, server, without_evidence="")
    order = closed(shared_store, order_id, timeout_s=90)

    act = act_of_order(shared_store, order_id)
    assert order.outcome["is_well"] is True, order.outcome
    assert act.evidence_id is not None, act.evidence_words
    before = [
        exhibit
        for exhibit in exhibits_of(shared_store, act.evidence_id)
        if exhibit.at < act.sent_at
    ]
    assert before, act.evidence_words
