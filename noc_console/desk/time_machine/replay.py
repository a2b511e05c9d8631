"""Alarms as they were at a moment, from what had befallen them until then.

Pure: no I/O, no clock.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from noc_console.health.alarm import (
    Acknowledgement,
    Alarm,
    AlarmEvent,
    AlarmEventKind,
    Claim,
    Shelf,
)

_Kind = AlarmEventKind
_TELLS = frozenset({_Kind.RAISED, _Kind.RAISED_AGAIN, _Kind.WORSE, _Kind.BETTER})
"""Events whose words are those of the condition."""


def alarm_at(alarm: Alarm, events: Sequence[AlarmEvent]) -> Alarm | None:
    """Give an alarm after these events, oldest first; None where it was not open after them.

    `alarm` is as it is today: what it is of, and who put it aside until when.
    """
    then = replace(
        alarm,
        returned_at=None,
        cleared_at=None,
        acknowledged=None,
        claimed=None,
        shelved=None,
        is_latched=False,
        is_muted=False,
        cause_id=None,
    )
    is_open = False
    for event in events:
        if event.kind in _TELLS:
            is_open = True
            then = replace(then, words=event.words or then.words)
        elif event.kind is _Kind.CLEARED:
            is_open = False
        change = _CHANGES.get(event.kind)
        changed = {} if change is None else change(event, alarm)
        then = replace(then, verdict=event.verdict, **changed)
    return then if is_open else None


_Change = Callable[[AlarmEvent, Alarm], dict[str, Any]]


def _shelf(event: AlarmEvent, alarm: Alarm) -> dict[str, Any]:
    until = alarm.shelved.until if alarm.shelved is not None else event.at
    return {"shelved": Shelf(by=event.by, at=event.at, until=until, reason=event.words)}


_CHANGES: Mapping[AlarmEventKind, _Change] = {
    _Kind.RAISED: lambda _event, _alarm: {"returned_at": None},
    _Kind.RAISED_AGAIN: lambda _event, _alarm: {"returned_at": None},
    _Kind.RETURNED: lambda event, _alarm: {"returned_at": event.at},
    _Kind.CLAIMED: lambda event, _alarm: {"claimed": Claim(by=event.by, at=event.at)},
    _Kind.RELEASED: lambda _event, _alarm: {"claimed": None},
    _Kind.ACKNOWLEDGED: lambda event, _alarm: {
        "acknowledged": Acknowledgement(by=event.by, at=event.at, reason=event.words)
    },
    _Kind.ACKNOWLEDGEMENT_ENDED: lambda _event, _alarm: {"acknowledged": None},
    _Kind.SHELVED: _shelf,
    _Kind.UNSHELVED: lambda _event, _alarm: {"shelved": None},
    _Kind.LATCHED: lambda _event, _alarm: {"is_latched": True},
    _Kind.UNLATCHED: lambda _event, _alarm: {"is_latched": False},
    _Kind.MUTED: lambda _event, _alarm: {"is_muted": True},
    _Kind.SUPPRESSED: lambda _event, alarm: {"cause_id": alarm.cause_id},
    _Kind.STANDS_ALONE: lambda _event, _alarm: {"is_muted": False, "cause_id": None},
}
