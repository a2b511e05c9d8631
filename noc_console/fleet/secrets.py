"""Passwords and passphrases: in the OS keyring, nowhere else.

The keyring is asked by the name of a server and the kind of secret; the store holds neither.
A backend that keeps secrets in a plain file is refused.
"""

from enum import Enum

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from noc_console.errors import ConsoleError

SERVICE = "noc-console"


class SecretKind(Enum):
    """What a secret opens."""

    PASSWORD = "password"
    KEY_PASSPHRASE = "key passphrase"
    SUDO_PASSWORD = "sudo password"
    """What sudo asks on the server; of the keyring of the engine's user."""
    DELIVERY = "delivery"
    """A mail server's password, or a chat's address, by a name of its own."""


class KeyringUnavailable(ConsoleError):
    """The OS keyring is not there, is locked, or would keep secrets unencrypted."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "The system's keyring cannot be used: unlock or install one (on Linux a Secret Service "
            "such as GNOME Keyring or KWallet), or use an ssh-agent instead of a password."
        )


def put_secret(server_name: str, kind: SecretKind, secret: str) -> None:
    """Keep a secret in the OS keyring; an older one is replaced.

    Raises:
        KeyringUnavailable: there is no usable keyring; nothing was kept.
    """
    try:
        _backend().set_password(SERVICE, _entry(server_name, kind), secret)
    except (KeyringError, RuntimeError, OSError) as error:
        raise KeyringUnavailable from error


def get_secret(server_name: str, kind: SecretKind) -> str | None:
    """Give a secret, or None when there is none for this server.

    Raises:
        KeyringUnavailable: there is no usable keyring.
    """
    try:
        return _backend().get_password(SERVICE, _entry(server_name, kind))
    except (KeyringError, RuntimeError, OSError) as error:
        raise KeyringUnavailable from error


def forget_secret(server_name: str, kind: SecretKind) -> None:
    """Take a secret out of the keyring; one that is not there is no failure.

    Raises:
        KeyringUnavailable: there is no usable keyring.
    """
    if get_secret(server_name, kind) is None:
        return
    try:
        _backend().delete_password(SERVICE, _entry(server_name, kind))
    except (KeyringError, RuntimeError, OSError) as error:
        raise KeyringUnavailable from error


def _backend() -> KeyringBackend:
    backend = keyring.get_keyring()
    module = type(backend).__module__
    if module.startswith(("keyrings.alt", "keyring.backends.fail", "keyring.backends.null")):
        raise KeyringUnavailable
    return backend


def _entry(server_name: str, kind: SecretKind) -> str:
    return f"{server_name}/{kind.value}"
