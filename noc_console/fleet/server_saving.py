"""Servers with their secrets: the server in the store, its secret in the OS keyring, in step.

Both may take a while: call from a background thread, or the command line.
"""

import contextlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from noc_console.fleet.records import add_server, edit_server
from noc_console.fleet.secrets import (
    KeyringUnavailable,
    SecretKind,
    forget_secret,
    get_secret,
    put_secret,
)
from noc_console.fleet.server import MAX_NAME_LENGTH, Authentication, Server
from noc_console.store.store import Store

_KINDS = {
    Authentication.KEY_FILE: SecretKind.KEY_PASSPHRASE,
    Authentication.PASSWORD: SecretKind.PASSWORD,
    Authentication.KEYBOARD_INTERACTIVE: SecretKind.PASSWORD,
}
_UNDER_TEST = " (being edited)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A password or passphrase as typed; it is never shown, not even in a log."""

    kind: SecretKind
    text: str = field(repr=False)

    @classmethod
    def typed(cls, authentication: Authentication, text: str) -> "Secret | None":
        """Give the secret that this way of authenticating needs, or None when none was typed."""
        kind = _KINDS.get(authentication)
        return cls(kind=kind, text=text) if kind is not None and text else None


def put_aside(server: Server, before: Server | None, secret: Secret | None) -> Server:
    """Give the server to test, under a name by which the engine finds the right secret.

    A secret just typed is kept under a name of its own until `forget_aside`, so that a test never
    replaces the one in use. Without one, the secret of the server as it was before is used.

    Raises:
        KeyringUnavailable: there is no keyring to keep it in.
    """
    if secret is None:
        return replace(server, name=before.name if before else server.name)
    name = server.name[: MAX_NAME_LENGTH - len(_UNDER_TEST)] + _UNDER_TEST
    put_secret(name, secret.kind, secret.text)
    return replace(server, name=name)


def as_named(words: str) -> str:
    """Give what was said of a server that was put aside as a person would say it."""
    return words.replace(_UNDER_TEST, "")


def forget_aside(tested: Server) -> None:
    """Take the secret that was put aside for a test out of the keyring.

    Raises:
        KeyringUnavailable: the keyring was locked meanwhile.
    """
    if tested.name.endswith(_UNDER_TEST):
        for kind in SecretKind:
            forget_secret(tested.name, kind)


def save_server(
    store: Store, before: Server | None, server: Server, secret: Secret | None, now: datetime
) -> Server:
    """Add or change the server and keep its secret, under the new name if it has one.

    A secret that is needed no more leaves the keyring, and a new server never takes over the
    password of one that had its name before.

    Raises:
        KeyringUnavailable: there is a secret and no keyring; nothing was changed.
        NameTaken: another server has the name; nothing was changed.
        UnknownServer: the server was deleted meanwhile.
    """
    kept = _moved(before, server)
    if secret is not None:
        get_secret(server.name, secret.kind)  # raises before anything is written
        kept = [secret]
    is_new = before is None or not before.id
    saved = add_server(store, server, now) if is_new else edit_server(store, server, now)
    for one in kept:
        put_secret(saved.name, one.kind, one.text)
    left_over = _left_by_namesake(saved, kept) if is_new else _left_over(before, saved)
    with contextlib.suppress(KeyringUnavailable):  # it opens nothing any more; the change stands
        for name, kind in left_over:
            forget_secret(name, kind)
    return saved


def _moved(before: Server | None, server: Server) -> list[Secret]:
    """Give the secret that goes with a server to its new name or its duplicate."""
    kind = _KINDS.get(server.authentication)
    if before is None or before.name == server.name or kind is None:
        return []
    if _KINDS.get(before.authentication) is not kind:
        return []
    try:
        text = get_secret(before.name, kind)
    except KeyringUnavailable:
        if kind is SecretKind.KEY_PASSPHRASE:  # most keys have none, and need no keyring
            return []
        raise
    return [] if text is None else [Secret(kind=kind, text=text)]


def _left_over(before: Server | None, saved: Server) -> list[tuple[str, SecretKind]]:
    kind = _KINDS.get(before.authentication) if before is not None else None
    if before is None or kind is None:
        return []
    is_used = before.name == saved.name and kind is _KINDS.get(saved.authentication)
    return [] if is_used else [(before.name, kind)]


def _left_by_namesake(saved: Server, kept: list[Secret]) -> list[tuple[str, SecretKind]]:
    """A passphrase is tried on a key file only, here; a password would be sent to the server."""
    needs_password = _KINDS.get(saved.authentication) is SecretKind.PASSWORD
    return [(saved.name, SecretKind.PASSWORD)] if needs_password and not kept else []
