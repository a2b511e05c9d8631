"""An audit of two servers with findings, decided on and signed, for tests."""

import subprocess
from datetime import timedelta

from noc_console.audit.audit_records import open_audit, put_collected
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Family
from noc_console.audit.decision import WHOLE_AUDIT, DecisionKind
from noc_console.audit.decision_records import decide
from noc_console.audit.finding import Severity
from noc_console.audit.journal import entries_of
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


def journal_of(store, audit_id):
    """Give the journal of an audit, in order."""
    with store.read() as connection:
        return entries_of(connection, audit_id)


def make_key(folder, name="id", kind="ed25519", passphrase=""):
    """Make a real key pair; gives the private key's file."""
    path = folder / name
    words = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", name, "-f", str(path)]
    subprocess.run(words, check=True)
    return path


def asked_in_all():
    """Give a result for each critical check and for each step: nothing is passed over."""
    checks = [one for one in load_catalogue().checks.values() if not one.is_off]
    steps = {one.step: one.id for one in checks}
    critical = {one.id for one in checks if one.severity is Severity.CRITICAL}
    others = {*steps.values(), *critical} - {"FW-01", "USR-01"}
    return [result(one, (), b"") for one in sorted(others)]


def passing_nothing_over(store, month="2026-11"):
    """Give one in which every critical check was asked and every step looked at or answered."""
    begun = collected(store, month, asked_in_all())
    steps = load_catalogue().steps_unseen
    if steps:
        keys = [(WHOLE_AUDIT, one.value, "") for one in steps]
        kind, reason = DecisionKind.ANSWERED, "Looked at by hand."
        decide(store, begun.id, keys, kind, reason=reason, by="ann", now=NOW)
    return begun


def collected(store, month="2026-11", more=()):
    """Give an audit in which both servers were asked."""
    begun = open_audit(store, month, SERVERS, catalogue="c" * 64, by="ann", now=NOW)
    for server in SERVERS:
        put_collected(
            store,
            begun.id,
            server.id,
            [result(), result("USR-01", (), b"root\n"), *more],
            family=Family.DEBIAN,
            system="Debian 12",
            cpu_ms=900,
            now=NOW,
        )
    return begun


def decided(store, month="2026-11"):
    """Give one in which everything that was found is decided."""
    return _accepted(store, collected(store, month))


def decided_in_all(store, month="2026-11"):
    """Give one against whose signing nothing stands."""
    return _accepted(store, passing_nothing_over(store, month))


def _accepted(store, begun):
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
