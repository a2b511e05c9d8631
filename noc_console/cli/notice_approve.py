"""`noc-console notice approve`: a second person approves a notice as its draft stands."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.notice_outcome import add_notice_number
from noc_console.cli.who import own_name
from noc_console.notices.approval import Approval, approve
from noc_console.notices.host_lookup import look_up
from noc_console.notices.reading_through import look_nothing_up, missing_of
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

EXIT_WAITS = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which notice, and whether customers are told of a change."""
    add_notice_number(parser)
    parser.add_argument(
        "--quiet",
        action="store_true",
        help="tell nobody of the change: only what can be changed where it stands is changed",
    )
    parser.add_argument("--why", metavar="TEXT", default="", help="what changed, told with it")
    parser.add_argument(
        "--offline", action="store_true", help="do not look up where support's hosts lead"
    )


def run(arguments: argparse.Namespace) -> int:
    """Approve it; exit 1 when it waits for a second person.

    Raises:
        ConsoleError: something is missing, or it cannot be approved as it stands.
    """
    now = datetime.now(UTC)
    ask = look_nothing_up if arguments.offline else look_up
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        done = approve(
            store,
            arguments.notice,
            by=own_name(),
            now=now,
            missing=missing_of(store, now, ask),
            tell=not arguments.quiet,
            said=arguments.why,
        )
    print(json.dumps(_json(done)) if arguments.json else _sentence(done))
    return 0 if done.is_approved else EXIT_WAITS


def _json(done: Approval) -> dict[str, object]:
    return {
        "notice": done.version.notice_id,
        "version": done.version.number,
        "sha256": done.version.sha256,
        "is_approved": done.is_approved,
        "planned": done.planned,
        "told_of_change": done.told,
    }


def _sentence(done: Approval) -> str:
    version = done.version
    named = f"Version {version.number} of notice {version.notice_id}"
    if not done.is_approved:
        return (
            f"{named} is frozen (SHA-256 {version.sha256[:16]}…) and waits for a second person, "
            f"for you wrote it. They run `noc-console notice approve {version.notice_id}`; or let "
            "one person do both with `noc-console notice setting --one-person yes`."
        )
    told = f", {done.told} of them to tell of the change" if done.told else ""
    return f"{named} is approved; {done.planned} postings are planned{told}."
