"""The age a person is shown is the reading's real age, and three missed ticks make it stale."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from tests.engine.running import RunningEngine, add, is_up, wait_until
from tests.sshd import Sshd

TICK_S = 2
SLACK_S = 3.0  # of a machine that runs other tests besides


@pytest.fixture
def sshd(tmp_path):
    server = Sshd(tmp_path / "sshd").start()
    yield server
    server.resume()
    server.stop()


@pytest.fixture
def engine(store, tmp_path):
    running = RunningEngine(store, tmp_path).wait_until_watching()
    yield running
    running.kill()


def shown(store):
    """Give what `status --json` shows of the server, and when it was shown."""
    text = subprocess.check_output(
        [sys.executable, "-m", "noc_console", "status", "--json"],
        env=os.environ | {"NOC_CONSOLE_STORE": store.location.text},
        text=True,
        timeout=60,
    )
    told = json.loads(text)
    (server,) = [one for one in told["servers"] if one["name"] == "web"]
    return server, datetime.fromisoformat(told["at"])


def read_at(sample):
    """Give when the server truly read a sample: its uptime counts from the boot of this machine."""
    booted_s = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    return datetime.fromtimestamp(booted_s + sample["uptime_s"], UTC)


@pytest.mark.paced
@pytest.mark.slow
def test_a_shown_age_is_the_real_one_and_three_missed_ticks_make_it_stale(store, engine, sshd):
    server = add(store, sshd, tick_s=TICK_S)
    wait_until(lambda: is_up(store, server), 60)
    wait_until(lambda: shown(store)[0]["sample"], 60)

    found, at = shown(store)
    sampled_at = datetime.fromisoformat(found["sample"]["at"])
    assert abs((sampled_at - read_at(found["sample"])).total_seconds()) < SLACK_S
    assert (at - sampled_at).total_seconds() < TICK_S + SLACK_S
    assert found["verdict"] not in {"stale", "down", "unknown"}

    sshd.pause()
    last_at = sampled_at
    verdicts = []

    def silent_for_long():
        nonlocal last_at
        found, at = shown(store)
        last_at = max(last_at, datetime.fromisoformat(found["sample"]["at"]))
        verdicts.append((found["verdict"], (at - last_at).total_seconds()))
        return found["verdict"] == "down"

    wait_until(silent_for_long, 90)

    stale = [age_s for verdict, age_s in verdicts if verdict == "stale"]
    well = [age_s for verdict, age_s in verdicts if verdict not in {"stale", "down"}]
    assert stale, verdicts
    assert min(stale) > 3 * TICK_S - 0.5
    assert max(well, default=0.0) < 3 * TICK_S + SLACK_S
