"""Real OpenSSH servers for tests: unprivileged places, ports of their own, ended by pid."""

import contextlib
import itertools
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from noc_console.fleet.server import Authentication, Server

SSHD = "/usr/sbin/sshd"


def free_port(address: str = "127.0.0.1") -> int:
    """Give a port nobody listens on now, and that nobody will be given by chance.

    The kernel gives ports of its range to whoever connects: one of those would be taken by the
    next connection of another test, or answer itself where one connects to it while it is closed.
    """
    while True:
        port = next(_ports)
        with socket.socket() as sock, contextlib.suppress(OSError):  # somebody's already
            sock.bind((address, port))
            return port


def _ports_in_turn() -> Iterator[int]:
    """Give the ports below the kernel's range, each once in a long while, from anywhere on."""
    first, last = 10_000, 32_000  # Linux gives those from 32768 on, others from 49152 on
    range_of_kernel = Path("/proc/sys/net/ipv4/ip_local_port_range")
    if range_of_kernel.exists():
        last = min(last, int(range_of_kernel.read_text().split()[0]))
    count = last - first
    if count < 1000:
        raise RuntimeError(f"The kernel gives away every port from {last} on; tests need some.")
    begin = secrets.randbelow(count)
    for number in itertools.count(begin):
        yield first + number % count


_ports = _ports_in_turn()


def make_key(path: Path, *options: str, kind: str = "ed25519", passphrase: str = "") -> Path:
    """Make a key pair; gives the private key's path."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", path, "-C", "test", *options],
        check=True,
    )
    return path


@dataclass
class Sshd:
    """One sshd on 127.0.0.1 that lets the running user in with `key`."""

    folder: Path
    options: Mapping[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"
    prefix: tuple[str, ...] = ()
    to_syslog: bool = False
    """It logs with times and processes, as on a server, and not into the file `log`."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.host_key = make_key(self.folder / "host_key")
        self.key = make_key(self.folder / "user_key")
        (self.folder / "authorized_keys").write_text(self.key.with_suffix(".pub").read_text())
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def host_key_line(self) -> str:
        """The public host key."""
        return (self.folder / "host_key.pub").read_text().strip()

    @property
    def log(self) -> str:
        """What sshd logged so far."""
        return (self.folder / "log").read_text(errors="replace")

    def start(self) -> "Sshd":
        """Start and wait for the port."""
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        settings = {
            "Port": str(self.port),
            "ListenAddress": self.address,
            "HostKey": str(self.host_key),
            "PidFile": "none",
            "AuthorizedKeysFile": str(self.folder / "authorized_keys"),
            "StrictModes": "no",
            "UsePAM": "no",
            "PermitRootLogin": "yes",
            "PasswordAuthentication": "no",
            "KbdInteractiveAuthentication": "no",
            "LogLevel": "VERBOSE",
            "MaxStartups": "200:30:300",
            "PrintMotd": "no",
        } | dict(self.options)
        # bash(1) reads ~/.bashrc under sshd unless it thinks that another shell started it:
        # what the person who runs the tests has in there must not slow or change a test.
        words = settings.get("SetEnv", "")
        settings["SetEnv"] = words if "SHLVL=" in words else f"SHLVL=1 {words}".rstrip()
        config = self.folder / "sshd_config"
        config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, SSHD, "-D", *([] if self.to_syslog else ["-e"]), "-f", config],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        if not self.prefix:
            self._wait_for_port()
        return self

    def _wait_for_port(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"sshd ended: {self.log}")
            with socket.socket() as sock:
                if sock.connect_ex((self.address, self.port)) == 0:
                    return
            time.sleep(0.01)
        raise RuntimeError("sshd did not open its port")

    def family(self) -> list[psutil.Process]:
        """Give the daemon and the sessions it serves."""
        if self.process is None or self.process.poll() is not None:
            return []
        daemon = psutil.Process(self.process.pid)
        return [daemon, *daemon.children(recursive=True)]

    def is_running(self, word: str) -> bool:
        """Tell whether a command line of its sessions holds a word."""
        for one in self.family():
            with contextlib.suppress(psutil.Error):  # a process that was just ending
                if any(word in part for part in one.cmdline()):
                    return True
        return False

    def move_to_group(self, group: Path) -> None:
        """Move the daemon and its sessions into a group of processes (cgroups(7))."""
        for one in self.family():
            with contextlib.suppress(ProcessLookupError):  # a session that was just ending
                (group / "cgroup.procs").write_text(str(one.pid))

    def shells(self) -> list[psutil.Process]:
        """Give the shells its sessions run: the probe loops, and what serves them."""
        found = []
        for one in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):  # a session that was just ending
                if one.name() in {"sh", "dash", "bash"}:
                    found.append(one)
        return found

    def pause(self) -> None:
        """Stop everything, sessions too, as a frozen host does."""
        for one in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):  # a session that was just ending
                one.suspend()

    def resume(self) -> None:
        """Let everything go on."""
        for one in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                one.resume()

    def stop(self) -> None:
        """End the daemon and its sessions."""
        if self.process is None:
            return
        for one in reversed(self.family()):
            try:
                one.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        self.process.wait(10)

    def server(self, name: str = "web", **fields: object) -> Server:
        """Give the server to add to a fleet, reached with this sshd's key."""
        values: dict[str, object] = {
            "name": name,
            "address": self.address,
            "port": self.port,
            "user": psutil.Process().username(),
            "authentication": Authentication.KEY_FILE,
            "key_file": str(self.key),
        }
        return Server(**(values | fields))  # type: ignore[arg-type]
