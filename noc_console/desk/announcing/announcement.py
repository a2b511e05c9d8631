"""What is announced at this desk, and how loudly. Pure: no Qt, no I/O, no clock.

Quiet hours hold back the early line only: what is cut off or down is always announced and heard.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from noc_console.fleet.inert import inert
from noc_console.health.alarm import Alarm
from noc_console.health.delivery.hours import InvalidHours, parse_hours
from noc_console.health.delivery.recipient import WAKING
from noc_console.health.delivery.rules import calls
from noc_console.health.verdict import Verdict

_NAME_LENGTH = 80
_WORDS_LENGTH = 240
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What this person wants to hear. `quiet` are hours, empty for none."""

    notes: bool = True
    notes_least: Verdict = Verdict.EARLY
    sounds: bool = True
    sounds_least: Verdict = Verdict.EARLY
    quiet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One thing to tell, made of one alarm or of all that came together. Its texts are inert."""

    title: str
    words: str
    verdict: Verdict
    alarm_ids: tuple[int, ...]
    is_shown: bool = True
    is_heard: bool = True

    @property
    def is_waking(self) -> bool:
        """Whether it is of something cut off or down."""
        return self.verdict in WAKING


def fresh(told: Mapping[int, Verdict], alarms: Iterable[Alarm]) -> list[Alarm]:
    """Give the alarms that call and were not told yet, or not as bad as they are, worst first."""
    found = [
        one
        for one in alarms
        if calls(one) and (one.id not in told or one.verdict.urgency < told[one.id].urgency)
    ]
    return sorted(found, key=lambda one: (one.verdict.urgency, -one.raised_at.timestamp()))


def announcement(
    alarms: Sequence[Alarm], names: Mapping[int, str], wishes: Wishes, now: datetime
) -> Announcement | None:
    """Give what to tell of alarms, the worst first; None when nothing of it is wanted.

    `now` is an aware moment in the zone by whose clock the quiet hours are.
    """
    is_quiet = _is_quiet(wishes, now)
    shown = [one for one in alarms if wishes.notes and _wants(one, wishes.notes_least, is_quiet)]
    heard = [one for one in alarms if wishes.sounds and _wants(one, wishes.sounds_least, is_quiet)]
    told = shown or heard
    if not told:
        return None
    title, words = _one(told[0], names) if len(told) == 1 else _many(told, names)
    return Announcement(
        title=title,
        words=words,
        verdict=(heard or told)[0].verdict,
        alarm_ids=tuple(one.id for one in told),
        is_shown=bool(shown),
        is_heard=bool(heard),
    )


def _is_quiet(wishes: Wishes, now: datetime) -> bool:
    try:
        hours = parse_hours(wishes.quiet)
    except InvalidHours:  # a hand wrote them into the file: better too loud than silent
        return False
    return hours.hold_minute(now.weekday() * 1440 + now.hour * 60 + now.minute)


def _wants(alarm: Alarm, least: Verdict, is_quiet: bool) -> bool:
    if alarm.verdict in WAKING:
        return True
    return least is Verdict.EARLY and not is_quiet


def _one(alarm: Alarm, names: Mapping[int, str]) -> tuple[str, str]:
    return _head(alarm, names), inert(alarm.words, _WORDS_LENGTH)


def _many(alarms: Sequence[Alarm], names: Mapping[int, str]) -> tuple[str, str]:
    worst = alarms[0].verdict
    count = sum(one.verdict is worst for one in alarms)
    title = f"{len(alarms)} alarms, {count} of them {worst.value}"
    if count == len(alarms):
        title = f"{len(alarms)} alarms, all {worst.value}"
    lines = [
        f"{_head(one, names)}: {inert(one.words, _NAME_LENGTH)}" for one in alarms[:_MOST_NAMED]
    ]
    if len(alarms) > _MOST_NAMED:
        lines.append(f"… and {len(alarms) - _MOST_NAMED} more")
    return title, "\n".join(lines)


def _head(alarm: Alarm, names: Mapping[int, str]) -> str:
    where = names.get(alarm.server_id or 0, "")
    return f"{alarm.verdict.value.upper()} {inert(where, _NAME_LENGTH)}".rstrip()
