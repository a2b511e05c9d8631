"""What is known of the way to a server. It lives below `links` so that the desk may read it.

Pure: no I/O, no clock.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class LinkState(Enum):
    """Where a link stands."""

    NOT_TRIED = "not tried"
    CONNECTING = "connecting"
    UP = "up"
    DOWN = "down"
    WAITING_FOR_PERSON = "waiting for a person"
    """A host key is unknown, changed or revoked: we do not try again before a person decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """What was agreed with a server over SSH. All text is inert."""

    cipher: str
    kex: str
    mac: str
    host_key_algorithm: str
    fingerprint: str
    software: str
    """The server's SSH banner."""
    authenticated_with: str
    connected_at: datetime
    is_weak: bool
    """Whether an outdated algorithm is in use."""
    gives_one_session: bool = False
    """Whether it refuses a second one (MaxSessions 1): what is read by it is missing then."""
