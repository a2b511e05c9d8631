"""What the engine says befell an alarm, and how that changes the alarm's row.

Pure: no I/O, no clock. The engine knows conditions and not rows: a `Change` names the alarm by its
`Place`, and whoever writes it finds the row. So a change written twice, or by an engine that took
over, harms nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from noc_console.health.alarm import Acknowledgement, Alarm, AlarmEventKind
from noc_console.health.alarm_acts import Deed, Outcome, end_condition
from noc_console.health.verdict import Verdict

_FIRST_CHATTER = 3


@dataclass(frozen=True, slots=True)
class Place:
    """What an alarm is about: a reason's key on a server, or of a group of servers (None)."""

    server_id: int | None
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that befell the alarm of a place. Without `kind` only figures or members moved."""

    place: Place
    kind: AlarmEventKind | None
    verdict: Verdict
    words: str
    at: datetime
    times: int = 1
    why: str = ""
    """The event's words, where the alarm's own are not meant."""
    cause: Place | None = None
    joined: tuple[int, ...] = ()
    left: tuple[int, ...] = ()


def is_worth_telling(times: int) -> bool:
    """Whether a count of an alarm's comings is an event: 3, 10, 30, 100 ... and not each one."""
    step = _FIRST_CHATTER
    while step < times:
        step = step * 10 // 3 if str(step)[0] == "3" else step * 3
    return step == times


def applied(alarm: Alarm, change: Change, cause_id: int | None) -> Outcome:
    """Give an open alarm after a change and the events to write; the cause's row is known by now.

    A change that does not fit the row any more (a person cleared it) changes nothing.
    """
    if not alarm.is_open:
        return Outcome(alarm)
    match change.kind:
        case AlarmEventKind.CLEARED:
            return end_condition(alarm, change.at, change.why)
        case AlarmEventKind.RAISED | AlarmEventKind.RAISED_AGAIN:
            return come_again(alarm, change)
        case AlarmEventKind.WORSE:
            return _worse(alarm, change)
        case AlarmEventKind.SUPPRESSED:
            return _event(replace(alarm, cause_id=cause_id), change)
        case AlarmEventKind.MUTED:
            return _event(replace(_told(alarm, change), is_muted=True), change)
        case AlarmEventKind.STANDS_ALONE:
            free = replace(_told(alarm, change), is_muted=False, cause_id=None)
            return _event(free, change)
    return _event(_told(alarm, change), change)


def come_again(alarm: Alarm, change: Change) -> Outcome:
    """Give an alarm, latched and waiting or cleared shortly before, whose condition is back.

    Who acknowledged it until a later moment said so for this too; any other mark was for before.
    """
    noted = alarm.acknowledged
    holds = noted is not None and noted.until is not None and noted.until > change.at
    is_back = alarm.cleared_at is not None or alarm.returned_at is not None
    after = replace(
        _told(alarm, change),
        cleared_at=None,
        returned_at=None,
        acknowledged=noted if holds or not is_back else None,
        times=max(change.times, alarm.times + is_back),
    )
    return Outcome(after, (Deed(AlarmEventKind.RAISED_AGAIN, change.words),))


def born(change: Change) -> Alarm:
    """Give the alarm that a first change makes; its id is the store's to give."""
    return Alarm(
        id=0,
        server_id=change.place.server_id,
        key=change.place.key,
        verdict=change.verdict,
        words=change.words,
        raised_at=change.at,
        times=change.times,
    )


def _worse(alarm: Alarm, change: Change) -> Outcome:
    """What was acknowledged or put aside was less bad: it needs a person again."""
    marks: list[str] = []
    if isinstance(alarm.acknowledged, Acknowledgement):
        marks.append(f"{alarm.acknowledged.by} had acknowledged it as {alarm.verdict.value}")
    if alarm.shelved is not None:
        marks.append(f"{alarm.shelved.by} had shelved it as {alarm.verdict.value}")
    after = replace(_told(alarm, change), acknowledged=None, shelved=None)
    words = "; ".join((change.words, *marks))
    return Outcome(after, (Deed(AlarmEventKind.WORSE, words),))


def _told(alarm: Alarm, change: Change) -> Alarm:
    return replace(
        alarm,
        verdict=change.verdict,
        words=change.words,
        times=max(change.times, alarm.times),
        returned_at=None,
    )


def _event(alarm: Alarm, change: Change) -> Outcome:
    if change.kind is None:
        return Outcome(alarm)
    return Outcome(alarm, (Deed(change.kind, change.why or change.words),))
