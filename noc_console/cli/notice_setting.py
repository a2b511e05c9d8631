"""`noc-console notice setting`: who may approve, who is told, how fast mail goes, and a pause."""

import argparse
import json
from contextlib import closing

from noc_console.cli.terminal_text import inert
from noc_console.health.delivery.recipient_records import get_recipient
from noc_console.notices.approval import is_one_person_enough, let_one_person_approve
from noc_console.notices.sending_settings import (
    mails_per_minute,
    pause_sending,
    put_mails_per_minute,
    sending_is_paused,
)
from noc_console.notices.telling_people import put_lead, read_lead
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the settings."""
    parser.add_argument(
        "--one-person", choices=["yes", "no"], help="whether who writes a notice may approve it"
    )
    parser.add_argument(
        "--lead", metavar="NAME", help='the recipient told of what was missed; "": all of them'
    )
    parser.add_argument(
        "--mails-per-minute", metavar="N", type=int, help="at most so many; 0: as fast as they go"
    )
    pause = parser.add_mutually_exclusive_group()
    pause.add_argument("--pause", action="store_true", help="send nothing until --go-on")
    pause.add_argument("--go-on", action="store_true", help="send again")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Set what was given, and print what holds.

    Raises:
        ConsoleError: there is no such recipient.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        _set(store, arguments)
        held = {
            "one_person": is_one_person_enough(store),
            "lead": read_lead(store) or None,
            "mails_per_minute": mails_per_minute(store),
            "is_paused": sending_is_paused(store),
        }
    if arguments.json:
        print(json.dumps(held))
        return 0
    rate = held["mails_per_minute"]
    print(f"One person may write and approve: {'yes' if held['one_person'] else 'no'}")
    print(f"Told of what was missed: {inert(str(held['lead'] or 'everybody told of alarms'))}")
    print(f"Mails a minute: {rate or 'as many as the mail server takes'}")
    print(f"Sending: {'PAUSED' if held['is_paused'] else 'on'}")
    return 0


def _set(store: Store, arguments: argparse.Namespace) -> None:
    if arguments.one_person:
        let_one_person_approve(store, is_enough=arguments.one_person == "yes")
    if arguments.lead is not None:
        put_lead(store, get_recipient(store, arguments.lead).name if arguments.lead else "")
    if arguments.mails_per_minute is not None:
        put_mails_per_minute(store, arguments.mails_per_minute)
    if arguments.pause or arguments.go_on:
        pause_sending(store, is_paused=arguments.pause)
