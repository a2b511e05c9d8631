"""Whether an exported audit is as it was signed, without the store. Pure: no I/O, no clock."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from noc_console.audit.audit import AUDITOR, COUNTERSIGNER
from noc_console.audit.broken_words import with_names
from noc_console.audit.bundle import (
    README,
    README_TEXT,
    SIGNERS,
    TABLES,
    Unpacked,
    evidence_name,
    line_of,
    statement_name,
    unpacked,
)
from noc_console.audit.proof import (
    SEALED_TABLES,
    broken_journal,
    differences,
    digests_of,
    missing_evidence,
    not_entered,
    statement_fields,
    wrong_signatures,
)
from noc_console.audit.verifying import Verified
from noc_console.store.schema.metadata import Instant, metadata, to_ms

Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedBundle:
    """What was found in a bundle, and the statements that it carries, by role."""

    verified: Verified
    statements: Mapping[str, str]

    @property
    def told(self) -> Mapping[str, str]:
        """Give what the newest statement says, by its names."""
        return statement_fields([*self.statements.values(), ""][0])


def verify_bundle(bundle: bytes) -> VerifiedBundle:
    """Look at every byte of an exported audit.

    Raises:
        NoBundle: it is another file.
    """
    found = unpacked(bundle)
    rows, broken = _rows(found)
    signatures = list(_signatures(found))
    journal = rows["audit_entry"]
    broken += _wrong_members(found, [one["role"] for one in signatures])
    audits = rows["audit"]
    audit_id = audits[0]["id"] if audits else 0
    broken += broken_journal(journal, audit_id)
    now = digests_of((table, row) for table in SEALED_TABLES for row in rows[table])
    broken += differences(now, signatures, journal)
    broken += not_entered(signatures, journal)
    broken += wrong_signatures(signatures, journal, [one["state"] for one in audits])
    broken += _wrong_evidence(found, rows["audit_result"])
    gone, aged = missing_evidence(_missing(found, rows["audit_result"]), journal)
    named = with_names([*broken, *gone], rows["audit_server"], rows["audit_decision"])
    return VerifiedBundle(
        verified=Verified(
            broken=tuple(dict.fromkeys([*named, *_unnamed(found, named)])),
            signed_by={one["role"]: f"{one['by']}, {one['public_key']}" for one in signatures},
            entries=len(journal),
            evidence=len(rows["audit_result"]),
            aged=aged,
        ),
        statements={one["role"]: one["statement"] for one in signatures},
    )


def _unnamed(found: Unpacked, named: Iterable[str]) -> Iterator[str]:
    """Give what is damaged about the file; its sum alone says nothing where a thing is named."""
    others = [one for one in found.damaged if one != "the check sum of the file"]
    yield from others
    if found.damaged and not others and not list(named):
        yield "the check sum of the file: what it holds is as it was signed"


def _rows(found: Unpacked) -> tuple[Rows, list[str]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    broken = []
    for table, name in TABLES.items():
        rows[table] = []
        lines = found.members.get(name, b"").split(b"\n")
        if lines.pop() != b"":
            broken.append(f"the end of {name}")
        for number, line in enumerate(lines, start=1):
            row = _row(table, line)
            if row is None:
                broken.append(f"line {number} of {name}")
            else:
                rows[table].append(row)
    audit_ids = {row["id"] for row in rows["audit"]}
    of_others = [
        TABLES[table]
        for table in TABLES
        if table != "audit" and {row["audit_id"] for row in rows[table]} - audit_ids
    ]
    return rows, [*broken, *(f"{name}: a row is of another audit" for name in of_others)]


def _row(table: str, line: bytes) -> dict[str, Any] | None:
    """Give the row of a line; None where it is not just as such a row is written."""
    try:
        row = json.loads(line)
        if not isinstance(row, dict) or line_of(row).encode() != line:
            return None
    except (ValueError, RecursionError):
        return None
    columns = metadata.tables[table].columns
    is_row = list(row) == [one.name for one in columns]
    return row if is_row and all(_fits(one, row[one.name]) for one in columns) else None


def _fits(column: sa.Column[Any], value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    is_number = isinstance(column.type, sa.Integer | Instant)
    return type(value) is (int if is_number else str)


def _signatures(found: Unpacked) -> Iterator[dict[str, Any]]:
    """Give each signature as the store's rows have it, of what the files say."""
    lines = found.members.get(SIGNERS, b"").decode("utf-8", "replace").splitlines()
    keys = dict(line.split(" ", 1) for line in lines if " " in line)
    for role in (AUDITOR, COUNTERSIGNER):
        name = statement_name(role)
        if name not in found.members:
            continue
        statement = found.members[name].decode("utf-8", "replace")
        told = statement_fields(statement)
        yield {
            "role": role,
            "by": _unquoted(told.get("signed by", "")),
            "at": _milliseconds(told.get("signed at", "")),
            "statement": statement,
            "public_key": keys.get(role, ""),
            "signature": found.members.get(f"{name}.sig", b"").decode("utf-8", "replace"),
        }


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except (ValueError, RecursionError):
        return ""


def _milliseconds(text: str) -> int:
    try:
        return to_ms(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return 0


def _wrong_members(found: Unpacked, roles: Iterable[str]) -> Iterator[str]:
    """Name a file that is missing, that nobody put there, or that is not as it was written."""
    statements = [name for role in roles for name in _statement_files(role)]
    wanted = {README, SIGNERS, *TABLES.values(), *statements}
    there = found.members.keys()
    yield from sorted(f"{name}: it is gone" for name in wanted - there)
    yield from sorted(f"{name}: it was put there" for name in there - wanted)
    if found.members.get(README, b"") != README_TEXT.encode():
        yield README
    keys = found.members.get(SIGNERS, b"").decode("utf-8", "replace")
    if [line.partition(" ")[0] for line in keys.split("\n")] != [*roles, ""]:
        yield SIGNERS


def _statement_files(role: str) -> tuple[str, str]:
    name = statement_name(role)
    return name, f"{name}.sig"


def _wrong_evidence(found: Unpacked, results: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    wanted = {evidence_name(one["server_id"], one["check_id"]): one for one in results}
    for name, sha256 in found.evidence.items():
        one = wanted.get(name)
        if one is None:
            yield f"{name}: no result has it"
        elif sha256 != one["evidence_sha256"]:
            yield f"the evidence of {one['check_id']} on server {one['server_id']}"


def _missing(
    found: Unpacked, results: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[int, str, int]]:
    for one in results:
        if evidence_name(one["server_id"], one["check_id"]) not in found.evidence:
            yield one["server_id"], one["check_id"], one["at"]
