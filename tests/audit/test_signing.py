"""Signed by two people; every changed byte is found and named; stock ssh-keygen proves it too."""

import os
import random
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.audit.audit import AuditState, CollectState
from noc_console.audit.audit_records import (
    AuditIsSigned,
    findings_of,
    get_audit,
    note_collecting,
    open_audit,
    results_of,
    servers_of,
)
from noc_console.audit.decision import DecisionKind, InvalidDecision, Wanted, standing
from noc_console.audit.decision_records import (
    NotInAudit,
    decide,
    decide_all,
    decisions_of,
    earlier_decisions,
)
from noc_console.audit.journal import EntryKind, add_entry
from noc_console.audit.may_sign import obstacles
from noc_console.audit.revising import NotToRevise, revise
from noc_console.audit.sealing import (
    CannotSign,
    countersign_audit,
    raw_rows,
    seal_of,
    sign_audit,
)
from noc_console.audit.sshsig import (
    NAMESPACE,
    NoKey,
    WrongSignature,
    proven_by,
    public_line,
    sign,
    signing_key,
    wants_passphrase,
)
from noc_console.audit.summary_records import put_summaries, summaries_of
from noc_console.audit.verifying import verify_audit
from noc_console.store.schema.audit import (
    audit,
    audit_decision,
    audit_entry,
    audit_evidence,
    audit_finding,
    audit_result,
    audit_server,
    audit_signature,
)
from noc_console.store.store import open_store
from tests.audit.signed import SERVERS, collected, decided, journal_of, make_key, signed
from tests.conftest import NOW
from tests.engine.running import wait_until

PORT = (1, "FW-01", "tcp/3306")


def against(store, begun, critical=("FW-01",)):
    return obstacles(
        servers_of(store, begun.id),
        results_of(store, begun.id),
        findings_of(store, begun.id),
        standing(decisions_of(store, begun.id), earlier_decisions(store, begun.id), NOW.date()),
        critical,
    )


def test_what_wants_a_decision_stands_against_signing_and_is_named(store):
    begun = collected(store)
    words = [one.words for one in against(store, begun)]
    assert words[0].startswith("FW-01 tcp/3306 on web1 wants a decision: tcp/3306 is open")
    assert len(words) == 2
    note_collecting(store, begun.id, [2], CollectState.RUNNING, now=NOW)
    assert against(store, begun)[0].words == "web2 is not asked to the end: it is running."
    assert against(store, decided(store, "2026-12")) == []


def test_a_decision_taken_back_is_wanted_again(store):
    begun = decided(store)
    decide(store, begun.id, [PORT], DecisionKind.REOPENED, by="ann", now=NOW)
    (one,) = against(store, begun)
    assert one.key == PORT


