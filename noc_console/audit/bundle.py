"""The file that carries a signed audit away: a ZIP that any program opens, with a check sum.

Pure: no I/O, no clock. Rows are stored as they are, so that a changed byte is a changed row and not
a broken file; evidence is deflated. The archive's comment ends in the SHA-256 of all before it.
"""

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from noc_console.audit.audit import AUDITOR, COUNTERSIGNER
from noc_console.audit.sshsig import NAMESPACE
from noc_console.errors import ConsoleError

README, SIGNERS, EVIDENCE = "README.txt", "allowed_signers", "evidence/"
TABLES = {
    "audit": "audit.jsonl",
    "audit_server": "servers.jsonl",
    "audit_result": "results.jsonl",
    "audit_finding": "findings.jsonl",
    "audit_decision": "decisions.jsonl",
    "audit_entry": "journal.jsonl",
}
"""The members that hold a table's rows, a line of JSON each."""
_COMMENT = b"noc-console audit bundle 1, sha256 "
_SUM_LENGTH = 64
_TIME = (1980, 1, 1, 0, 0, 0)
_LOCAL = struct.Struct("<4sHHHHHIIIHH")  # APPNOTE.TXT 6.3.10, 4.3.7: a member's own head
_UNIX = 3
_LONGEST_PIECE = 64 * 1024 * 1024
_DAMAGED = (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, struct.error)


class NoBundle(ConsoleError):
    """A file that is no exported audit at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """The members of a bundle by name, and the names of what is not as it was packed.

    Of `evidence` the SHA-256 is kept only: whoever sends a bundle decides how much that is.
    """

    members: dict[str, bytes]
    evidence: dict[str, str]
    damaged: tuple[str, ...]


def statement_name(role: str) -> str:
    """Give the member that holds the statement of a role; its signature has `.sig` after it."""
    return f"statement-{role}.txt"


def evidence_name(server_id: int, check_id: str) -> str:
    """Give the member that holds what a check's answer was."""
    return f"{EVIDENCE}{server_id}/{check_id}.txt"


def proving_command(role: str) -> str:
    """Give the line by which stock OpenSSH proves a role's statement in an unpacked bundle."""
    name = statement_name(role)
    return f"ssh-keygen -Y verify -f {SIGNERS} -I {role} -n {NAMESPACE} -s {name}.sig < {name}"


README_TEXT = f"""An audit of servers, signed, as noc-console wrote it (bundle 1).

statement-*.txt   what each person signed, with the signature beside it
{SIGNERS}   the keys that signed; compare them with a list that is kept elsewhere
*.jsonl           servers, results, findings, decisions and the journal, a line each
evidence/         what each server answered, by the number of the server and the check

Proved without noc-console, on any machine with OpenSSH, in the unpacked folder:
{proving_command(AUDITOR)}
{proving_command(COUNTERSIGNER)}

A statement holds the SHA-256 of the journal's entry that holds the SHA-256 of each row. This looks
at every byte of the packed file, and names what was changed; it needs no store and no network:
noc-console audit verify FILE
"""
"""Never changed for bundle 1: it is held against what a bundle says."""


def line_of(row: Mapping[str, Any]) -> str:
    """Give a row as its one line."""
    return json.dumps(dict(row), ensure_ascii=False, separators=(",", ":"))


def packed(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Give a bundle of its members, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = _COMMENT + b"0" * _SUM_LENGTH
        for name, content in members:
            head = zipfile.ZipInfo(name, _TIME)
            head.create_system = _UNIX
            head.external_attr = 0o100644 << 16
            is_evidence = name.startswith(EVIDENCE)
            head.compress_type = zipfile.ZIP_DEFLATED if is_evidence else zipfile.ZIP_STORED
            archive.writestr(head, content)
    before = out.getvalue()[:-_SUM_LENGTH]
    return before + hashlib.sha256(before).hexdigest().encode()


def unpacked(bundle: bytes) -> Unpacked:
    """Take a bundle apart as far as it can be, however damaged it is.

    Raises:
        NoBundle: it is another file.
    """
    if _COMMENT[:-2] not in bundle[-200:] and TABLES["audit"].encode() not in bundle:
        raise NoBundle("This is no exported audit; `noc-console audit report --out FILE.zip` is.")
    members: dict[str, bytes] = {}
    evidence: dict[str, str] = {}
    damaged: list[str] = []
    try:
        heads = zipfile.ZipFile(io.BytesIO(bundle)).infolist()
    except _DAMAGED:
        return Unpacked(members={}, evidence={}, damaged=("the list of what the file holds",))
    for head in heads:
        content = _content(bundle, head)
        if content is None or head.filename in members or head.filename in evidence:
            damaged.append(head.filename)
        if head.filename.startswith(EVIDENCE):
            evidence.setdefault(head.filename, hashlib.sha256(content or b"").hexdigest())
        else:
            members.setdefault(head.filename, content or b"")
    damaged += [f"the frame of {one.filename}" for one in heads if not _is_framed(bundle, one)]
    if not _is_summed(bundle):
        damaged.append("the check sum of the file")
    return Unpacked(members=members, evidence=evidence, damaged=tuple(damaged))


def _is_summed(bundle: bytes) -> bool:
    before, told = bundle[:-_SUM_LENGTH], bundle[-_SUM_LENGTH:]
    is_ours = before.endswith(_COMMENT)
    return is_ours and hashlib.sha256(before).hexdigest().encode() == told


def _content(bundle: bytes, head: zipfile.ZipInfo) -> bytes | None:
    """Give what a member holds, whatever its own check sum says; None where it cannot be had."""
    start = head.header_offset + _LOCAL.size + len(head.orig_filename.encode())
    kept = bundle[start : start + head.compress_size]
    if head.compress_type == zipfile.ZIP_STORED:
        return kept
    try:
        reader = zlib.decompressobj(-zlib.MAX_WBITS)
        content = reader.decompress(kept, _LONGEST_PIECE)
    except zlib.error:
        return None
    return content if reader.eof else None


def _is_framed(bundle: bytes, head: zipfile.ZipInfo) -> bool:
    """Whether a member's own head says what the list of members says of it."""
    name = head.orig_filename.encode()
    start = head.header_offset
    raw = bundle[start : start + _LOCAL.size]
    if start < 0 or len(raw) < _LOCAL.size:
        return False
    mark, _, _, kind, time, date, crc, kept, size, name_length, more = _LOCAL.unpack(raw)
    told = (mark, kind, time, date, crc, kept, size, name_length, more)
    wanted = (
        *(b"PK\x03\x04", head.compress_type, 0, 0x21, head.CRC),
        *(head.compress_size, head.file_size, len(name), 0),
    )
    return told == wanted and bundle[start + _LOCAL.size :].startswith(name)
