"""The life of the alarm of one place, as the engine that watches it sees it.

Pure: no I/O, no clock. Delays run on a steady clock, so that a wall clock that jumps neither
raises nor clears anything; stamps are the wall's. A condition that comes and goes keeps one alarm:
each return doubles the time for which it must be gone before the alarm clears.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from noc_console.health.alarm import Alarm, AlarmEventKind
from noc_console.health.alarm_change import Change, Place, is_worth_telling
from noc_console.health.verdict import Verdict

LINK = "link"
LINK_RAISE_S = 5.0
"""A link that is back within this was a blip; and many lost at once become one alarm meanwhile."""

UNKNOWN_RAISE_S = 60.0
CLEAR_S = 60.0
LINK_CLEAR_S = 30.0
LONGEST_CLEAR_S = 1800.0
UNMEASURED_S = 1800.0
"""What is no longer measured on a server that is watched is given up after this."""

TOLD_ANEW_S = 900.0
"""Lines that must be past for some minutes take those minutes again after an engine's start."""

REOPEN_S = 1800.0
"""What comes again within this is the same alarm."""

TELL_WORDS_EVERY_S = 30.0


class Standing(Enum):
    """What is known of a condition that is not among a server's reasons now."""

    NORMAL = "normal"
    NOT_MEASURED = "not measured"
    """The server is watched, but this was not told: a file is missing, a reading is thinned."""
    NOT_KNOWN = "not known"
    """The server is out of reach, or was not read yet."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now: on the wall, and on the steady clock."""

    at: datetime
    s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why an alarm should not call a person now."""

    cause: Place | None = None
    """It follows from this alarm."""
    muted: bool = False
    """A window mutes it."""
    not_before_s: float = 0.0
    """It has until then to go away by itself: its server, or what it followed from, is just back.
    """

    @property
    def is_free(self) -> bool:
        """Whether neither a cause nor a window holds it."""
        return self.cause is None and not self.muted


FREE = Hold()


@dataclass(slots=True, kw_only=True)
class AlarmLife:
    """One place: waiting to be raised, open, or over. Owned by the book."""

    place: Place
    verdict: Verdict = Verdict.OK
    """What the row says."""
    words: str = ""
    is_open: bool = False
    times: int = 0
    cause: Place | None = None
    muted: bool = False
    seen: Verdict | None = None
    """What is the case now; None: the condition is not there."""
    seen_words: str = ""
    standing: Standing = Standing.NOT_KNOWN
    was_seen: bool = True
    """Whether it was there since watching began; an alarm of an earlier engine may not be."""
    since_s: float = 0.0
    gone_s: float | None = None
    better_s: float | None = None
    bettered_s: float = field(default=float("-inf"))
    over_s: float | None = None
    told_s: float = field(default=float("-inf"))

    def see(self, verdict: Verdict, words: str, moment: Moment) -> None:
        """Note that the condition is there."""
        if self.seen is None:
            self.since_s = moment.s
        self.seen, self.seen_words = verdict, words
        self.was_seen = True

    def miss(self, standing: Standing) -> None:
        """Note that the condition is not there, or not known to be."""
        self.seen = None
        self.standing = standing

    def settle(self, moment: Moment, hold: Hold = FREE) -> list[Change]:
        """Do what is due now; gives what is to be written."""
        if self.is_open:
            return self._settle_open(moment, hold)
        return self._settle_waiting(moment, hold)

    def end(self, moment: Moment, why: str) -> list[Change]:
        """Clear it at once: what it was about is no more."""
        self.seen = None
        return [self._close(moment, why)] if self.is_open else []

    def is_idle(self, moment: Moment) -> bool:
        """Whether it may be forgotten."""
        if self.is_open or self.seen is not None:
            return False
        return self.over_s is None or moment.s - self.over_s > REOPEN_S

    @property
    def clear_after_s(self) -> float:
        """For how long the condition must be gone, or better, before that is believed."""
        first_s = LINK_CLEAR_S if self.place.key == LINK else CLEAR_S
        return min(LONGEST_CLEAR_S, first_s * 2.0 ** min(max(self.times - 1, 0), 10))

    def _gone_for_s(self) -> float:
        if self.standing is Standing.NOT_MEASURED:
            return max(self.clear_after_s, UNMEASURED_S)
        if not self.was_seen and self.place.key != LINK:
            return max(self.clear_after_s, TOLD_ANEW_S)
        return self.clear_after_s

    def _settle_waiting(self, moment: Moment, hold: Hold) -> list[Change]:
        if self.seen is None or not hold.is_free:
            return []
        due_s = max(self.since_s + self._raise_after_s(), hold.not_before_s)
        if moment.s < due_s:
            return []
        is_again = self.over_s is not None and moment.s - self.over_s <= REOPEN_S
        self.times = self.times + 1 if is_again else 1
        self.is_open, self.cause, self.muted = True, None, False
        self.gone_s = self.better_s = self.over_s = None
        kind = AlarmEventKind.RAISED_AGAIN if is_again else AlarmEventKind.RAISED
        return [self._tell(kind, moment)]

    def _raise_after_s(self) -> float:
        if self.seen is Verdict.UNKNOWN:
            return UNKNOWN_RAISE_S
        return LINK_RAISE_S if self.place.key == LINK else 0.0

    def _settle_open(self, moment: Moment, hold: Hold) -> list[Change]:
        if self.seen is None:
            return self._settle_gone(moment, hold)
        changes = self._come_back(moment)
        if not hold.is_free:
            return changes + self._hold(moment, hold)
        if self.cause is not None or self.muted:
            if moment.s < hold.not_before_s:
                return changes
            self.cause, self.muted, self.better_s = None, False, None
            return [*changes, self._tell(AlarmEventKind.STANDS_ALONE, moment)]
        return changes + self._compare(self.seen, moment)

    def _come_back(self, moment: Moment) -> list[Change]:
        """Count a condition that was gone for less than it takes to clear."""
        if self.gone_s is None:
            return []
        self.gone_s = None
        self.times += 1
        if self.cause is None and not self.muted and is_worth_telling(self.times):
            why = f"it came {self.times} times; it clears when it is gone for longer"
            return [self._tell(AlarmEventKind.CHATTERING, moment, why=why)]
        return []

    def _hold(self, moment: Moment, hold: Hold) -> list[Change]:
        if hold.cause is not None and hold.cause != self.cause:
            self.cause = hold.cause
            return [
                Change(
                    place=self.place,
                    kind=AlarmEventKind.SUPPRESSED,
                    verdict=self.verdict,
                    words=self.words,
                    at=moment.at,
                    times=self.times,
                    why="it follows from another alarm",
                    cause=hold.cause,
                )
            ]
        if hold.muted and not self.muted:
            self.muted = True
            return [self._tell(AlarmEventKind.MUTED, moment, why="a window mutes it")]
        return []

    def _compare(self, seen: Verdict, moment: Moment) -> list[Change]:
        if seen.urgency < self.verdict.urgency:
            if self.better_s is not None or moment.s - self.bettered_s <= REOPEN_S:
                self.times += 1  # it goes up and down
            self.better_s = None
            return [self._tell(AlarmEventKind.WORSE, moment)]
        if seen.urgency > self.verdict.urgency:
            if self.better_s is None:
                self.better_s = moment.s
            if moment.s - self.better_s >= self.clear_after_s:
                self.better_s, self.bettered_s = None, moment.s
                return [self._tell(AlarmEventKind.BETTER, moment)]
            return []
        if self.better_s is not None:
            self.better_s = None
            self.times += 1
        if self.seen_words != self.words and moment.s - self.told_s >= TELL_WORDS_EVERY_S:
            return [self._tell(None, moment)]
        return []

    def _settle_gone(self, moment: Moment, hold: Hold) -> list[Change]:
        if self.standing is Standing.NOT_KNOWN:
            self.gone_s = None
            if hold.cause is not None or (hold.muted and not self.muted):
                return self._hold(moment, hold)
            return []
        if self.gone_s is None:
            self.gone_s = moment.s
        is_normal = self.standing is Standing.NORMAL
        if moment.s - self.gone_s < self._gone_for_s():
            return []
        why = "" if is_normal else "it is no longer measured"
        if is_normal and not self.was_seen:
            why = "it was over when watching began again"
        return [self._close(moment, why)]

    def _close(self, moment: Moment, why: str) -> Change:
        self.is_open, self.over_s = False, moment.s
        self.gone_s = self.better_s = self.cause = None
        self.muted = False
        return Change(
            place=self.place,
            kind=AlarmEventKind.CLEARED,
            verdict=self.verdict,
            words=self.words,
            at=moment.at,
            times=self.times,
            why=why,
        )

    def _tell(self, kind: AlarmEventKind | None, moment: Moment, *, why: str = "") -> Change:
        """Have the row say what is the case now."""
        if self.seen is not None:
            self.verdict, self.words = self.seen, self.seen_words
        self.told_s = moment.s
        return Change(
            place=self.place,
            kind=kind,
            verdict=self.verdict,
            words=self.words,
            at=moment.at,
            times=self.times,
            why=why,
        )


def restored(alarm: Alarm, cause: Place | None, moment: Moment) -> AlarmLife:
    """Give the life of an alarm that an earlier engine kept, as it goes on from now."""
    life = AlarmLife(
        place=Place(alarm.server_id, alarm.key),
        verdict=alarm.verdict,
        words=alarm.words,
        is_open=alarm.is_open and alarm.returned_at is None,
        times=alarm.times,
        cause=cause,
        muted=alarm.is_muted,
        was_seen=False,
        told_s=moment.s,
    )
    if alarm.cleared_at is not None:
        age_s = (moment.at - alarm.cleared_at).total_seconds()
        life.over_s = moment.s - min(max(age_s, 0.0), REOPEN_S)
    elif alarm.returned_at is not None:
        life.over_s = moment.s
    return life
