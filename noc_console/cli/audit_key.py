"""The key an auditor signs with, as named on the command line."""

import argparse
from pathlib import Path

from noc_console.audit.signing_keys import key_of_file
from noc_console.audit.sshsig import NoKey, SigningKey
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
    parser.add_argument(
        "--keep-passphrase",
        action="store_true",
        help="keep the passphrase that is given in the system's keyring, for the next time",
    )


def chosen_key(arguments: argparse.Namespace) -> SigningKey:
    """Give the key; a passphrase that it wants is asked for, unless the keyring holds it.

    Raises:
        ConsoleError: there is none, or it cannot be opened.
    """
    key = key_of_file(arguments.key or _usual())
    is_typed = arguments.passphrase_stdin or (key.wants_passphrase and not key.has_kept_passphrase)
    typed = read_secret("passphrase") if is_typed else ""
    return key.open(typed, keep=arguments.keep_passphrase)


def _usual() -> Path:
    for name in _USUAL:
        path = Path.home() / ".ssh" / name
        if path.is_file():
            return path
    raise NoKey("There is no key in ~/.ssh; name one with --key, or make one with ssh-keygen.")
