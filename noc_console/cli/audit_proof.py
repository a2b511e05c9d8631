"""The file that carries a signed audit away: written, and looked at without a store."""

import argparse
import contextlib
from pathlib import Path

from noc_console.audit.bundle import SIGNERS, proving_command, statement_name
from noc_console.audit.bundle_verifying import VerifiedBundle, verify_bundle
from noc_console.audit.bundling import bundle_of
from noc_console.audit.sealing import signatures_of
from noc_console.cli.terminal_text import inert
from noc_console.errors import ConsoleError
from noc_console.fleet.whole_file import write_whole
from noc_console.store.store import Store

BUNDLE = ".zip"
_LARGEST = 2_000_000_000


class WrongFile(ConsoleError):
    """A file that cannot be read, or a name that is none for a bundle."""


def add_out(parser: argparse.ArgumentParser) -> None:
    """Declare where the signed audit goes."""
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help=f"write all that was signed there, a {BUNDLE} that proves itself anywhere",
    )


def refuse_other(path: Path | None) -> None:
    """See that a bundle's name ends as it should, before anybody signs.

    Raises:
        WrongFile: it does not.
    """
    if path is not None and path.suffix != BUNDLE:
        raise WrongFile(f"{inert(str(path))} is no name for it; write one that ends in {BUNDLE}.")


def write_bundle(store: Store, audit_id: int, path: Path) -> None:
    """Write a signed audit as one file.

    Raises:
        ConsoleError: nobody signed it, or the file cannot be written.
    """
    write_whole(path, bundle_of(store, audit_id))


def is_file_meant(text: str | None) -> bool:
    """Whether what was named is a file and no audit of the store."""
    return text is not None and (text.endswith(BUNDLE) or "/" in text)


def read_bundle(path: Path) -> VerifiedBundle:
    """Look at an exported audit.

    Raises:
        ConsoleError: it cannot be read, or is another file.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise WrongFile(
            f"{inert(str(path))} cannot be read ({error.strerror}); name the exported audit."
        ) from error
    if len(content) > _LARGEST:
        raise WrongFile(f"{inert(str(path))} is larger than any exported audit; name another.")
    return verify_bundle(content)


def write_statements(store: Store, audit_id: int, folder: Path) -> list[str]:
    """Write each statement with its signature; gives the commands that prove them."""
    with contextlib.suppress(OSError):  # writing says why, in a sentence
        folder.mkdir(parents=True, exist_ok=True)
    commands, allowed = [], []
    for one in signatures_of(store, audit_id):
        name = statement_name(one.role)
        write_whole(folder / name, one.statement.encode())
        write_whole(folder / f"{name}.sig", one.signature.encode())
        allowed.append(f"{one.role} {one.public_key}\n")
        commands.append(proving_command(one.role))
    write_whole(folder / SIGNERS, "".join(allowed).encode())
    return commands
