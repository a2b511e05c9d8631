"""Servers that lie, shout, reboot or live in another year: only their own row tells of it."""

import shutil
from contextlib import contextmanager
from datetime import timedelta

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.records import delete_servers
from noc_console.telemetry.attention import pay_attention
from noc_console.telemetry.frame import READY
from noc_console.telemetry.records import readings_of as slow_readings_of
from tests.engine.running import (
    add,
    failure_of,
    is_up,
    now,
    readings_of,
    state_of,
    times_s,
    wait_until,
)
from tests.engine.small_proc import write_proc
from tests.sshd import Sshd

TWO_YEARS_S = 2 * 365 * 24 * 3600


@contextmanager
def odd_server(store, folder, **options):
    """Watch an sshd with such options, at a quick pace, for as long as it lasts."""
    sshd = Sshd(folder / "odd", options).start()
    server = add(store, sshd, folder.name, tick_s=1)
    try:
        yield server
    finally:
        delete_servers(store, [server.id], now())
        sshd.stop()


@pytest.mark.parametrize(
    "command",
    [
        "yes shouted",
        "exec cat /dev/urandom",
        "exec cat /dev/zero",
        "exec tr '\\0' '\\n' </dev/zero",
    ],
)
def test_output_without_end_ends_the_connection(shared_store, engine, tmp_path, command):
    with odd_server(shared_store, tmp_path, ForceCommand=command) as server:
        wait_until(lambda: failure_of(shared_store, server) is FailureKind.OUTPUT_TOO_LONG)


def test_a_shell_that_ends_is_said(shared_store, engine, tmp_path):
    with odd_server(shared_store, tmp_path, ForceCommand="echo no >&2; exit 1") as server:
        wait_until(lambda: failure_of(shared_store, server) is FailureKind.SHELL_REFUSED)


def test_noise_before_and_beside_the_probe_is_passed_over(shared_store, engine, tmp_path):
    noise = (
        "head -c 50000 /dev/urandom; echo hello; (i=0; while [ $i -lt 5 ]; do echo mail >&2; "
        "i=$((i + 1)); done) & exec /bin/sh"
    )
    with odd_server(shared_store, tmp_path, ForceCommand=noise) as server:
        wait_until(lambda: is_up(shared_store, server))
        wait_until(lambda: len(readings_of(shared_store, server)) >= 3)


@pytest.fixture
def liar(tmp_path):
    """Give the command of a probe that answers each line with what a file says."""
    answer = tmp_path / "answer"
    script = tmp_path / "liar.sh"
    script.write_text(
        f"printf '\\n%s\\n' '{READY.decode().strip()}'\nn=0\n"
        f'while read -r word sequence parts; do case $parts in fast) . "{answer}";; esac; done\n'
    )
    return answer, f"exec /bin/sh {script}"


def test_garbage_in_the_stream_is_not_understood(shared_store, engine, tmp_path, liar):
    answer, command = liar
    answer.write_text("printf '@frame %s\\n' $sequence; head -c 3000 /dev/urandom\n")
    with odd_server(shared_store, tmp_path, ForceCommand=command) as server:
        wait_until(lambda: failure_of(shared_store, server) is not None)

        assert failure_of(shared_store, server) in {
            FailureKind.OUTPUT_NOT_UNDERSTOOD,
            FailureKind.STOPPED_ANSWERING,
        }


def test_frames_nobody_asked_for_do_not_fill_the_history(shared_store, engine, tmp_path, liar):
    answer, command = liar
    frame = "printf '@frame %s\\n@+ uptime\\n 5.0 5.0\\n@end %s\\n'"
    answer.write_text(
        f"i=0; while [ $i -lt 200 ]; do {frame} $i $i; i=$((i + 1)); done\n"
        f"{frame} $sequence $sequence; {frame} $sequence $sequence\n"
    )
    with odd_server(shared_store, tmp_path, ForceCommand=command) as server:
        wait_until(lambda: len(readings_of(shared_store, server)) >= 3)
        began = now()
        wait_until(lambda: len(times_s(shared_store, server, began)) >= 4)

        took_s = (now() - began).total_seconds()
        assert len(times_s(shared_store, server, began)) <= took_s + 2


