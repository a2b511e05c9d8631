"""What passed the gate is kept whole, on each kind of store, and one act a server at a time."""

from dataclasses import replace

import pytest

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.incidents.gate.gate import ActKind, ActState, Affected, Finding, Snapshot, Step
from noc_console.incidents.gate.gate_records import (
    AlreadyUnderWay,
    act_of_order,
    acts_between,
    acts_of_server,
    begin_act,
    get_act,
    note_step,
    open_acts,
)
from noc_console.store.changes import ChangeSignal
from noc_console.store.orders import claim, place
from tests.conftest import NOW

AFFECTED = Affected(customers=("Bert",), sites=("a.example",), reached_through=("db1",))


def begin(store, server, kind=ActKind.REBOOT):
    place(store, kind.value, server_id=server.id, request={}, asked_by="anna", now=NOW)
    return begin_act(
        store,
        claim(store, 1, NOW),
        kind,
        server,
        reason="load 212",
        service="",
        affected=AFFECTED,
    )


@pytest.fixture
def server(any_store):
    return add_server(any_store, Server(name="web1", address="10.0.0.1"), NOW)


def test_an_act_is_kept_with_all_that_came_of_it(any_store, server):
    act = begin(any_store, server)
    look = Snapshot(at=NOW, boot_id="b", services={"nginx": "running"}, mounts=("/",), ports=())
    finding = Finding(title="Boot", before="a", after="b", is_well=True)
    changes = {
        "state": ActState.DONE,
        "before": look,
        "after": replace(look, boot_id="c"),
        "findings": (finding,),
        "is_well": True,
        "sentence": "All is well.",
        "closed_at": NOW,
        "evidence_id": 7,
    }
    note_step(any_store, act.id, Step(at=NOW, words="done", ok=None), **changes)

    kept = get_act(any_store, act.id)
    steps = (Step(at=NOW, words="done", ok=None),)
    assert kept == replace(act, steps=steps, **changes)
    assert kept.affected == AFFECTED
    assert act_of_order(any_store, act.order_id) == kept
    assert acts_of_server(any_store, server.id) == acts_between(
        any_store, NOW, NOW.replace(hour=23)
    )


def test_one_act_a_server_at_a_time(any_store, server):
    act = begin(any_store, server)
    with pytest.raises(AlreadyUnderWay, match="anna asked for a reboot of web1"):
        begin(any_store, server)
    note_step(any_store, act.id, Step(at=NOW, words="no"), state=ActState.FAILED)

    assert begin(any_store, server).id != act.id
    assert [one.state for one in open_acts(any_store)] == [ActState.PREPARING]


def test_desks_hear_of_each_step(any_store, server):
    act = begin(any_store, server)
    signal = ChangeSignal(any_store)
    signal.poll()

    note_step(any_store, act.id, Step(at=NOW, words="gone"))

    assert "incident" in signal.poll()
    signal.close()
