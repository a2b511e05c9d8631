"""A real sshd with accounts of its own, whose syslog a test reads: in a mount namespace, as root.

The host's accounts are not touched: a copy of /etc with other accounts is bound over it where only
this sshd sees it, and so is a /dev with a socket of ours as its log. All of /etc, for the kernel
takes a mount on a file away in every namespace once useradd(8) outside puts another in its place.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import paramiko

from tests.sshd import SSHD, Sshd, make_key

WITHIN_S = 60.0
PASSWORDS = {"root": "correct-horse", "audit1": "battery-staple", "audit2": "tr0ubador"}
_BIND = """set -e
d=$1; shift
mount --make-rprivate /
for n in null zero random urandom tty ptmx; do
    : >"$d/dev/$n"
    mount --bind "/dev/$n" "$d/dev/$n"
done
mkdir -p "$d/dev/pts"; mount --bind /dev/pts "$d/dev/pts"
mount --rbind "$d/dev" /dev
mount --bind "$d/etc" /etc
mkdir -p "$d/logs"; mount --bind "$d/logs" /var/log
exec "$@"
"""
_WHAT_TESTS_CHANGE = shutil.ignore_patterns(
    "passwd*", "shadow*", "group*", "gshadow*", "subuid*", "subgid*", ".pwd.lock", "sudoers.d"
)
"""Other tests make users meanwhile: such a file may be gone before it is copied."""


def may_have_one() -> bool:
    """Whether this machine lets us: root, an sshd, and namespaces of our own."""
    if os.geteuid() != 0 or not Path(SSHD).exists() or shutil.which("openssl") is None:
        return False
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "--make-rprivate", "/"], capture_output=True, check=False
    )
    return tried.returncode == 0


@dataclass
class RealLogins:
    """An sshd, the lines it logs, and ways to log in to it from addresses of 127.0.0.0/8."""

    folder: Path
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place = self.folder / "place"
        (self.place / "dev").mkdir(parents=True)
        self._accounts()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.place / "dev" / "log"))
        self._socket.settimeout(0.2)
        self._is_over = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._sshd = Sshd(
            self.folder / "sshd",
            options={"PasswordAuthentication": "yes", "MaxAuthTries": "6"},
            prefix=self.inside(),
            to_syslog=True,
        )

    def inside(self) -> tuple[str, ...]:
        """Give the words before a command that is to see these accounts and this log."""
        return ("unshare", "--mount", "sh", "-c", _BIND, "sh", str(self.place))

    def start(self) -> None:
        """Start the sshd, which tells its syslog what it does."""
        self._reader.start()
        self._sshd.start()
        self._until(lambda: any("Server listening" in one for one in self.lines))

    def stop(self) -> None:
        """End it."""
        self._sshd.stop()
        self._is_over.set()
        self._reader.join(WITHIN_S)
        self._socket.close()

    def by_password(self, user: str, address: str, password: str) -> bool:
        """Log in by password from an address; gives whether it was right."""
        with self._transport(address) as transport:
            try:
                transport.auth_password(user, password)
            except paramiko.AuthenticationException:
                return False
            self._was_in(transport, user, address)
            return True

    @contextlib.contextmanager
    def by_key(self, user: str, address: str, key: Path) -> Iterator[paramiko.Transport]:
        """Log in by key from an address, for as long as it is wanted."""
        with self._transport(address) as transport:
            transport.auth_publickey(user, paramiko.Ed25519Key.from_private_key_file(str(key)))
            self._was_in(transport, user, address)
            yield transport

    def allow(self, name: str) -> Path:
        """Make a key and let it in to every account; gives it."""
        key = make_key(self.folder / name)
        allowed = self._sshd.folder / "authorized_keys"
        with allowed.open("a") as more:
            more.write(key.with_suffix(".pub").read_text())
        allowed.chmod(0o644)
        return key

    def write_log(self) -> Path:
        """Write what was logged as rsyslog would, where a command inside finds it."""
        logs = self.place / "logs"
        logs.mkdir(exist_ok=True)
        path = logs / "auth.log"
        path.write_text("".join(f"{one}\n" for one in self.lines))
        return path

    def _accounts(self) -> None:
        home = self.folder / "home"
        home.mkdir()
        passwd = [one for one in Path("/etc/passwd").read_text().splitlines() if "audit" not in one]
        passwd += [f"audit{number}:x:{9990 + number}:9990::{home}:/bin/sh" for number in (1, 2)]
        shadow = [f"{name}:{_hashed(word)}:19000:0:99999:7:::" for name, word in PASSWORDS.items()]
        others = (one.split(":")[0] for one in passwd)
        shadow += [f"{name}:*:19000:0:99999:7:::" for name in others if name not in PASSWORDS]
        group = Path("/etc/group").read_text().splitlines()
        group = [one for one in group if not one.startswith(("sudo:", "audit:"))]
        etc = self.place / "etc"
        shutil.copytree("/etc", etc, symlinks=True, ignore=_WHAT_TESTS_CHANGE)
        for name, lines in (
            ("passwd", passwd),
            ("shadow", shadow),
            ("group", [*group, "sudo:x:27:audit1", "audit:x:9990:"]),
        ):
            (etc / name).write_text("".join(f"{one}\n" for one in lines))
        (etc / "shadow").chmod(0o600)

    def _read(self) -> None:
        while not self._is_over.is_set():
            with contextlib.suppress(TimeoutError):
                told = self._socket.recv(8192).decode("utf-8", "replace").rstrip("\0\n")
                found = re.fullmatch(r"<\d+>(\w{3} [ \d]\d [\d:]{8}) (sshd\S*\[\d+\]: .*)", told)
                if found is not None:
                    self.lines.append(f"{found[1]} web01 {found[2]}")

    @contextlib.contextmanager
    def _transport(self, address: str) -> Iterator[paramiko.Transport]:
        sock = socket.create_connection(
            ("127.0.0.1", self._sshd.port), WITHIN_S, source_address=(address, 0)
        )
        transport = paramiko.Transport(sock)
        try:
            transport.start_client(timeout=WITHIN_S)
            yield transport
        finally:
            transport.close()

    def _was_in(self, transport: paramiko.Transport, user: str, address: str) -> None:
        port = transport.sock.getsockname()[1]
        words = f"for {user} from {address} port {port} "
        self._until(lambda: any("Accepted" in one and words in one for one in self.lines))

    def _until(self, holds) -> None:
        ends_s = time.monotonic() + WITHIN_S
        while not holds():
            if time.monotonic() > ends_s:
                raise RuntimeError(f"sshd did not log it: {self.lines[-5:]} {self._sshd.log}")
            self._is_over.wait(0.02)


def _hashed(word: str) -> str:
    return subprocess.run(
        ["openssl", "passwd", "-6", word], capture_output=True, text=True, check=True
    ).stdout.strip()
