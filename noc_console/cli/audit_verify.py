"""`noc-console audit verify`: whether an audit is as it was signed, and who signed it."""

import argparse
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from noc_console.audit.bundle import proving_command
from noc_console.audit.verifying import Verified, verify_audit
from noc_console.cli.audit_choice import add_audit, chosen_audit
from noc_console.cli.audit_proof import is_file_meant, read_bundle, write_statements
from noc_console.cli.terminal_text import inert
from noc_console.errors import ConsoleError
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


class NotAsItWas(ConsoleError):
    """An audit that was changed since it was signed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the audit, and where statements go for ssh-keygen."""
    add_audit(parser, also="or a file that `audit report` or `audit sign` wrote, such as nov.zip")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="write the signed statements there, for `ssh-keygen -Y verify` on any machine",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Verify it; exits 1 where anything is not as it was.

    Raises:
        ConsoleError: there is no such audit, or a file cannot be read or written.
    """
    if is_file_meant(arguments.audit):
        return _run_on_file(arguments)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit = chosen_audit(store, arguments.audit)
        verified = verify_audit(store, audit.id)
        written = write_statements(store, audit.id, arguments.out) if arguments.out else []
    told = {"audit": audit.id, "month": audit.month, "state": audit.state.value}
    return _tell(verified, told, f"The audit of {audit.month}", written, as_json=arguments.json)


def _run_on_file(arguments: argparse.Namespace) -> int:
    if arguments.out is not None:
        raise NotAsItWas("Any program unpacks that file: --out is for an audit of the store.")
    path = Path(arguments.audit)
    found = read_bundle(path)
    fields = found.told
    told = {"audit": fields.get("audit"), "month": fields.get("month"), "file": str(path)}
    name = f"The audit of {fields.get('month', '?')}, revision {fields.get('revision', '?')}"
    commands = [proving_command(role) for role in found.statements]
    if not commands:
        commands, name = [], "The audit"
    return _tell(found.verified, told, name, commands, as_json=arguments.json, is_file=True)


def _tell(
    verified: Verified,
    told: Mapping[str, Any],
    name: str,
    commands: Sequence[str],
    *,
    as_json: bool,
    is_file: bool = False,
) -> int:
    if as_json:
        verdict = {
            "ok": not verified.broken,
            "broken": list(verified.broken),
            "signed_by": dict(verified.signed_by),
            "entries": verified.entries,
            "evidence": verified.evidence,
            "aged": verified.aged,
        }
        print(json.dumps({**told, **verdict}))
        return 1 if verified.broken else 0
    refuse_broken(verified, is_file=is_file)
    for role, who in verified.signed_by.items():
        print(inert(f"{role}: {who}"))
    signed = "as it was signed" if verified.signed_by else "whole, and not signed yet"
    print(inert(f"{name} is {signed}: {_counted(verified)}"))
    if is_file:
        print("Compare the keys with a list that is kept elsewhere. The same, by stock OpenSSH,")
        print("in the folder where the file was unpacked (unzip):")
    for line in commands:
        print(line)
    return 0


def _counted(verified: Verified) -> str:
    entries = "1 entry" if verified.entries == 1 else f"{verified.entries} entries"
    words = f"{entries} of its journal, {verified.evidence} pieces of evidence"
    if verified.aged:
        words += f", of which {verified.aged} aged out by setting: their hashes stay"
    return f"{words}."


def refuse_broken(verified: Verified, *, is_file: bool = False) -> None:
    """Refuse an audit that is not as it was.

    Raises:
        NotAsItWas: it names what was changed.
    """
    if not verified.broken:
        return
    deed = (
        "Ask whoever gave it to you for another copy."
        if is_file
        else "Ask who had the store in hand, and take the month from a backup."
    )
    broken = "; ".join(inert(one) for one in verified.broken)
    raise NotAsItWas(f"Not as it was signed: {broken}. {deed}")
