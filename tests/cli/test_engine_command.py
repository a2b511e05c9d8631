"""`engine` watches until it is told to stop, and two never watch one store."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from noc_console.cli.own_engine import OwnEngine
from noc_console.store.heartbeat import last_engine, living_engine
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.cli.running import engine, wait_for


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "1e400", "soon"])
def test_a_time_that_cannot_be_is_refused(say, seconds):
    told = say("engine", "--for", seconds)

    assert told.code == 2
    assert "--for" in told.err


def test_it_ends_after_the_time_given(program):
    result = program("engine", "--for", "0.5")

    assert result.returncode == 0
    assert "Traceback" not in result.stderr


def test_a_second_engine_says_which_one_watches(say, program, tmp_path):
    with engine(tmp_path / "engine.log") as first:
        wait_for(lambda: say("status", "--json").json["engine"])
        second = program("engine")

    assert second.returncode == 1
    assert f"process {first.pid}" in second.stderr
    assert second.stderr.count("\n") == 1


def test_a_signal_ends_it_in_time_and_status_says_so_at_once(say, tmp_path):
    with engine(tmp_path / "engine.log") as process:
        wait_for(lambda: say("status", "--json").json["engine"])
        started_s = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(20)
        took_s = time.monotonic() - started_s

    assert code == 0
    assert took_s < 10  # 2 s on a machine that does nothing else
    assert say("status", "--json").json["engine"] is None


@pytest.mark.usefixtures("state_home")
class TestOwnEngine:
    @pytest.fixture
    def location(self, tmp_path):
        return StoreLocation.parse(str(tmp_path / "own"))

    def test_it_watches_the_store_until_it_is_stopped(self, location):
        own = OwnEngine(location)
        own.start()
        pid = own.pid
        try:
            store = open_store(location)
            try:
                found = wait_for(lambda: last_engine(store))
            finally:
                store.close()
            own.start()
            again = own.pid
        finally:
            own.stop()

        assert found.pid == pid == again
        assert not own.is_running
        assert not psutil.pid_exists(pid)

    def test_it_ends_when_its_owner_is_killed(self, location):
        script = (
            "import sys, time; from noc_console.cli.own_engine import OwnEngine\n"
            "from noc_console.store.location import StoreLocation\n"
            "own = OwnEngine(StoreLocation.parse(sys.argv[1])); own.start()\n"
            "print(own.pid, flush=True); time.sleep(100)"
        )
        with subprocess.Popen(
            [sys.executable, "-c", script, location.text], stdout=subprocess.PIPE
        ) as owner:
            pid = int(owner.stdout.readline())
            store = open_store(location)
            try:
                wait_for(lambda: last_engine(store))
                os.kill(owner.pid, signal.SIGKILL)
                wait_for(lambda: not psutil.pid_exists(pid))
                left = living_engine(store, last_engine(store).heartbeat_at)
            finally:
                store.close()

        assert left is None

    def test_why_it_ended_is_in_its_last_words(self, location):
        location.folder.write_text("a file where the store should be")
        own = OwnEngine(location)
        own.start()
        try:
            wait_for(lambda: not own.is_running)
            words = own.last_words
        finally:
            own.stop()

        assert str(location.folder) in words
