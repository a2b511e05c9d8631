"""`noc-console audit revise`: begin a correction of a signed audit."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.audit.revising import revise
from noc_console.cli.audit_choice import add_audit, chosen_audit
from noc_console.cli.who import own_name
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the audit and the reason."""
    add_audit(parser)
    parser.add_argument("--reason", required=True, metavar="WORDS", help="what is corrected")


def run(arguments: argparse.Namespace) -> int:
    """Begin it.

    Raises:
        ConsoleError: it is open, or a newer revision stands.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit = chosen_audit(store, arguments.audit)
        made = revise(store, audit.id, arguments.reason, by=own_name(), now=datetime.now(UTC))
    print(f"Audit {made.id} is revision {made.revision} of {made.month}; audit {audit.id} stays.")
    return 0