def test_an_exception_holds_in_the_next_months_until_its_last_day(store):
    decided(store, "2026-11")
    later = collected(store, "2026-12")
    before = earlier_decisions(store, later.id)
    assert standing([], before, NOW.date() + timedelta(days=90))[PORT].by == "ann"
    assert standing([], before, NOW.date() + timedelta(days=91)) == {}


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (DecisionKind.ACCEPTED, {"until": NOW.date()}, "Give a reason"),
        (DecisionKind.ACCEPTED, {"reason": "known"}, "Give a day"),
        (DecisionKind.ACCEPTED, {"reason": "x", "until": NOW.date() - timedelta(1)}, "is over"),
        (DecisionKind.FALSE, {}, "Give a reason"),
        (DecisionKind.TASK, {"until": NOW.date()}, "has an owner"),
        (DecisionKind.TASK, {"owner": "bob"}, "when is it due"),
        (DecisionKind.ANSWERED, {"reason": " "}, "Give a reason"),
        (DecisionKind.FALSE, {"reason": "x" * 2001}, "shorten it"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_and_leaves_nothing(store, kind, fields, words):
    begun = collected(store)
    with pytest.raises(InvalidDecision, match=words):
        decide(store, begun.id, [PORT], kind, by="ann", now=NOW, **fields)
    assert decisions_of(store, begun.id) == []
    assert journal_of(store, begun.id) == []


def test_of_several_decisions_taken_at_once_all_are_written_or_none(store):
    begun = collected(store)
    kept = Wanted(kind=DecisionKind.FALSE, keys=(PORT,), reason="It is ours.")
    away = Wanted(kind=DecisionKind.FIXED, keys=((9, "FW-01", ""),))
    with pytest.raises(NotInAudit):
        decide_all(store, begun.id, [kept, away], by="ann", now=NOW)
    assert (decisions_of(store, begun.id), journal_of(store, begun.id)) == ([], [])

    other = (2, "FW-01", "tcp/3306")
    also = Wanted(kind=DecisionKind.TASK, keys=(other,), owner="bob", until=NOW.date())
    decide_all(store, begun.id, [kept, also], by="ann", now=NOW)
    kinds = [one.kind for one in decisions_of(store, begun.id)]
    assert kinds == [DecisionKind.FALSE, DecisionKind.TASK]
    assert [one.kind for one in journal_of(store, begun.id)] == [EntryKind.DECIDED] * 2


def test_a_decision_about_a_server_of_no_audit_is_refused(store):
    begun = collected(store)
    with pytest.raises(NotInAudit):
        decide(store, begun.id, [(9, "FW-01", "")], DecisionKind.FIXED, by="ann", now=NOW)


def test_two_people_sign_and_nothing_changes_any_more(any_store, tmp_path):
    begun = signed(any_store, tmp_path)
    assert get_audit(any_store, begun.id).state is AuditState.COUNTERSIGNED
    verified = verify_audit(any_store, begun.id)
    assert verified.broken == ()
    assert verified.evidence == 4
    assert verified.signed_by["auditor"].startswith("ann, ssh-ed25519 ")
    kinds = [one.kind for one in journal_of(any_store, begun.id)]
    assert kinds == [
        EntryKind.DECIDED,
        EntryKind.SEALED,
        EntryKind.SIGNED,
        EntryKind.COUNTERSIGNED,
    ]
    for act in (
        lambda: decide(any_store, begun.id, [PORT], DecisionKind.FIXED, by="ann", now=NOW),
        lambda: open_audit(any_store, "2026-11", SERVERS, catalogue="", by="ann", now=NOW),
    ):
        with pytest.raises(AuditIsSigned, match="new revision"):
            act()


def test_the_second_signature_is_another_persons_with_another_key(store, tmp_path):
    begun = decided(store)
    key = signing_key(make_key(tmp_path))
    with pytest.raises(CannotSign, match="not signed it yet"):
        countersign_audit(store, begun.id, key, by="bob", now=NOW)
    sign_audit(store, begun.id, key, by="ann", now=NOW)
    with pytest.raises(CannotSign, match="another person"):
        countersign_audit(store, begun.id, key, by="Ann", now=NOW)
    with pytest.raises(CannotSign, match="their own"):
        countersign_audit(store, begun.id, key, by="bob", now=NOW)
    with pytest.raises(AuditIsSigned):
        sign_audit(store, begun.id, key, by="ann", now=NOW)


class Meddling:
    """A key in whose while somebody decides something."""

    def __init__(self, key, act):
        self.key, self.act = key, act

    def get_name(self):
        return self.key.get_name()

    def asbytes(self):
        return self.key.asbytes()

    def sign_ssh_data(self, data, algorithm=None):
        self.act()
        return self.key.sign_ssh_data(data, algorithm)


def test_what_changes_while_the_key_is_asked_is_not_signed(store, tmp_path):
    begun = decided(store)

    def act():
        decide(store, begun.id, [PORT], DecisionKind.FIXED, by="bob", now=NOW)

    key = Meddling(signing_key(make_key(tmp_path)), act)
    with pytest.raises(CannotSign, match="changed while"):
        sign_audit(store, begun.id, key, by="ann", now=NOW)
    assert get_audit(store, begun.id).state is AuditState.OPEN


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_stock_ssh_keygen_proves_what_we_sign_and_we_prove_what_it_signs(tmp_path, kind):
    path = make_key(tmp_path, kind=kind, passphrase="a horse")
    assert wants_passphrase(path)
    with pytest.raises(NoKey, match="passphrase"):
        signing_key(path)
    with pytest.raises(NoKey, match="wrong"):
        signing_key(path, "no horse")
    key = signing_key(path, "a horse")
    text = "month: 2026-11\nsigned by: Ann Ö\n"
    (tmp_path / "text.sig").write_text(sign(text, key))
    (tmp_path / "allowed").write_text(f"ann {public_line(key)}\n")
    words = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "ann", "-n", NAMESPACE]
    proven = subprocess.run(
        [*words, "-s", "text.sig"],
        input=text.encode(),
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert proven.returncode == 0, proven.stderr
    assert proven_by(text, (tmp_path / "text.sig").read_text()) == public_line(key)
    with pytest.raises(WrongSignature, match="not of this text"):
        proven_by(f"{text} ", (tmp_path / "text.sig").read_text())


def test_a_key_of_the_agent_signs_by_its_public_file(tmp_path, monkeypatch):
    path = make_key(tmp_path)
    socket = tmp_path / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        with pytest.raises(NoKey, match="does not hold"):
            _when_there(socket, lambda: signing_key(path.with_suffix(".pub")))
        subprocess.run(["ssh-add", "-q", str(path)], check=True, env=dict(os.environ))
        key = signing_key(path.with_suffix(".pub"))
        assert proven_by("text", sign("text", key)) == public_line(signing_key(path))
    finally:
        agent.kill()
        agent.wait()


def _when_there(socket, act):
    wait_until(socket.exists)
    return act()


def test_a_file_that_is_no_key_says_so(tmp_path):
    (tmp_path / "no").write_text("hello")
    for act in (wants_passphrase, signing_key):
        with pytest.raises(NoKey, match="no"):
            act(tmp_path / "no")
        with pytest.raises(NoKey, match="cannot be read"):
            act(tmp_path / "missing")


CORE = (
    audit,
    audit_server,
    audit_result,
    audit_finding,
    audit_decision,
    audit_entry,
    audit_signature,
)
SIGNED = (*CORE, audit_evidence)


def changed(value, chance):
    """Give a value with one byte changed."""
    if isinstance(value, bytes):
        place = chance.randrange(len(value))
        return (
            value[:place] + bytes([value[place] ^ (1 << chance.randrange(8))]) + value[place + 1 :]
        )
    if isinstance(value, str):
        place = chance.randrange(len(value)) if value else 0
        other = chance.choice([one for one in "aE7 \"'}" if one != value[place : place + 1]])
        return value[:place] + other + value[place + 1 :]
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(20))
    return None


