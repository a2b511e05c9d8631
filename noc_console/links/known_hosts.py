"""known_hosts files as sshd(8) describes them: names, patterns, hashed names, ports and markers.

Pure: text in, lines out. A line that cannot be read is left out, as ssh does.
"""

import base64
import binascii
import fnmatch
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

SSH_PORT = 22


class Marker(Enum):
    """What a line says of its key."""

    KEY = ""
    REVOKED = "@revoked"
    AUTHORITY = "@cert-authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHost:
    """One line: for which names, which key (its algorithm and its binary form), and the marker."""

    names: str
    algorithm: str
    blob: bytes
    marker: Marker = Marker.KEY

    def is_for(self, address: str, port: int) -> bool:
        """Whether the line speaks of this address and port."""
        name = address.lower() if port == SSH_PORT else f"[{address.lower()}]:{port}"
        if self.names.startswith("|1|"):
            return _is_hash_of(self.names, name)
        found = False
        for pattern in self.names.lower().split(","):
            if pattern.startswith("!"):
                if _matches(name, pattern[1:]):
                    return False
            elif _matches(name, pattern):
                found = True
        return found


def parse_known_hosts(text: str) -> list[KnownHost]:
    """Give the lines of a known_hosts file that can be read."""
    parsed = (_parse_line(line) for line in text.splitlines())
    return [line for line in parsed if line is not None]


def parse_key_line(line: str, names: str) -> KnownHost | None:
    """Give a public key line (`ssh-ed25519 AAAA...`) as a known host of these names."""
    return _parse_line(f"{names} {line}")


def lines_for(known: Iterable[KnownHost], address: str, port: int) -> list[KnownHost]:
    """Give the lines that speak of an address and port."""
    return [line for line in known if line.is_for(address, port)]


def _parse_line(line: str) -> KnownHost | None:
    words = line.split()
    if not words or words[0].startswith("#"):
        return None
    marker = Marker.KEY
    if words[0].startswith("@"):
        if words[0] not in {Marker.REVOKED.value, Marker.AUTHORITY.value}:
            return None
        marker = Marker(words.pop(0))
    if len(words) < 3:
        return None
    try:
        blob = base64.b64decode(words[2], validate=True)
    except (binascii.Error, ValueError):
        return None
    return KnownHost(names=words[0], algorithm=words[1], blob=blob, marker=marker)


def _matches(name: str, pattern: str) -> bool:
    # `[` is literal in known_hosts and a class in fnmatch
    return fnmatch.fnmatchcase(name, pattern.replace("[", "[[]"))


def _is_hash_of(hashed: str, name: str) -> bool:
    try:
        _, _, salt, digest = hashed.split("|")
        wanted = base64.b64decode(digest, validate=True)
        key = base64.b64decode(salt, validate=True)
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(hmac.new(key, name.encode(), hashlib.sha1).digest(), wanted)
