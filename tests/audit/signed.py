"""An audit of two servers with findings, decided on and signed, for tests."""

import subprocess
from datetime import timedelta

from noc_console.audit.audit_records import open_audit, put_collected
from noc_console.audit.check import Family
from noc_console.audit.decision import DecisionKind
from noc_console.audit.decision_records import decide
from noc_console.audit.sealing import countersign_audit, sign_audit
from noc_console.audit.sshsig import signing_key
from noc_console.fleet.server import Server, Site
from tests.audit.test_audit_records import result
from tests.conftest import NOW

SERVERS = (
    Server(
        id=1,
        name="web1",
        address="192.0.2.1",
        groups=("web",),
        sites=(Site(domain="a.example", customer="Ann, née Ö"),),
    ),
    Server(id=2, name="web2", address="192.0.2.2"),
)


def make_key(folder, name="id", kind="ed25519", passphrase=""):
    """Make a real key pair; gives the private key's file."""
    path = folder / name
    words = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", name, "-f", str(path)]
    subprocess.run(words, check=True)
    return path


def collected(store, month="2026-11"):
    """Give an audit in which both servers were asked."""
    begun = open_audit(store, month, SERVERS, catalogue="c" * 64, by="ann", now=NOW)
    for server in SERVERS:
        put_collected(
            store,
            begun.id,
            server.id,
            [result(), result("USR-01", (), b"root\n")],
            family=Family.DEBIAN,
            system="Debian 12",
            cpu_ms=900,
            now=NOW,
        )
    return begun


def decided(store, month="2026-11"):
    """Give one in which everything is decided."""
    begun = collected(store, month)
    decide(
        store,
        begun.id,
        [(server.id, "FW-01", "tcp/3306") for server in SERVERS],
        DecisionKind.ACCEPTED,
        reason="Only the office reaches it: “VPN”.",
        until=NOW.date() + timedelta(days=90),
        by="ann",
        now=NOW,
    )
    return begun


def signed(store, folder, month="2026-11"):
    """Give one that two people signed."""
    begun = decided(store, month)
    ann, bob = signing_key(make_key(folder, "ann")), signing_key(make_key(folder, "bob"))
    sign_audit(store, begun.id, ann, by="ann", now=NOW)
    countersign_audit(store, begun.id, bob, by="bob", now=NOW + timedelta(hours=1))
    return begun
