"""Whether an audit is as it was signed: every changed byte is found, and what it is in is named."""

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from noc_console.audit.broken_words import with_names
from noc_console.audit.proof import (
    Row,
    broken_journal,
    differences,
    missing_evidence,
    not_entered,
    wrong_signatures,
)
from noc_console.audit.sealing import raw_rows, seal_of
from noc_console.store.schema.audit import (
    audit,
    audit_decision,
    audit_entry,
    audit_evidence,
    audit_result,
    audit_server,
    audit_signature,
)
from noc_console.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found: `broken` names each thing that is not as it was, or is gone."""

    broken: tuple[str, ...]
    signed_by: Mapping[str, str]
    """Role to name and key."""
    entries: int
    evidence: int
    """How many pieces of evidence the results speak of."""
    aged: int = 0
    """How many of these aged out by setting: only their hashes are left."""


def verify_audit(store: Store, audit_id: int) -> Verified:
    """Look at everything of an audit; nothing in it can make this raise but the store itself."""
    with store.read() as connection:
        broken: list[str] = []
        journal = sorted(raw_rows(connection, audit_entry, audit_id), key=lambda one: one["number"])
        broken += broken_journal(journal, audit_id)
        states = [row["state"] for row in raw_rows(connection, audit, audit_id)]
        signatures = list(raw_rows(connection, audit_signature, audit_id))
        if signatures:
            broken += differences(seal_of(connection, audit_id), signatures, journal)
        broken += not_entered(signatures, journal)
        broken += wrong_signatures(signatures, journal, states)
        kept = {
            (row["server_id"], row["check_id"]): row
            for row in raw_rows(connection, audit_result, audit_id)
        }
        servers = list(raw_rows(connection, audit_server, audit_id))
        decisions = list(raw_rows(connection, audit_decision, audit_id)) if broken else []
    missing = dict(kept)
    broken += _wrong_evidence(store, audit_id, missing)
    gone, aged = missing_evidence(((*key, row["at"]) for key, row in missing.items()), journal)
    return Verified(
        broken=tuple(with_names((*broken, *gone), servers, decisions)),
        signed_by={one["role"]: f"{one['by']}, {one['public_key']}" for one in signatures},
        entries=len(journal),
        evidence=len(kept),
        aged=aged,
    )


def _wrong_evidence(
    store: Store, audit_id: int, missing: dict[tuple[int, str], Row]
) -> Iterator[str]:
    """Name each piece that is not as its result says; those that are there are taken out."""
    query = sa.select(audit_evidence).where(audit_evidence.c.audit_id == audit_id)
    with store.history_read() as connection:
        for row in connection.execute(query):
            wanted = missing.pop((row.server_id, row.check_id), None)
            try:
                sha256 = hashlib.sha256(zlib.decompress(row.body)).hexdigest()
            except zlib.error:
                sha256 = ""
            if wanted is None or not sha256 == row.sha256 == wanted["evidence_sha256"]:
                yield f"the evidence of {row.check_id} on server {row.server_id}"
