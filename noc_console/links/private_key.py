"""Private keys in every form that ssh reads: OpenSSH's own, PEM and PKCS#8. In memory only."""

import io
from collections.abc import Mapping

import paramiko
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_KINDS: Mapping[type, type[paramiko.PKey]] = {
    RSAPrivateKey: paramiko.RSAKey,
    EllipticCurvePrivateKey: paramiko.ECDSAKey,
    Ed25519PrivateKey: paramiko.Ed25519Key,
}


def read_private_key(content: bytes, passphrase: str | None = None) -> paramiko.PKey:
    """Give the key that a file holds.

    Raises:
        TypeError: the key has a passphrase and none is given.
        ValueError, UnsupportedAlgorithm: it is no key, a key of another kind, or the passphrase
            is wrong.
    """
    password = None if passphrase is None else passphrase.encode()
    try:
        key = serialization.load_ssh_private_key(content, password)
    except ValueError:
        if b"BEGIN OPENSSH" in content:
            raise
        # the others are PEM; paramiko reads those of PKCS#8 only for some kinds of key
        pem = serialization.load_pem_private_key(content, password)
        if not isinstance(pem, RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey):
            raise
        key = pem
    for kind, reader in _KINDS.items():
        if isinstance(key, kind):
            text = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.OpenSSH,
                serialization.NoEncryption(),
            )
            return reader.from_private_key(io.StringIO(text.decode("ascii")))
    raise ValueError("another kind of key")
