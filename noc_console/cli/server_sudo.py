"""`noc-console server sudo`: the password that sudo asks on a server, kept in the OS keyring."""

import argparse
from contextlib import closing

from noc_console.cli.terminal_text import inert
from noc_console.cli.typed_secret import read_secret
from noc_console.fleet.records import get_server
from noc_console.fleet.secrets import SecretKind, forget_secret, put_secret
from noc_console.incidents.gate.gate import sudo_entry
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the server, and the way back."""
    parser.description = (
        "Keep the password with which sudo lets the login user of a server reboot it or restart a"
        " service. It is read from standard input and kept in the keyring of the user who types"
        " this: do it as the engine's user, on the engine's machine. Where sudo allows these"
        " commands without a password, none is needed."
    )
    parser.add_argument("name", metavar="NAME", help="the server")
    parser.add_argument("--forget", action="store_true", help="take it out of the keyring")


def run(arguments: argparse.Namespace) -> int:
    """Keep the password, or forget it.

    Raises:
        ConsoleError: there is no such server, no keyring, or no password.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        server = get_server(store, arguments.name)
    if arguments.forget:
        forget_secret(sudo_entry(server), SecretKind.SUDO_PASSWORD)
        print(f"The keyring of this user holds no sudo password for {inert(server.name)} now.")
        return 0
    put_secret(sudo_entry(server), SecretKind.SUDO_PASSWORD, read_secret("sudo password"))
    print(f"The keyring of this user holds the sudo password for {inert(server.name)} now.")
    return 0
