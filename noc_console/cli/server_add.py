"""`noc-console server add`: add a server, and trust its host key when its fingerprint is given."""

import argparse
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.offered_key import (
    NotTrusted,
    OfferedKey,
    accept,
    fingerprint_word,
    look_at_key,
    refuse_other_fingerprint,
)
from noc_console.cli.server_words import add_words, described
from noc_console.cli.terminal_text import as_typed, inert
from noc_console.cli.typed_secret import typed_secret
from noc_console.fleet.records import NameTaken, list_servers
from noc_console.fleet.server import Server
from noc_console.fleet.server_saving import save_server
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the name and all that describes a server."""
    parser.add_argument("name", metavar="NAME", help="what it is called here")
    add_words(parser, editing=False)
    parser.add_argument(
        "--trust",
        metavar="SHA256:...",
        type=fingerprint_word,
        help="look at its host key now and accept it if it has this fingerprint; if it has another"
        " one, or cannot be reached, nothing is added",
    )


def run(arguments: argparse.Namespace) -> int:
    """Add the server.

    Raises:
        ConsoleError: it cannot be right, the name is taken, or the host key is another one;
            nothing was added.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        names = {server.name for server in list_servers(store)}
        if arguments.name in names:
            raise NameTaken(
                f"There is already a server called {arguments.name}; choose another name, or "
                "change that one with `noc-console server edit`."
            )
        new = Server(name=arguments.name.strip(), address=arguments.address)
        server = described(arguments, new, names)
        secret = typed_secret(arguments, server)
        key = _trusted_key(store, server, arguments.trust) if arguments.trust else None
        save_server(store, None, server, secret, datetime.now(UTC))
        if key is not None:
            accept(store, key)
    print(_added(server, key))
    return 0


def _trusted_key(store: Store, server: Server, fingerprint: str) -> OfferedKey:
    key = look_at_key(store, server, fingerprint)
    refuse_other_fingerprint(key, fingerprint)
    if key.failure is not None and key.is_changed:
        raise NotTrusted(
            f"{server.name} offers the key {key.fingerprint}, but "
            f"{key.failure.known_fingerprint} is known for {server.address} port {server.port}; "
            "add it without --trust, then run `noc-console server trust --replace "
            f"{as_typed([server.name])}`."
        )
    return key


def _added(server: Server, key: OfferedKey | None) -> str:
    if key is None:
        return (
            f"Added {server.name}. See whether it can be reached: "
            f"noc-console server test {as_typed([server.name])}"
        )
    also = f" {inert(', '.join(key.same_key_as))} has this same key." if key.same_key_as else ""
    return f"Added {server.name} and trusted its host key {key.fingerprint}.{also}"
