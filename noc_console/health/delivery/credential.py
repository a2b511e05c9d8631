"""Where a secret of delivery lies, and the secret itself when the engine needs it.

A reference is kept in the store, the secret never: `keyring:NAME` is the keyring of the user the
engine runs as; `file:/path` is a file only that user may read, such as a systemd credential;
`env:NAME` is a variable of the engine's environment.
"""

import contextlib
import os
import re
import secrets
import stat
from pathlib import Path

from noc_console.errors import ConsoleError
from noc_console.fleet.secrets import (
    KeyringUnavailable,
    SecretKind,
    forget_secret,
    get_secret,
    put_secret,
)

TYPED = "typed"
"""Stands for a secret that was typed and is not kept yet."""
_PLACES = ("file:", "env:")
_FORM = re.compile(r"keyring:[\w.-]{1,80}|file:/.{1,400}|env:[A-Za-z_][A-Za-z0-9_]{0,80}")
_LONGEST = 4096


class SecretMissing(ConsoleError):
    """A secret that delivery needs cannot be had; the sentence says where it was looked for."""


def says_where(typed: str) -> bool:
    """Whether a person wrote where a secret lies, not the secret itself."""
    return typed.startswith(_PLACES)


def referred_to(typed: str, *, what: str) -> str:
    """Give the reference to a secret: to where it lies, or to the keyring that keeps it from now.

    Raises:
        SecretMissing: it cannot be kept so.
    """
    return check_reference(typed) if says_where(typed) else keep(typed, what=what)


def check_reference(reference: str) -> str:
    """Give a reference that may be kept.

    Raises:
        SecretMissing: it is none; the sentence says the forms, and repeats nothing of what may have
            been a secret.
    """
    if not _FORM.fullmatch(reference) or not reference.isprintable():
        raise SecretMissing(
            "Write where the secret lies as file:/path or env:NAME, or give the secret itself on "
            "standard input to have it kept in the keyring."
        )
    return reference


def keep(secret: str, *, what: str) -> str:
    """Keep a secret in this user's keyring under a new name; gives the reference to it.

    Raises:
        SecretMissing: there is no usable keyring; nothing was kept.
    """
    name = f"{what}-{secrets.token_hex(6)}"
    try:
        put_secret(name, SecretKind.DELIVERY, secret)
    except KeyringUnavailable as error:
        raise SecretMissing(
            "The keyring of this machine cannot be used: unlock it, or put the secret in a file "
            "only the engine's user may read and write file:/path in its place."
        ) from error
    return f"keyring:{name}"


def forget(reference: str) -> None:
    """Take a secret that is needed no more out of this user's keyring, where it lies there.

    It opens nothing that is still used: without a usable keyring it stays.
    """
    kind, _, name = reference.partition(":")
    if kind == "keyring":
        with contextlib.suppress(KeyringUnavailable):
            forget_secret(name, SecretKind.DELIVERY)


def look_up(reference: str, *, what: str, again_with: str = "noc-console recipient") -> str:
    """Give the secret a reference leads to; `what` names it in the sentence of a failure, and
    `again_with` is the command that takes it again.

    Raises:
        SecretMissing: it is not there, or others may read it.
    """
    kind, _, name = reference.partition(":")
    if kind == "keyring":
        found = _from_keyring(name, what)
    elif kind == "env":
        found = os.environ.get(name)
    elif kind == "file":
        found = _from_file(Path(name), what)
    else:
        found = None
    if not found:
        where = {"keyring": "in the keyring of the engine's user", "env": f"in ${name}"}.get(
            kind, f"in {name}" if name else "yet"
        )
        raise SecretMissing(
            f"There is no {what} {where}; give it again on the engine's machine with "
            f"`{again_with}`."
        )
    return found


def _from_keyring(name: str, what: str) -> str | None:
    try:
        return get_secret(name, SecretKind.DELIVERY)
    except KeyringUnavailable as error:
        raise SecretMissing(
            f"The engine's keyring, which should hold the {what}, cannot be used: unlock it, or "
            "keep the secret in a file only the engine's user may read and refer to it with "
            "file:/path."
        ) from error


def _from_file(path: Path, what: str) -> str | None:
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise SecretMissing(
                    f"{path} holds the {what}, but others may read it: chmod 600 it, then try "
                    "again."
                )
            return file.read(_LONGEST).strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SecretMissing(
            f"{path}, which should hold the {what}, cannot be read: {why}."
        ) from error
