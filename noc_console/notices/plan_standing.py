"""What becomes of each send of a plan on each channel, as its draft stands. Pure: no clock.

A send that went, or was given up, says so; what is to come says when. Of a draft that is not in
force it is what would follow if it were approved now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from noc_console.notices.content_json import is_same_content
from noc_console.notices.notice import Notice, Send
from noc_console.notices.plan import Cell
from noc_console.notices.posting import Act, Posting, PostingState
from noc_console.notices.rulings import tells, was_told

Place = tuple[Send, str]
"""A send and the name of a channel."""


class Course(Enum):
    """What becomes of one send on one channel."""

    OFF = "off"
    BY_PERSON = "by person"
    """It goes when somebody says so."""
    TO_COME = "to come"
    AT_ONCE = "at once"
    """Its time has passed: it goes as soon as this is in force."""
    WENT = "went"
    STANDS = "stands"
    """It is on its way or came to nothing: its posting's state says how."""
    NOT_NOW = "not now"
    """It will not go, though it is switched on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What becomes of one send on one channel. `at`: when it goes or went; `words`: why not."""

    course: Course
    at: datetime | None = None
    state: PostingState | None = None
    words: str = ""
    times: int = 1
    """How often it went: there may be many updates."""


def standings_of(
    cells: Iterable[Cell],
    draft: Notice,
    live: Notice | None,
    postings: Sequence[Posting],
    now: datetime,
) -> Mapping[Place, Standing]:
    """Give what becomes of each cell; `live` is the version in force, if any is."""
    every = {(one.send, one.channel.name): one for one in cells}
    plan = _Plan(every, draft, live, postings, now)
    return {place: plan.standing(one) for place, one in every.items()}


class _Plan:
    """One look at a plan."""

    def __init__(
        self,
        cells: Mapping[Place, Cell],
        draft: Notice,
        live: Notice | None,
        postings: Sequence[Posting],
        now: datetime,
    ) -> None:
        self._cells, self._draft, self._postings, self._now = cells, draft, postings, now
        self._is_in_force = live is not None and is_same_content(live, draft)
        self._is_moved = live is not None and live.starts_at != draft.starts_at

    def standing(self, cell: Cell) -> Standing:
        """Give what becomes of a cell."""
        posted = [
            one
            for one in self._postings
            if (one.send, one.channel_id, one.act) == (cell.send.value, cell.channel.id, Act.POST)
        ]
        newest = max(posted, key=lambda one: one.id, default=None)
        if newest is not None and (found := self._of_posting(newest, posted, cell)) is not None:
            return found
        if not cell.is_on:
            return Standing(course=Course.OFF)
        if cell.due_at is None:
            return Standing(course=Course.BY_PERSON)
        return self._to_be(cell, cell.due_at)

    def _of_posting(
        self, newest: Posting, posted: Sequence[Posting], cell: Cell
    ) -> Standing | None:
        """Say what came of it; nothing where what was posted is not what is to go."""
        is_timed = cell.due_at is not None
        if self._is_read(newest):
            if is_timed and self._is_moved:
                return None
            times = sum(1 for one in posted if self._is_read(one))
            at = newest.ended_at or newest.publishes_at
            return Standing(course=Course.WENT, at=at, words=newest.words, times=times)
        if newest.state in _ON_ITS_WAY and not (is_timed and self._is_moved):
            return Standing(course=Course.STANDS, state=newest.state, words=newest.words)
        if not self._is_in_force or newest.state in _AS_PLANNED:
            return None
        if newest.state is PostingState.SUPPRESSED and not cell.is_on:
            return None  # that it is switched off says it
        return Standing(course=Course.STANDS, state=newest.state, words=newest.words)

    def _is_read(self, one: Posting) -> bool:
        if one.state is PostingState.SCHEDULED:
            return one.publishes_at is not None and one.publishes_at <= self._now
        return one.state is PostingState.SENT

    def _to_be(self, cell: Cell, due_at: datetime) -> Standing:
        if due_at > self._now:
            return Standing(course=Course.TO_COME, at=due_at)
        why = self._why_not(cell, due_at)
        if why:
            return Standing(course=Course.NOT_NOW, words=why)
        return Standing(course=Course.AT_ONCE, at=due_at)

    def _why_not(self, cell: Cell, due_at: datetime) -> str:
        """Say why what is past does not go; as the catch-up table and a new version have it."""
        start, end = self._draft.starts_at, self._draft.ends_at
        if end is not None and end <= self._now:
            return "The work is to be over."
        if start is not None and due_at < start <= self._now:
            return "The work has begun."
        if self._is_moved and was_told(self._postings, cell.channel.id):
            return "What is told of the new time takes its place."
        nearer = self._cells.get((Send.DAY_BEFORE, cell.channel.name))
        is_due = nearer is not None and nearer.due_at is not None and nearer.due_at <= self._now
        if cell.send is Send.WEEK_BEFORE and nearer is not None and nearer.is_on and is_due:
            return "The day before takes its place."
        return ""


_ON_ITS_WAY = frozenset(
    {
        PostingState.SENDING,
        PostingState.COMMITTING,
        PostingState.BY_HAND,
        PostingState.IN_DOUBT,
        PostingState.DELAYED,
    }
)
_AS_PLANNED = frozenset({PostingState.QUEUED, PostingState.SCHEDULED})


def told_by_start(
    postings: Iterable[Posting], starts: Mapping[int, datetime | None]
) -> dict[datetime, datetime]:
    """Give for each start that was told when that was first; `starts` are those of the versions."""
    found: dict[datetime, datetime] = {}
    for one in postings:
        start, at = starts.get(one.version), one.publishes_at or one.ended_at
        if start is None or at is None or one.act is not Act.POST or not tells(one):
            continue
        if one.state is not PostingState.SCHEDULED:
            found[start] = min(at, found.get(start, at))
    return found
