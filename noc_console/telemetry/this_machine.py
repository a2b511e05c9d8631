"""The machine we run on, through psutil and the same words as over SSH: no link, no probe."""

import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from noc_console.fleet.inert import inert
from noc_console.telemetry.arrays import own_arrays, read_arrays
from noc_console.telemetry.host import Facts, Mount, Process
from noc_console.telemetry.queues import read_conntrack, read_mail_queue
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.service import Inside, ServiceState
from noc_console.telemetry.slow import MAX_MOUNTS, top_processes
from noc_console.telemetry.this_kernel import PROC
from noc_console.telemetry.this_sample import SampleReader
from noc_console.telemetry.units import read_systemd

SYSTEMCTL_S = 10.0
MAIL_S = 15.0
_MAIL_IS_DOWN = 69
SPOOL = Path("/var/spool")
_POSTFIX_QUEUES = ("maildrop", "incoming", "active", "deferred", "hold")
_UNIT_PROPERTIES = (
    "Id,Names,LoadState,ActiveState,SubState,NRestarts,"
    "ActiveEnterTimestampMonotonic,InactiveEnterTimestampMonotonic"
)
_SYSTEMD_RUNS = Path("/run/systemd/system")  # sd_booted(3)

_CLOCK_WAS_SET = timedelta(seconds=2)

_NOT_A_DISK = re.compile(
    r"autofs|binfmt_misc|bpf|cgroup|configfs|debugfs|dev(fs|pts|tmpfs)|efivarfs|fusectl|hugetlbfs"
    r"|iso9660|cdrom|mqueue|nsfs|nullfs|proc|pstore|ramfs|rpc_pipefs|securityfs|squashfs|sysfs"
    r"|tmpfs|tracefs|fuse\.(portal|gvfsd-fuse|lxcfs|snapfuse)"
)
_ELSEWHERE = re.compile(r"nfs|cifs|smb|afp|9p|ceph|glusterfs|lustre|afs|ncp|webdav|fuse\.")
"""File systems over a network: asking one whose server is gone would hang this machine's lane."""

_STATES = {
    psutil.STATUS_RUNNING: "R",
    psutil.STATUS_SLEEPING: "S",
    psutil.STATUS_DISK_SLEEP: "D",
    psutil.STATUS_STOPPED: "T",
    psutil.STATUS_TRACING_STOP: "t",
    psutil.STATUS_ZOMBIE: "Z",
    psutil.STATUS_DEAD: "X",
    psutil.STATUS_IDLE: "I",
}
"""The letters of proc(5)."""


class ThisMachine:
    """Readings of this machine; used by one thread at a time."""

    def __init__(self, server_id: int) -> None:
        """Read for the server of this id."""
        self._samples = SampleReader(server_id)
        self._spent: dict[tuple[int, float], float] = {}
        self._spent_at_s: float | None = None
        self._began_at: datetime | None = None

    def read(self, now: datetime) -> Sample:
        """Give a sample; rates are over the time since the one before."""
        return self._samples.read(now)

    def mounts(self) -> tuple[Mount, ...]:
        """Give the file systems of disks here, a bind mount once; none over a network."""
        mounts: dict[str, Mount] = {}
        for part in psutil.disk_partitions(all=True):
            if _NOT_A_DISK.match(part.fstype) or _ELSEWHERE.match(part.fstype):
                continue
            key = part.device if part.device.startswith("/dev/") else part.mountpoint
            if key in mounts and len(mounts[key].mount) <= len(part.mountpoint):
                continue
            found = _mount(part.mountpoint, part.device, part.fstype)
            if found is not None:
                mounts[key] = found
        return tuple(mounts.values())[:MAX_MOUNTS]

    def arrays(self) -> dict[str, float]:
        """Give how much redundancy each software RAID array here has lost, in per cent."""
        try:
            told = (PROC / "mdstat").read_text("ascii", "replace").splitlines()
        except OSError:  # not Linux, or no such arrays
            return {}
        return read_arrays(own_arrays(told, (one.name for one in Path("/dev").glob("md*"))))

    def services(self, units: Sequence[str]) -> tuple[ServiceState, ...]:
        """Give what systemd says of these units, by the names asked; unknown without systemd."""
        up, now = self._clocks()
        states = {state.name: state for state in read_systemd(_ask_systemd(units), up, now)}
        found = [states.get(unit) or states.get(f"{unit}.service") for unit in units]
        return tuple(
            replace(state, name=unit)
            if state is not None
            else ServiceState(name=unit, inside=Inside.UNKNOWN)
            for unit, state in zip(units, found, strict=True)
        )

    def processes(self) -> tuple[tuple[Process, ...], int]:
        """Give the processes with the most CPU and memory since the last call, and the zombies."""
        now_s = time.monotonic()
        elapsed_s = None if self._spent_at_s is None else now_s - self._spent_at_s
        before, self._spent, self._spent_at_s = self._spent, {}, now_s
        found: list[Process] = []
        for one in psutil.process_iter():
            try:
                with one.oneshot():
                    found.append(self._process(one, before, elapsed_s))
            except (psutil.Error, OSError):  # it has ended, or is none of our business
                continue
        return top_processes(found), sum(one.state == "Z" for one in found)

    def figures(self) -> dict[str, float]:
        """Give the mails that wait and the connections tracked, where this machine tells."""
        tables = [PROC / f"sys/net/netfilter/nf_conntrack_{name}" for name in ("count", "max")]
        try:
            told = [table.read_text("ascii", "replace") for table in tables]
        except OSError:  # not Linux, or nothing is tracked
            told = []
        return {**read_conntrack(told), **read_mail_queue(_mail_queues())}

    def facts(self) -> Facts:
        """Give what changes seldom."""
        return Facts(
            hostname=inert(platform.node(), 80),
            system=inert(_system(), 80),
            kernel=inert(platform.release(), 80),
            machine=inert(platform.machine(), 40),
            init=_init(),
            cores=psutil.cpu_count() or 0,
            memory_bytes=psutil.virtual_memory().total,
            server_clock_offset_s=0.0,
        )

    def _clocks(self) -> tuple[int, datetime]:
        """Give systemd's clock in microseconds, and the time at it.

        Both are from one reading, so that a service's "since" does not waver; only when somebody
        sets the clock it moves.
        """
        up = timedelta(seconds=time.monotonic())
        began_at = datetime.now(UTC) - up
        if self._began_at is None or abs(began_at - self._began_at) > _CLOCK_WAS_SET:
            self._began_at = began_at
        return up // timedelta(microseconds=1), self._began_at + up

    def _process(
        self, one: psutil.Process, before: dict[tuple[int, float], float], elapsed_s: float | None
    ) -> Process:
        """Give one process; a number used anew by another process is another one."""
        times = one.cpu_times()
        key = one.pid, one.create_time()
        self._spent[key] = times.user + times.system
        earlier_s = before.get(key)
        return Process(
            pid=one.pid,
            user=inert(one.username(), 32),
            name=inert(_name(one), 40),
            state=_STATES.get(one.status(), "?"),
            cpu_percent=(
                max(0.0, 100.0 * (self._spent[key] - earlier_s) / elapsed_s)
                if earlier_s is not None and elapsed_s
                else None
            ),
            memory_bytes=one.memory_info().rss,
        )


