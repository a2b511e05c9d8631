"""A notice on one channel at one time, a mailing to one recipient, and where each stands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class NoticeState(Enum):
    """Where a notice stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    """A frozen version is in force; its sends go when they are due."""
    UNDER_WAY = "under way"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be planned for it."""
        return self in {NoticeState.DONE, NoticeState.CANCELLED}


class PostingState(Enum):
    """Where a posting, or a mailing, stands. Each is durable before what follows it is done."""

    QUEUED = "queued"
    """It waits for its time."""
    SENDING = "sending"
    """A try began; nothing that could be seen was handed over, so a crash loses nothing."""
    COMMITTING = "committing"
    """It is being handed over: after a crash it is in doubt."""
    SCHEDULED = "scheduled"
    """The channel has it, and publishes it by itself when it is due."""
    BY_HAND = "by hand"
    """It is due, and a person must post it: the channel has no way for programs."""
    SENT = "sent"
    IN_DOUBT = "in doubt"
    """Nobody knows whether it went; a person looks, and decides."""
    DELAYED = "delayed"
    """The channel would not take it now; it is tried again."""
    BOUNCED = "bounced"
    """It went, and came back."""
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    """It was not to go: switched off, unsubscribed, or stopped by a person."""
    SUPERSEDED = "superseded"
    """What it says no longer holds: a later one takes its place."""
    MISSED = "missed"
    """Its time passed while nobody could send it, and it would be untrue now."""

    @property
    def is_open(self) -> bool:
        """Whether more will come of it by itself or by a person."""
        return self in OPEN

    @property
    def waits(self) -> bool:
        """Whether it can still be stopped: nothing of it has gone."""
        return self in WAITING

    @property
    def was_told(self) -> bool:
        """Whether we must take it that people know what it says."""
        return self in TOLD

    @property
    def needs_person(self) -> bool:
        """Whether a person should look at it."""
        return self in NEEDS_PERSON


OPEN = frozenset(
    {
        PostingState.QUEUED,
        PostingState.SENDING,
        PostingState.COMMITTING,
        PostingState.SCHEDULED,
        PostingState.BY_HAND,
        PostingState.DELAYED,
    }
)
WAITING = frozenset({PostingState.QUEUED, PostingState.DELAYED, PostingState.BY_HAND})
TOLD = frozenset(
    {
        PostingState.COMMITTING,
        PostingState.SCHEDULED,
        PostingState.SENT,
        PostingState.IN_DOUBT,
    }
)
NEEDS_PERSON = frozenset(
    {
        PostingState.BY_HAND,
        PostingState.IN_DOUBT,
        PostingState.FAILED,
        PostingState.MISSED,
    }
)


class Act(Enum):
    """What is to be done on a channel."""

    POST = "post"
    EDIT = "edit"
    """Change what `target_id` posted."""
    DELETE = "delete"
    """Take back what `target_id` posted, or handed over for later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One notice on one channel at one time, and what came of it so far.

    `send` is the value of a `Send`; `round` counts those of a kind: the second update is round 2.
    `reference` is in what was posted, so that the channel can be asked for it.
    """

    id: int
    notice_id: int
    version: int
    send: str
    round: int
    channel_id: int
    channel_name: str
    channel_kind: str
    act: Act
    target_id: int | None
    state: PostingState
    due_at: datetime
    made_at: datetime
    next_at: datetime
    tries: int
    began_at: datetime | None
    ended_at: datetime | None
    words: str
    reference: str
    said: str
    title: str
    body: str
    remote_id: str
    link: str
    parts: tuple[str, ...]
    publishes_at: datetime | None
    next_update_at: datetime | None
    asks_at: datetime | None
    leased_by: str
    leased_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """A posting's delivery to one recipient, as the contact was when it was made."""

    id: int
    posting_id: int
    contact_id: int
    address: str
    name: str
    language: str
    zone: str
    state: PostingState
    next_at: datetime
    tries: int
    mark: str
    code: int
    ended_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many mailings of a posting stand where."""

    by_state: Mapping[PostingState, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_state.values())

    def of(self, *states: PostingState) -> int:
        """Those in some states."""
        return sum(self.by_state.get(one, 0) for one in states)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to send."""
        return not any(count for state, count in self.by_state.items() if state.is_open)

    @property
    def words(self) -> str:
        """Give them as a person says them: `9998 sent, 2 bounced`."""
        known = [(state, self.by_state.get(state, 0)) for state in PostingState]
        return ", ".join(f"{count} {state.value}" for state, count in known if count) or "nobody"
