"""Slow readings of the machine the tests run on."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from noc_console.telemetry import this_machine
from noc_console.telemetry.service import Inside
from noc_console.telemetry.this_machine import ThisMachine

SPIN = "print('on', flush=True)\nwhile True: pass"


@pytest.fixture
def spinning() -> Iterator[subprocess.Popen[bytes]]:
    """Give a process that keeps a core busy, with a secret among its arguments."""
    with subprocess.Popen(
        [sys.executable, "-c", SPIN, "--password=hunter2"], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        yield child
        child.kill()


def test_the_busiest_process_comes_first_and_arguments_never(
    spinning: subprocess.Popen[bytes],
) -> None:
    machine = ThisMachine(1)
    first, _ = machine.processes()
    assert all(one.cpu_percent is None for one in first)
    deadline = time.monotonic() + 20
    found = None
    while time.monotonic() < deadline and (found is None or not found.cpu_percent):
        time.sleep(0.2)
        processes, _ = machine.processes()
        found = next((one for one in processes if one.pid == spinning.pid), None)
    assert found is not None
    assert found.cpu_percent is not None
    assert found.cpu_percent > 5
    assert found.name == Path(f"/proc/{spinning.pid}/comm").read_text("utf-8").strip()
    assert found.memory_bytes > 1_000_000
    assert "hunter2" not in repr(processes)
    shares = [one.cpu_percent or 0.0 for one in processes]
    assert shares == sorted(shares, reverse=True)
    assert len(processes) <= 30


def test_a_zombie_is_counted() -> None:
    reader, writer = os.pipe()
    child = subprocess.Popen(["sh", "-c", "exit 0"], pass_fds=(writer,))
    os.close(writer)
    os.read(reader, 1)  # ends when the child has
    os.close(reader)
    deadline = time.monotonic() + 10
    zombies = 0
    while not zombies and time.monotonic() < deadline:
        _, zombies = ThisMachine(1).processes()
    child.wait()
    assert zombies >= 1


def test_the_root_file_system_is_as_df_shows_it() -> None:
    mounts = {one.mount: one for one in ThisMachine(1).mounts()}
    df = subprocess.run(
        ["df", "-P", "-k", "/"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[1]
    total_kib, used, free = map(int, df.split()[1:4])
    root = mounts["/"]
    assert root.total_bytes == total_kib * 1024
    assert root.used_percent == pytest.approx(100 * used / (used + free), abs=0.5)
    assert not any(mount.startswith(("/proc", "/sys")) for mount in mounts)


def test_a_file_system_without_a_number_of_inodes_has_no_share_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = list(os.statvfs("/"))
    fields[5:8] = [0, 0, 0]
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(fields))
    assert ThisMachine(1).mounts()[0].inodes_used_percent is None


SHOWN = """Id=ssh.service
Names=sshd.service ssh.service
LoadState=loaded
ActiveState=active
SubState=running
NRestarts=2
ActiveEnterTimestampMonotonic={entered}
InactiveEnterTimestampMonotonic=0

Id=gone.service
Names=gone.service
LoadState=not-found
ActiveState=inactive
SubState=dead
"""


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a `systemctl` that shows what it is told to, on a machine with systemd."""
    monkeypatch.setattr(this_machine, "_SYSTEMD_RUNS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    program = tmp_path / "systemctl"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >"${0%/*}/asked"\ncat "${0%/*}/shown"\n')
    program.chmod(0o755)
    return tmp_path


def test_services_are_what_systemd_says_by_the_names_asked(systemctl: Path) -> None:
    entered = int((time.monotonic() - 60) * 1e6)
    (systemctl / "shown").write_text(SHOWN.format(entered=entered))
    units = ("ssh", "sshd.service", "gone", "other")
    machine = ThisMachine(1)
    ssh, alias, gone, other = machine.services(units)
    assert machine.services(units)[0] == ssh, "since wavers"
    assert (ssh.name, ssh.inside, ssh.sub_state) == ("ssh", Inside.RUNNING, "running")
    assert ssh.restarts == 2
    assert ssh.since is not None
    assert abs(datetime.now(UTC) - timedelta(seconds=60) - ssh.since) < timedelta(seconds=5)
    assert (alias.name, alias.inside) == ("sshd.service", Inside.RUNNING)
    assert (gone.name, gone.inside) == ("gone", Inside.NOT_INSTALLED)
    assert (other.name, other.inside) == ("other", Inside.UNKNOWN)
    asked = (systemctl / "asked").read_text().splitlines()
    assert asked[asked.index("--") + 1 :] == ["ssh", "sshd.service", "gone", "other"]


def test_a_systemctl_that_hangs_leaves_services_unknown(
    systemctl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (systemctl / "systemctl").write_text("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(this_machine, "SYSTEMCTL_S", 0.2)
    assert ThisMachine(1).services(("ssh",))[0].inside is Inside.UNKNOWN


def test_without_systemd_services_are_unknown_not_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(this_machine, "_SYSTEMD_RUNS", tmp_path / "none")
    assert [one.inside for one in ThisMachine(1).services(("ssh",))] == [Inside.UNKNOWN]


def test_facts_name_this_machine() -> None:
    facts = ThisMachine(1).facts()
    assert facts.kernel == os.uname().release
    assert facts.hostname == os.uname().nodename
    assert facts.cores == os.cpu_count()
    assert facts.memory_bytes > 2**28
    assert facts.system
    assert facts.init
