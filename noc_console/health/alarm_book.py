"""The book of alarms: what is amiss with each server, and which of it should call a person.

Pure: no I/O, no clock. It is told each look at a server (`observe`) and that time passes
(`pass_time`), and gives the changes to write. An alarm is one reason of one server; what follows
from a known cause (the server itself is gone, a jump server or the network is) calls nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from noc_console.health.alarm_change import Change, Place
from noc_console.health.alarm_life import (
    FREE,
    LINK,
    LINK_RAISE_S,
    AlarmLife,
    Hold,
    Moment,
    Standing,
)
from noc_console.health.storms import Kinship, Losses
from noc_console.health.verdict import Reason, Verdict

SERVER_GRACE_S = 60.0
"""A server that was gone starts its services when it is back; what is still amiss then is told."""

NEVER_MUTED = "window"
"""The reasons by which a window itself speaks: that it ends soon and all is not well."""

_CALLS = frozenset({Verdict.DOWN, Verdict.CUT_OFF, Verdict.EARLY, Verdict.STALE})


class Reach(Enum):
    """Whether a server can be watched now."""

    FINE = "fine"
    LOST = "lost"
    NOT_KNOWN = "not known"
    """We have not tried yet, or lack something ourselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One look at a server. `standing` tells of a key that is not among the reasons."""

    server_id: int
    reasons: tuple[Reason, ...]
    reach: Reach
    hides: bool = False
    """Whether the server itself is gone, so that what is seen of it from outside follows."""
    is_muted: bool = False
    is_apart: bool = False
    """Whether it is out of reach for a reason of its own that a person must see whatever else is
    lost: somebody may be listening in."""
    standing: Callable[[str], Standing]


@dataclass(slots=True)
class _Watched:
    """One server's lives by key, and the last look at it."""

    lives: dict[str, AlarmLife] = field(default_factory=dict)
    view: View | None = None
    lost_s: float | None = None
    grace_s: float = 0.0
    muted_keys: frozenset[str] = frozenset()


