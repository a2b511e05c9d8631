from datetime import timedelta

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.telemetry.attention import attended, let_go, pay_attention
from noc_console.telemetry.host import Facts, Mount, Process
from noc_console.telemetry.records import (
    PendingReadings,
    list_mounts,
    list_services,
    readings_of,
)
from noc_console.telemetry.service import CheckResult, Inside, Outside, ServiceState
from tests.conftest import NOW

MOUNT = Mount(
    mount="/",
    device="/dev/sda1",
    kind="ext4",
    total_bytes=10,
    used_percent=4.5,
    inodes_used_percent=None,
)
PROCESS = Process(pid=1, user="root", name="init", state="S", cpu_percent=None, memory_bytes=5)
FACTS = Facts(hostname="web", cores=4, server_clock_offset_s=0.5)
SERVICE = ServiceState(name="exim4", inside=Inside.RUNNING, restarts=2, since=NOW)
CHECK = CheckResult(
    label="smtp:25",
    service="exim4",
    outside=Outside.ANSWERS,
    at=NOW,
    latency_ms=2.5,
    detail="220 web",
    certificate_expires_at=NOW,
)


def add(store):
    return add_server(store, Server(name="web", address="192.0.2.1"), NOW).id


def test_every_kind_of_reading_comes_back_as_it_was(any_store):
    server_id = add(any_store)
    pending = PendingReadings()
    pending.put(
        server_id,
        mounts=(MOUNT,),
        processes=(PROCESS,),
        facts=FACTS,
        services=(SERVICE,),
        checks=(CHECK,),
    )
    with any_store.write() as connection:
        pending.write(connection, NOW)

    readings = readings_of(any_store, server_id)

    assert readings.mounts == (MOUNT,)
    assert readings.processes == (PROCESS,)
    assert readings.facts == FACTS
    assert readings.services == (SERVICE,)
    assert readings.checks == (CHECK,)
    assert readings.checks_at == NOW
    assert list_mounts(any_store) == {server_id: (MOUNT,)}
    assert list_services(any_store) == {server_id: (SERVICE,)}


def test_the_newer_reading_replaces_the_older_and_nothing_else(any_store):
    server_id = add(any_store)
    pending = PendingReadings()
    pending.put(server_id, mounts=(MOUNT,), services=(SERVICE,))
    with any_store.write() as connection:
        pending.write(connection, NOW)
    pending.clear()
    pending.put(server_id, mounts=())
    pending.put(99, mounts=())
    with any_store.write() as connection:
        pending.write(connection, NOW + timedelta(minutes=1))

    readings = readings_of(any_store, server_id)

    assert (readings.mounts, readings.mounts_at) == ((), NOW + timedelta(minutes=1))
    assert (readings.services, readings.services_at) == ((SERVICE,), NOW)


def test_what_waits_for_a_forgotten_server_is_not_written():
    pending = PendingReadings()
    pending.put(1, mounts=(MOUNT,))

    pending.forget(1)

    assert pending.is_empty


def test_attention_ends_by_itself_when_a_desk_dies(any_store):
    server_id = add(any_store)
    pay_attention(any_store, "desk-1", server_id, NOW + timedelta(seconds=10))
    pay_attention(any_store, "desk-2", server_id, NOW + timedelta(seconds=20))
    let_go(any_store, "desk-2", server_id)

    assert set(attended(any_store, NOW)) == {server_id}
    assert not attended(any_store, NOW + timedelta(seconds=11))
