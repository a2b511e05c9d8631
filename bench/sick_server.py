"""A server to make sick: a real sshd with accounts, its network, processes and mounts its own.

What a cause starts is started inside and ends with it; what else this machine does is not seen
there, but for the load it makes. Needs root.
"""

import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from tests.faults.namespace import Host, host
from tests.sshd import Sshd

_numbers = itertools.count()


class SickServer:
    """The server: `run` starts something inside, as an account or as root."""

    def __init__(self, folder: Path, around: Host, environment: Mapping[str, str]) -> None:
        """Start its sshd."""
        self.folder = folder
        self.address = around.address
        self.sshd = Sshd(
            folder / "sshd",
            options={"SetEnv": " ".join(f"{name}={value}" for name, value in environment.items())},
            address=around.address,
            prefix=(*around.enter, "unshare", "-p", "-f", "-m", "--mount-proc", "--kill-child"),
        ).start()
        self._wait_for_port()
        self._started: list[subprocess.Popen[bytes]] = []

    def run(self, *words: str, account: str = "") -> subprocess.Popen[bytes]:
        """Start a command inside; it ends with the server."""
        inside = self._inside_pid()
        enter = ["nsenter", "-t", str(inside), "-p", "-m", "-n", "--"]
        change = ["runuser", "-u", account, "--"] if account else []
        process = subprocess.Popen(
            [*enter, *change, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        self._started.append(process)
        return process

    def run_python(self, script: str, account: str, name: str) -> subprocess.Popen[bytes]:
        """Start a Python script that lies in an account's home, as that account."""
        path = Path("/home") / account / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script)
        shutil.chown(path, account)
        return self.run("/usr/bin/python3", str(path), account=account)

    def stop(self) -> None:
        """End everything inside."""
        self.sshd.stop()
        for one in self._started:
            if one.poll() is None:
                one.kill()
            one.wait(20)

    def _inside_pid(self) -> int:
        """Give the pid, here, of what is process 1 inside."""
        return int(self.sshd.family()[1].pid)

    def _wait_for_port(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            children = self.sshd.family()
            if len(children) > 1 and _listens(children[1], self.sshd.port):
                return
            time.sleep(0.1)
        raise RuntimeError(f"the sick server's sshd did not start: {self.sshd.log}")


def _listens(process: psutil.Process, port: int) -> bool:
    try:
        table = Path(f"/proc/{process.pid}/net/tcp").read_text()
    except OSError:
        return False
    return any(f":{port:04X} " in line and " 0A " in line for line in table.splitlines())


@contextmanager
def account(name: str) -> Iterator[str]:
    """Make a customer's account; it is removed after."""
    number = next(_numbers)
    full = f"{name}{os.getpid() % 1000}{number}"
    uid = 20_000 + os.getpid() % 1000 * 40 + number  # never one that a cause before had
    subprocess.run(["useradd", "-m", "-u", str(uid), "-p", "*", "-s", "/bin/sh", full], check=True)
    try:
        yield full
    finally:
        for one in psutil.process_iter(["username"]):
            if one.info["username"] == full:
                one.kill()
        time.sleep(0.2)
        subprocess.run(["userdel", "-r", "-f", full], check=False, capture_output=True)


@contextmanager
def sick_server(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[SickServer]:
    """Give a running server on a host of its own.

    Raises:
        RuntimeError: this machine cannot have one.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        raise RuntimeError("A server of one's own to make sick needs Linux and root.")
    with ExitStack() as stack:
        around = stack.enter_context(host())
        server = SickServer(folder, around, environment or {})
        stack.callback(server.stop)
        yield server


@contextmanager
def limited(controller: str, **limits: str) -> Iterator[Path]:
    """Give a control group (v1) with limits; what is in it is ended after."""
    group = Path("/sys/fs/cgroup") / controller / f"noc-cause-{os.getpid()}-{next(_numbers)}"
    group.mkdir()
    try:
        for name, value in limits.items():
            (group / f"{controller}.{name}").write_text(value)
        yield group
    finally:
        deadline = time.monotonic() + 10
        while pids := (group / "cgroup.procs").read_text().split():
            for pid in pids:
                _kill(int(pid))
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        group.rmdir()


def _kill(pid: int) -> None:
    try:
        psutil.Process(pid).kill()
    except psutil.NoSuchProcess:
        return
