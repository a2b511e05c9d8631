"""A real Dovecot of a test's own: it shows one Maildir over IMAP, with STARTTLS and a login."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.postfix import make_certificate
from tests.sshd import free_port

USER, PASSWORD = "bounces", "correct hörse"
_READY = b"* OK"


class Dovecot:
    """One Dovecot on loopback, run by root for the user who owns the Maildir."""

    host = "localhost"

    def __init__(self, maildir: Path, owner: str = "nobody", *, has_tls: bool = True) -> None:
        """Prepare its folder; `start` starts it."""
        self.folder = Path(tempfile.mkdtemp(prefix="noc-dovecot-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.port = free_port()
        self.tls_port = free_port()
        self.certificate = make_certificate(self.folder)
        self._log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._configure(maildir, owner, has_tls=has_tls)

    def start(self) -> "Dovecot":
        """Start it and wait until it greets."""
        said = (self.folder / "said").open("wb")
        with said:
            self._process = subprocess.Popen(
                ["dovecot", "-F", "-c", self.folder / "dovecot.conf"], stdout=said, stderr=said
            )
        deadline = time.monotonic() + 60
        while not self._greets():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)
        return self

    def remove(self) -> None:
        """Stop it and leave nothing behind."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def log(self) -> str:
        """What it said so far."""
        paths = [self._log, self.folder / "said"]
        return "".join(one.read_text(errors="replace") for one in paths if one.exists())

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as talk:
                talk.settimeout(5)
                return talk.recv(4) == _READY
        except OSError:
            return False

    def _configure(self, maildir: Path, owner: str, *, has_tls: bool) -> None:
        import pwd

        entry = pwd.getpwnam(owner)
        users = self.folder / "users"
        users.write_text(f"{USER}:{{PLAIN}}{PASSWORD}:{entry.pw_uid}:{entry.pw_gid}::/tmp::\n")
        users.chmod(0o644)
        (self.folder / "run").mkdir()
        (self.folder / "index").mkdir()
        os.chown(self.folder / "index", entry.pw_uid, entry.pw_gid)
        tls_listener = (
            f"inet_listener imaps {{\n port = {self.tls_port}\n ssl = yes\n }}"
            if has_tls
            else "inet_listener imaps {\n port = 0\n }"
        )
        (self.folder / "dovecot.conf").write_text(
            f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/run
log_path = {self._log}
listen = 127.0.0.1
protocols = imap
ssl = {"yes" if has_tls else "no"}
ssl_cert = <{self.certificate}
ssl_key = <{self.folder}/key.pem
disable_plaintext_auth = {"yes" if has_tls else "no"}
auth_mechanisms = plain
default_internal_user = dovecot
default_login_user = dovenull
mail_location = maildir:{maildir}:INDEX={self.folder}/index
first_valid_uid = 0
first_valid_gid = 0
mail_max_userip_connections = 50
passdb {{
 driver = passwd-file
 args = {users}
}}
userdb {{
 driver = passwd-file
 args = {users}
}}
service imap-login {{
 inet_listener imap {{
 port = {self.port}
 }}
 {tls_listener}
 chroot =
}}
service anvil {{
 chroot =
}}
"""
        )
