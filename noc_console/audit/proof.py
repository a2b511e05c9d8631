"""What a signed audit is held against: its rows as digests, its journal as a chain, its signatures.

Pure: no I/O, no clock. Rows are as the database holds them, plain texts and numbers, whether they
come from a store or from an exported bundle; nothing in them can make this raise.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from noc_console.audit.audit import AUDITOR, COUNTERSIGNER, AuditState
from noc_console.audit.journal import EntryKind
from noc_console.audit.sshsig import WrongSignature, proven_by
from noc_console.store.digest import digest
from noc_console.store.schema.metadata import from_ms

Row = Mapping[str, Any]
_ROLES = {
    AuditState.OPEN.value: frozenset[str](),
    AuditState.SIGNED.value: frozenset({AUDITOR}),
    AuditState.COUNTERSIGNED.value: frozenset({AUDITOR, COUNTERSIGNER}),
}


def statement_fields(statement: str) -> Mapping[str, str]:
    """Give the lines of a statement by their names."""
    lines = statement.splitlines()[1:]
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def named_digest(table: str, row: Row) -> tuple[str, str]:
    """Give the name under which a person is told of a row, and its digest."""
    if table == "audit":
        rest = {key: value for key, value in row.items() if key != "state"}  # signing changes it
        return "the audit itself", digest(rest)
    return _NAMED[table](row), digest(dict(row))


_NAMED = {
    "audit_server": lambda row: f"server {row['server_name']} ({row['server_id']})",
    "audit_result": lambda row: f"result of {row['check_id']} on server {row['server_id']}",
    "audit_finding": lambda row: (
        f"finding {json.dumps([row['server_id'], row['check_id'], row['item']])}"
    ),
    "audit_decision": lambda row: f"decision {row['id']}",
}
SEALED_TABLES = ("audit", *_NAMED)
"""The tables whose rows a signature holds, by their names in the store."""


def digests_of(rows: Iterable[tuple[str, Row]]) -> dict[str, str]:
    """Give the digests of what stands in an audit, of each row with its table, by name."""
    digests: dict[str, str] = {}
    for table, row in rows:
        name, one = named_digest(table, row)
        digests[name] = f"{one}, and it is there twice" if name in digests else one
    return digests


def broken_journal(journal: Sequence[Row], audit_id: int) -> Iterator[str]:
    """Name the first entry, of those in order, that does not follow from the one before."""
    previous = ""
    for expected, one in enumerate(journal, start=1):
        try:
            body = json.loads(one["body"])
            is_whole = json.dumps(body, separators=(",", ":")) == one["body"]
            told = [audit_id, one["number"], one["at"], one["by"], one["kind"], body, previous]
            is_written = digest(told) == one["sha256"]
        except (ValueError, RecursionError):
            is_whole = is_written = False
        is_next = (one["number"], one["previous"]) == (expected, previous)
        if not (is_whole and is_next and is_written):
            yield f"entry {expected} of the journal"
            return
        previous = one["sha256"]


def differences(
    now: Mapping[str, str], signatures: Sequence[Row], journal: Sequence[Row]
) -> Iterator[str]:
    """Name what is not as the auditor signed it; `now` are the digests of what stands there."""
    seal = _sealed(signatures, journal)
    try:
        before: dict[str, str] = dict(json.loads(seal["body"])["digests"])
    except (KeyError, TypeError, ValueError, RecursionError):
        yield "the seal in the journal"
        return
    if seal["content"] != f"sha256 {digest(before)}":
        yield "the seal in the journal: it is not what the auditor signed"
    names = before.keys() | now.keys()
    yield from sorted(name for name in names if before.get(name) != now.get(name))


def _sealed(signatures: Sequence[Row], journal: Sequence[Row]) -> Row:
    """Give the entry that the auditor signed: no later one counts, whoever wrote it."""
    statements = [one["statement"] for one in signatures if one["role"] == AUDITOR]
    told = statement_fields(statements[0]) if statements else {}
    head = told.get("journal", "").removeprefix("sha256 ")
    found = [one for one in journal if one["sha256"] == head]
    is_seal = len(found) == 1 and found[0]["kind"] == EntryKind.SEALED.value
    return {**found[0], "content": told.get("content", "")} if is_seal else {}


def not_entered(signatures: Sequence[Row], journal: Sequence[Row]) -> Iterator[str]:
    """Name a signature without its entry in the journal, or an entry without its signature."""
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


def wrong_signatures(
    signatures: Sequence[Row], journal: Sequence[Row], states: Sequence[str]
) -> Iterator[str]:
    """Name each signature that does not prove its statement, or is told of another person."""
    roles = frozenset(one["role"] for one in signatures)
    if len(states) != 1 or _ROLES.get(states[0]) != roles:
        yield "the state of the audit and its signatures"
    heads = {one["sha256"] for one in journal}
    keys = []
    for one in signatures:
        try:
            key = proven_by(one["statement"], one["signature"])
        except WrongSignature:
            key = ""
        keys.append(key)
        if not key or key != one["public_key"] or not _is_told(one, heads):
            yield f"the signature of the {one['role']}"
    if len(set(keys)) < len(keys):
        yield "the two signatures: both are of one key"


def _is_told(one: Row, heads: set[str]) -> bool:
    """Whether a signature's row says what its statement says."""
    told = statement_fields(one["statement"])
    try:
        at = from_ms(one["at"]).isoformat(timespec="milliseconds")
    except OverflowError:
        return False
    row = (one["role"], json.dumps(one["by"], ensure_ascii=False), at)
    is_row = row == (told.get("signed as"), told.get("signed by"), told.get("signed at"))
    return is_row and told.get("journal", "").removeprefix("sha256 ") in heads


def aged_before(journal: Iterable[Row]) -> datetime | None:
    """Give the time before which evidence was let go by setting; None: it never was.

    An entry that says it may be younger than the signatures: then nothing but the store vouches.
    """
    told = (_aged_by(one) for one in journal if one["kind"] == EntryKind.AGED.value)
    return max((one for one in told if one is not None), default=None)


def _aged_by(entry: Row) -> datetime | None:
    """Give what an entry of ageing allows; None where it is damaged, or claims too much."""
    try:
        body = json.loads(entry["body"])
        before = datetime.fromisoformat(body["before"])
        is_due = from_ms(entry["at"]) - before >= timedelta(days=body["days"])
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        return None
    return before if is_due else None


def missing_evidence(
    missing: Iterable[tuple[int, str, int]], journal: Iterable[Row]
) -> tuple[list[str], int]:
    """Name the evidence that is gone, of server, check and time in ms; and count what aged out."""
    before = aged_before(journal)
    gone, aged = [], 0
    for server_id, check_id, at_ms in missing:
        if before is not None and at_ms < before.timestamp() * 1000:
            aged += 1
        else:
            gone.append(f"the evidence of {check_id} on server {server_id}: it is gone")
    return gone, aged
