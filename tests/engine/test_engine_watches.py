"""A real engine on real servers: samples, paces, services, checks, the fleet as it changes."""

import socket
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.records import (
    add_server,
    delete_servers,
    edit_server,
    ensure_this_machine,
    restore_servers,
)
from noc_console.fleet.server import CheckKind, OutsideCheck
from noc_console.store.orders import place
from noc_console.telemetry.attention import let_go, pay_attention
from noc_console.telemetry.records import readings_of as slow_readings_of
from noc_console.telemetry.service import Combined, Inside
from tests.engine.running import (
    add,
    failure_of,
    is_up,
    now,
    readings_of,
    says,
    steps_s,
    times_s,
    wait_until,
)
from tests.sshd import Sshd, free_port


@pytest.fixture(scope="module")
def web(sshd, shared_store, engine):
    """Give a server that is watched while the tests of this module run."""
    server = add(shared_store, sshd)
    wait_until(lambda: is_up(shared_store, server))
    return server


@pytest.mark.slow
def test_samples_come_every_five_seconds_and_every_second_while_somebody_looks(
    sshd, shared_store, engine
):
    began = now()
    server = add(shared_store, sshd, "paced")
    wait_until(lambda: len(times_s(shared_store, server, began)) >= 4)
    steps = steps_s(times_s(shared_store, server, began))
    assert 4.5 < sum(steps[1:3]) / 2 < 5.5

    began = now()
    pay_attention(shared_store, "desk", server.id, began + timedelta(seconds=60))
    wait_until(lambda: len(times_s(shared_store, server, began)) >= 6)
    let_go(shared_store, "desk", server.id)

    steps = sorted(steps_s(times_s(shared_store, server, began)))
    assert 0.7 < steps[len(steps) // 2] < 1.4
    delete_servers(shared_store, [server.id], now())


def test_a_sample_holds_what_the_server_tells(web, shared_store):
    wait_until(lambda: len(readings_of(shared_store, web)) >= 2)

    told = {name for one in readings_of(shared_store, web) for name in one.values}

    expected = {"load1", "cpu_percent", "mem_used_percent", "uptime_s", "link_latency_ms"}
    assert expected | {"files_open", "zombies", "mount_used_percent:/"} <= told


def test_slow_readings_say_what_the_server_is_and_runs(web, shared_store):
    wait_until(lambda: slow_readings_of(shared_store, web.id).facts is not None)

    slow = slow_readings_of(shared_store, web.id)

    assert slow.facts.hostname == socket.gethostname()
    assert any(mount.mount == "/" for mount in slow.mounts)
    assert slow.processes
    assert slow.link.cipher


def test_this_machine_is_watched_without_ssh(shared_store, engine):
    machine = ensure_this_machine(shared_store, now())

    wait_until(lambda: is_up(shared_store, machine))
    wait_until(lambda: readings_of(shared_store, machine))

    assert "load1" in readings_of(shared_store, machine)[0].values


class Listener:
    """A port that takes connections until it is closed."""

    def __init__(self):
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                self.sock.accept()[0].close()
            except OSError:
                return

    def close(self):
        self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()


@pytest.fixture
def init_says(tmp_path_factory):
    """Give an sshd whose `service` command answers what a file says, and that file."""
    folder = tmp_path_factory.mktemp("init")
    said = folder / "status"
    said.write_text("0")
    programs = folder / "programs"
    programs.mkdir()
    (programs / "service").write_text(f"#!/bin/sh\nread status <{said}\nexit $status\n")
    (programs / "service").chmod(0o755)
    sshd = Sshd(folder / "sshd", {"SetEnv": f"PATH={programs}:/usr/bin:/bin"}).start()
    yield sshd, said
    sshd.stop()


@pytest.mark.skipif(
    Path("/run/systemd/system").exists() or not Path("/etc/init.d/ssh").exists(),
    reason="needs a machine with init scripts and without systemd",
)
def test_inside_and_outside_views_combine(shared_store, engine, init_says):
    sshd, said = init_says
    listener = Listener()
    check = OutsideCheck(kind=CheckKind.TCP, target=str(listener.port), service="ssh")
    server = add(shared_store, sshd, "views", expected_services=("ssh",), checks=(check,))

    def wait_for(wanted):
        place(shared_store, "refresh now", server_id=server.id, asked_by="anna", now=now())
        wait_until(lambda: combined() is wanted)

    def combined():
        states = slow_readings_of(shared_store, server.id).services
        return states[0].combined if states else None

    wait_until(lambda: combined() is Combined.OK)
    said.write_text("3")
    wait_for(Combined.ANSWERING_NOT_RUNNING)
    wait_until(lambda: says(shared_store, server, "ssh is answering but init says stopped"))
    listener.close()
    wait_for(Combined.DOWN)
    said.write_text("0")
    wait_for(Combined.RUNNING_NOT_ANSWERING)
    wait_until(lambda: says(shared_store, server, "ssh is running but not answering"))
    delete_servers(shared_store, [server.id], now())


def test_a_check_that_fails_without_a_service_is_a_reason_of_its_own(shared_store, engine, sshd):
    nobody = OutsideCheck(kind=CheckKind.TCP, target=str(free_port()))
    server = add(shared_store, sshd, "silent", checks=(nobody,))

    wait_until(lambda: says(shared_store, server, f"{nobody.label}: refused"))

    delete_servers(shared_store, [server.id], now())


def test_an_edit_that_does_not_touch_the_way_keeps_the_connection(web, shared_store):
    wait_until(lambda: slow_readings_of(shared_store, web.id).link is not None)
    link = slow_readings_of(shared_store, web.id).link

    edit_server(shared_store, replace(web, notes="beside the door", tick_s=1), now())
    began = now()
    wait_until(lambda: len(times_s(shared_store, web, began)) >= 4, timeout_s=10)
    edit_server(shared_store, replace(web, name="web renamed"), now())
    wait_until(lambda: len(times_s(shared_store, web, now() - timedelta(seconds=3))) >= 1)

    assert slow_readings_of(shared_store, web.id).link == link
    edit_server(shared_store, web, now())


def test_an_edit_of_the_way_connects_anew(shared_store, engine, sshd):
    server = add(shared_store, sshd, "moved", port=free_port())
    wait_until(lambda: failure_of(shared_store, server) is FailureKind.REFUSED)

    edit_server(shared_store, replace(server, port=sshd.port), now())

    wait_until(lambda: is_up(shared_store, server))
    delete_servers(shared_store, [server.id], now())


def test_a_deleted_server_is_left_at_once_and_a_restored_one_watched_again(shared_store, engine):
    folder = Path(shared_store.location.text).parent / "deleted"
    own = Sshd(folder).start()
    try:
        server = add(shared_store, own, "gone")
        wait_until(lambda: len(own.shells()) == 2)

        delete_servers(shared_store, [server.id], now())
        wait_until(lambda: len(own.family()) == 1)
        restore_servers(shared_store, [server.id], now())

        wait_until(lambda: len(own.shells()) == 2)
        delete_servers(shared_store, [server.id], now())
    finally:
        own.stop()


def test_a_service_is_unknown_while_init_does_not_tell(shared_store, engine, sshd):
    server = add(shared_store, sshd, "no init", expected_services=("such-is-not-here",))

    wait_until(lambda: slow_readings_of(shared_store, server.id).services)
    wait_until(lambda: slow_readings_of(shared_store, server.id).services[0].inside is not None)

    inside = slow_readings_of(shared_store, server.id).services[0].inside
    assert inside in {Inside.NOT_INSTALLED, Inside.UNKNOWN}
    delete_servers(shared_store, [server.id], now())


def test_a_server_whose_jump_is_not_in_the_fleet_connects_once_the_jump_is_added(
    shared_store, engine, sshd
):
    server = add(shared_store, sshd, "behind", jumps=("door",))
    wait_until(lambda: failure_of(shared_store, server) is FailureKind.JUMP_FAILED)

    door = add_server(shared_store, sshd.server("door"), now())

    wait_until(lambda: is_up(shared_store, server), timeout_s=15)
    delete_servers(shared_store, [server.id, door.id], now())
