"""The certificate that a port shows, by a real handshake: its end, its names, its chain.

Blocks: for a worker. A handshake that judges the chain comes first; where it fails, a second one
reads the certificate. Names are compared by us (RFC 9525), so that each fault is told by itself.
"""

import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from enum import Enum

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from noc_console.audit.outside.asker import seconds_left

WITHIN_S = 6.0
_MOST_LINES, _MOST_BYTES = 50, 8192
_EXPIRED, _NOT_YET = 10, 9
_SELF_SIGNED = frozenset({18, 19})
_NO_ISSUER = frozenset({2, 20, 21})
"""Codes of X509_STORE_CTX_get_error(3)."""


class Talk(Enum):
    """What is spoken before TLS begins."""

    TLS = "tls"
    SMTP = "smtp"
    IMAP = "imap"
    POP3 = "pop3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a port showed.

    `state` is shown, closed, silent, plain (it offers no TLS) or refused (no TLS that we speak);
    `chain` is well, expired, self-signed, incomplete or wrong; `is_for_name` tells of the name it
    was asked for. `until_s` is in seconds since 1970; 0 where no certificate was read.
    """

    state: str
    chain: str = "-"
    is_for_name: bool = False
    until_s: int = 0
    issuer: str = "-"
    names: tuple[str, ...] = ()
    protocol: str = "-"


def look_at(
    address: str, port: int, name: str, talk: Talk = Talk.TLS, within_s: float = WITHIN_S
) -> Shown:
    """Give what a port shows to one who asks for a name; an empty `name` asks for none."""
    ends_s = time.monotonic() + within_s
    try:
        first = _shake(address, port, name, talk, _judging(), ends_s)
    except _NoTls as error:
        return Shown(state=error.args[0])
    except ssl.SSLCertVerificationError as error:
        chain = _chain(error.verify_code)
    except ssl.SSLError:
        return Shown(state="refused")
    except OSError as error:
        return Shown(state="closed" if isinstance(error, ConnectionRefusedError) else "silent")
    else:
        return _shown(*first, chain="well", name=name)
    try:
        second = _shake(address, port, name, talk, _reading(), time.monotonic() + within_s)
    except (_NoTls, OSError):
        return Shown(state="refused", chain=chain)
    return _shown(*second, chain=chain, name=name)


class _NoTls(Exception):
    """The port speaks, and offers no TLS; the word is the state."""


def _judging() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    return context


def _reading() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _chain(code: int) -> str:
    if code in {_EXPIRED, _NOT_YET}:
        return "expired"
    if code in _SELF_SIGNED:
        return "self-signed"
    return "incomplete" if code in _NO_ISSUER else "wrong"


def _shake(
    address: str, port: int, name: str, talk: Talk, context: ssl.SSLContext, ends_s: float
) -> tuple[bytes, str]:
    """Give the certificate, in DER, and the version of TLS."""
    with socket.create_connection((address, port), timeout=seconds_left(ends_s)) as plain:
        if talk is not Talk.TLS:
            _begin(plain, talk, ends_s)
        plain.settimeout(seconds_left(ends_s))
        with context.wrap_socket(plain, server_hostname=name or None) as tls:
            return tls.getpeercert(binary_form=True) or b"", tls.version() or "-"


def _begin(plain: socket.socket, talk: Talk, ends_s: float) -> None:
    """Ask for TLS in the words of the protocol.

    Raises:
        _NoTls: it does not offer it.
    """
    lines = _Lines(plain, ends_s)
    if talk is Talk.SMTP:
        lines.smtp_reply(b"")
        offered = lines.smtp_reply(b"EHLO noc-console.invalid\r\n")
        if b"STARTTLS" not in offered.upper():
            raise _NoTls("plain")
        if not lines.smtp_reply(b"STARTTLS\r\n").startswith(b"220"):
            raise _NoTls("plain")
    elif talk is Talk.IMAP:
        lines.line()
        plain.sendall(b"a1 STARTTLS\r\n")
        if not lines.until(b"a1 ").upper().startswith(b"A1 OK"):
            raise _NoTls("plain")
    else:
        lines.line()
        plain.sendall(b"STLS\r\n")
        if not lines.line().startswith(b"+OK"):
            raise _NoTls("plain")


class _Lines:
    """Lines of a stranger, few and short, until a moment."""

    def __init__(self, plain: socket.socket, ends_s: float) -> None:
        self._plain = plain
        self._ends_s = ends_s
        self._read = 0

    def line(self) -> bytes:
        """Give one line, read byte by byte: what follows it is of TLS."""
        line = bytearray()
        while not line.endswith(b"\n"):
            self._plain.settimeout(seconds_left(self._ends_s))
            if time.monotonic() >= self._ends_s:
                raise TimeoutError
            byte = self._plain.recv(1)
            self._read += 1
            if not byte or self._read > _MOST_BYTES:
                raise _NoTls("silent")
            line += byte
        return bytes(line)

    def until(self, start: bytes) -> bytes:
        """Give the first line that begins so."""
        for _ in range(_MOST_LINES):
            line = self.line()
            if line.startswith(start):
                return line
        raise _NoTls("plain")

    def smtp_reply(self, words: bytes) -> bytes:
        """Say something and give the whole reply (RFC 5321, section 4.2)."""
        if words:
            self._plain.sendall(words)
        told = b""
        for _ in range(_MOST_LINES):
            line = self.line()
            told += line
            if line[3:4] != b"-":
                return told
        raise _NoTls("plain")


def _shown(der: bytes, protocol: str, *, chain: str, name: str) -> Shown:
    try:
        certificate = x509.load_der_x509_certificate(der)
        names = _names(certificate)
        issuer = _common_name(certificate.issuer)
        until_s = int(certificate.not_valid_after_utc.timestamp())
    except ValueError:
        return Shown(state="refused", chain="wrong", protocol=protocol)
    return Shown(
        state="shown",
        chain=chain,
        is_for_name=any(is_for(one, name) for one in names),
        until_s=until_s,
        issuer=issuer,
        names=names,
        protocol=protocol,
    )


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_oid(
            ExtensionOID.SUBJECT_ALTERNATIVE_NAME
        ).value
    except x509.ExtensionNotFound:
        return ()
    if not isinstance(found, x509.SubjectAlternativeName):
        return ()
    addresses = map(str, found.get_values_for_type(x509.IPAddress))
    return (*found.get_values_for_type(x509.DNSName), *addresses)


def _common_name(name: x509.Name) -> str:
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = name.get_attributes_for_oid(kind)
        if found:
            return str(found[0].value)
    return "-"


def is_for(pattern: str, name: str) -> bool:
    """Whether a name of a certificate covers a name; `*` stands for one label, the first only."""
    pattern, name = pattern.casefold().rstrip("."), name.casefold().rstrip(".")
    if not pattern.startswith("*."):
        return bool(name) and _same(pattern, name)
    first, _, rest = name.partition(".")
    return bool(first) and rest == pattern[2:] and "." in rest


def _same(pattern: str, name: str) -> bool:
    try:
        return ipaddress.ip_address(pattern) == ipaddress.ip_address(name)
    except ValueError:
        return pattern == name
