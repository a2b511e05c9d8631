"""A server that falls ill while it is watched, seen from the probe's end of a real connection."""

import os
import socket
import threading
import time
from pathlib import Path

import psutil
import pytest

from noc_console.errors import ConsoleError
from noc_console.fleet.failure import FailureKind
from noc_console.telemetry.frame import OutputNotUnderstood, OutputTooLong
from noc_console.telemetry.sample import Missing
from tests.faults.watching import SLOW, StreamEnded, Watch, fast, linked, sample_of, slow, slow_of
from tests.links.relay import relay_to

PROC_FILES = {
    "uptime": "1000.00 500.00\n",
    "loadavg": "0.50 0.40 0.30 3/200 99\n",
    "meminfo": "MemTotal: 1000 kB\nMemAvailable: 400 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n",
    "stat": "cpu 100 0 100 800 0 0 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0 0 0\nbtime 946684800\n",
}


def made_up_proc(folder: Path, **changed: str) -> Path:
    """Make a /proc of a few files."""
    folder.mkdir(exist_ok=True)
    for name, content in (PROC_FILES | changed).items():
        (folder / name).write_text(content)
    return folder


def test_a_server_that_freezes_and_thaws_answers_what_it_was_asked(unstarted):
    sshd = unstarted.start()
    with linked(sshd) as connection:
        watch = fast(connection)
        watch.tick()
        sshd.pause()
        thaw = threading.Timer(2.0, sshd.resume)
        thaw.start()

        frame = watch.tick(timeout_s=60)

        thaw.join()
        assert "load1" in sample_of(frame)[0].values


def test_a_reset_in_mid_stream_ends_it_with_a_sentence(unstarted):
    sshd = unstarted.start()
    with relay_to(sshd) as (relay, server), linked(sshd, server) as connection:
        watch = fast(connection)
        watch.tick()

        relay.reset()

        failure = watch.ending()
    assert failure.kind is FailureKind.CONNECTION_LOST
    assert failure.sentence == "The connection to web was lost; it is tried again by itself."


def test_after_a_reboot_the_old_counters_are_not_counted_from(unstarted, open_folder):
    proc = made_up_proc(open_folder / "proc")
    unstarted.options = {"SetEnv": f"NOC_PROC={proc}"}
    sshd = unstarted.start()
    with linked(sshd) as connection:
        watch = fast(connection)
        before, counters = sample_of(watch.tick())
        sshd.stop()
        assert watch.ending().kind is FailureKind.CONNECTION_LOST

    made_up_proc(proc, uptime="12.00 3.00\n", stat="cpu 9 0 9 80 0 0 0 0 0 0\nbtime 946686000\n")
    sshd.start()
    with linked(sshd) as connection:
        after, _ = sample_of(fast(connection).tick(), counters)

    assert (before.rebooted, after.rebooted) == (False, True)
    assert after.missing["cpu_percent"] is Missing.NEEDS_TWO_READINGS


def test_a_server_whose_clock_is_years_off_is_read_at_our_time(unstarted, open_folder):
    proc = made_up_proc(open_folder / "proc")
    date = open_folder / "bin" / "date"
    date.parent.mkdir()
    date.write_text("#!/bin/sh\necho 946685800\n")
    date.chmod(0o755)
    unstarted.options = {"SetEnv": f"NOC_PROC={proc} PATH={date.parent}:/usr/sbin:/usr/bin:/bin"}
    with linked(unstarted.start()) as connection:
        sample, _ = sample_of(fast(connection).tick())
        reading = slow_of(slow(connection).tick(SLOW))

    assert sample.server_at is not None
    assert sample.server_at.year == 2000
    assert abs(time.time() - sample.at.timestamp()) < 60
    assert reading.facts is not None
    assert reading.facts.server_clock_offset_s < -20 * 365 * 86400


def test_in_a_container_without_most_of_proc_the_rest_is_told(unstarted, open_folder):
    proc = made_up_proc(open_folder / "proc")
    (proc / "meminfo").unlink()
    unstarted.options = {"SetEnv": f"NOC_PROC={proc}"}
    with linked(unstarted.start()) as connection:
        sample, _ = sample_of(fast(connection).tick())

    assert sample.values["load1"] == 0.5
    assert sample.missing["mem_used_percent"] is Missing.NOT_ON_THIS_SERVER
    assert sample.missing["net_rx_bytes_per_s"] is Missing.NOT_ON_THIS_SERVER


def test_without_an_uptime_nothing_is_made_up(unstarted, open_folder):
    proc = made_up_proc(open_folder / "proc")
    (proc / "uptime").unlink()
    unstarted.options = {"SetEnv": f"NOC_PROC={proc}"}
    with linked(unstarted.start()) as connection:
        frame = fast(connection).tick()

    with pytest.raises(OutputNotUnderstood, match="does not tell its uptime; check that it is"):
        sample_of(frame)


