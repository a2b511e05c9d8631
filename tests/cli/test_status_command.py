"""`status` reads the store: without an engine nothing is well, and nothing is invented."""

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.cli.fleet_reading import read_fleet
from noc_console.cli.status import _screen
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server, ServerKind
from noc_console.health.records import ServerState, put_states
from noc_console.health.verdict import Judgement, Verdict
from noc_console.store.heartbeat import register, stopped
from noc_console.store.history import History, Reading
from noc_console.store.schema.metadata import to_ms
from noc_console.telemetry.service import Inside
from tests.conftest import NOW

WEB = Server(name="web", address="web.example", expected_services=("nginx",))


def told_ok(store, server, at, *, link=LinkState.UP, load1=1.0):
    """Have a server read and found well at a moment."""
    History(store).append([Reading(server.id, to_ms(at), {"load1": load1})], at)
    state = ServerState(
        server_id=server.id,
        link=link,
        link_since=at,
        failure=None,
        judgement=Judgement(verdict=Verdict.OK, since=at),
        last_sample_at=at,
    )
    with store.write() as connection:
        put_states(connection, [state])


def status_of(store, now, name="web"):
    return next(one for one in read_fleet(store, now).servers if one.name == name)


def test_while_an_engine_watches_the_verdict_is_the_engines(any_store):
    web = add_server(any_store, WEB, NOW)
    register(any_store, "noc1", 7, "0", NOW)
    told_ok(any_store, web, NOW)

    fleet = read_fleet(any_store, NOW + timedelta(seconds=4))

    assert (fleet.engine.host, fleet.engine.pid) == ("noc1", 7)
    assert fleet.servers[0].verdict is Verdict.OK
    assert fleet.servers[0].link is LinkState.UP
    assert fleet.servers[0].values == {"load1": 1.0}


def test_an_engine_that_was_killed_leaves_everything_stale(any_store):
    web = add_server(any_store, WEB, NOW)
    register(any_store, "noc1", 7, "0", NOW)
    told_ok(any_store, web, NOW)

    fleet = read_fleet(any_store, NOW + timedelta(seconds=16))

    assert fleet.engine is None
    assert fleet.servers[0].verdict is Verdict.STALE
    assert fleet.servers[0].link is LinkState.NOT_TRIED
    assert fleet.servers[0].sample_at == NOW


def test_the_last_figures_stay_however_long_ago_the_engine_stopped(store):
    web = add_server(store, WEB, NOW)
    engine = register(store, "noc1", 7, "0", NOW)
    told_ok(store, web, NOW, load1=3.0)
    stopped(store, engine.id, NOW + timedelta(seconds=5))

    found = status_of(store, NOW + timedelta(days=30))

    assert (found.sample_at, found.values) == (NOW, {"load1": 3.0})


def test_the_last_figures_of_a_server_that_fell_silent_long_ago_are_found_sealed(store):
    web = add_server(store, WEB, NOW)
    told_ok(store, web, NOW, load1=3.0)
    later = NOW + timedelta(hours=5)
    History(store).seal(later)
    register(store, "noc1", 7, "0", later)

    found = status_of(store, later)

    assert (found.sample_at, found.values) == (NOW, {"load1": 3.0})


def test_a_server_that_was_never_looked_at_is_unknown(store):
    add_server(store, WEB, NOW)

    found = status_of(store, NOW)

    assert (found.verdict, found.sample_at) == (Verdict.UNKNOWN, None)
    assert [(one.name, one.inside) for one in found.services] == [("nginx", Inside.UNKNOWN)]


def test_the_machine_of_another_engine_is_not_watched_by_this_one(store):
    other = add_server(store, Server(name="old", address="noc0", kind=ServerKind.THIS_MACHINE), NOW)
    register(store, "noc1", 7, "0", NOW)
    told_ok(store, other, NOW)

    assert status_of(store, NOW, "old").verdict is Verdict.STALE


@pytest.mark.parametrize("height", [3, 10, 24])
def test_the_worst_stay_in_sight_on_a_terminal_that_is_too_low(height):
    lines = [f"line {number}" for number in range(50)]

    shown = _screen(lines, height).replace("\x1b[K", "").splitlines()

    assert len(shown) <= height
    assert "line 0" in shown[0]


class TestWatch:
    def test_on_a_pipe_each_look_is_one_object_a_line(self, program_words):
        with subprocess.Popen(
            [*program_words, "status", "--watch", "--json"], stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                looks = [json.loads(process.stdout.readline()) for _ in range(2)]
            finally:
                process.terminate()

        first, second = (datetime.fromisoformat(look["at"]) for look in looks)
        assert timedelta(seconds=1) < second - first < timedelta(seconds=60)
        assert first.tzinfo is UTC or first.utcoffset() == timedelta(0)

    def test_on_a_pipe_nothing_moves_a_cursor(self, program_words):
        with subprocess.Popen(
            [*program_words, "status", "--watch"], stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                lines = [process.stdout.readline() for _ in range(4)]
            finally:
                process.terminate()

        assert lines[0].startswith("No server is in this store yet")
        assert lines[2:] == ["\n", lines[0]]

    def test_on_a_terminal_it_is_drawn_in_place(self, program_words):
        ours, its = pty.openpty()
        with subprocess.Popen([*program_words, "status", "--watch"], stdout=its) as process:
            os.close(its)
            told = b""
            try:
                while told.count(b"\x1b[H") < 2:
                    told += os.read(ours, 4096)
            finally:
                process.terminate()
                os.close(ours)

        assert told.startswith(b"\x1b[H")

    @pytest.fixture
    def program_words(self, tmp_path, monkeypatch):
        monkeypatch.setenv("NOC_CONSOLE_STORE", str(tmp_path / "store"))
        return [sys.executable, "-m", "noc_console"]
