"""Signatures that stock `ssh-keygen -Y verify` proves: SSHSIG (OpenSSH, PROTOCOL.sshsig).

The key is in a file or in the ssh-agent and stays there; only signatures come out.
"""

import base64
import hashlib
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from paramiko.pkey import UnknownKeyType
from paramiko.ssh_exception import SSHException

from noc_console.errors import ConsoleError
from noc_console.links.agent import AgentGone, AgentSilent, BoundedAgent
from noc_console.links.private_key import read_private_key

NAMESPACE = "noc-console-audit"
_MAGIC = b"SSHSIG"
_VERSION = 1
_HASH = "sha512"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_LINE = 70
_RSA = "ssh-rsa"
_PROVABLE = frozenset(
    {"ssh-ed25519", _RSA, *(f"ecdsa-sha2-nistp{size}" for size in (256, 384, 521))}
)
"""Types of keys whose signatures `proven_by` proves; those on hardware tokens (sk-) are not."""
_RSA_SIGNATURE = "rsa-sha2-512"
_LONGEST_KEY = 65_536


class NoKey(ConsoleError):
    """There is no key to sign with."""


class WrongSignature(ConsoleError):
    """A signature that does not prove the text."""


class SigningKey(Protocol):
    """A key that signs: of a file or of the agent."""

    def get_name(self) -> str:
        """Give its type, such as `ssh-ed25519`."""

    def asbytes(self) -> bytes:
        """Give its public part, as RFC 4253 writes it."""

    def sign_ssh_data(self, data: bytes, algorithm: str | None = None) -> Any:
        """Sign bytes: a paramiko Message, or bytes from the agent."""


def public_line(key: SigningKey) -> str:
    """Give the public key as one line of an authorized_keys file, without a comment."""
    return f"{key.get_name()} {base64.b64encode(key.asbytes()).decode('ascii')}"


def wants_passphrase(path: Path) -> bool:
    """Tell whether a key file wants a passphrase.

    Raises:
        NoKey: it cannot be read, or is no key.
    """
    content = _content(path)
    if _is_public(content):
        return False
    try:
        read_private_key(content)
    except TypeError:
        return True
    except (ValueError, UnsupportedAlgorithm):
        raise NoKey(f"{path} holds no private key that can sign; give another.") from None
    return False


