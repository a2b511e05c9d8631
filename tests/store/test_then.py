"""Who watched, and which servers there were, at a moment that is over; on each kind of store."""

from datetime import timedelta

from noc_console.fleet.records import add_server, delete_servers, servers_at
from noc_console.fleet.server import Server
from noc_console.store.heartbeat import LEASE, beat, engine_at, register, stopped
from tests.conftest import NOW

SECOND = timedelta(seconds=1)


def test_an_engine_watched_from_its_first_to_its_last_heartbeat(any_store):
    engine = register(any_store, "host", 1, "0", NOW)
    beat(any_store, engine.id, NOW + 20 * SECOND)
    stopped(any_store, engine.id, NOW + 30 * SECOND)

    assert engine_at(any_store, NOW - SECOND) is None
    assert engine_at(any_store, NOW + 10 * SECOND).id == engine.id
    assert engine_at(any_store, NOW + 30 * SECOND + LEASE + SECOND) is None


def test_the_later_of_two_engines_is_the_one_that_watched(any_store):
    first = register(any_store, "host", 1, "0", NOW)
    stopped(any_store, first.id, NOW + 20 * SECOND)
    second = register(any_store, "host", 2, "0", NOW + 25 * SECOND)
    beat(any_store, second.id, NOW + 40 * SECOND)

    assert engine_at(any_store, NOW + 10 * SECOND).id == first.id
    assert engine_at(any_store, NOW + 30 * SECOND).id == second.id


def test_servers_are_there_from_when_they_were_added_until_they_were_deleted(any_store):
    web = add_server(any_store, Server(name="web", address="192.0.2.1"), NOW)
    add_server(any_store, Server(name="db", address="192.0.2.2"), NOW + 60 * SECOND)
    delete_servers(any_store, [web.id], NOW + 120 * SECOND)

    def names(seconds):
        return [one.name for one in servers_at(any_store, NOW + seconds * SECOND)]

    assert [names(at) for at in (-1, 30, 90, 150)] == [[], ["web"], ["db", "web"], ["db"]]
