"""What was announced, and whether it was kept: start, end, next update; and the first word.

Pure: no I/O, no clock. The rules, as they are printed with each report:
- a promise is what people were told: a posting that went, or may have gone;
- the start is kept when the work began no sooner than announced and at most 15 minutes later; where
  nobody recorded when it began, it is not measured;
- the end is kept when the work was over by the announced end. One that was extended in time is a
  new promise, and the one before counts as broken;
- work that was cancelled or postponed before it began broke no promise;
- an update is kept when the next one, or the end, went at most a minute after it was promised.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.notice import Notice, Send
from noc_console.notices.plan import PUBLIC
from noc_console.notices.posting import Act, NoticeState, Posting

START_TOLERANCE = timedelta(minutes=15)
TOLERANCE = timedelta(minutes=1)
_NEWS = frozenset({Send.UPDATE, Send.DONE, Send.ALL_CLEAR, Send.CANCELLED, Send.EXTENDED})


class PromiseKind(Enum):
    """What was promised."""

    START = "start"
    END = "end"
    NEXT_UPDATE = "next update"


class Outcome(Enum):
    """What became of a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"
    """Its time has not come."""
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise: what was to be when, what was when, and what became of it."""

    notice_id: int
    title: str
    kind: PromiseKind
    promised_at: datetime
    was_at: datetime | None
    outcome: Outcome
    late_by: timedelta | None
    """How much later it was than promised, so far where it is broken and still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that promises are read from: one notice as it stands, and what went of it.

    `versions` are the contents by number; `began_at` and `ended_at` are those a person recorded.
    """

    notice_id: int
    state: NoticeState
    versions: Mapping[int, Notice]
    postings: Sequence[Posting]
    began_at: datetime | None
    ended_at: datetime | None
    detected_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWordTime:
    """How long customers waited for the first word. `spoken_at` None: they still do."""

    notice_id: int
    title: str
    detected_at: datetime
    spoken_at: datetime | None

    def span(self, now: datetime) -> timedelta:
        """Give it, up to now while they wait."""
        return max(timedelta(0), (self.spoken_at or now) - self.detected_at)


def promises_of(told: Told, now: datetime) -> list[Promise]:
    """Give the promises of a notice, in order of time."""
    found = [*_times(told, now), *_updates(told, now)]
    return sorted(found, key=lambda one: one.promised_at)


def first_word_of(told: Told) -> FirstWordTime | None:
    """Give how long the first word took; None where nobody waited for one."""
    title = _title(told)
    if told.detected_at is None:
        return None
    return FirstWordTime(
        notice_id=told.notice_id,
        title=title,
        detected_at=told.detected_at,
        spoken_at=first_spoken_at(told.postings),
    )


def first_spoken_at(postings: Iterable[Posting]) -> datetime | None:
    """Give when anybody could read something first; None where nobody could yet."""
    public = [
        one.ended_at
        for one in postings
        if one.act is Act.POST
        and one.state.was_told
        and one.ended_at is not None
        and ChannelKind(one.channel_kind) in PUBLIC
    ]
    return min(public, default=None)


def percentile(spans: Sequence[timedelta], share: float) -> timedelta | None:
    """Give the span that so large a share stays within (nearest rank); None where there is none."""
    if not spans:
        return None
    ordered = sorted(spans)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def kept_share(promises: Sequence[Promise]) -> float | None:
    """Give which share of the promises that can be judged was kept; None where none can be."""
    judged = [one for one in promises if one.outcome in {Outcome.KEPT, Outcome.BROKEN}]
    if not judged:
        return None
    return sum(one.outcome is Outcome.KEPT for one in judged) / len(judged)


def _times(told: Told, now: datetime) -> list[Promise]:
    """Give the promised start and the promised ends, as they were told last before each."""
    spoken = [
        (one.ended_at, told.versions[one.version])
        for one in told.postings
        if one.act is Act.POST
        and one.state.was_told
        and one.ended_at is not None
        and one.version in told.versions
    ]
    spoken.sort(key=lambda one: one[0])
    held = [one for one in spoken if one[1].starts_at is not None and one[1].is_scheduled]
    if not held or told.state is NoticeState.CANCELLED:
        return []
    before = [notice for at, notice in held if notice.starts_at and at <= notice.starts_at]
    first = before[-1] if before else held[0][1]
    promises = [_start(told, first, now)] if first.starts_at else []
    ends: list[datetime] = []
    for at, notice in held:
        is_of_it = notice.starts_at == first.starts_at and notice.ends_at is not None
        if is_of_it and notice.ends_at and (notice is first or at > (first.starts_at or at)):
            ends.append(notice.ends_at)
    ends = [end for number, end in enumerate(ends) if end not in ends[:number]] or (
        [first.ends_at] if first.ends_at else []
    )
    return [*promises, *(_end(told, first, end, now) for end in ends)]


def _start(told: Told, notice: Notice, now: datetime) -> Promise:
    promised = notice.starts_at or now
    was_at = told.began_at
    if promised > now and was_at is None:
        outcome = Outcome.OPEN
    elif was_at is None:
        outcome = Outcome.NOT_MEASURED
    else:
        is_kept = -TOLERANCE <= was_at - promised <= START_TOLERANCE
        outcome = Outcome.KEPT if is_kept else Outcome.BROKEN
    return _promise(told, notice, PromiseKind.START, promised, was_at, outcome, now)


def _end(told: Told, notice: Notice, promised: datetime, now: datetime) -> Promise:
    was_at = told.ended_at
    if was_at is not None:
        outcome = Outcome.KEPT if was_at <= promised + TOLERANCE else Outcome.BROKEN
    else:
        outcome = Outcome.OPEN if now <= promised + TOLERANCE else Outcome.BROKEN
    return _promise(told, notice, PromiseKind.END, promised, was_at, outcome, now)


def _updates(told: Told, now: datetime) -> list[Promise]:
    """Give each promised update once: of all channels, the one that promised it first counts."""
    news: dict[tuple[str, int], tuple[datetime, Posting]] = {}
    for one in told.postings:
        if one.act is Act.POST and one.state.was_told and one.ended_at is not None:
            key = (one.send, one.round)
            if key not in news or one.ended_at < news[key][0]:
                news[key] = (one.ended_at, one)
    spoken = sorted(news.values(), key=lambda one: one[0])
    promises = []
    for at, one in spoken:
        if one.next_update_at is None:
            continue
        following = [later for later, other in spoken if later > at and Send(other.send) in _NEWS]
        was_at = min(following, default=None)
        if was_at is not None:
            is_kept = was_at <= one.next_update_at + TOLERANCE
            outcome = Outcome.KEPT if is_kept else Outcome.BROKEN
        else:
            is_open = now <= one.next_update_at + TOLERANCE
            outcome = Outcome.OPEN if is_open else Outcome.BROKEN
        notice = told.versions.get(one.version)
        if notice is not None:
            kind, due = PromiseKind.NEXT_UPDATE, one.next_update_at
            promises.append(_promise(told, notice, kind, due, was_at, outcome, now))
    return promises


def _promise(
    told: Told,
    notice: Notice,
    kind: PromiseKind,
    promised_at: datetime,
    was_at: datetime | None,
    outcome: Outcome,
    now: datetime,
) -> Promise:
    until = was_at
    if was_at is None and outcome is Outcome.BROKEN:
        until = told.ended_at or now
    return Promise(
        notice_id=told.notice_id,
        title=notice.title,
        kind=kind,
        promised_at=promised_at,
        was_at=was_at,
        outcome=outcome,
        late_by=None if until is None else until - promised_at,
    )


def _title(told: Told) -> str:
    newest = max(told.versions, default=None)
    return told.versions[newest].title if newest is not None else ""
