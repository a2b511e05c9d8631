"""Whoever is killed while they sign loses nothing: the chain is whole, and they sign again."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from noc_console.audit.audit import AuditState
from noc_console.audit.audit_records import get_audit
from noc_console.audit.decision_records import decisions_of
from noc_console.audit.journal import EntryKind
from noc_console.audit.sealing import countersign_audit, sign_audit, signatures_of
from noc_console.audit.sshsig import signing_key
from noc_console.audit.verifying import verify_audit
from noc_console.store.store import open_store
from tests.audit.signed import decided, journal_of, make_key
from tests.conftest import NOW

SIGNING = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
from noc_console.audit import sealing
from noc_console.audit.journal import EntryKind
from noc_console.audit.sshsig import signing_key
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

place, number, path, act, moment = sys.argv[1:]

def stop(name):
    if name == moment:
        print("there", flush=True)
        threading.Event().wait()

enter, sign = sealing.add_entry, sealing.sign

def entered(connection, audit_id, kind, body, **who):
    made = enter(connection, audit_id, kind, body, **who)
    stop(kind.value)
    return made

def signed(statement, key):
    stop("the key is asked")
    made = sign(statement, key)
    stop("the key has signed")
    return made

sealing.add_entry, sealing.sign = entered, signed
store = open_store(StoreLocation.parse(place))
deed = getattr(sealing, f"{act}_audit")
deed(store, int(number), signing_key(Path(path)), by=act, now=datetime.now(UTC))
stop("all is written")
"""
MOMENTS = {
    "sign": ["sealed", "the key is asked", "the key has signed", "signed", "all is written"],
    "countersign": ["the key is asked", "the key has signed", "countersigned", "all is written"],
}
STATES = {
    ("sign", False): AuditState.OPEN,
    ("sign", True): AuditState.SIGNED,
    ("countersign", False): AuditState.SIGNED,
    ("countersign", True): AuditState.COUNTERSIGNED,
}


@pytest.mark.parametrize(
    ("act", "moment"), [(act, moment) for act, some in MOMENTS.items() for moment in some]
)
def test_one_who_is_killed_while_they_sign_loses_nothing_and_signs_again(
    location, tmp_path, act, moment
):
    keys = {name: make_key(tmp_path, name) for name in MOMENTS}
    store = open_store(location)
    begun = decided(store)
    if act == "countersign":
        sign_audit(store, begun.id, signing_key(keys["sign"]), by="sign", now=NOW)
    decisions = decisions_of(store, begun.id)

    words = [sys.executable, "-c", SIGNING, str(location), str(begun.id)]
    signing = subprocess.Popen([*words, str(keys[act]), act, moment], stdout=subprocess.PIPE)
    assert signing.stdout.readline() == b"there\n"
    signing.kill()
    signing.communicate()
    assert signing.returncode == -signal.SIGKILL

    is_done = moment == "all is written"
    assert get_audit(store, begun.id).state is STATES[act, is_done]
    assert verify_audit(store, begun.id).broken == ()
    assert decisions_of(store, begun.id) == decisions
    later = {"now": NOW + timedelta(days=2)}
    for role, deed in (("sign", sign_audit), ("countersign", countersign_audit)):
        if len(signatures_of(store, begun.id)) == list(MOMENTS).index(role):
            deed(store, begun.id, signing_key(keys[role]), by=role, **later)
    assert get_audit(store, begun.id).state is AuditState.COUNTERSIGNED
    assert verify_audit(store, begun.id).broken == ()
    kinds = [one.kind for one in journal_of(store, begun.id) if one.kind is not EntryKind.SEALED]
    assert kinds == [EntryKind.DECIDED, EntryKind.SIGNED, EntryKind.COUNTERSIGNED]
    store.close()
