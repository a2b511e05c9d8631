"""Weeks of history, looked at by the engine: when a disk will be full, what is usual."""

from datetime import timedelta

import numpy as np

from noc_console.engine.look_back import FIRST_AFTER_S, OUTLOOK_EVERY_S, LookBack
from noc_console.engine.picture import Picture
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.measures import MOUNT_USED
from noc_console.store.history import History, Reading
from noc_console.store.schema.metadata import to_ms
from noc_console.telemetry.host import Mount
from tests.conftest import NOW
from tests.engine.running import wait_until

KEY = f"{MOUNT_USED}:/home"


def mount(used):
    return Mount(
        mount="/home",
        device="/dev/sda1",
        kind="ext4",
        total_bytes=1,
        used_percent=used,
        inodes_used_percent=None,
    )


def fill(store, server, days=3, percent_a_day=4.0):
    """Write a disk that fills, a figure each five minutes, until now."""
    history = History(store)
    steps = days * 288
    for step in range(steps):
        at = NOW - timedelta(minutes=5 * (steps - step))
        used = 60.0 + percent_a_day * step / 288
        history.append([Reading(server.id, to_ms(at), {KEY: used, "load5": 1.0})], at)
    history.seal(NOW)


def test_a_disk_that_fills_by_days_has_a_date_from_its_history(store):
    server = add_server(store, Server(name="web", address="192.0.2.1"), NOW)
    fill(store, server)
    picture = Picture(server=server, link_since=NOW)
    picture.take_mounts((mount(72.0),), 0.0)
    events = []
    back = LookBack(store, lambda: {server.id: picture}, events.append, lambda: NOW)

    back.turn(0.0)
    back.turn(FIRST_AFTER_S - 1)
    assert events == []
    back.turn(FIRST_AFTER_S)
    wait_until(lambda: len(events) == 2)
    for event in events:
        event.act()

    danger = picture.watch.danger(30.0, NOW)
    assert danger.key == KEY
    days = np.array([danger.earliest_s, danger.latest_s]) / 86_400
    assert np.allclose(days, 5.75, atol=0.1)
    back.turn(FIRST_AFTER_S + OUTLOOK_EVERY_S)
    wait_until(lambda: len(events) == 4)
    back.stop()
