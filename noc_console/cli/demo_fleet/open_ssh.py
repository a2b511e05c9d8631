"""One throw-away OpenSSH server on loopback, for the user who runs the demo and for nobody else.

It needs no root: its host key, its port and its configuration are its own. A session finds another
login shell, home, PATH and /proc than the user's, set by sshd itself (sshd_config(5): SetEnv,
ForceCommand), so that the console meets it as it meets any server.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from noc_console.cli.demo_fleet.keys import make_key
from noc_console.cli.demo_fleet.plan import LOOPBACK
from noc_console.errors import ConsoleError

_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
_STARTS_WITHIN_S = 10.0
_ATTEMPTS = 5


class SshdMissing(ConsoleError):
    """No OpenSSH server is installed here."""

    def __init__(self) -> None:
        """Say what to install."""
        super().__init__(
            "The demo starts OpenSSH servers of its own, but sshd is not installed here; on Debian "
            "or Ubuntu run: sudo apt-get install --no-install-recommends openssh-server."
        )


class SshdNotStarted(ConsoleError):
    """sshd is there and does not start; the sentence has its own words."""


def find_sshd() -> str:
    """Give where sshd is; it wants to be called by its whole path.

    Raises:
        SshdMissing: it is not installed.
    """
    found = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:{_PATH}")
    if found is None:
        raise SshdMissing
    return str(Path(found).resolve())


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one server keeps its files: all below its own folder."""

    folder: Path

    @property
    def proc(self) -> Path:
        """What its sessions read in place of /proc."""
        return self.folder / "proc"

    @property
    def programs(self) -> Path:
        """What its sessions find first in PATH."""
        return self.folder / "programs"

    @property
    def home(self) -> Path:
        """Where its shells keep what they keep in a home."""
        return self.folder / "home"


class OpenSsh:
    """One sshd and the sessions it serves. Made, started and stopped by one thread."""

    def __init__(self, folder: Path, shell: str, authorized_keys: Path, *, jump: bool) -> None:
        """Make its files; nothing runs yet. `jump` lets others be reached through it."""
        self.place = Place(folder=folder)
        self.place.home.mkdir(parents=True, mode=0o700)
        self.host_key_line = make_key(folder / "host_key")
        self.shell = shell_command(shell)
        self.port = 0
        self._authorized_keys = authorized_keys
        self._jump = jump
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, sshd: str) -> None:
        """Start on a free port and wait until it listens.

        Raises:
            SshdNotStarted: with what sshd said.
        """
        if os.geteuid() == 0:  # sshd's privilege separation folder, as its own service makes it
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        for _ in range(_ATTEMPTS):  # another program may take the port between choice and use
            self.port = _free_port()
            if self._start_once(sshd):
                return
        words = (self.place.folder / "log").read_text("utf-8", errors="replace").strip()
        raise SshdNotStarted(f"A server of the demo does not start. sshd said: {words[-300:]}")

    def family(self) -> list[psutil.Process]:
        """Give the daemon and what it started: sessions, shells."""
        if self._process is None or self._process.poll() is not None:
            return []
        daemon = psutil.Process(self._process.pid)
        return [daemon, *daemon.children(recursive=True)]

    def stop(self) -> None:
        """End the daemon and all it serves at once, frozen or not."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGSTOP)  # so that it takes no new session meanwhile
        for one in reversed(self.family()):
            send(one, signal.SIGKILL)
        self._process.wait()

    def _start_once(self, sshd: str) -> bool:
        folder = self.place.folder
        (folder / "sshd_config").write_text(self._configuration())
        with (folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_DIES_WITH_US, sshd, "-D", "-e", "-f", folder / "sshd_config"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _STARTS_WITHIN_S
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as sock:
                if sock.connect_ex((LOOPBACK, self.port)) == 0:
                    return True
            time.sleep(0.02)
        self.stop()
        return False

    def _configuration(self) -> str:
        folder, place = self.place.folder, self.place
        environment = {
            "HOME": place.home,
            "NOC_PROC": place.proc,
            "PATH": f"{place.programs}:{_PATH}",
            "SHELL": self.shell.split()[0],
        }
        settings = {
            "Port": str(self.port),
            "ListenAddress": LOOPBACK,
            "HostKey": f'"{folder / "host_key"}"',
            "PidFile": "none",
            "AuthorizedKeysFile": f'"{self._authorized_keys}"',
            "StrictModes": "no",  # the folder itself is ours alone; /tmp above it is everybody's
            "UsePAM": "no",
            "PermitRootLogin": "prohibit-password",
            "PasswordAuthentication": "no",
            "KbdInteractiveAuthentication": "no",
            "AllowTcpForwarding": "local" if self._jump else "no",
            "AllowStreamLocalForwarding": "no",
            "AllowAgentForwarding": "no",
            "X11Forwarding": "no",
            "PermitTunnel": "no",
            "PermitTTY": "no",
            "PermitUserRC": "no",
            "PrintMotd": "no",
            "LogLevel": "INFO",
            "SetEnv": " ".join(f'{name}="{value}"' for name, value in environment.items()),
            # what sshd does with a login shell, done with another one
            "ForceCommand": f'exec {self.shell} -c "$SSH_ORIGINAL_COMMAND"',
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())


def shell_command(name: str) -> str:
    """Give how to call a login shell; sh where it is not installed."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        return "/bin/sh"
    return f"{found} sh" if name == "busybox" else found


def send(process: psutil.Process, number: signal.Signals) -> None:
    """Signal a process that may be gone by now."""
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind((LOOPBACK, 0))
        return int(sock.getsockname()[1])


_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()
"""The kernel ends the daemon when who started it is killed (prctl(2), PR_SET_PDEATHSIG)."""
