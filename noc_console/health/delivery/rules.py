"""Who is to be told of what now, and when the next message may go. Pure: no I/O, no clock.

An alarm calls while it is raised and nobody acknowledged or claimed it. Each recipient hears of it
when it has called for their minutes, within their hours; of a worse verdict at once; again every so
often while it calls; and that it is cleared. What is due together goes in one message, and a
recipient who had many lately gets what gathers in longer pauses: a flood is a few messages with a
count, never hundreds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.health.alarm import Alarm, AlarmEvent, AlarmEventKind, AlarmState
from noc_console.health.delivery.delivery import Item, ItemKind
from noc_console.health.delivery.recipient import WAKING, Recipient
from noc_console.health.verdict import Verdict

FLOOD_WITHIN = timedelta(minutes=10)
FLOOD_MESSAGES = 3
"""So many messages in ten minutes and what follows is gathered: a person takes up about one alarm
in ten minutes (EEMUA 191)."""
FLOOD_PAUSE = timedelta(minutes=5)
WAKING_PAUSE = timedelta(minutes=1)
"""What is cut off or down waits no longer than this, even in a flood."""

GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_WAIT = timedelta(minutes=30)
"""No message waits longer for its time; one that seems to was written before the clock was set
back, and its time has come.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The last that one recipient was told, or is to be told, of one alarm."""

    kind: ItemKind
    verdict: Verdict
    at: datetime
    is_waiting: bool = False
    """It is in a message that was not sent yet; that message will tell how things stand then."""
    was_heard: bool = True
    """They heard of the alarm, and not yet that it is cleared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One recipient is to be told one thing."""

    recipient_id: int
    item: Item
    at: datetime
    """When it counts as told: never before the alarm called, whatever the clock says now."""
    is_of_group: bool = False
    """It is of many servers at once: one such message takes the place of many."""


Ledger = Mapping[tuple[int, int], Told]
"""(recipient id, alarm id) -> what was told last."""


def calls(alarm: Alarm) -> bool:
    """Whether an alarm still waits for anybody at all to take it up."""
    return alarm.state is AlarmState.RAISED and alarm.claimed is None


def called_at(alarm: Alarm, events: Iterable[AlarmEvent]) -> datetime:
    """Give since when an alarm calls: anew after an acknowledgement, a claim or a shelf ended.

    `events` are those of this alarm, oldest first.
    """
    since, is_handled = alarm.raised_at, False
    for event in events:
        if event.kind in _HANDLED:
            is_handled = True
        elif event.kind in _BEGINS or (event.kind in _CALLS_ANEW and is_handled):
            since, is_handled = max(since, event.at), False
    return since


_HANDLED = frozenset(
    {
        AlarmEventKind.ACKNOWLEDGED,
        AlarmEventKind.CLAIMED,
        AlarmEventKind.SHELVED,
        AlarmEventKind.SUPPRESSED,
        AlarmEventKind.MUTED,
        AlarmEventKind.RETURNED,
    }
)
_BEGINS = frozenset({AlarmEventKind.RAISED, AlarmEventKind.RAISED_AGAIN})
_CALLS_ANEW = frozenset(
    {
        AlarmEventKind.WORSE,
        AlarmEventKind.STANDS_ALONE,
        AlarmEventKind.ACKNOWLEDGEMENT_ENDED,
        AlarmEventKind.RELEASED,
        AlarmEventKind.UNSHELVED,
    }
)


def due(
    alarms: Sequence[Alarm],
    called: Mapping[int, datetime],
    recipients: Sequence[Recipient],
    ledger: Ledger,
    now: datetime,
) -> list[Due]:
    """Give all that is to be told now.

    `alarms` are the open ones, and those cleared of which somebody heard; `called` says since when
    each that calls does so.
    """
    found: list[Due] = []
    for recipient in recipients:
        reachable = {verdict: recipient.is_reachable(verdict, now) for verdict in Verdict}
        for alarm in alarms:
            told = ledger.get((recipient.id, alarm.id))
            kind = _what(alarm, called.get(alarm.id), recipient, told, now)
            is_late_news = kind is ItemKind.CLEARED and not recipient.is_paused
            if kind is not None and (is_late_news or reachable[alarm.verdict]):
                item = Item(alarm_id=alarm.id, kind=kind, verdict=alarm.verdict)
                is_of_group = alarm.server_id is None
                at = max(now, called.get(alarm.id, now))
                found.append(
                    Due(recipient_id=recipient.id, item=item, at=at, is_of_group=is_of_group)
                )
    return found


def _what(
    alarm: Alarm,
    since: datetime | None,
    recipient: Recipient,
    told: Told | None,
    now: datetime,
) -> ItemKind | None:
    if told is not None and told.is_waiting:
        return None
    if not alarm.is_open:
        return ItemKind.CLEARED if told is not None and told.was_heard else None
    if not calls(alarm) or since is None or not recipient.wants(alarm.verdict):
        return None
    is_new = told is None or told.kind is ItemKind.CLEARED or told.at < since
    if told is None or is_new:
        waits = timedelta(minutes=recipient.after_minutes)
        called_for = max(now - since, timedelta(0))  # the clock may have been set back
        return ItemKind.RAISED if called_for >= waits else None
    if alarm.verdict.urgency < told.verdict.urgency:
        return ItemKind.WORSE
    pause = timedelta(minutes=recipient.repeat_minutes)
    return ItemKind.STILL if pause and now - told.at >= pause else None


def holds(item: Item, alarm: Alarm | None) -> bool:
    """Whether there is still reason to tell this when its message is about to go."""
    if alarm is None:
        return False
    return not alarm.is_open if item.kind is ItemKind.CLEARED else calls(alarm)


def not_before(sent: Sequence[datetime], dues: Iterable[Due], now: datetime) -> datetime:
    """Give when a recipient's next message may go, by when they had their last ones."""
    lately = sorted(at for at in sent if now - FLOOD_WITHIN < at <= now)
    news = [due for due in dues if due.item.kind is not ItemKind.CLEARED]
    if len(lately) < FLOOD_MESSAGES or any(
        due.is_of_group and due.item.kind is ItemKind.RAISED for due in news
    ):
        return now
    is_waking = any(due.item.verdict in WAKING for due in news)
    return max(now, lately[-1] + (WAKING_PAUSE if is_waking else FLOOD_PAUSE))
