"""A secret for the OS keyring, from standard input: never from the words of the command line,
which every user of the machine can read.
"""

import argparse
import getpass
import sys

from noc_console.desk.fleet_edit.saving import Secret
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Authentication, Server

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