@pytest.fixture
def other_proc(tmp_path):
    """Give a /proc of an old server, and a `date` that is two years behind."""
    proc = tmp_path / "proc"
    proc.mkdir()
    write_proc(proc, uptime_s=90_000, counted=10**9)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "date").write_text(f"#!/bin/sh\necho $(($(/bin/date +%s) - {TWO_YEARS_S}))\n")
    (programs / "date").chmod(0o755)
    return proc, {"SetEnv": f"NOC_PROC={proc} PATH={programs}:/usr/bin:/bin"}


def test_a_reboot_makes_no_spike_and_a_wrong_clock_no_wrong_time(
    shared_store, engine, tmp_path, other_proc
):
    proc, options = other_proc
    began = now()
    with odd_server(shared_store, tmp_path, **options) as server:
        pay_attention(shared_store, "desk", server.id, now() + timedelta(minutes=1))
        wait_until(lambda: len(readings_of(shared_store, server)) >= 2)
        write_proc(proc, uptime_s=90_010, counted=10**9 + 1000)
        wait_until(lambda: "net_rx_bytes_per_s" in readings_of(shared_store, server)[-1].values)

        write_proc(proc, uptime_s=3, counted=50)
        wait_until(lambda: readings_of(shared_store, server)[-1].values["uptime_s"] < 10)
        write_proc(proc, uptime_s=13, counted=1050)
        wait_until(lambda: readings_of(shared_store, server)[-1].values["uptime_s"] > 10)
        wait_until(lambda: "net_rx_bytes_per_s" in readings_of(shared_store, server)[-1].values)

        told = readings_of(shared_store, server)
        rates = [one.values.get("net_rx_bytes_per_s", 0.0) for one in told]
        assert min(rates) >= 0
        assert max(rates) <= 1000
        assert all(began.timestamp() <= one.at_ms / 1000 <= now().timestamp() for one in told)
        wait_until(lambda: slow_readings_of(shared_store, server.id).facts is not None)
        offset_s = slow_readings_of(shared_store, server.id).facts.server_clock_offset_s
        assert abs(offset_s + TWO_YEARS_S) < 60
        assert is_up(shared_store, server)
    shutil.rmtree(proc)


def test_a_mirror_that_lost_a_disk_is_a_reason_and_a_figure(shared_store, engine, tmp_path):
    proc = tmp_path / "proc"
    proc.mkdir()
    write_proc(proc, uptime_s=90_000, counted=10**6)
    (tmp_path / "md0").touch()
    mdstat = "Personalities : [raid1]\nmd0 : active raid1 sdb1[1](F) sda1[0]\n      9 blocks {}\n"
    (proc / "mdstat").write_text(mdstat.format("[2/1] [U_]"))
    key = "raid_redundancy_lost_percent:md0"

    def reasons():
        state = state_of(shared_store, server)
        return {} if state is None else {one.key: one.words for one in state.judgement.reasons}

    with odd_server(shared_store, tmp_path, SetEnv=f"NOC_PROC={proc} NOC_DEV={tmp_path}") as server:
        wait_until(lambda: key in reasons())
        assert reasons()[key] == "RAID redundancy lost of md0 100.0%, early line 1%"
        wait_until(lambda: any(key in one.values for one in readings_of(shared_store, server)))


def test_a_server_that_gives_one_session_is_watched_and_tells_what_is_not_read(
    shared_store, engine, tmp_path
):
    with odd_server(shared_store, tmp_path, MaxSessions="1") as server:
        wait_until(lambda: len(readings_of(shared_store, server)) > 2)
        told = slow_readings_of(shared_store, server.id)
        assert told.link is not None
        assert told.link.gives_one_session
        assert not told.mounts
