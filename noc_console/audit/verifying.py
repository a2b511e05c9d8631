"""Whether an audit is as it was signed: every changed byte is found, and what it is in is named."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from noc_console.audit.audit import AuditState
from noc_console.audit.journal import EntryKind
from noc_console.audit.sealing import (
    AUDITOR,
    COUNTERSIGNER,
    raw_rows,
    seal_of,
    statement_fields,
)
from noc_console.audit.sshsig import WrongSignature, proven_by
from noc_console.store.digest import digest
from noc_console.store.schema.audit import (
    audit,
    audit_entry,
    audit_evidence,
    audit_result,
    audit_signature,
)
from noc_console.store.schema.metadata import from_ms
from noc_console.store.store import Store

_ROLES = {
    AuditState.OPEN.value: frozenset[str](),
    AuditState.SIGNED.value: frozenset({AUDITOR}),
    AuditState.COUNTERSIGNED.value: frozenset({AUDITOR, COUNTERSIGNER}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found: `broken` names each thing that is not as it was, or is gone."""

    broken: tuple[str, ...]
    signed_by: Mapping[str, str]
    """Role to name and key."""
    entries: int
    evidence: int


def verify_audit(store: Store, audit_id: int) -> Verified:
    """Look at everything of an audit; nothing in it can make this raise but the store itself."""
    with store.read() as connection:
        broken: list[str] = []
        journal = sorted(raw_rows(connection, audit_entry, audit_id), key=lambda one: one["number"])
        broken += _breaks(journal, audit_id)
        states = [row["state"] for row in raw_rows(connection, audit, audit_id)]
        signatures = list(raw_rows(connection, audit_signature, audit_id))
        if signatures:
            broken += _differences(connection, audit_id, _sealed(signatures, journal))
        broken += _not_entered(signatures, journal)
        broken += _wrong_signatures(signatures, journal, states)
        kept = {
            (row["server_id"], row["check_id"]): row["evidence_sha256"]
            for row in raw_rows(connection, audit_result, audit_id)
        }
    broken += _wrong_evidence(store, audit_id, kept)
    return Verified(
        broken=tuple(broken),
        signed_by={one["role"]: f"{one['by']}, {one['public_key']}" for one in signatures},
        entries=len(journal),
        evidence=len(kept),
    )


def _breaks(journal: list[dict[str, Any]], audit_id: int) -> Iterator[str]:
    previous = ""
    for expected, one in enumerate(journal, start=1):
        try:
            body = json.loads(one["body"])
            is_whole = json.dumps(body, separators=(",", ":")) == one["body"]
        except ValueError:
            body, is_whole = None, False
        told = [audit_id, one["number"], one["at"], one["by"], one["kind"], body, previous]
        is_next = (one["number"], one["previous"]) == (expected, previous)
        if not (is_whole and is_next and digest(told) == one["sha256"]):
            yield f"entry {expected} of the journal"
            return
        previous = one["sha256"]


def _sealed(signatures: list[dict[str, Any]], journal: list[dict[str, Any]]) -> Mapping[str, Any]:
    """Give the entry that the auditor signed: no later one counts, whoever wrote it."""
    statements = [one["statement"] for one in signatures if one["role"] == AUDITOR]
    told = statement_fields(statements[0]) if statements else {}
    head = told.get("journal", "").removeprefix("sha256 ")
    found = [one for one in journal if one["sha256"] == head]
    is_seal = len(found) == 1 and found[0]["kind"] == EntryKind.SEALED.value
    return found[0] | {"content": told.get("content", "")} if is_seal else {}


def _differences(
    connection: sa.Connection, audit_id: int, seal: Mapping[str, Any]
) -> Iterator[str]:
    try:
        before: dict[str, str] = json.loads(seal["body"])["digests"]
    except (KeyError, TypeError, ValueError):
        yield "the seal in the journal"
        return
    if seal["content"] != f"sha256 {digest(before)}":
        yield "the seal in the journal: it is not what the auditor signed"
    now = seal_of(connection, audit_id)
    names = before.keys() | now.keys()
    yield from sorted(name for name in names if before.get(name) != now.get(name))


def _not_entered(signatures: list[dict[str, Any]], journal: list[dict[str, Any]]) -> Iterator[str]:
    """A signature and its entry in the journal stand for one another: none is without the other."""
    for role, kind in ((AUDITOR, EntryKind.SIGNED), (COUNTERSIGNER, EntryKind.COUNTERSIGNED)):
        entered = [one["body"] for one in journal if one["kind"] == kind.value]
        given = [
            json.dumps(
                {"statement": digest(one["statement"]), "signature": digest(one["signature"])},
                separators=(",", ":"),
            )
            for one in signatures
            if one["role"] == role
        ]
        if entered != given:
            yield f"the signature of the {role} and its entry in the journal"


def _wrong_signatures(
    signatures: list[dict[str, Any]], journal: list[dict[str, Any]], states: list[str]
) -> Iterator[str]:
    roles = frozenset(one["role"] for one in signatures)
    if len(states) != 1 or _ROLES.get(states[0]) != roles:
        yield "the state of the audit and its signatures"
    by_hash = {one["sha256"]: one for one in journal}
    keys = []
    for one in signatures:
        name = f"the signature of the {one['role']}"
        try:
            key = proven_by(one["statement"], one["signature"])
        except WrongSignature:
            yield name
            continue
        keys.append(key)
        told = statement_fields(one["statement"])
        at = from_ms(one["at"]).isoformat(timespec="milliseconds")
        row = (one["role"], json.dumps(one["by"], ensure_ascii=False), at)
        is_row = row == (told.get("signed as"), told.get("signed by"), told.get("signed at"))
        head = told.get("journal", "").removeprefix("sha256 ")
        if key != one["public_key"] or not is_row or head not in by_hash:
            yield name
    if len(set(keys)) < len(keys):
        yield "the two signatures: both are of one key"


def _wrong_evidence(
    store: Store, audit_id: int, kept: Mapping[tuple[int, str], str]
) -> Iterator[str]:
    query = sa.select(audit_evidence).where(audit_evidence.c.audit_id == audit_id)
    missing = dict(kept)
    with store.history_read() as connection:
        for row in connection.execute(query):
            wanted = missing.pop((row.server_id, row.check_id), None)
            try:
                sha256 = hashlib.sha256(zlib.decompress(row.body)).hexdigest()
            except zlib.error:
                sha256 = ""
            if not sha256 == row.sha256 == wanted:
                yield f"the evidence of {row.check_id} on server {row.server_id}"
    for server_id, check_id in missing:
        yield f"the evidence of {check_id} on server {server_id}: it is gone"
