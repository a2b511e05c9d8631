"""How good the alarms of a stretch of time were, against the targets of EEMUA 191 (and ISA-18.2).

Pure: no I/O, no clock. A call is an event that asks for a person. Every figure comes with the
calls or alarms it was counted from, so that it can be traced.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from noc_console.health.alarm import Alarm, AlarmEvent
from noc_console.health.verdict import Verdict

SLOT = timedelta(minutes=10)
FLOOD_ABOVE = 10
"""More calls than this in ten minutes are a flood (EEMUA 191): nobody can take them in."""

FLOOD_ENDS_BELOW = 5
STALE_AFTER = timedelta(hours=24)
CHATTERS_FROM = 3
"""Calls and comings of one alarm within `CHATTER_SPAN` from which it chatters."""

CHATTER_SPAN = timedelta(minutes=30)
TOP = 10
_TARGET_AVERAGE = 1.0
_TARGET_PEAK = 10
_TARGET_FLOOD_PERCENT = 1.0
_TARGET_STALE = 5
_TARGET_TOP_PERCENT = 5.0
_TARGET_EARLY_PERCENT = 80.0


class Figure(Enum):
    """What is measured, in the order shown."""

    AVERAGE = "Alarms per person and 10 minutes"
    PEAK = "Most alarms in 10 minutes, per person"
    FLOODS = "Floods: more than 10 in 10 minutes"
    FLOOD_TIME = "Share of the time in flood"
    CHATTERING = "Chattering alarms"
    STALE = "Alarms open for more than 24 hours"
    TOP = "Share of the ten most frequent"
    SPREAD = "Share of early warnings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure, its target in words, whether it is met, and what it was counted from."""

    figure: Figure
    text: str
    target: str
    is_met: bool
    calls: tuple[AlarmEvent, ...] = ()
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """From the first call of a flood to the last, and all of them."""

    calls: tuple[AlarmEvent, ...]

    @property
    def length(self) -> timedelta:
        """How long it lasted, at least the ten minutes it takes to be one."""
        return max(SLOT, self.calls[-1].at - self.calls[0].at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """One of the places that called most: an alarm's server and key, and its calls."""

    server_id: int | None
    key: str
    calls: tuple[AlarmEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """All figures of a stretch of time. Calls while nobody watched do not exist, so it is told."""

    start: datetime
    end: datetime
    people: int
    calls: tuple[AlarmEvent, ...]
    measures: tuple[Measure, ...]
    offenders: tuple[Offender, ...]
    alarms: Mapping[int, Alarm]
    """The alarms the calls are of, by id."""
    watched: timedelta


def quality_of(
    events: Sequence[AlarmEvent],
    alarms: Mapping[int, Alarm],
    start: datetime,
    end: datetime,
    *,
    people: int,
    not_watched: timedelta = timedelta(0),
) -> Quality:
    """Give the figures of [start, end) for so many people at the desks.

    `events` are those of the span, the oldest first; `alarms` those they befell and those open in
    it. Time in which nobody watched is not counted as quiet.
    """
    called = [event for event in events if event.kind.calls_person and start <= event.at < end]
    calls = tuple(sorted(called, key=lambda event: (event.at, event.id)))
    people = max(people, 1)
    watched = max(end - start - not_watched, timedelta(0))
    offenders = _offenders(calls, alarms)
    return Quality(
        start=start,
        end=end,
        people=people,
        calls=calls,
        watched=watched,
        alarms=alarms,
        offenders=offenders,
        measures=(
            _average(calls, watched, people),
            _peak(calls, people),
            *_floods_measured(calls, watched, people),
            _chattering(calls, alarms),
            _stale(alarms, end),
            _top(calls, offenders),
            _spread(calls),
        ),
    )


def floods_of(calls: Sequence[AlarmEvent], people: int = 1) -> list[Flood]:
    """Give the floods: from more than ten calls a person in ten minutes until fewer than five."""
    found: list[Flood] = []
    first: int | None = None
    for last in range(len(calls)):
        inside = _within(calls, last)
        if first is None and inside > FLOOD_ABOVE * people:
            first = last - inside + 1
        elif first is not None and inside < FLOOD_ENDS_BELOW * people:
            found.append(Flood(calls=tuple(calls[first:last])))
            first = None
    if first is not None:
        found.append(Flood(calls=tuple(calls[first:])))
    return found


def _within(calls: Sequence[AlarmEvent], last: int) -> int:
    """Count the calls of the ten minutes up to and with that one."""
    first = last
    while first > 0 and calls[last].at - calls[first - 1].at < SLOT:
        first -= 1
    return last - first + 1


def _average(calls: tuple[AlarmEvent, ...], watched: timedelta, people: int) -> Measure:
    rate = len(calls) / max(watched / SLOT, 1.0) / people
    return Measure(
        figure=Figure.AVERAGE,
        text=f"{rate:.2f}",
        target="at most 1",
        is_met=rate <= _TARGET_AVERAGE,
        calls=calls,
    )


def _peak(calls: tuple[AlarmEvent, ...], people: int) -> Measure:
    counts = [_within(calls, last) for last in range(len(calls))]
    most = max(counts, default=0)
    last = counts.index(most) if counts else 0
    each = most / people
    return Measure(
        figure=Figure.PEAK,
        text=f"{each:g}" if each == int(each) else f"{each:.1f}",
        target=f"at most {_TARGET_PEAK}",
        is_met=each <= _TARGET_PEAK,
        calls=calls[last - most + 1 : last + 1] if counts else (),
    )


def _floods_measured(
    calls: tuple[AlarmEvent, ...], watched: timedelta, people: int
) -> Iterator[Measure]:
    floods = floods_of(calls, people)
    flooded = tuple(call for flood in floods for call in flood.calls)
    length = sum((flood.length for flood in floods), timedelta(0))
    share = min(100.0, 100.0 * (length / max(watched, SLOT)))
    yield Measure(
        figure=Figure.FLOODS,
        text=str(len(floods)),
        target="none",
        is_met=not floods,
        calls=flooded,
    )
    yield Measure(
        figure=Figure.FLOOD_TIME,
        text=f"{share:.1f} %",
        target="under 1 %",
        is_met=share < _TARGET_FLOOD_PERCENT,
        calls=flooded,
    )


def _chattering(calls: Sequence[AlarmEvent], alarms: Mapping[int, Alarm]) -> Measure:
    """An alarm chatters by its own count, or when one place calls again and again."""
    places: dict[tuple[int | None, str], list[datetime]] = {}
    chatters: set[int] = {
        call.alarm_id for call in calls if _times(alarms, call.alarm_id) >= CHATTERS_FROM
    }
    for call in calls:
        alarm = alarms.get(call.alarm_id)
        if alarm is None:
            continue
        at = places.setdefault((alarm.server_id, alarm.key), [])
        at.append(call.at)
        if len(at) >= CHATTERS_FROM and call.at - at[-CHATTERS_FROM] <= CHATTER_SPAN:
            chatters.add(call.alarm_id)
    found = tuple(alarms[one] for one in sorted(chatters) if one in alarms)
    return Measure(
        figure=Figure.CHATTERING,
        text=str(len(found)),
        target="none",
        is_met=not found,
        calls=tuple(call for call in calls if call.alarm_id in chatters),
        alarms=found,
    )


def _times(alarms: Mapping[int, Alarm], alarm_id: int) -> int:
    alarm = alarms.get(alarm_id)
    return alarm.times if alarm is not None else 0


def _stale(alarms: Mapping[int, Alarm], end: datetime) -> Measure:
    found = tuple(
        alarm
        for alarm in sorted(alarms.values(), key=lambda one: (one.raised_at, one.id))
        if min(alarm.cleared_at or end, end) - alarm.raised_at > STALE_AFTER
    )
    return Measure(
        figure=Figure.STALE,
        text=str(len(found)),
        target=f"fewer than {_TARGET_STALE}",
        is_met=len(found) < _TARGET_STALE,
        alarms=found,
    )


def _offenders(calls: Sequence[AlarmEvent], alarms: Mapping[int, Alarm]) -> tuple[Offender, ...]:
    places: dict[tuple[int | None, str], list[AlarmEvent]] = {}
    for call in calls:
        alarm = alarms.get(call.alarm_id)
        if alarm is not None:
            places.setdefault((alarm.server_id, alarm.key), []).append(call)
    counted = Counter({place: len(found) for place, found in places.items()})
    return tuple(
        Offender(server_id=place[0], key=place[1], calls=tuple(places[place]))
        for place, _ in counted.most_common(TOP)
    )


def _top(calls: Sequence[AlarmEvent], offenders: Sequence[Offender]) -> Measure:
    worst = tuple(call for offender in offenders for call in offender.calls)
    share = 100.0 * len(worst) / len(calls) if calls else 0.0
    is_few = len(calls) <= TOP  # of a handful of calls the ten are all
    return Measure(
        figure=Figure.TOP,
        text=f"{share:.0f} %",
        target="at most 5 %",
        is_met=is_few or share <= _TARGET_TOP_PERCENT,
        calls=tuple(sorted(worst, key=lambda call: call.id)),
    )


def _spread(calls: Sequence[AlarmEvent]) -> Measure:
    early = tuple(call for call in calls if call.verdict in {Verdict.EARLY, Verdict.STALE})
    share = 100.0 * len(early) / len(calls) if calls else 100.0
    return Measure(
        figure=Figure.SPREAD,
        text=f"{share:.0f} %" if calls else "–",
        target="about 80 %",
        is_met=share >= _TARGET_EARLY_PERCENT - 20,
        calls=early,
    )
