"""What is known of the way to a server. It lives below `links` so that the desk may read it.

Pure: no I/O, no clock.
"""

from enum import Enum


class LinkState(Enum):
    """Where a link stands."""

    NOT_TRIED = "not tried"
    CONNECTING = "connecting"
    UP = "up"
    DOWN = "down"
    WAITING_FOR_PERSON = "waiting for a person"
    """A host key is unknown, changed or revoked: we do not try again before a person decides."""
