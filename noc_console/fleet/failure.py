"""The ways a link can fail: a closed set, each with one sentence for the person at the desk.

Pure: no I/O, no clock.
"""

from dataclasses import dataclass
from enum import Enum


class FailureKind(Enum):
    """Every reason for which a server gives no reading."""

    NAME_NOT_FOUND = "name not found"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    TIMED_OUT = "timed out"
    NOT_SSH = "no SSH banner"
    NO_COMMON_ALGORITHM = "no common algorithm"
    HOST_KEY_UNKNOWN = "host key unknown"
    HOST_KEY_CHANGED = "host key CHANGED"
    HOST_KEY_REVOKED = "host key REVOKED"
    AUTHENTICATION_FAILED = "authentication failed"
    AGENT_MISSING = "no agent"
    KEY_UNUSABLE = "key unusable"
    CERTIFICATE_EXPIRED = "certificate expired"
    KEYRING_UNAVAILABLE = "keyring unavailable"
    JUMP_FAILED = "jump failed"
    SHELL_REFUSED = "shell refused"
    OUTPUT_TOO_LONG = "output too long"
    OUTPUT_NOT_UNDERSTOOD = "output not understood"
    CONNECTION_LOST = "connection lost"
    STOPPED_ANSWERING = "stopped answering"
    CONSOLE_FAILED = "failure of our own"
    """Our store or our program, not the server: nothing is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failure: its kind and a sentence that says what happened and what to do next.

    The sentence holds no secret and no raw control character; `fingerprint` (SHA256:...) is the
    key the server offered, `known_fingerprint` the one we hold, empty where there is none.
    """

    kind: FailureKind
    sentence: str
    algorithm: str = ""
    fingerprint: str = ""
    known_fingerprint: str = ""
    offered_key: str = ""
    """The offered public key in OpenSSH form (`ssh-ed25519 AAAA...`), for a person to accept."""
    same_key_as: tuple[str, ...] = ()
    """Names of other servers that have this same key."""
    address: str = ""
    port: int = 0
    """Where the key was offered: the server's own address, or that of a jump server."""

    @property
    def is_host_key(self) -> bool:
        """Whether a person must decide about a key before anything is sent."""
        return self.kind in {
            FailureKind.HOST_KEY_UNKNOWN,
            FailureKind.HOST_KEY_CHANGED,
            FailureKind.HOST_KEY_REVOKED,
        }
