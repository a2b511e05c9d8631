"""Whether a sender's day is far above that sender's own past. Pure: no I/O, no clock.

Rule B1: x = log(1 + mails), weekdays and weekends apart; a day is high where x lies more than
`HIGH_SCORE` spreads over the median of its past days, the spread being 1.4826 x the median
distance from it, and the mails are more than `LEAST_RISE` over the usual. What a sender did
`HABIT` times before is no rise: a letter to all once a week is far above its weekdays.
`python -m bench.spam_rule` tells how often it is wrong, on days that are made up.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

HIGH_SCORE = 3.0
LEAST_RISE = 100
LEAST_PAST = 7
"""Other days; with fewer nothing is said to be usual."""
LEAST_OF_KIND = 4
"""Days of the same kind; with fewer all days before count."""
MOST_PAST = 120
"""The newest days before: what was sent a year ago says little of today."""
HABIT = 3
_HABIT_MORE = 1.2
"""A day is high only over this much of the third highest day before."""
_SATURDAY = 5
_SCALE = 1.4826
"""Makes a median distance a standard deviation, where the distances are normal."""
_LEAST_SPREAD = 0.15
"""A sender who never varies is not high by one mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What a sender's past says of a day: the middle, and over how many mails it is high."""

    mails: float
    bound: float
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDays:
    """The days of one kind that a day is held against; whether they are all before it."""

    days: tuple[date, ...]
    with_habit: bool


def is_weekend(day: date) -> bool:
    """Whether a day is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def past_of(day: date, full_days: Sequence[date]) -> PastDays | None:
    """Give the days a day is held against; None where they are too few.

    `full_days` are the days the logs cover, oldest first: one without mails of a sender is a day
    with none. The first days of the first log are held against all its others: a wave that a log
    begins with would pass otherwise.
    """
    place = bisect_left(full_days, day)
    past = list(full_days[max(0, place - MOST_PAST) : place])
    is_first = len(past) < LEAST_PAST
    if is_first:
        past = [one for one in full_days if one != day][:MOST_PAST]
    if len(past) < LEAST_PAST:
        return None
    of_kind = [one for one in past if is_weekend(one) is is_weekend(day)]
    if len(of_kind) < LEAST_OF_KIND:
        of_kind = past
    return PastDays(days=tuple(of_kind), with_habit=not is_first)


def usual_by(past: PastDays | None, counts: Mapping[date, int]) -> Usual | None:
    """Give what is usual of a sender by the days that are its past; None where they are too few."""
    if past is None:
        return None
    return usual_of([counts.get(one, 0) for one in past.days], with_habit=past.with_habit)


def usual_of(past: Sequence[int], *, with_habit: bool = True) -> Usual:
    """Give what is usual by days of one kind, of which there must be one at least."""
    ordered = sorted(past)
    logs = [math.log1p(mails) for mails in ordered]
    middle = _middle(logs)
    spread = max(_LEAST_SPREAD, _SCALE * _middle(sorted(abs(one - middle) for one in logs)))
    mails = math.expm1(middle)
    often = ordered[-HABIT] if with_habit and len(ordered) >= HABIT else 0
    bound = max(
        math.expm1(min(700.0, middle + HIGH_SCORE * spread)),
        mails + LEAST_RISE,
        often * _HABIT_MORE,
    )
    return Usual(mails=mails, bound=bound, days=len(past))


def _middle(ordered: Sequence[float]) -> float:
    """Give the median of numbers in order; statistics.median would sort them again."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def is_high(mails: int, usual: Usual | None) -> bool:
    """Whether a day is far above the past; never where there is too little of it."""
    return usual is not None and mails > usual.bound