def test_each_of_200_changed_bytes_is_found_and_named(store, tmp_path):
    begun = signed(store, tmp_path)
    chance = random.Random(2026)  # noqa: S311 - which byte is changed is no secret
    unseen, tried = [], 0
    while tried < 200:
        table = chance.choice(SIGNED)
        opened = store.history_write if table is audit_evidence else store.write
        with opened() as connection:
            rows = list(raw_rows(connection, table, begun.id))
            row = chance.choice(rows)
            name = chance.choice([key for key in row if key not in {"id", "audit_id"}])
            other = changed(row[name], chance)
            if other is None or other == row[name]:
                continue
            keys = [column.name for column in table.primary_key]
            where = " AND ".join(f'"{key}" = ?' for key in keys)
            query = f'UPDATE "{table.name}" SET "{name}" = ? WHERE {where}'  # noqa: S608 - names of ours
            connection.exec_driver_sql(query, (other, *(row[key] for key in keys)))
        tried += 1
        broken = verify_audit(store, begun.id).broken
        if not broken:
            unseen.append((table.name, name, row[name], other))
        with opened() as connection:
            again = tuple(other if key == name else row[key] for key in keys)
            connection.exec_driver_sql(query, (row[name], *again))
    assert unseen == []
    assert verify_audit(store, begun.id).broken == ()


def test_what_was_changed_is_named(store, tmp_path):
    begun = signed(store, tmp_path)
    with store.write() as connection:
        connection.execute(sa.update(audit_finding).values(sentence="All is well."))
        connection.execute(sa.delete(audit_decision).where(audit_decision.c.server_id == 2))
    broken = verify_audit(store, begun.id).broken
    assert "finding FW-01 tcp/3306 on web1 (server 1)" in broken
    assert any(one.startswith("decision ") for one in broken)
    with store.write() as connection:
        connection.execute(sa.delete(audit_signature).where(audit_signature.c.role == "auditor"))
    assert "the state of the audit and its signatures" in verify_audit(store, begun.id).broken


