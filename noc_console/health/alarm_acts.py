"""What a person may do to an alarm, and what time does to the marks people left on it.

Pure: no I/O, no clock. Each act gives the alarm after it and the events to write; what cannot be
done is refused with a sentence. An act that changes nothing gives no event.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.alarm import (
    Acknowledgement,
    Alarm,
    AlarmEventKind,
    AlarmState,
    Claim,
    Shelf,
)

LONGEST_SHELF = timedelta(days=31)
"""What is put aside for longer is forgotten: change its lines, or mend it."""


class AlarmRefused(ConsoleError):
    """An act that this alarm does not take now."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An event to write: what befell the alarm, and the words that go with it."""

    kind: AlarmEventKind
    words: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The alarm after an act, and what befell it on the way, in order."""

    alarm: Alarm
    deeds: tuple[Deed, ...] = ()


def acknowledge(
    alarm: Alarm, *, by: str, now: datetime, reason: str, until: datetime | None = None
) -> Outcome:
    """Note that a person knows, and why it may stay so. A latched alarm whose cause is gone clears.

    Raises:
        AlarmRefused: it is cleared, the reason is missing, or the expiry has passed.
    """
    _refuse_cleared(alarm, "acknowledged")
    said = _reason(reason, "an acknowledgement")
    if until is not None and until <= now:
        raise AlarmRefused("The acknowledgement would end in the past; choose a later time.")
    noted = replace(alarm, acknowledged=Acknowledgement(by=by, at=now, reason=said, until=until))
    deeds = (Deed(AlarmEventKind.ACKNOWLEDGED, said),)
    if noted.returned_at is not None:
        return _cleared(noted, now, deeds)
    return Outcome(noted, deeds)


def claim(alarm: Alarm, *, by: str, now: datetime) -> Outcome:
    """Note that a person is on it; one who is on it already gives it up to them.

    Raises:
        AlarmRefused: it is cleared.
    """
    _refuse_cleared(alarm, "claimed")
    before = alarm.claimed
    if before is not None and before.by == by:
        return Outcome(alarm)
    words = f"taken over from {before.by}" if before is not None else ""
    return Outcome(
        replace(alarm, claimed=Claim(by=by, at=now)), (Deed(AlarmEventKind.CLAIMED, words),)
    )


def release(alarm: Alarm, *, by: str) -> Outcome:
    """Note that nobody is on it any more.

    Raises:
        AlarmRefused: it is cleared.
    """
    _refuse_cleared(alarm, "released")
    before = alarm.claimed
    if before is None:
        return Outcome(alarm)
    words = "" if before.by == by else f"{before.by} was on it"
    return Outcome(replace(alarm, claimed=None), (Deed(AlarmEventKind.RELEASED, words),))


def shelve(alarm: Alarm, *, by: str, now: datetime, until: datetime, reason: str) -> Outcome:
    """Put it aside until a moment.

    Raises:
        AlarmRefused: it is cleared, the reason is missing, or the moment is past or too far.
    """
    _refuse_cleared(alarm, "shelved")
    said = _reason(reason, "shelving")
    if until <= now:
        raise AlarmRefused("The shelf would end in the past; choose a later time.")
    if until - now > LONGEST_SHELF:
        raise AlarmRefused(
            f"An alarm may be shelved for {LONGEST_SHELF.days} days at most; change the lines of "
            "what never needs a person."
        )
    return Outcome(
        replace(alarm, shelved=Shelf(by=by, at=now, until=until, reason=said)),
        (Deed(AlarmEventKind.SHELVED, said),),
    )


def unshelve(alarm: Alarm) -> Outcome:
    """Take it off the shelf.

    Raises:
        AlarmRefused: it is cleared.
    """
    _refuse_cleared(alarm, "taken off the shelf")
    if alarm.shelved is None:
        return Outcome(alarm)
    return Outcome(replace(alarm, shelved=None), (Deed(AlarmEventKind.UNSHELVED),))


def latch(alarm: Alarm) -> Outcome:
    """Keep it open when its condition is gone, until a person acknowledges it.

    Raises:
        AlarmRefused: it is cleared.
    """
    _refuse_cleared(alarm, "latched")
    if alarm.is_latched:
        return Outcome(alarm)
    return Outcome(replace(alarm, is_latched=True), (Deed(AlarmEventKind.LATCHED),))


def unlatch(alarm: Alarm, *, now: datetime) -> Outcome:
    """Let it clear by itself again; one whose condition is gone clears at once.

    Raises:
        AlarmRefused: it is cleared.
    """
    _refuse_cleared(alarm, "unlatched")
    if not alarm.is_latched:
        return Outcome(alarm)
    free = replace(alarm, is_latched=False)
    deeds = (Deed(AlarmEventKind.UNLATCHED),)
    return Outcome(free, deeds) if free.returned_at is None else _cleared(free, now, deeds)


def expire(alarm: Alarm, now: datetime) -> Outcome:
    """Take off the marks whose time is over."""
    deeds: tuple[Deed, ...] = ()
    if not alarm.is_open:
        return Outcome(alarm)
    shelf, noted = alarm.shelved, alarm.acknowledged
    if shelf is not None and shelf.until <= now:
        alarm = replace(alarm, shelved=None)
        deeds += (Deed(AlarmEventKind.UNSHELVED, "its time was over"),)
    if noted is not None and noted.until is not None and noted.until <= now:
        alarm = replace(alarm, acknowledged=None)
        deeds += (Deed(AlarmEventKind.ACKNOWLEDGEMENT_ENDED, "its time was over"),)
    return Outcome(alarm, deeds)


def end_condition(alarm: Alarm, now: datetime, words: str) -> Outcome:
    """Note that the condition is gone: the alarm clears, or waits if it is latched and not noted.

    Raises:
        AlarmRefused: it is cleared.
    """
    _refuse_cleared(alarm, "cleared")
    if not alarm.is_latched or alarm.state is AlarmState.ACKNOWLEDGED:
        return _cleared(alarm, now, (), words)
    if alarm.returned_at is not None:
        return Outcome(alarm)
    returned = replace(alarm, returned_at=max(now, alarm.raised_at), cause_id=None, is_muted=False)
    return Outcome(returned, (Deed(AlarmEventKind.RETURNED, words),))


def _cleared(alarm: Alarm, now: datetime, deeds: tuple[Deed, ...], words: str = "") -> Outcome:
    """An alarm never ends before it began, whatever the clock of this machine did meanwhile."""
    after = replace(
        alarm,
        cleared_at=max(now, alarm.raised_at),
        claimed=None,
        shelved=None,
        cause_id=None,
        is_muted=False,
    )
    return Outcome(after, (*deeds, Deed(AlarmEventKind.CLEARED, words)))


def _refuse_cleared(alarm: Alarm, done: str) -> None:
    if not alarm.is_open:
        raise AlarmRefused(
            f"Alarm {alarm.id} is cleared and cannot be {done}; look at what is open now."
        )


def _reason(text: str, what: str) -> str:
    said = inert(text.strip())
    if not said:
        raise AlarmRefused(f"Write a reason in a few words: {what} without one tells nobody why.")
    return said
