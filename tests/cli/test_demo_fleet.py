"""The demo's throw-away servers, seen by the real engine: each shows what it is there to show."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from noc_console.cli.demo_fleet import folder as demo_folder
from noc_console.cli.demo_fleet import open_ssh
from noc_console.cli.demo_fleet.folder import STORE, hold, make_folder, note_processes
from noc_console.cli.demo_fleet.open_ssh import SshdMissing, find_sshd, shell_command
from noc_console.cli.demo_fleet.own_fleet import FleetNotStarted, OwnFleet
from noc_console.cli.demo_fleet.plan import planned_servers
from noc_console.cli.fleet_reading import read_fleet
from noc_console.cli.fleet_status import ServerStatus
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import list_servers
from noc_console.health.verdict import Verdict
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

WITHIN_S = 160.0
"""The server that freezes does so for one minute of three, and is told as down a little later."""


def wait_for(
    is_true: Callable[[], object], within_s: float = WITHIN_S, told: Callable[[], object] = str
) -> None:
    """Wait until a condition holds; `told` says how far it came."""
    deadline = time.monotonic() + within_s
    while not is_true():
        assert time.monotonic() < deadline, f"it did not come within {within_s:.0f} s: {told()}"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def fleet() -> Iterator[OwnFleet]:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as room:
        patch.setattr(tempfile, "tempdir", room)
        own = OwnFleet()
        own.start()
        try:
            yield own
        finally:
            own.stop()


@pytest.fixture(scope="module")
def store(fleet: OwnFleet) -> Iterator[Store]:
    """The demo's store, watched by an engine."""
    engine = subprocess.Popen(
        [sys.executable, "-m", "noc_console", "engine", "--with-parent", "--store", fleet.store],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    opened = open_store(StoreLocation.parse(str(fleet.store)))
    try:
        yield opened
    finally:
        opened.close()
        engine.terminate()
        engine.wait(20)
        if engine.stdin is not None:
            engine.stdin.close()


def status_of(store: Store, name: str) -> ServerStatus:
    servers = read_fleet(store, datetime.now(UTC)).servers
    return next(server for server in servers if server.name == name)


@pytest.mark.slow
@pytest.mark.timeout(240)
class TestServers:
    @pytest.mark.parametrize(
        ("name", "verdicts", "words"),
        [
            ("web-01", {Verdict.OK}, ""),
            ("db-01", {Verdict.OK}, ""),
            ("gate-01", {Verdict.OK}, ""),
            ("web-02", {Verdict.EARLY, Verdict.CUT_OFF}, "cut-off"),
            ("web-03", {Verdict.CUT_OFF}, "wrong answer"),
            ("mail-01", {Verdict.CUT_OFF}, "not answering"),
            ("dns-01", {Verdict.DOWN}, "stopped answering"),
            ("backup-01", {Verdict.UNKNOWN}, "CHANGED"),
        ],
    )
    def test_a_server_comes_to_the_verdict_it_is_there_to_show(self, store, name, verdicts, words):
        def told() -> tuple[Verdict, tuple[str, ...]]:
            status = status_of(store, name)
            return status.verdict, status.reasons

        wait_for(lambda: told()[0] in verdicts and (not words or words in told()[1][0]), told=told)

    def test_the_probe_runs_whatever_the_login_shell_is(self, store):
        """A frame came through each shell that is installed, but for where nothing may be sent."""
        shells = {
            server.name: server.login_shell
            for server in planned_servers(())
            if server.name != "backup-01"
        }

        wait_for(lambda: all("load1" in status_of(store, name).values for name in shells))

        assert {"bash", "fish", "zsh", "tcsh", "dash", "busybox"} <= set(shells.values())
        notes = {server.name: server.notes for server in list_servers(store)}
        assert [name for name in shells if shell_command(shells[name]) not in notes[name]] == []

    def test_nothing_is_sent_to_the_server_whose_host_key_changed(self, fleet, store):
        wait_for(lambda: status_of(store, "backup-01").link is LinkState.WAITING_FOR_PERSON)

        log = (fleet.folder / "servers" / "backup-01" / "log").read_text()
        assert "Accepted publickey" not in log
        assert "Connection closed by" in log

    def test_the_database_is_reached_through_the_jump(self, store):
        wait_for(lambda: "load1" in status_of(store, "db-01").values)

        server = next(each for each in list_servers(store) if each.name == "db-01")
        assert server.jumps == ("gate-01",)

    def test_filters_have_something_to_find(self, store):
        servers = [each for each in list_servers(store) if each.address == "127.0.0.1"]

        assert all(server.groups for server in servers)
        assert len({server.brand for server in servers} - {""}) > 1
        assert len({site.customer for server in servers for site in server.sites}) > 2


class TestNeeds:
    def test_a_missing_sshd_is_told_with_what_to_install(self, monkeypatch):
        monkeypatch.setattr(open_ssh.shutil, "which", lambda *_words, **_options: None)

        with pytest.raises(SshdMissing, match=r"apt-get install .*openssh-server"):
            find_sshd()

    def test_a_keeper_that_cannot_start_its_servers_says_why(self, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        own = OwnFleet()
        own.store.write_text("in the way")

        try:
            with pytest.raises(FleetNotStarted, match="store"):
                own.start()
        finally:
            own.stop()

        assert list(tmp_path.iterdir()) == []

    def test_a_shell_that_is_not_installed_is_replaced_by_sh(self):
        assert shell_command("no-such-shell") == "/bin/sh"
        assert shell_command("busybox").endswith("busybox sh")


class TestFolder:
    @pytest.fixture(autouse=True)
    def room(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        return tmp_path

    def test_what_a_killed_demo_and_its_killed_keeper_left_goes_at_the_next_start(self):
        left = make_folder()
        hold(left).close()
        (left / STORE).mkdir()
        with subprocess.Popen(["sleep", "600"]) as frozen:
            frozen.send_signal(signal.SIGSTOP)
            note_processes(left, [psutil.Process(frozen.pid)])

            made = make_folder()

            assert frozen.wait(20) == -signal.SIGKILL
        assert not left.exists()
        assert made.exists()

    def test_the_folder_of_a_demo_that_lives_is_left_alone(self):
        other = make_folder()
        with hold(other):
            make_folder()

        assert other.exists()

    def test_a_folder_that_is_being_made_at_this_moment_is_left_alone(self):
        other = make_folder()

        make_folder()

        assert other.exists()

    def test_a_process_that_only_has_the_number_of_one_that_is_gone_is_left_alone(self):
        left = make_folder()
        hold(left).close()
        (left / "started.json").write_text(f"[[{os.getpid()}, 1.0]]")

        make_folder()

        assert not left.exists()

    def test_a_folder_of_another_person_is_left_alone(self, monkeypatch):
        other = make_folder()
        hold(other).close()
        monkeypatch.setattr(demo_folder.os, "geteuid", lambda: os.getuid() + 1)

        make_folder()

        assert other.exists()
