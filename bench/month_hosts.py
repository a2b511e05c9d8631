"""Servers of different make on loopback: Debians in namespaces of their own, reached by sshd.

Each has its own file system over a debootstrap folder, its own processes and network; a listener
of ours hands each connection to an sshd inside. Needs root, unshare(1), nsenter(1) and overlay.
"""

# ruff: noqa: E501 - a line of shell is told whole

import os
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from noc_console.fleet.server import Authentication, Server, Site
from tests.audit.planted.host import PREPARE
from tests.sshd import make_key

_SCRIPT = r"""
set -e
mount -t tmpfs tmpfs "$WORK/over"; mkdir "$WORK/over/up" "$WORK/over/work" "$WORK/over/root"
r=$WORK/over/root
mount -t overlay -o "lowerdir=$LOWER,upperdir=$WORK/over/up,workdir=$WORK/over/work" none "$r"
mount -t proc proc "$r/proc"; mount -t tmpfs -o mode=755,nosuid tmpfs "$r/dev"
for d in null zero full random urandom tty; do : >"$r/dev/$d"; mount --bind "/dev/$d" "$r/dev/$d"; done
mkdir "$r/dev/pts" "$r/dev/shm"; mount -t devpts devpts "$r/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$r/dev/shm"
ip link set lo up; hostname "$NAME"
mkdir -p "$r/run/sshd"; rm -f "$r"/etc/ssh/ssh_host_*; cp "$WORK/host_key" "$r/etc/ssh/ssh_host_ed25519_key"; chmod 600 "$r/etc/ssh/ssh_host_ed25519_key"
chroot "$r" /bin/sh -c "$PREPARE" >"$WORK/prepared" 2>&1
h=/root; [ "$ACCOUNT" = root ] || { chroot "$r" useradd -m -s "$SHELL_OF" "$ACCOUNT"; h=/home/$ACCOUNT; }
[ -z "$SUDO" ] || echo "$ACCOUNT ALL=(root) NOPASSWD: /bin/sh" >"$r/etc/sudoers.d/console"
mkdir -p "$r$h/.ssh"; cp "$WORK/key.pub" "$r$h/.ssh/authorized_keys"; chroot "$r" chown -R "$ACCOUNT:" "$h/.ssh"; chmod 700 "$r$h/.ssh"; chmod 600 "$r$h/.ssh/authorized_keys"
chroot "$r" /bin/sh -c "$PLANT" </dev/null >"$WORK/planted" 2>&1 || true
: >"$WORK/ready"
exec sleep 100000
"""


class MonthHost:
    """One server, from `start` to `stop`; `does` runs a line of shell on it as root."""

    def __init__(
        self,
        folder: Path,
        lower: Path,
        name: str,
        number: int,
        *,
        plant: Sequence[str] = (),
        account: str = "root",
        login: str = "/bin/bash",
        has_sudo: bool = False,
    ) -> None:
        """Take what it is made of; nothing runs yet."""
        self.name, self.account = name, account
        self.address, self.port = f"127.0.1.{number}", 2200 + number
        self._folder = folder / name
        (self._folder / "over").mkdir(parents=True)
        self.key = make_key(self._folder / "key")
        self.host_key = make_key(self._folder / "host_key")
        self._environment = {
            "WORK": str(self._folder),
            "LOWER": str(lower),
            "NAME": name,
            "PREPARE": PREPARE,
            "PLANT": "\n".join(plant),
            "ACCOUNT": account,
            "SHELL_OF": login,
            "SUDO": "yes" * has_sudo,
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
        }

    @property
    def host_key_line(self) -> str:
        """The public host key."""
        return self.host_key.with_suffix(".pub").read_text().strip()

    def server(self, groups: tuple[str, ...] = (), sites: tuple[Site, ...] = ()) -> Server:
        """Give it as the fleet knows it."""
        return Server(
            name=self.name,
            address=self.address,
            port=self.port,
            user=self.account,
            groups=groups,
            sites=sites,
            authentication=Authentication.KEY_FILE,
            key_file=str(self.key),
        )

    def start(self) -> "MonthHost":
        """Start it and wait until it is made."""
        words = ["unshare", "--mount", "--pid", "--net", "--uts", "--fork", "--kill-child"]
        self._process = subprocess.Popen(
            [*words, "sh", "-c", _SCRIPT], env=self._environment, stdin=subprocess.DEVNULL
        )
        ends_s = time.monotonic() + 120
        while not (self._folder / "ready").exists():
            if time.monotonic() > ends_s or self._process.poll() is not None:
                raise RuntimeError(f"{self.name} could not be made; see {self._folder}")
            time.sleep(0.1)
        (child,) = psutil.Process(self._process.pid).children()
        root = f"{self._folder}/over/root"
        self._inside = [
            *("nsenter", "--target", str(child.pid), "--mount", "--pid", "--net", "--uts"),
            *("chroot", root),
        ]
        self.does(f"/usr/sbin/sshd -p {self.port} -o PermitRootLogin=prohibit-password")
        self._listener = socket.create_server((self.address, self.port), backlog=64)
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def does(self, line: str) -> None:
        """Run a line of shell on it as root; what it says is not looked at."""
        subprocess.run(
            [*self._inside, "/bin/sh", "-c", line],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=120,
        )

    def stop(self) -> None:
        """End it with all that runs in it."""
        self._listener.close()
        self._process.kill()
        self._process.wait()

    def _serve(self) -> None:
        """Hand each connection to an sshd inside; its end is waited for by a thread of its own."""
        options = ["-o", "PermitRootLogin=prohibit-password"]
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                sshd = subprocess.Popen(
                    [*self._inside, "/usr/sbin/sshd", "-i", *options],
                    stdin=connection.fileno(),
                    stdout=connection.fileno(),
                    stderr=subprocess.DEVNULL,
                )
            threading.Thread(target=sshd.wait, daemon=True).start()
