from dataclasses import replace

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.records import ServerState, list_states, put_states
from noc_console.health.verdict import Danger, Judgement, Reason, Verdict
from tests.conftest import NOW


def state_of(server_id):
    return ServerState(
        server_id=server_id,
        link=LinkState.DOWN,
        link_since=NOW,
        failure=Failure(kind=FailureKind.REFUSED, sentence="It refuses.", same_key_as=("a",)),
        judgement=Judgement(
            verdict=Verdict.DOWN,
            since=NOW,
            reasons=(Reason("link", Verdict.DOWN, "It refuses."),),
            danger=Danger("load5", 360.0, None, NOW),
        ),
        last_sample_at=None,
    )


def test_a_state_comes_back_as_it_was_and_a_newer_one_replaces_it(any_store):
    server = add_server(any_store, Server(name="web", address="192.0.2.1"), NOW)
    state = state_of(server.id)
    with any_store.write() as connection:
        put_states(connection, [state])
    assert list_states(any_store) == {server.id: state}

    newer = replace(state, link=LinkState.UP, failure=None, last_sample_at=NOW)
    with any_store.write() as connection:
        put_states(connection, [newer])

    assert list_states(any_store) == {server.id: newer}


def test_the_state_of_a_server_that_is_gone_is_not_kept(any_store):
    with any_store.write() as connection:
        put_states(connection, [state_of(99)])

    assert list_states(any_store) == {}
