"""`noc-console notice retry`: decide about postings in doubt, failed, delayed, or due by hand."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.who import own_name
from noc_console.notices.deciding import hurry, note_it_went, send_again, stop
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which postings, and what is decided."""
    parser.add_argument(
        "postings", metavar="POSTING", type=int, nargs="*", help="as `notice status` numbers them"
    )
    decided = parser.add_mutually_exclusive_group()
    decided.add_argument(
        "--went", action="store_true", help="it is there: a person saw it, or posted it by hand"
    )
    decided.add_argument("--stop", action="store_true", help="what has not gone goes no more")
    decided.add_argument(
        "--delayed", action="store_true", help="try all that waits after tries in vain now"
    )
    parser.add_argument("--link", metavar="URL", default="", help="with --went: where it is seen")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Decide; without --went or --stop they are sent again.

    Raises:
        ConsoleError: a posting asks for no such decision.
    """
    if bool(arguments.postings) == arguments.delayed:
        raise UsageError("Name postings, or say --delayed for all that are delayed.")
    now, by = datetime.now(UTC), own_name()
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if arguments.delayed:
            hurry(store, now=now)
        for posting_id in arguments.postings:
            if arguments.went:
                note_it_went(store, posting_id, link=arguments.link, by=by, now=now)
            elif arguments.stop:
                stop(store, posting_id, by=by, now=now)
            else:
                send_again(store, posting_id, by=by, now=now)
    what = "went" if arguments.went else "stopped" if arguments.stop else "to be sent again"
    told = {"postings": arguments.postings, "decided": what}
    named = ", ".join(map(str, arguments.postings)) or "all that were delayed"
    print(json.dumps(told) if arguments.json else f"Noted of {named}: {what}.")
    return 0
