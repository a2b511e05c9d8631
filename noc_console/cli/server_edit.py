"""`noc-console server edit`: change what is known of a server; what is not named stays."""

import argparse
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.server_words import add_words, described
from noc_console.cli.typed_secret import typed_secret
from noc_console.fleet.records import get_server, list_servers
from noc_console.fleet.server_saving import save_server
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the server and all that can be changed."""
    parser.description = (
        "Change what is known of a server. What is not named stays as it is; --group and the like"
        ' add an entry, --remove-group and the like take one away; "" empties a text.'
    )
    parser.add_argument("name", metavar="NAME", help="the server")
    parser.add_argument("--name", dest="new_name", metavar="NEW", help="what to call it now")
    add_words(parser, editing=True)


def run(arguments: argparse.Namespace) -> int:
    """Change the server.

    Raises:
        ConsoleError: there is no such server, or it cannot be as it should; nothing was changed.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        before = get_server(store, arguments.name)
        names = {server.name for server in list_servers(store)}
        named = before if arguments.new_name is None else replace(before, name=arguments.new_name)
        server = described(arguments, named, names - {before.name})
        secret = typed_secret(arguments, server)
        if server == before and secret is None:
            raise UsageError(
                f"That changes nothing of {before.name}; `noc-console server edit --help` tells "
                "what can be changed."
            )
        save_server(store, before, server, secret, datetime.now(UTC))
    renamed = f", now called {server.name}" if server.name != before.name else ""
    print(f"Changed {before.name}{renamed}.")
    return 0