def test_evidence_that_is_gone_is_named(store, tmp_path):
    begun = signed(store, tmp_path)
    with store.history_write() as connection:
        connection.execute(sa.delete(audit_evidence).where(audit_evidence.c.server_id == 1))
    assert set(verify_audit(store, begun.id).broken) == {
        "the evidence of FW-01 on web1 (server 1): it is gone",
        "the evidence of USR-01 on web1 (server 1): it is gone",
    }


def test_a_correction_is_a_new_revision_and_the_signed_one_stays(any_store, tmp_path):
    begun = signed(any_store, tmp_path)
    with pytest.raises(NotToRevise, match="what is corrected"):
        revise(any_store, begun.id, " ", by="ann", now=NOW)
    with any_store.history_write() as history:
        put_summaries(history, begun.id, 1, ["FW-01"], {"FW-01": "[1,[]]"})
    made = revise(any_store, begun.id, "The port was closed.", by="ann", now=NOW)
    assert summaries_of(any_store, made.id, "FW-01") == {1: "[1,[]]"}
    assert (made.revision, made.state) == (2, AuditState.OPEN)
    assert results_of(any_store, made.id) == results_of(any_store, begun.id)
    assert against(any_store, made) == []
    decide(any_store, made.id, [PORT], DecisionKind.FIXED, by="ann", now=NOW)
    assert verify_audit(any_store, begun.id).broken == ()
    assert verify_audit(any_store, made.id).evidence == 4
    with pytest.raises(NotToRevise, match="is open"):
        revise(any_store, made.id, "x", by="ann", now=NOW)
    with pytest.raises(NotToRevise, match="Revision 2"):
        revise(any_store, begun.id, "x", by="ann", now=NOW)


DECIDING = """
import sys
from datetime import UTC, datetime
from noc_console.audit.decision import DecisionKind
from noc_console.audit.decision_records import decide
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
store = open_store(StoreLocation.parse(sys.argv[1]))
print("ready", flush=True)
while True:
    decide(store, int(sys.argv[2]), [(1, "FW-01", "tcp/3306"), (2, "FW-01", "tcp/3306")],
           DecisionKind.FIXED, by="ann", now=datetime.now(UTC))
"""


def test_a_desk_that_is_killed_while_it_decides_leaves_the_chain_whole(location, tmp_path):
    store = open_store(location)
    begun = collected(store)
    for turn in range(5):
        deciding = subprocess.Popen(
            [sys.executable, "-c", DECIDING, str(location), str(begun.id)],
            stdout=subprocess.PIPE,
        )
        assert deciding.stdout.readline() == b"ready\n"
        before = len(journal_of(store, begun.id))
        wait_until(
            lambda before=before, turn=turn: len(journal_of(store, begun.id)) > before + turn
        )
        deciding.kill()
        deciding.communicate()
    entries = [one for one in journal_of(store, begun.id) if one.kind is EntryKind.DECIDED]
    assert len(decisions_of(store, begun.id)) == 2 * len(entries)
    assert verify_audit(store, begun.id).broken == ()
    store.close()


def test_what_is_sealed_anew_without_a_key_is_not_what_was_signed(store, tmp_path):
    begun = signed(store, tmp_path)
    with store.write() as connection:
        connection.execute(sa.update(audit_finding).values(result="pass"))
        seal = seal_of(connection, begun.id)
        add_entry(connection, begun.id, EntryKind.SEALED, {"digests": seal}, by="ann", at=NOW)
    assert "finding FW-01 tcp/3306 on web1 (server 1)" in verify_audit(store, begun.id).broken


def test_a_signature_and_its_entry_are_not_taken_out_one_without_the_other(store, tmp_path):
    begun = signed(store, tmp_path)
    with store.write() as connection:
        connection.execute(sa.delete(audit_entry).where(audit_entry.c.kind == "countersigned"))
    name = "the signature of the countersigner and its entry in the journal"
    assert name in verify_audit(store, begun.id).broken
    with store.write() as connection:
        connection.execute(sa.delete(audit_signature))
        connection.execute(sa.update(audit).values(state="open"))
    name = "the signature of the auditor and its entry in the journal"
    assert name in verify_audit(store, begun.id).broken