@pytest.mark.parametrize(
    ("noise", "error"),
    [
        ("head -c 300000 /dev/urandom", OutputTooLong),
        ("yes", OutputTooLong),
        ("printf '%20000s' x", OutputTooLong),
    ],
)
def test_noise_without_end_before_the_probe_is_refused(unstarted, noise, error):
    unstarted.options = {"ForceCommand": f"{noise}; exec /bin/sh"}
    with linked(unstarted.start()) as connection:
        watch = fast(connection)
        with pytest.raises(error, match="output without end"):
            watch.wait_until_ready()


def test_some_binary_noise_before_the_probe_does_no_harm(unstarted):
    noise = "head -c 5000 /dev/urandom | tr -d '@'; printf '\\033[2J\\n@frame 1\\n\\0'"
    unstarted.options = {"ForceCommand": f"{noise}; exec /bin/sh"}
    with linked(unstarted.start()) as connection:
        assert "load1" in sample_of(fast(connection).tick())[0].values


def test_a_program_that_writes_into_the_session_is_noticed(unstarted, open_folder):
    """As `wall` or a background job of a profile does."""
    fifo = open_folder / "fifo"
    os.mkfifo(fifo)
    job = f"(while read -r line; do :; done; while :; do echo hey; done) <{fifo} & exec /bin/sh"
    unstarted.options = {"ForceCommand": job}
    with linked(unstarted.start()) as connection:
        watch = fast(connection)
        with fifo.open("wb"):
            watch.tick()  # nothing is written until this end of the pipe closes
        failure = _what_stops(watch)

    assert "line that is not ours" in str(failure) or "output without end" in str(failure)


def _what_stops(watch: Watch) -> Exception:
    """Read on without a question, as between two ticks: each frame would end the count of noise."""
    while True:
        try:
            watch.read_on()
        except (ConsoleError, StreamEnded) as error:
            return error


def test_terminal_escapes_in_names_are_inert(unstarted, open_folder):
    escape = "\x1b]0;owned\x07\u202e"
    net = f"Inter-| x\n face |bytes\n{escape}eth: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
    disk = f"   8 0 sd{escape} 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n"
    proc = made_up_proc(open_folder / "proc", diskstats=disk)
    (proc / "net").mkdir()
    (proc / "net" / "dev").write_text(net)
    unstarted.options = {"SetEnv": f"NOC_PROC={proc}", "VersionAddendum": "\x1b[31mred"}
    with linked(unstarted.start()) as connection:
        watch = fast(connection)
        _, counters = sample_of(watch.tick())
        made_up_proc(proc, uptime="1005.00 500.00\n")
        sample, _ = sample_of(watch.tick(), counters)
        names = [*sample.values, *sample.missing]

        assert connection.facts.software.isprintable()
    assert any(name.startswith("net_rx_bytes_per_s:") for name in names)
    assert any(name.startswith("disk_busy_percent:") for name in names)
    assert all(name.isprintable() for name in names)


CGROUP = Path("/sys/fs/cgroup/pids")


@pytest.mark.skipif(
    os.geteuid() != 0 or not CGROUP.is_dir(), reason="needs root and the pids cgroup"
)
def test_where_fork_is_forbidden_ticks_go_on_and_what_must_fork_says_so(unstarted):
    sshd = unstarted.start()
    group = CGROUP / f"noc-fault-{os.getpid()}"
    group.mkdir()
    try:
        with linked(sshd) as connection:
            ticks, slower = fast(connection), slow(connection)
            ticks.tick()
            slow_of(slower.tick(SLOW))
            sshd.move_to_group(group)
            (group / "pids.max").write_text("0")

            frames = [ticks.tick() for _ in range(8)]

            assert all("load1" in sample_of(frame)[0].values for frame in frames)
            slower.stream.send(b"tick 9 mounts,processes\n")
            failure = slower.ending()
    finally:
        (group / "pids.max").write_text("max")
        sshd.stop()
        _wait_until_empty(group)
        group.rmdir()

    assert failure.sentence.startswith("The shell on web ended")
    assert "tried again by itself" in failure.sentence


def _wait_until_empty(group: Path) -> None:
    deadline_s = time.monotonic() + 20
    while (group / "cgroup.procs").read_text().strip():
        assert time.monotonic() < deadline_s
        threading.Event().wait(0.05)


def test_a_watched_server_has_one_shell_a_loop_and_none_after(unstarted):
    sshd = unstarted.start()
    with linked(sshd) as connection:
        ticks, slower = fast(connection), slow(connection)
        ticks.tick()
        slower.tick(SLOW)
        shells = sshd.shells()
        assert len(shells) == 2
        sessions = sshd.family()[1:]

    _, alive = psutil.wait_procs(sessions, timeout=10)
    assert alive == []


def test_a_port_is_closed_when_its_connection_is(unstarted):
    sshd = unstarted.start()
    with linked(sshd) as connection:
        fast(connection).tick()
    with socket.create_connection((sshd.address, sshd.port), timeout=5) as sock:
        assert sock.recv(8) == b"SSH-2.0-"
