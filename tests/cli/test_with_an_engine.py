"""From an empty store to live figures and back, on each kind of store, with a real engine."""

import csv
import io
import os
import signal

import pytest

from noc_console.cli.fleet_status import SAMPLE_FIELDS
from tests.cli.running import OTHER, engine, fingerprint, wait_for
from tests.sshd import free_port, make_key

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
SERVER_FIELDS = {"name", "verdict", "since", "link", "sample", "mounts", "services", "danger"}


@pytest.fixture
def on_each_store(any_location, say, monkeypatch):
    monkeypatch.setenv("NOC_CONSOLE_STORE", any_location.text)


def server_of(say, name="web"):
    told = say("status", "--json").json
    return next((one for one in told["servers"] if one["name"] == name), None)


def live(say, name="web"):
    """Give the server once its second sample is there, the first with rates, and its mounts."""
    found = server_of(say, name)
    sample = found and found["sample"]
    return found if sample and sample["cpu_percent"] is not None and found["mounts"] else None


@pytest.mark.usefixtures("on_each_store")
def test_a_server_is_added_watched_and_stale_after_the_engine_was_killed(
    say, sshd, reach, tmp_path
):
    say(
        *("server", "add", "web", *reach, "--trust", fingerprint(sshd.host_key)),
        *("--service", "no-such-unit", "--check", f"tcp:{sshd.port}"),
    )
    before = say("status", "--json").json

    with engine(tmp_path / "engine.log") as process:
        found = wait_for(lambda: live(say))
        watched = say("status", "--json").json
        tested = say("server", "test", "web")
        history = (
            "history",
            "web",
            "--metric",
            "load1",
            "--metric",
            "cpu_percent",
            "--since",
            "5m",
        )
        as_json = say(*history, "--json").json
        as_csv = say(*history, "--csv")
        as_text = say(*history)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        stale = wait_for(lambda: (one := server_of(say))["verdict"] == "stale" and one)
    after = say("status")

    assert before["engine"] is None
    assert before["servers"][0]["sample"] is None
    assert set(watched) == {"at", "engine", "servers"}
    assert watched["engine"]["pid"] == process.pid
    assert set(found) == SERVER_FIELDS
    assert set(found["sample"]) == {"at", *SAMPLE_FIELDS}
    assert found["link"] == "up"
    assert found["sample"]["cores"] == os.cpu_count()
    assert found["sample"]["mem_used_percent"] > 0
    assert set(found["mounts"][0]) == {"mount", "used_percent", "inodes_used_percent"}
    assert [set(one) for one in found["services"]] == [{"name", "inside", "outside"}]
    assert tested.code == 0, tested.err
    assert f"Tested by the engine on {watched['engine']['host']}" in tested.out
    assert as_json["server"] == "web"
    assert len(as_json["metrics"]["load1"]["average"]) == len(as_json["times"]) >= 2
    rows = list(csv.DictReader(io.StringIO(as_csv.out)))
    assert list(rows[0]) == ["time", "load1", "cpu_percent"]
    assert float(rows[-1]["load1"]) >= 0
    assert "Not watched from" in as_csv.err
    assert "Not watched from" in as_text.out
    assert stale["sample"] is not None
    assert stale["link"] == "not tried"
    assert "No engine watches this store" in after.out
    assert "not watched" in after.out


@pytest.mark.usefixtures("trusted")
def test_what_is_wrong_with_each_server_is_in_its_row(say, tmp_path):
    say("server", "edit", "web", "--key", make_key(tmp_path / "stranger"))
    port = free_port()
    say("server", "add", "gone", "--host", "127.0.0.1", "--port", port)
    with engine(tmp_path / "engine.log"):
        refused = wait_for(lambda: (one := server_of(say))["link"] == "down" and one)
        gone = wait_for(lambda: (one := server_of(say, "gone"))["verdict"] == "down" and one)
        table = say("status").out

    assert refused["verdict"] == "unknown"
    assert gone["sample"] is None
    assert "web refused" in table
    assert f"port {port}" in table


def test_a_key_is_decided_about_through_the_engine_and_it_connects_at_once(
    say, sshd, reach, tmp_path
):
    say("server", "add", "web", *reach)
    with engine(tmp_path / "engine.log"):
        wait_for(lambda: (one := server_of(say))["link"] == "waiting for a person" and one)
        other = say("server", "trust", "web", "--fingerprint", OTHER)
        tested = say("server", "test", "web")
        trusted = say("server", "trust", "web", "--fingerprint", fingerprint(sshd.host_key))
        found = wait_for(lambda: (one := server_of(say))["link"] == "up" and one)

    assert other.code == 1
    assert OTHER in other.err
    assert tested.code == 1
    assert "noc-console server trust web" in tested.err
    assert trusted.code == 0, trusted.err
    assert found["name"] == "web"


def test_a_server_behind_a_jump_that_was_added_just_now_is_reached(say, sshd, reach, tmp_path):
    key = fingerprint(sshd.host_key)
    with engine(tmp_path / "engine.log"):
        wait_for(lambda: say("status", "--json").json["engine"])
        gate = say("server", "add", "gate", *reach, "--trust", key)
        inner = say("server", "add", "inner", *reach, "--jump", "gate", "--trust", key)
        tested = say("server", "test", "inner")

    assert gate.code == 0, gate.err
    assert inner.code == 0, inner.err
    assert tested.code == 0, tested.err