class AlarmBook:
    """Every alarm that is open, waits to be raised, or is over since shortly."""

    def __init__(self) -> None:
        """Begin with an empty book."""
        self._watched: dict[int, _Watched] = {}
        self._resting: set[int] = set()
        """Of those watched: nothing befalls them before the next look at them."""
        self._losses = Losses()
        self._followers: dict[int, Place] = {}

    def set_fleet(self, fleet: Mapping[int, Kinship], moment: Moment) -> list[Change]:
        """Take the servers as they are now; the alarms of one that is gone end."""
        self._losses.set_fleet(fleet)
        changes: list[Change] = []
        for server_id in self._watched.keys() - fleet.keys():
            watched = self._watched.pop(server_id)
            self._resting.discard(server_id)
            for life in watched.lives.values():
                changes += life.end(moment, "the server is no longer watched")
        return changes

    def restore(self, life: AlarmLife, moment: Moment, members: Iterable[int] = ()) -> None:
        """Go on with an alarm of an earlier engine."""
        server_id = life.place.server_id
        if server_id is None:
            self._losses.restore(life, set(members), moment)
            return
        for member in members:
            self._followers[member] = life.place
        self._watched.setdefault(server_id, _Watched()).lives[life.place.key] = life
        self._resting.discard(server_id)

    def set_silent(self, servers: frozenset[int]) -> None:
        """Take the servers that owe an answer for longer than usual, though nothing failed yet."""
        self._losses.set_silent(servers)

    def knows_well(self, server_id: int) -> bool:
        """Whether a server answers and nothing is amiss with it, nor was lately.

        To see it once more without a reason would change nothing.
        """
        return server_id not in self._watched and self._losses.is_fine(server_id)

    def observe(self, view: View, moment: Moment) -> list[Change]:
        """Take a look at a server; gives what is to be written."""
        watched = self._watched.get(view.server_id)
        self._resting.discard(view.server_id)
        if view.reach is Reach.FINE:
            self._losses.find(view.server_id)
        elif view.reach is Reach.LOST:
            link = watched.lives.get(LINK) if watched is not None else None
            is_known = link is not None and link.is_open
            is_news = not view.is_muted and not is_known and not view.is_apart
            self._losses.lose(view.server_id, moment, is_news=is_news)
        if watched is None:
            if not view.reasons:
                return []
            watched = self._watched[view.server_id] = _Watched()
        self._take_reach(watched, view, moment)
        self._take_reasons(watched, view, moment)
        return self._settle(watched, moment)

    def pass_time(self, moment: Moment) -> list[Change]:
        """Do what is due; gives what is to be written. Call it some times a second."""
        changes = self._losses.settle(moment)
        for server_id in [one for one in self._watched if one not in self._resting]:
            watched = self._watched[server_id]
            if self._is_held(server_id, watched):
                continue
            if _rests(watched):
                self._resting.add(server_id)
                continue
            changes += self._settle(watched, moment)
            idle = [key for key, life in watched.lives.items() if life.is_idle(moment)]
            for key in idle:
                del watched.lives[key]
            if not watched.lives and watched.lost_s is None and watched.grace_s <= moment.s:
                del self._watched[server_id]
        return changes + self._follow(moment)

    def _is_held(self, server_id: int, watched: _Watched) -> bool:
        """Whether all that a lost server has waits behind a cause: in a storm thousands do."""
        if watched.lost_s is None or self._losses.cause_of(server_id) is None:
            return False
        view = watched.view
        is_whole = view is not None and (view.hides or len(watched.lives) == 1)
        return is_whole and not any(life.is_open or life.over_s for life in watched.lives.values())

    def _take_reach(self, watched: _Watched, view: View, moment: Moment) -> None:
        watched.view = view
        if view.reach is Reach.LOST:
            if watched.lost_s is None:
                watched.lost_s = moment.s
        elif view.reach is Reach.FINE and watched.lost_s is not None:
            if moment.s - watched.lost_s >= LINK_RAISE_S:
                watched.grace_s = moment.s + SERVER_GRACE_S
            watched.lost_s = None

    def _take_reasons(self, watched: _Watched, view: View, moment: Moment) -> None:
        seen: set[str] = set()
        muted: set[str] = set()
        for reason in view.reasons:
            if reason.key in seen or not _counts(reason, view):
                continue
            seen.add(reason.key)
            life = watched.lives.get(reason.key)
            verdict = reason.verdict
            if verdict is Verdict.IN_MAINTENANCE:
                muted.add(reason.key)
                verdict = life.verdict if life is not None and life.is_open else Verdict.EARLY
            if life is None:
                life = AlarmLife(place=Place(view.server_id, reason.key))
                watched.lives[reason.key] = life
            life.see(verdict, reason.words, moment)
        for key, life in watched.lives.items():
            if key not in seen:
                life.miss(view.standing(key))
        watched.muted_keys = frozenset(muted)

    def _settle(self, watched: _Watched, moment: Moment) -> list[Change]:
        view = watched.view
        if view is None:  # of an earlier engine, not looked at yet
            return []
        changes: list[Change] = []
        # the link first: what else is amiss may follow from it
        for key in sorted(watched.lives, key=lambda one: one != LINK):
            life = watched.lives[key]
            changes += life.settle(moment, self._hold_of(watched, view, life))
        return changes

    def _hold_of(self, watched: _Watched, view: View, life: AlarmLife) -> Hold:
        key = life.place.key
        if key.startswith(NEVER_MUTED):
            return FREE
        is_muted = view.is_muted or key in watched.muted_keys
        if key == LINK and view.is_apart:
            cause, not_before_s = None, 0.0
        elif key == LINK:
            cause = self._losses.cause_of(view.server_id)
            not_before_s = self._losses.grace_of(view.server_id)
        else:
            cause = self._host_cause(view)
            not_before_s = watched.grace_s
        if cause is not None and life.is_open and not self._is_open(cause):
            cause = None  # it may yet turn out to be a blip
        return Hold(cause=cause, muted=is_muted, not_before_s=not_before_s)

    def _host_cause(self, view: View) -> Place | None:
        if not view.hides or view.reach is not Reach.LOST:
            return None
        return self._losses.cause_of(view.server_id) or Place(view.server_id, LINK)

    def _is_open(self, place: Place) -> bool:
        if place.server_id is None:
            life = self._losses.life_of(place)
        else:
            watched = self._watched.get(place.server_id)
            life = watched.lives.get(place.key) if watched is not None else None
        return life is not None and life.is_open

    def _follow(self, moment: Moment) -> list[Change]:
        """Say which servers are lost behind a jump server, as members of that one's alarm."""
        now: dict[int, Place] = {}
        for server_id, watched in self._watched.items():
            cause = self._losses.cause_of(server_id) if watched.lost_s is not None else None
            if cause is not None and cause.server_id is not None and self._is_open(cause):
                now[server_id] = cause
        moved: dict[Place, tuple[list[int], list[int]]] = {}
        for server_id in now.keys() | self._followers.keys():
            before, after = self._followers.get(server_id), now.get(server_id)
            if before != after:
                if before is not None:
                    moved.setdefault(before, ([], []))[1].append(server_id)
                if after is not None:
                    moved.setdefault(after, ([], []))[0].append(server_id)
        self._followers = now
        return [
            self._membership(place, joined, left, moment) for place, (joined, left) in moved.items()
        ]

    def _membership(
        self, place: Place, joined: list[int], left: list[int], moment: Moment
    ) -> Change:
        watched = self._watched.get(place.server_id or 0)
        life = watched.lives.get(place.key) if watched is not None else None
        return Change(
            place=place,
            kind=None,
            verdict=life.verdict if life is not None else Verdict.DOWN,
            words=life.words if life is not None else "",
            at=moment.at,
            times=life.times if life is not None else 1,
            joined=tuple(sorted(joined)),
            left=tuple(sorted(left)),
        )


def _rests(watched: _Watched) -> bool:
    """Whether a server answers and all its alarms stand: what they do next, a look at it tells."""
    view = watched.view
    if view is None or view.reach is not Reach.FINE or not watched.lives:
        return False
    return all(life.is_open and life.seen is not None for life in watched.lives.values())


def _counts(reason: Reason, view: View) -> bool:
    if reason.verdict is Verdict.UNKNOWN:
        return reason.key == LINK and view.reach is Reach.LOST
    if reason.verdict is Verdict.IN_MAINTENANCE:
        return not reason.key.startswith(NEVER_MUTED)  # that a window is on is no alarm
    return reason.verdict in _CALLS
