"""`noc-console server trust`: accept the host key that a server offers, when a person says so."""

import argparse
from contextlib import closing

from noc_console.cli.confirm import agrees
from noc_console.cli.offered_key import (
    NotTrusted,
    OfferedKey,
    accept,
    fingerprint_word,
    look_at_key,
    refuse_other_fingerprint,
    stands_in_known_hosts,
)
from noc_console.cli.terminal_text import inert
from noc_console.fleet.records import get_server
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the server and the decision."""
    parser.description = (
        "Show the fingerprint of the host key that a server offers, and accept the key: after a"
        " question on the terminal, or without one if it has the fingerprint given."
    )
    parser.add_argument("name", metavar="NAME", help="the server")
    parser.add_argument(
        "--fingerprint",
        metavar="SHA256:...",
        type=fingerprint_word,
        help="accept the key only if it has this fingerprint, without a question",
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="let it take the place of the key that was accepted before",
    )


def run(arguments: argparse.Namespace) -> int:
    """Accept the key.

    Raises:
        ConsoleError: there is no such server, it offers no key or another one than it should, or
            a person did not agree; nothing was changed.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        key = look_at_key(store, get_server(store, arguments.name), arguments.fingerprint or "")
        if arguments.fingerprint:
            refuse_other_fingerprint(key, arguments.fingerprint)
        if key.failure is None:
            print(f"{_offer(key)} It is trusted already.")
            return 0
        if key.is_changed and not arguments.replace:
            raise NotTrusted(f"{key.failure.sentence} If it is right, give --replace as well.")
        if not arguments.fingerprint:
            _ask(key)
        in_known_hosts = stands_in_known_hosts(store, key)
        accept(store, key)
    print(f"{_offer(key)} It is trusted from now on.")
    if in_known_hosts:
        print(
            "The older key stands in a known_hosts file, which noc-console does not change; take "
            "it out there with ssh-keygen -R."
        )
    return 0


def _offer(key: OfferedKey) -> str:
    kind = f" ({key.algorithm})" if key.algorithm else ""
    also = f" {', '.join(key.same_key_as)} has this same key." if key.same_key_as else ""
    return inert(f"{key.server.name} offers the host key {key.fingerprint}{kind}.{also}")


def _ask(key: OfferedKey) -> None:
    question = f"{_offer(key)} Compare it with what the server's administrator tells you."
    if key.is_changed and key.failure is not None:
        question = f"{key.failure.sentence} {_offer(key)}"
    answer = key.server.name if key.is_changed else "yes"
    if not agrees(
        question, answer=answer, instead=f"{_offer(key)} Give --fingerprint with it if it is right"
    ):
        raise NotTrusted(f"The host key of {key.server.name} was not trusted; nothing was changed.")
