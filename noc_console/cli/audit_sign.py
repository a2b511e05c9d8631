"""`noc-console audit sign`: the auditor signs; what stands against it is said line by line."""

import argparse
import json
import sys
from contextlib import closing
from datetime import UTC, datetime

from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.may_sign import steps_not_asked
from noc_console.audit.sealing import sign_audit
from noc_console.audit.whole import read_whole
from noc_console.cli.audit_choice import add_audit, chosen_audit
from noc_console.cli.audit_key import add_key, chosen_key
from noc_console.cli.audit_proof import add_out, refuse_other, write_bundle
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the audit and the key."""
    add_audit(parser)
    add_key(parser)
    add_out(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Sign it; exits 1 with what stands against it.

    Raises:
        ConsoleError: it is signed already, or the key cannot sign.
    """
    refuse_other(arguments.out)
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit = chosen_audit(store, arguments.audit)
        catalogue = load_catalogue(checks_folder(store.location))
        whole = read_whole(store, audit.id, now.date())
        against = [one.words for one in whole.against_signing(catalogue.checks)]
        if not against:
            statement = sign_audit(store, audit.id, chosen_key(arguments), by=own_name(), now=now)
            if arguments.out:
                write_bundle(store, audit.id, arguments.out)
    if arguments.json:
        told = {"audit": audit.id, "signed": not against, "against": against}
        print(json.dumps(told))
    elif against:
        for words in against[:_SHOWN]:
            print(inert(words), file=sys.stderr)
        more = f"and {len(against) - _SHOWN} more; " if len(against) > _SHOWN else ""
        print(f"{more}not signed: decide about these first (audit decide).", file=sys.stderr)
    else:
        print(*map(inert, statement.splitlines()), sep="\n")
        unseen = ", ".join(one.value for one in steps_not_asked(whole.results, catalogue.checks))
        if unseen:
            print(f"It says nothing of what no check looked at: {unseen}.")
        print(f"The audit of {audit.month} is signed; another person countersigns it.")
    return 1 if against else 0
