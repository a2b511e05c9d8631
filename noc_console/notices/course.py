"""How downtime that nobody planned was told: states, words, promises, what went. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.notices.notice import Send, UnscheduledState
from noc_console.notices.notice_records import StoredNotice
from noc_console.notices.posting import Posting, PostingState
from noc_console.notices.version_records import Version

_GONE = frozenset({PostingState.SUPERSEDED, PostingState.SUPPRESSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that customers were told. `told` counts its postings by where they stand.

    `promised_at` is when they were to hear again, None where nothing was promised; `late_by`
    is by how much later than that they did, or have been waiting. Zero: the promise was kept, or
    is not due yet.
    """

    number: int
    at: datetime
    by: str
    send: str
    state: UnscheduledState
    words: str
    promised_at: datetime | None = None
    late_by: timedelta = timedelta()
    told: tuple[tuple[PostingState, int], ...] = ()


def course_of(
    stored: StoredNotice, versions: Sequence[Version], postings: Sequence[Posting], now: datetime
) -> tuple[Step, ...]:
    """Give what was told, the first word first; a version that nobody approved was not told."""
    told = [one for one in versions if one.approved_at is not None]
    steps = []
    for place, version in enumerate(told):
        own = [one for one in postings if one.version == version.number]
        is_last = place + 1 == len(told)
        heard_at = _at(told[place + 1]) if not is_last else stored.ended_at or now
        promised_at = _promise(version, own)
        late_by = heard_at - promised_at if promised_at is not None else timedelta()
        steps.append(
            Step(
                number=version.number,
                at=_at(version),
                by=version.approved_by,
                send=_send_of(version, own),
                state=version.notice.state,
                words=version.change or (version.notice.noticed if not place else ""),
                promised_at=promised_at,
                late_by=max(late_by, timedelta()),
                told=_counts(own),
            )
        )
    return tuple(steps)


def _at(version: Version) -> datetime:
    return version.approved_at or version.frozen_at


def _promise(version: Version, own: Sequence[Posting]) -> datetime | None:
    promised = next((one.next_update_at for one in own if one.next_update_at is not None), None)
    if promised is not None or version.notice.state is UnscheduledState.RESOLVED:
        return promised
    minutes = version.notice.next_update_minutes
    return _at(version) + timedelta(minutes=minutes) if minutes else None


def _send_of(version: Version, own: Sequence[Posting]) -> str:
    if own:
        return own[0].send
    if version.notice.state is UnscheduledState.RESOLVED:
        return Send.ALL_CLEAR.value
    return Send.FIRST_WORD.value if version.number == 1 else Send.UPDATE.value


def _counts(own: Sequence[Posting]) -> tuple[tuple[PostingState, int], ...]:
    counts = Counter(one.state for one in own if one.state not in _GONE)
    return tuple(sorted(counts.items(), key=lambda item: list(PostingState).index(item[0])))
