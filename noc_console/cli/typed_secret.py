"""A secret for the OS keyring, from standard input: never from the words of the command line,
which every user of the machine can read.
"""

import argparse
import getpass
import sys

from noc_console.errors import ConsoleError
from noc_console.fleet.server import Authentication, Server
from noc_console.fleet.server_saving import Secret
from noc_console.health.delivery.credential import check_reference

_LONGEST = 4096


class NoSecret(ConsoleError):
    """Standard input gave nothing that can be a secret."""


def typed_secret(arguments: argparse.Namespace, server: Server) -> Secret | None:
    """Give the secret on standard input if the words say that there is one.

    Raises:
        NoSecret: with what to give.
    """
    if not arguments.password_stdin and not arguments.passphrase_stdin:
        return None
    has_key = server.authentication is Authentication.KEY_FILE
    return Secret.typed(server.authentication, read_secret("passphrase" if has_key else "password"))


def add_password_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the ways to give the engine a password, never on the command line itself."""
    password = parser.add_mutually_exclusive_group()
    password.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from standard input and keep it in the keyring of this user, who"
        " must be the engine's",
    )
    password.add_argument(
        "--password-from",
        metavar="WHERE",
        help="the engine finds the password in file:/path (which only its user may read) or"
        " env:NAME",
    )


def given_password(arguments: argparse.Namespace) -> str:
    """Give the password that was typed, or where the engine finds it; empty: neither.

    Raises:
        ConsoleError: nothing was typed, or the place cannot be; with what to give.
    """
    if arguments.password_stdin:
        return read_secret("password")
    return check_reference(arguments.password_from) if arguments.password_from else ""


def read_secret(what: str) -> str:
    """Read one line; on a terminal it is asked for and not shown.

    Raises:
        NoSecret: with what to give.
    """
    if sys.stdin.isatty():
        text = _ask(what)
    else:
        text = sys.stdin.read(_LONGEST + 1).removesuffix("\n").removesuffix("\r")
    if not text:
        raise NoSecret(f"Standard input gave no {what}; write it there as one line.")
    if len(text) > _LONGEST or "\n" in text:
        raise NoSecret(f"Standard input gave more than a {what}; write it there as one line.")
    return text


def _ask(what: str) -> str:
    try:
        return getpass.getpass(f"{what.capitalize()}: ")
    except EOFError:
        return ""