def _mount(mount: str, device: str, kind: str) -> Mount | None:
    try:
        usage = psutil.disk_usage(mount)
        inodes = os.statvfs(mount) if hasattr(os, "statvfs") else None
    except OSError:
        return None
    reachable = usage.used + usage.free  # what an ordinary user may fill, as df counts
    if not usage.total or not reachable:
        return None
    files = 0 if inodes is None else inodes.f_files - inodes.f_ffree + inodes.f_favail
    return Mount(
        mount=inert(mount, 200),
        device=inert(device, 200),
        kind=inert(kind, 40),
        total_bytes=usage.total,
        used_percent=100.0 * usage.used / reachable,
        inodes_used_percent=(
            100.0 * (inodes.f_files - inodes.f_ffree) / files
            if inodes is not None and inodes.f_files and files
            else None
        ),
    )


def _ask_systemd(units: Sequence[str]) -> list[str]:
    if not units or not _SYSTEMD_RUNS.is_dir():
        return []
    try:
        told = subprocess.run(
            ["systemctl", "show", "--no-pager", "-p", _UNIT_PROPERTIES, "--", *units],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
            timeout=SYSTEMCTL_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return told.stdout.decode("utf-8", "replace").splitlines()


def _mail_queues(spool: Path = SPOOL) -> list[str]:
    """Count as slow.sh does: in the spool where we may look, else by what the mailer tells."""
    found: list[str] = []
    postfix = spool / "postfix"
    if all(os.access(postfix / queue, os.R_OK) for queue in ("active", "deferred")):
        mails = sum(_files_below(postfix / queue) for queue in _POSTFIX_QUEUES)
        found.append(f"postfix {mails}")
    elif (told := _told(["postqueue", "-j"])) is not None:
        mails = told.stdout.count(b"\n{") + told.stdout.startswith(b"{")
        if told.returncode == 0 or (told.returncode == _MAIL_IS_DOWN and mails):
            found.append(f"postfix {mails}")
    for name in ("exim4", "exim"):
        if os.access(spool / name / "input", os.R_OK):
            found.append(f"exim {_files_below(spool / name / 'input', '-H')}")
            break
        exim = _told([name, "-bpc"])
        if exim is not None and exim.returncode == 0:
            found.append(f"exim {exim.stdout.decode('ascii', 'replace').strip()}")
            break
    return found


def _files_below(folder: Path, ending: str = "") -> int:
    return sum(sum(name.endswith(ending) for name in files) for _, _, files in os.walk(folder))


def _told(command: Sequence[str]) -> "subprocess.CompletedProcess[bytes] | None":
    """Give what a program told; None where it is not here, or hangs."""
    program = shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        return None
    try:
        return subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MAIL_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def _name(one: psutil.Process) -> str:
    """Give a process's name; psutil's own way on Linux would look at its arguments."""
    if psutil.LINUX:
        return (PROC / str(one.pid) / "comm").read_text("utf-8", "replace").strip()
    return one.name()


def _system() -> str:
    if psutil.LINUX:
        try:
            return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
        except OSError:
            return "Linux"
    if psutil.MACOS:
        return f"macOS {platform.mac_ver()[0]}"
    return f"{platform.system()} {platform.release()}"


def _init() -> str:
    try:
        return inert((PROC / "1" / "comm").read_text("utf-8", "replace").strip(), 40)
    except OSError:
        return ""
