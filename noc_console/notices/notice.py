"""What customers are told, as a person composes it: scheduled work, or downtime nobody planned.

Pure: no I/O, no clock. A notice is content only; who approved it, what went where and when is in
the notice's records. A draft may lack anything: `seven.lamps` says what.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from noc_console.errors import ConsoleError
from noc_console.incidents.wall_time import WallChoice

MAX_TITLE = 200
MAX_TEXT = 8000
MAX_NAMED = 2000
"""So many servers, groups, services or customers may be named one by one; groups hold the rest."""
MAX_ROUTES = 20
MAX_PLANNED = 500
MAX_LANGUAGES = 20
LANGUAGES = ("en", "de")
"""The languages that templates are shipped in; a site's own templates may bring more."""


_HALF = re.compile("[\ud800-\udfff]")
"""Half of a pair that stands for one character; no program can store it."""


class InvalidNotice(ConsoleError):
    """A notice's fields that cannot be; the sentence says what to write instead."""


class NoticeKind(Enum):
    """Whether the work was planned."""

    SCHEDULED = "scheduled"
    UNSCHEDULED = "unscheduled"


class UnscheduledState(Enum):
    """How far downtime that nobody planned has been understood."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    """It is mended and is being watched."""
    RESOLVED = "resolved"


class Send(Enum):
    """The occasions on which customers are told, each with a text of its own."""

    WEEK_BEFORE = "week before"
    DAY_BEFORE = "day before"
    START = "start"
    UPDATE = "update"
    DONE = "done"
    FIRST_WORD = "first word"
    ALL_CLEAR = "all-clear"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    EXTENDED = "extended"
    CORRECTION = "correction"


SENDS = {
    NoticeKind.SCHEDULED: (
        *(Send.WEEK_BEFORE, Send.DAY_BEFORE, Send.START, Send.UPDATE, Send.DONE),
        *(Send.CANCELLED, Send.POSTPONED, Send.EXTENDED, Send.CORRECTION),
    ),
    NoticeKind.UNSCHEDULED: (Send.FIRST_WORD, Send.UPDATE, Send.ALL_CLEAR, Send.CORRECTION),
}
"""Which occasions a kind of notice has, in their order."""


class RouteKind(Enum):
    """How support is reached."""

    PHONE = "phone"
    EMAIL = "email"
    PAGE = "page"
    CHAT = "chat"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way to reach support; `words` are the number, the address or the link themselves.

    `host` is the host the way depends on where the words do not show it, such as the server of a
    ticket system; empty where they do, or where it depends on none.
    """

    kind: RouteKind
    words: str
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A notice's texts in another language; what is empty is told in the notice's own."""

    language: str
    title: str = ""
    disrupted: str = ""
    not_disrupted: str = ""
    reasons: str = ""
    benefit: str = ""
    alternatives: str = ""
    no_alternatives_because: str = ""
    noticed: str = ""
    cause: str = ""
    next_steps: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            InvalidNotice: with what to write instead.
        """
        _check_texts(self.title, *(getattr(self, name) for name in TRANSLATED))


