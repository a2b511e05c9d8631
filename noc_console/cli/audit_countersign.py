"""`noc-console audit countersign`: a second person signs with a key of their own."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.audit.sealing import countersign_audit
from noc_console.audit.verifying import verify_audit
from noc_console.cli.audit_choice import add_audit, chosen_audit
from noc_console.cli.audit_key import add_key, chosen_key
from noc_console.cli.audit_proof import add_out, refuse_other, write_bundle
from noc_console.cli.audit_verify import refuse_broken
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the audit and the key."""
    add_audit(parser)
    add_key(parser)
    add_out(parser)


def run(arguments: argparse.Namespace) -> int:
    """Verify what the auditor signed, then sign it too.

    Raises:
        ConsoleError: it is not as it was signed, it is the same person or key, or the key fails.
    """
    refuse_other(arguments.out)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit = chosen_audit(store, arguments.audit)
        refuse_broken(verify_audit(store, audit.id))
        statement = countersign_audit(
            store, audit.id, chosen_key(arguments), by=own_name(), now=datetime.now(UTC)
        )
        if arguments.out:
            write_bundle(store, audit.id, arguments.out)
    print(*map(inert, statement.splitlines()), sep="\n")
    print(f"The audit of {audit.month} is countersigned; nothing in it changes any more.")
    return 0
