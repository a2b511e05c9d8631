"""`noc-console audit recheck SERVER CHECK`: one check of one server done again, now."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.audit.asking import ask_to_recheck
from noc_console.audit.audit_records import findings_of
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.cli.audit_choice import chosen_audit, server_in
from noc_console.cli.audit_order import follow, some_engine
from noc_console.cli.audit_words import finding_as_json
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.store.location import StoreLocation
from noc_console.store.orders import OrderState
from noc_console.store.store import open_store


class NotLooked(ConsoleError):
    """The check was not done again."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the server, the check and the audit."""
    parser.add_argument("server", metavar="SERVER", help="the server")
    parser.add_argument("check", metavar="CHECK", help="the id of the check, such as FW-01")
    parser.add_argument(
        "--audit", metavar="AUDIT", help="its number or month (default: the newest)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Do it again and print what it is now; exits 1 where that still asks for a decision.

    Raises:
        ConsoleError: it was not done.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit = chosen_audit(store, arguments.audit)
        server_id = server_in(store, audit, arguments.server)
        check = load_catalogue(checks_folder(store.location)).check(arguments.check)
        with some_engine(store):
            order_id = ask_to_recheck(
                store,
                audit.id,
                server_id,
                check.id,
                asked_by=own_name(),
                now=datetime.now(UTC),
            )
            order = follow(store, order_id, lambda _step: None)
        outcome = order.outcome or {}
        sentence = str(outcome.get("sentence") or "It was withdrawn.")
        if order.state is not OrderState.DONE:
            raise NotLooked(sentence)
        found = [
            one for _, one in findings_of(store, audit.id, server_id) if one.check_id == check.id
        ]
    if arguments.json:
        told = {
            "server": arguments.server,
            "check": check.id,
            "result": outcome.get("result"),
            "before": outcome.get("before"),
            "sentence": sentence,
            "findings": [finding_as_json(one) for one in found],
        }
        print(json.dumps(told))
    else:
        print(inert(sentence))
        for one in found:
            print(f"  {one.result.value:<12}  {inert(one.sentence)}")
    return 0 if outcome.get("ok") else 1
