"""Is this the server we know? Strict: unknown asks, changed and revoked refuse.

Known are the keys a person accepted here, the person's own known_hosts and the system's. A host
certificate counts when the key of a `@cert-authority` line signed it (OpenSSH PROTOCOL.certkeys).
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.links.failures import LinkFailure
from noc_console.links.known_hosts import (
    KnownHost,
    Marker,
    lines_for,
    parse_key_line,
    parse_known_hosts,
)

CERTIFICATE = "-cert-v01@openssh.com"
FILES = (Path("~/.ssh/known_hosts"), Path("~/.ssh/known_hosts2"), Path("/etc/ssh/ssh_known_hosts"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKeys:
    """What we know of servers' keys.

    `accepted(address, port)` gives the key lines a person accepted in this console;
    `same_key_as(fingerprint, address, port)` names other servers that have a key. `ask_for` are
    the algorithms to ask for first where no key is known yet.
    """

    accepted: Callable[[str, int], Sequence[str]]
    same_key_as: Callable[[str, str, int], Sequence[str]]
    files: tuple[Path, ...] = FILES
    ask_for: tuple[str, ...] = ()
    lines: tuple[KnownHost, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read the files; one that is not there or may not be read says nothing."""
        lines: list[KnownHost] = []
        for path in self.files:
            try:
                text = path.expanduser().read_text("utf-8", errors="replace")
            except OSError:
                continue
            lines.extend(parse_known_hosts(text))
        object.__setattr__(self, "lines", tuple(lines))

    def lines_for(self, address: str, port: int) -> list[KnownHost]:
        """Give every line for an address and port, those accepted here first."""
        accepted = [
            parsed
            for line in self.accepted(address, port)
            if (parsed := parse_key_line(line, "*")) is not None
        ]
        return accepted + lines_for(self.lines, address, port)


def fingerprint(blob: bytes) -> str:
    """Give `SHA256:...` of a public key's binary form, as `ssh-keygen -l` shows it."""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii")
    return f"SHA256:{digest.rstrip('=')}"


def verify(
    known: KnownKeys,
    lines: Sequence[KnownHost],
    *,
    name: str,
    address: str,
    port: int,
    blob: bytes,
    now: datetime,
) -> None:
    """Pass only a key that is known for this address.

    `lines` are those of `known` for it; `blob` is the key or certificate the server offered.

    Raises:
        LinkFailure: HOST_KEY_UNKNOWN, HOST_KEY_CHANGED or HOST_KEY_REVOKED.
    """
    offered = _Offered.of(blob)
    revoked = {line.blob for line in lines if line.marker is Marker.REVOKED}
    if revoked & {offered.key_blob, blob, offered.authority_blob}:
        raise _refusal(
            FailureKind.HOST_KEY_REVOKED,
            f"{name} offers the key {fingerprint(offered.key_blob)}, which is marked as revoked, "
            "so nothing was sent; find out whether the server was taken over.",
            offered,
            address,
            port,
        )
    if offered.certificate is not None:
        authorities = {line.blob for line in lines if line.marker is Marker.AUTHORITY}
        if offered.is_certified(authorities, address, now):
            return
    keys = [line for line in lines if line.marker is Marker.KEY]
    if any(line.blob == offered.key_blob for line in keys):
        return
    if keys:
        old = ", ".join(sorted({fingerprint(line.blob) for line in keys}))
        raise _refusal(
            FailureKind.HOST_KEY_CHANGED,
            f"The host key of {name} CHANGED from {old} to {fingerprint(offered.key_blob)}, so "
            "nothing was sent. If the server was not set up anew, somebody may be listening in: "
            "ask its administrator before you replace the key.",
            offered,
            address,
            port,
            known_fingerprint=old,
        )
    others = tuple(known.same_key_as(fingerprint(offered.key_blob), address, port))
    verb = "has" if len(others) == 1 else "have"
    also = f" {', '.join(others)} {verb} this same key." if others else ""
    raise _refusal(
        FailureKind.HOST_KEY_UNKNOWN,
        f"The host key of {name} is not known yet: {fingerprint(offered.key_blob)}. Compare it "
        f"with what the server's administrator tells you, then accept it.{also}",
        offered,
        address,
        port,
        same_key_as=others,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offered:
    """What a server offered: a plain key, or a certificate and the key in it."""

    algorithm: str
    key_blob: bytes
    certificate: serialization.SSHCertificate | None = None

    @classmethod
    def of(cls, blob: bytes) -> "_Offered":
        algorithm = algorithm_of(blob)
        if not algorithm.endswith(CERTIFICATE):
            return cls(algorithm=algorithm, key_blob=blob)
        line = f"{algorithm} {base64.b64encode(blob).decode('ascii')}".encode()
        try:
            certificate = serialization.load_ssh_public_identity(line)
        except (ValueError, UnsupportedAlgorithm):
            return cls(algorithm=algorithm, key_blob=blob)
        if not isinstance(certificate, serialization.SSHCertificate):
            return cls(algorithm=algorithm, key_blob=blob)
        key_blob = _blob_of(certificate.public_key())
        return cls(algorithm=algorithm_of(key_blob), key_blob=key_blob, certificate=certificate)

    @property
    def authority_blob(self) -> bytes:
        """The key that signed the certificate; empty for a plain key."""
        return b"" if self.certificate is None else _blob_of(self.certificate.signature_key())

    @property
    def line(self) -> str:
        """The key in OpenSSH form."""
        return f"{self.algorithm} {base64.b64encode(self.key_blob).decode('ascii')}"

    def is_certified(self, authorities: set[bytes], address: str, now: datetime) -> bool:
        """Whether one of these authorities vouches for this address at this time."""
        certificate = self.certificate
        if certificate is None or self.authority_blob not in authorities:
            return False
        principals = [
            one.decode("utf-8", "replace").lower() for one in certificate.valid_principals
        ]
        if (
            certificate.type is not serialization.SSHCertificateType.HOST
            or certificate.critical_options
            or not certificate.valid_after <= now.timestamp() < certificate.valid_before
            or (principals and address.lower() not in principals)
        ):
            return False
        if bytes(certificate._inner_sig_type) == b"ssh-rsa":  # noqa: SLF001 # SHA-1: forgeable
            return False
        try:
            certificate.verify_cert_signature()
        except (InvalidSignature, ValueError, AssertionError):  # cryptography asserts on odd ones
            return False
        return True


def algorithm_of(blob: bytes) -> str:
    """Give the algorithm's name with which a key's binary form begins (RFC 4253, section 6.6)."""
    length = int.from_bytes(blob[:4], "big")
    return blob[4 : 4 + min(length, 100)].decode("ascii", "replace")


def _blob_of(key: serialization.SSHCertPublicKeyTypes) -> bytes:
    line = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return base64.b64decode(line.split()[1])


def _refusal(
    kind: FailureKind,
    sentence: str,
    offered: _Offered,
    address: str,
    port: int,
    *,
    known_fingerprint: str = "",
    same_key_as: tuple[str, ...] = (),
) -> LinkFailure:
    return LinkFailure(
        Failure(
            kind=kind,
            sentence=sentence,
            algorithm=offered.algorithm,
            fingerprint=fingerprint(offered.key_blob),
            known_fingerprint=known_fingerprint,
            offered_key=offered.line,
            same_key_as=same_key_as,
            address=address,
            port=port,
        )
    )
