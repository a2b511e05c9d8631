"""Slow readings in a figure or two."""

import math
from datetime import timedelta

import pytest

from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.telemetry.host import Mount
from noc_console.telemetry.records import PendingReadings
from noc_console.telemetry.service import Inside, Outside, ServiceState
from noc_console.telemetry.summaries import FullestMount, ServicesWell, summaries_since


def mount(path, percent):
    return Mount(
        mount=path,
        device="sda1",
        kind="ext4",
        total_bytes=1,
        used_percent=percent,
        inodes_used_percent=None,
    )


def write(store, at, server_id, **readings):
    pending = PendingReadings()
    pending.put(server_id, **readings)
    with store.write() as connection:
        pending.write(connection, at)


@pytest.fixture
def server_id(any_store, now):
    return add_server(any_store, Server(name="web1", address="web1"), now).id


def test_the_fullest_mount_and_the_services_amiss_are_told(any_store, now, server_id):
    write(any_store, now, server_id, mounts=[mount("/", 40.0), mount("/srv", 91.5)])
    well = ServiceState(name="nginx", inside=Inside.RUNNING)
    silent = ServiceState(name="mysql", inside=Inside.RUNNING, outside=Outside.NO_ANSWER)
    write(any_store, now, server_id, services=[well, silent])
    found = summaries_since(any_store, None)
    assert found.mounts == {server_id: FullestMount(mount="/srv", used_percent=91.5)}
    assert found.services == {server_id: ServicesWell(ok=1, expected=2, amiss=("mysql",))}
    assert found.newest == now


def test_only_what_was_written_since_is_read_again(any_store, now, server_id):
    write(any_store, now, server_id, mounts=[mount("/", 40.0)])
    later = now + timedelta(seconds=9)
    assert summaries_since(any_store, later).mounts == {}
    assert summaries_since(any_store, later).newest == later
    write(any_store, later, server_id, mounts=[mount("/", 41.0)])
    assert summaries_since(any_store, later).mounts[server_id].used_percent == 41.0


def test_a_server_without_a_file_system_has_no_figure(any_store, now, server_id):
    write(any_store, now, server_id, mounts=[])
    assert math.isnan(summaries_since(any_store, None).mounts[server_id].used_percent)
