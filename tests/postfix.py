"""A real Postfix of a test's own: queue, port, certificate and mailbox of its own.

It takes mail for anybody at example.com after STARTTLS and a login, and puts it in one Maildir.
What goes to bounces+…@example.com gets one of its own; who is called gone… turns out not to be
there only after the mail was taken, so that a report comes back.
"""

import datetime as dt
import email
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.sshd import free_port

USER, PASSWORD = "noc", "correct horse"
_DAEMONS = (
    "cleanup unix n - n - 0 cleanup",
    "qmgr unix n - n 300 1 qmgr",
    "rewrite unix - - n - - trivial-rewrite",
    "bounce unix - - n - 0 bounce",
    "defer unix - - n - 0 bounce",
    "error unix - - n - - error",
    "virtual unix - n n - - virtual",
    "tlsmgr unix - - n 1000? 1 tlsmgr",
    "anvil unix - - n - 1 anvil",
    "scache unix - - n - 1 scache",
    "postlog unix-dgram n - n - 1 postlogd",
)


def skip_without_root() -> None:
    """Leave out a test that needs a Postfix where nobody may start one."""
    if os.geteuid() != 0:
        pytest.skip("Postfix starts as root only")


class Postfix:
    """One Postfix on loopback. Needs root, as any Postfix does."""

    host = "localhost"

    def __init__(self, settings: Mapping[str, object] | None = None) -> None:
        """Prepare its folder; `start` starts it. `settings` count over the usual ones."""
        self._settings = dict(settings or {})
        self.folder = Path(tempfile.mkdtemp(prefix="noc-postfix-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.port = free_port()
        self._boxes = self.folder / "boxes"
        self._conf = self.folder / "conf"
        self.certificate = make_certificate(self.folder)
        self._configure()

    def start(self) -> "Postfix":
        """Start it and wait until it greets."""
        self._postfix("start")
        deadline = time.monotonic() + 20
        while not self._greets():
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """Stop it; its queue stays."""
        self._postfix("stop", check=False)

    def remove(self) -> None:
        """Stop it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def log(self) -> str:
        """What it said so far."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def mails(self, box: str = "box") -> list[EmailMessage]:
        """Give the mails that arrived, in no order."""
        files = sorted(self.maildir(box).glob("new/*"))
        return [email.message_from_bytes(one.read_bytes(), policy=default) for one in files]

    def maildir(self, box: str = "bounces") -> Path:
        """Give the folder of a mailbox."""
        return self._boxes / box

    def _greets(self) -> bool:
        import socket

        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as talk:
                return talk.recv(3) == b"220"
        except OSError:
            return False

    def _postfix(self, what: str, *, check: bool = True) -> None:
        told = subprocess.run(
            ["/usr/sbin/postfix", "-c", self._conf, what],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert not check or told.returncode == 0, told.stderr + self.log

    def _configure(self) -> None:
        for folder in (self._conf, self._boxes, self.folder / "queue", self._conf / "sasl"):
            folder.mkdir(exist_ok=True)
        (self.folder / "data").mkdir()
        shutil.chown(self.folder / "data", "postfix", "postfix")
        shutil.chown(self._boxes, "nobody")
        settings = {
            "compatibility_level": "3.6",
            "queue_directory": self.folder / "queue",
            "data_directory": self.folder / "data",
            "maillog_file": self.folder / "log",
            "maillog_file_prefixes": "/tmp",
            "inet_interfaces": "loopback-only",
            "inet_protocols": "ipv4",
            "myhostname": "mail.example.com",
            "mydestination": "",
            "alias_maps": "",
            "local_recipient_maps": "",
            "mynetworks": "127.0.0.1/32",
            "virtual_mailbox_domains": "example.com",
            "virtual_mailbox_base": self._boxes,
            "virtual_mailbox_maps": f"regexp:{self._conf / 'people'}",
            "virtual_uid_maps": f"static:{_uid('nobody')}",
            "virtual_gid_maps": f"static:{_uid('nobody')}",
            "smtpd_tls_cert_file": self.certificate,
            "smtpd_tls_key_file": self.folder / "key.pem",
            "smtpd_tls_security_level": "encrypt",
            "smtpd_sasl_auth_enable": "yes",
            "smtpd_sasl_path": "smtpd",
            "cyrus_sasl_config_path": self._conf / "sasl",
            "smtpd_sasl_local_domain": "example.com",
            "smtpd_relay_restrictions": "permit_sasl_authenticated,reject",
            "smtpd_recipient_restrictions": "permit_sasl_authenticated,reject",
            "smtpd_reject_unlisted_recipient": "yes",
            "smtputf8_enable": "no",
            "transport_maps": f"regexp:{self._conf / 'transports'}",
        } | self._settings
        lines = [f"{name} = {value}" for name, value in settings.items()]
        (self._conf / "main.cf").write_text("\n".join(lines) + "\n")
        (self._conf / "people").write_text(
            "/^bounces\\+[^@]*@example.com$/ bounces/\n/^[^n@][^@]*@example.com$/ box/\n"
        )
        (self._conf / "transports").write_text("/^gone[^@]*@example.com$/ gone:\n")
        no_user = self.folder / "no_user.sh"
        no_user.write_text("#!/bin/sh\nexit 67\n")  # EX_NOUSER of sysexits.h
        no_user.chmod(0o755)
        gone = f"gone unix - n n - - pipe user=nobody argv={no_user}"
        smtpd = f"127.0.0.1:{self.port} inet n - n - - smtpd"
        (self._conf / "master.cf").write_text("\n".join((smtpd, gone, *_DAEMONS)) + "\n")
        secrets = self.folder / "sasldb2"
        (self._conf / "sasl" / "smtpd.conf").write_text(
            "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\n"
            f"sasldb_path: {secrets}\n"
        )
        subprocess.run(
            ["saslpasswd2", "-p", "-c", "-f", secrets, "-u", "example.com", USER],
            input=PASSWORD,
            text=True,
            check=True,
            timeout=30,
        )
        shutil.chown(secrets, "postfix")


def make_certificate(folder: Path) -> Path:
    """Make a certificate for localhost with its key in a folder; gives the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    certificate = folder / "certificate.pem"
    certificate.write_bytes(made.public_bytes(pem))
    secret = folder / "key.pem"
    secret.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    secret.chmod(0o600)
    return certificate


def _uid(name: str) -> int:
    import pwd

    return pwd.getpwnam(name).pw_uid