def signing_key(path: Path, passphrase: str | None = None) -> SigningKey:
    """Give the key of a private key file, or of the agent for a public key file.

    Raises:
        NoKey: it is no key, the passphrase is wrong, or the agent does not hold it.
    """
    content = _content(path)
    if _is_public(content):
        return _of_agent(content, path)
    try:
        return read_private_key(content, passphrase)
    except TypeError:
        raise NoKey(f"{path} has a passphrase; give it with --passphrase-stdin.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise NoKey(f"{path} cannot be opened: the passphrase is wrong, or it is no key.") from None


def agent_keys() -> list[tuple[SigningKey, str]]:
    """Give the keys of the ssh-agent that can sign here, each with its comment; none without one.

    Raises:
        NoKey: the agent is gone or does not answer.
    """
    agent = _agent()
    try:
        return [
            (_AgentKey(one.asbytes(), one.comment), one.comment)
            for one in agent.get_keys()
            if one.get_name() in _PROVABLE
        ]
    finally:
        agent.close()


def _agent() -> BoundedAgent:
    try:
        return BoundedAgent()
    except AgentGone as error:
        raise NoKey(
            "The ssh-agent is gone; start noc-console again where `ssh-add -l` shows the key."
        ) from error
    except AgentSilent as error:
        raise NoKey("The ssh-agent does not answer; unlock it and try again.") from error


def sign(text: str, key: SigningKey) -> str:
    """Give the armored signature of a text.

    Raises:
        NoKey: the agent does not sign with it.
    """
    algorithm = _RSA_SIGNATURE if key.get_name() == _RSA else None
    try:
        made = key.sign_ssh_data(_signed(text), algorithm)
    except (SSHException, OSError) as error:
        raise NoKey("The ssh-agent did not sign; unlock it and try again.") from error
    signature = made if isinstance(made, bytes) else made.asbytes()
    blob = b"".join(
        (
            _MAGIC,
            struct.pack(">I", _VERSION),
            _string(key.asbytes()),
            _string(NAMESPACE.encode()),
            _string(b""),
            _string(_HASH.encode()),
            _string(signature),
        )
    )
    return _armored(blob)


def proven_by(text: str, armored: str) -> str:
    """Give the public key, as one line, whose holder signed just this text.

    Raises:
        WrongSignature: nobody did, or it was changed by a byte.
    """
    try:
        found = re.fullmatch(rf"{_BEGIN}\n([A-Za-z0-9+/=\n]+)\n{_END}\n", armored)
        blob = base64.b64decode(found[1].replace("\n", ""), validate=True) if found else b""
        message = paramiko.Message(blob.removeprefix(_MAGIC))
        version, public = message.get_int(), message.get_binary()
        space, reserved, kind = (message.get_binary() for _ in range(3))
        signature = message.get_binary()
        is_whole = blob.startswith(_MAGIC) and not message.get_remainder()
        is_ours = (version, space, reserved) == (_VERSION, NAMESPACE.encode(), b"")
        name = paramiko.Message(public).get_text()
        key = paramiko.PKey.from_type_string(name, public)
        is_good = key.verify_ssh_sig(_signed(text), paramiko.Message(signature))
    except (
        *(ValueError, TypeError, struct.error),
        *(SSHException, UnknownKeyType, UnsupportedAlgorithm),
    ) as error:
        raise WrongSignature("The signature is damaged.") from error
    if not (is_whole and is_ours and kind == _HASH.encode() and _armored(blob) == armored):
        raise WrongSignature("The signature is not of the form in which it was made.")
    if not is_good:
        raise WrongSignature("The signature is not of this text.")
    return f"{name} {base64.b64encode(public).decode('ascii')}"


def _signed(text: str) -> bytes:
    """Give what is really signed (PROTOCOL.sshsig, section 3)."""
    return b"".join(
        (
            _MAGIC,
            _string(NAMESPACE.encode()),
            _string(b""),
            _string(_HASH.encode()),
            _string(hashlib.sha512(text.encode()).digest()),
        )
    )


def _armored(blob: bytes) -> str:
    text = base64.b64encode(blob).decode("ascii")
    lines = [text[place : place + _LINE] for place in range(0, len(text), _LINE)]
    return "\n".join((_BEGIN, *lines, _END, ""))


def _string(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def _content(path: Path) -> bytes:
    try:
        with path.expanduser().open("rb") as file:
            return file.read(_LONGEST_KEY)
    except OSError as error:
        raise NoKey(f"{path} cannot be read: {error.strerror}; name your key file.") from error


def _is_public(content: bytes) -> bool:
    return re.match(rb"(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/=]+", content) is not None


def _of_agent(content: bytes, path: Path) -> SigningKey:
    key = _AgentKey(base64.b64decode(content.split()[1]), str(path))
    with key.asked():
        return key


class _AgentKey:
    """A key of the agent, which is asked only while it signs."""

    def __init__(self, public: bytes, name: str) -> None:
        self._public = public
        self._name = name

    def get_name(self) -> str:
        return paramiko.Message(self._public).get_text()

    def asbytes(self) -> bytes:
        return self._public

    def sign_ssh_data(self, data: bytes, algorithm: str | None = None) -> bytes:
        with self.asked() as key:
            return bytes(key.sign_ssh_data(data, algorithm))

    @contextmanager
    def asked(self) -> Iterator[paramiko.AgentKey]:
        """Give the agent's key while it is there; raises NoKey."""
        agent = _agent()
        try:
            held = {one.asbytes(): one for one in agent.get_keys()}
            if self._public not in held:
                raise NoKey(
                    f"The ssh-agent does not hold the key of {self._name}; add it with ssh-add."
                )
            yield held[self._public]
        finally:
            agent.close()
