"""Each sender of an answer against its own past: what is far above it, and by how much.

Pure: no I/O, no clock. Judged are the days that no earlier audit has seen whole; what came before
is past only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from noc_console.audit.spam.baseline import LEAST_RISE, PastDays, Usual, is_high, past_of, usual_by
from noc_console.audit.spam.panel import DayCount, Standing
from noc_console.audit.spam.senders import Sender
from noc_console.audit.spam.told import ALL_MAIL, Told, joined, judged_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The mails of all senders by day, which of the days were over, and which are judged."""

    counts: Mapping[Sender, Mapping[date, int]]
    full: tuple[date, ...]
    judged: tuple[date, ...]
    today: date | None
    _pasts: dict[date, PastDays | None] = field(default_factory=dict)
    """The past of a day is that of all senders: found once."""

    def usual(self, sender: Sender, day: date) -> Usual | None:
        """Give what is usual of a sender on a day."""
        if day not in self._pasts:
            self._pasts[day] = past_of(day, self.full)
        return usual_by(self._pasts[day], self.counts.get(sender, {}))

    def day(self, sender: Sender, day: date) -> DayCount:
        """Give one day of a sender beside its past."""
        usual = self.usual(sender, day)
        mails = self.counts.get(sender, {}).get(day, 0)
        is_before = day not in self.judged
        return DayCount(
            day=day,
            mails=mails,
            usual=None if usual is None else usual.mails,
            bound=None if usual is None else usual.bound,
            is_high=not is_before and is_high(mails, usual),
            is_partial=day == self.today,
            is_before=is_before,
        )

    def of(self, sender: Sender, most: int) -> tuple[DayCount, ...]:
        """Give the newest days of a sender, oldest first."""
        days = sorted({*self.full, *self.judged})[-most:]
        return tuple(self.day(sender, one) for one in days)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSender:
    """One sender. `worst` is the judged day that stands worst, `high` are all that are high.

    `past` is the number of full days it is held against, at most.
    """

    sender: Sender
    standing: Standing
    worst: DayCount
    high: tuple[DayCount, ...]
    past: int
    mails: int
    """On all judged days."""

    @property
    def times(self) -> float:
        """How many times the usual, or the least rise that counts, whichever is more."""
        return _times(self.worst)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All senders of an answer, the worst first, and their days."""

    senders: tuple[JudgedSender, ...]
    days: Days


def judge_senders(told: Told, earlier: Sequence[Told]) -> Judgement:
    """Judge the senders of an answer by its own days and by those that earlier answers keep."""
    counts, full = joined(told, earlier)
    seen = judged_from(earlier)
    judged = tuple(day for day in sorted(told.mails.days) if seen is None or day > seen)
    days = Days(counts=counts, full=tuple(full), judged=judged, today=told.mails.today)
    senders = [_judged(one, days) for one in (*told.mails.counts, ALL_MAIL) if judged]
    senders.sort(
        key=lambda one: (
            one.standing.urgency,
            one.sender == ALL_MAIL,
            -one.times,
            one.sender.item,
        )
    )
    return Judgement(senders=tuple(senders), days=days)


def _judged(sender: Sender, days: Days) -> JudgedSender:
    counts = days.counts[sender]
    mails = {day: counts.get(day, 0) for day in days.judged}
    # a day under the least rise is not high, and most are: they need no median
    over = [days.day(sender, day) for day in days.judged if mails[day] > LEAST_RISE]
    high = tuple(one for one in over if one.is_high)
    most = max(days.judged, key=lambda day: (mails[day], day))
    worst = max(high, key=_times) if high else days.day(sender, most)
    return JudgedSender(
        sender=sender,
        standing=_standing(worst),
        worst=worst,
        high=high,
        past=sum(1 for day in days.full if day != worst.day),
        mails=sum(mails.values()),
    )


def _times(day: DayCount) -> float:
    return day.mails / max(day.usual or 0.0, float(LEAST_RISE))


def _standing(worst: DayCount) -> Standing:
    if worst.is_high:
        return Standing.HIGH
    return Standing.UNKNOWN if worst.usual is None else Standing.USUAL
