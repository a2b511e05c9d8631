"""`noc-console audit agreed propose`: what an audit found beside what is agreed."""

import argparse
import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime

from noc_console.audit.agreed import OwnerKind, Proposal
from noc_console.audit.agreed_records import agree
from noc_console.audit.proposing import proposals
from noc_console.cli.audit_choice import add_audit, chosen_audit, server_in
from noc_console.cli.command_module import UsageError
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.cli.who import own_name
from noc_console.fleet.records import list_servers
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_COLUMNS = (
    Column(title="SERVER", shrinks_to=10),
    Column(title="KIND"),
    Column(title="VALUE", shrinks_to=12),
    Column(title="FOUND", is_sentence=True, shrinks_to=20, drop_at=0),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the audit, and whether it is agreed to."""
    add_audit(parser)
    parser.add_argument("--server", metavar="NAME", help="only this server")
    parser.add_argument(
        "--accept",
        metavar="WHY",
        help="agree to all that is listed, each for its server, with this reason",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the proposals, or agree to them; exits 0, whether there are any or not.

    Raises:
        ConsoleError: there is no such audit or server.
    """
    if arguments.accept is not None and not arguments.accept.strip():
        raise UsageError("Say why with --accept WHY; it is kept with each line.")
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit = chosen_audit(store, arguments.audit)
        only = [server_in(store, audit, arguments.server)] if arguments.server else None
        found = proposals(store, audit, only)
        names = {one.id: one.name for one in list_servers(store)}
        if arguments.accept is not None:
            _accept(store, found, arguments.accept)
    if arguments.json:
        told = [
            {"server": names[one.server_id], "kind": one.kind, "value": one.value, "why": one.why}
            for one in found
        ]
        print(json.dumps({"audit": audit.id, "proposals": told}))
    elif found:
        rows = [
            [inert(names[one.server_id]), one.kind, inert(one.value), inert(one.why)]
            for one in found
        ]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
        print(
            f"{len(found)} are agreed now."
            if arguments.accept is not None
            else f"{len(found)} may be agreed; --accept WHY agrees to all that are listed."
        )
    else:
        print("The audit found nothing beside what is agreed.")
    return 0


def _accept(store: Store, found: Sequence[Proposal], reason: str) -> None:
    by_server: dict[int, list[tuple[str, str]]] = {}
    for one in found:
        by_server.setdefault(one.server_id, []).append((one.kind, one.value))
    for server_id, values in by_server.items():
        agree(
            store,
            OwnerKind.SERVER,
            str(server_id),
            values,
            reason=reason,
            by=own_name(),
            now=datetime.now(UTC),
        )
