"""`noc-console audit verify`: whether an audit is as it was signed, and who signed it."""

import argparse
import contextlib
import json
from contextlib import closing
from pathlib import Path

from noc_console.audit.sealing import signatures_of
from noc_console.audit.sshsig import NAMESPACE
from noc_console.audit.verifying import Verified, verify_audit
from noc_console.cli.audit_choice import add_audit, chosen_audit
from noc_console.cli.terminal_text import inert
from noc_console.errors import ConsoleError
from noc_console.fleet.whole_file import write_whole
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store


class NotAsItWas(ConsoleError):
    """An audit that was changed since it was signed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the audit, and where statements go for ssh-keygen."""
    add_audit(parser)
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
        ConsoleError: there is no such audit, or the files cannot be written.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit = chosen_audit(store, arguments.audit)
        verified = verify_audit(store, audit.id)
        written = _write(store, audit.id, arguments.out) if arguments.out else []
    if arguments.json:
        told = {
            "audit": audit.id,
            "month": audit.month,
            "state": audit.state.value,
            "ok": not verified.broken,
            "broken": list(verified.broken),
            "signed_by": dict(verified.signed_by),
            "entries": verified.entries,
            "evidence": verified.evidence,
        }
        print(json.dumps(told))
        return 1 if verified.broken else 0
    refuse_broken(verified)
    for role, who in verified.signed_by.items():
        print(inert(f"{role}: {who}"))
    signed = "as it was signed" if verified.signed_by else "whole, and not signed yet"
    print(
        f"The audit of {audit.month} is {signed}: {verified.entries} entries of its journal, "
        f"{verified.evidence} pieces of evidence."
    )
    for line in written:
        print(line)
    return 0


def refuse_broken(verified: Verified) -> None:
    """Refuse an audit that is not as it was.

    Raises:
        NotAsItWas: it names what was changed.
    """
    if verified.broken:
        raise NotAsItWas(
            f"Not as it was signed: {'; '.join(inert(one) for one in verified.broken)}. "
            "Ask who had the store in hand, and take the month from a backup."
        )


def _write(store: Store, audit_id: int, folder: Path) -> list[str]:
    """Write each statement with its signature; gives the commands that prove them."""
    with contextlib.suppress(OSError):  # writing says why, in a sentence
        folder.mkdir(parents=True, exist_ok=True)
    commands, allowed = [], []
    for one in signatures_of(store, audit_id):
        name = f"statement-{one.role}.txt"
        write_whole(folder / name, one.statement.encode())
        write_whole(folder / f"{name}.sig", one.signature.encode())
        allowed.append(f"{one.role} {one.public_key}\n")
        commands.append(
            f"ssh-keygen -Y verify -f allowed_signers -I {one.role} -n {NAMESPACE} "
            f"-s {name}.sig < {name}"
        )
    write_whole(folder / "allowed_signers", "".join(allowed).encode())
    return commands
