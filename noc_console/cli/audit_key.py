"""The key an auditor signs with, as named on the command line."""

import argparse
from pathlib import Path

from noc_console.audit.sshsig import NoKey, SigningKey, signing_key, wants_passphrase
from noc_console.cli.typed_secret import read_secret

_USUAL = ("id_ed25519", "id_ecdsa", "id_rsa")


def add_key(parser: argparse.ArgumentParser) -> None:
    """Declare the key and its passphrase."""
    parser.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help="a private key, or a public one whose private half the ssh-agent holds"
        " (default: ~/.ssh/id_ed25519, id_ecdsa or id_rsa)",
    )
    parser.add_argument(
        "--passphrase-stdin",
        action="store_true",
        help="read the key's passphrase from standard input",
    )


def chosen_key(arguments: argparse.Namespace) -> SigningKey:
    """Give the key; a passphrase that it wants is asked for.

    Raises:
        ConsoleError: there is none, or it cannot be opened.
    """
    path = arguments.key or _usual()
    wants = wants_passphrase(path) or arguments.passphrase_stdin
    return signing_key(path, read_secret("passphrase") if wants else None)


def _usual() -> Path:
    for name in _USUAL:
        path = Path.home() / ".ssh" / name
        if path.is_file():
            return path
    raise NoKey("There is no key in ~/.ssh; name one with --key, or make one with ssh-keygen.")
