"""One message to one recipient, what it is about, and where it stands. Pure: no I/O, no clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from noc_console.health.verdict import Verdict

SUBJECT_PREFIX = "[noc-console] "
"""So that mail can be sorted by it."""


class DeliveryState(Enum):
    """Where a message stands. Each is written before what follows from it is done."""

    QUEUED = "queued"
    """It waits for its time: the first try, the next one, or the end of a flood's pause."""
    SENDING = "sending"
    """A try began; nothing was handed over yet, so a crash loses nothing."""
    HANDING_OVER = "handing over"
    """The message itself is on its way: after a crash nobody knows whether it arrived."""
    SENT = "sent"
    IN_DOUBT = "in doubt"
    """The engine ended while it was handed over. It is not sent again by itself."""
    GIVEN_UP = "given up"
    WITHDRAWN = "withdrawn"
    """By its time there was nothing left to tell."""

    @property
    def is_open(self) -> bool:
        """Whether more will come of it."""
        return self in {DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.HANDING_OVER}

    @property
    def was_heard(self) -> bool:
        """Whether we must take it that the recipient knows what it says."""
        return self in {DeliveryState.SENT, DeliveryState.IN_DOUBT, DeliveryState.HANDING_OVER}


class ItemKind(Enum):
    """What a message says of an alarm."""

    RAISED = "raised"
    WORSE = "worse"
    STILL = "still open"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One alarm in one message, with the verdict it had when it was told."""

    alarm_id: int
    kind: ItemKind
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message. `words` is what came of the last try, as a sentence; a test has no items."""

    id: int
    recipient_id: int
    recipient_name: str
    state: DeliveryState
    subject: str
    made_at: datetime
    next_at: datetime
    tries: int
    began_at: datetime | None
    ended_at: datetime | None
    words: str

    @property
    def is_failing(self) -> bool:
        """Whether it was tried in vain; also while the next try is under way."""
        in_vain = self.tries if self.state is DeliveryState.QUEUED else self.tries - 1
        return self.state.is_open and in_vain > 0

    @property
    def needs_person(self) -> bool:
        """Whether a person should look at what became of it."""
        return self.is_failing or self.state in {DeliveryState.IN_DOUBT, DeliveryState.GIVEN_UP}