TRANSLATED = (
    *("title", "disrupted", "not_disrupted", "reasons", "benefit", "alternatives"),
    *("no_alternatives_because", "noticed", "cause", "next_steps"),
)
"""The texts of a notice that are told in each language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSend:
    """Where a person wants a send on a channel other than the usual plan has it.

    `channel` is its name. Without `due_at` the usual time holds, without `title` or `text` that of
    the template.
    """

    send: Send
    channel: str
    is_on: bool = True
    due_at: datetime | None = None
    title: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            InvalidNotice: with what to write instead.
        """
        _check_texts(self.title, self.text)
        if self.due_at is not None and self.due_at.tzinfo is None:
            raise ValueError("a due time needs a zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The content of one notice, as a person left it. `id` is 0 until the store has given one.

    `servers` are ids, `customers` names. An empty text, a 0 and a missing `starts_at` mean that
    it was not given yet. What is said only of one kind of notice is not looked at in the other.
    """

    id: int = 0
    kind: NoticeKind
    title: str = ""
    brand: str = ""
    language: str = "en"
    servers: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    """Only these; empty means all who have a site on the servers. Alone they name the servers."""
    window_id: int = 0
    incident_id: int = 0

    typed_start: str = ""
    """The start as a person wrote it, weekday and all, also where it is no instant yet."""
    starts_at: datetime | None = None
    """The start in UTC; None where `typed_start` is missing, unreadable or unclear."""
    minutes: int = 0
    zone: str = "UTC"
    wall_choice: WallChoice = WallChoice.NOT_MADE

    disrupted: str = ""
    not_disrupted: str = ""
    reasons: str = ""
    benefit: str = ""
    routes: tuple[Route, ...] = ()
    alternatives: str = ""
    no_alternatives_because: str = ""

    noticed: str = ""
    """What customers notice, of unscheduled downtime."""
    since: datetime | None = None
    state: UnscheduledState = UnscheduledState.INVESTIGATING
    next_update_minutes: int = 0
    """In how many minutes customers hear again; 0 promises nothing."""
    resolved_at: datetime | None = None
    cause: str = ""
    next_steps: str = ""

    template: str = ""
    """The prepared work or cause the texts began with, such as `kernel-update`; may be none."""
    plan: tuple[PlannedSend, ...] = ()
    translations: tuple[Translation, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no draft can hold.

        Raises:
            InvalidNotice: with what to write instead.
        """
        _check_texts(
            self.title,
            *(self.disrupted, self.not_disrupted, self.reasons, self.benefit),
            *(self.alternatives, self.no_alternatives_because),
            *(self.noticed, self.cause, self.next_steps),
            *(words for route in self.routes for words in (route.words, route.host)),
        )
        named = (self.servers, self.groups, self.services, self.customers)
        if max(map(len, named)) > MAX_NAMED:
            raise InvalidNotice(f"Name at most {MAX_NAMED} one by one; use a group for more.")
        if len(self.routes) > MAX_ROUTES or len(self.plan) > MAX_PLANNED:
            raise InvalidNotice("There are too many routes or differences of the plan.")
        told_in = [self.language, *(one.language for one in self.translations)]
        if len(told_in) > MAX_LANGUAGES or len(set(told_in)) < len(told_in):
            raise InvalidNotice("Give each language once, and only so many as are read.")
        if min(self.minutes, self.next_update_minutes) < 0:
            raise InvalidNotice("Minutes count from 0 on.")
        for moment in (self.starts_at, self.since, self.resolved_at):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("a notice's instants need a zone")

    @property
    def is_scheduled(self) -> bool:
        """Whether the work was planned."""
        return self.kind is NoticeKind.SCHEDULED

    def in_language(self, code: str) -> "Notice":
        """Give it with the texts of another language; as it is where it has none in that."""
        for one in self.translations:
            if one.language == code:
                told = {name: words for name in TRANSLATED if (words := getattr(one, name))}
                return replace(self, language=code, translations=(), **told)
        return self

    @property
    def duration(self) -> timedelta:
        """How long the work is to last."""
        return timedelta(minutes=self.minutes)

    @property
    def ends_at(self) -> datetime | None:
        """When the work is to be over; None while start or minutes are missing."""
        return self.starts_at + self.duration if self.starts_at and self.minutes else None


def _check_texts(title: str, *texts: str) -> None:
    if len(title) > MAX_TITLE:
        raise InvalidNotice(f"A title holds at most {MAX_TITLE} characters; shorten it.")
    if any(len(text) > MAX_TEXT for text in texts):
        raise InvalidNotice(f"A text of a notice holds at most {MAX_TEXT} characters; shorten it.")
    if any(not text.isascii() and _HALF.search(text) for text in (title, *texts)):
        raise InvalidNotice("A text holds half a character; write that place again.")
