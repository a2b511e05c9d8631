"""Which servers are out of reach, and what explains that: a jump server, or the network itself.

Pure: no I/O, no clock. Many servers lost within seconds are one group alarm, which stands until
(nearly) all are back; a server behind a lost jump server follows from that one's alarm. What a
cause explained has time to come back by itself when the cause is over.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from noc_console.health.alarm_change import Change, Place
from noc_console.health.alarm_life import LINK, AlarmLife, Moment, Standing
from noc_console.health.verdict import Verdict

NETWORK = "network"
"""The key of a group alarm; a second one that stands at the same time is `network:2`."""

BURST_S = 20.0
"""Losses within this of each other have one cause, when they are many."""

JOIN_S = 60.0
"""A server lost so soon after the last one of a storm belongs to it."""

RETURN_GRACE_S = 180.0
"""Servers try again at most 120 s apart; connections to many are made one after another."""

SETTLED_S = 60.0
TELL_EVERY_S = 2.0
MOST = 0.8
FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """What a server shares with others: its groups, and the jump servers on the way to it."""

    name: str
    groups: tuple[str, ...] = ()
    jumps: tuple[int, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Storm:
    life: AlarmLife
    members: set[int] = field(default_factory=set)
    out: set[int] = field(default_factory=set)
    joined_s: float
    returned_s: float | None = None
    unwritten_joins: set[int] = field(default_factory=set)
    unwritten_returns: set[int] = field(default_factory=set)
    written_s: float = float("-inf")
    words: str = ""
    is_ending: bool = False
    """Nearly all are back: who is lost again from now on is another matter."""

    def join(self, servers: Collection[int], moment: Moment) -> None:
        self.members.update(servers)
        self.out.update(servers)
        self.joined_s = moment.s
        self.unwritten_joins.update(servers)
        self.unwritten_returns.difference_update(servers)
        self.words = ""

    def leave(self, servers: Collection[int], moment: Moment) -> None:
        if servers:
            self.out.difference_update(servers)
            self.returned_s = moment.s
            self.unwritten_returns.update(servers)
            self.unwritten_joins.difference_update(servers)
            self.words = ""


class Losses:
    """The servers that are out of reach now, and the storms they belong to."""

    def __init__(self) -> None:
        """Begin with no server known."""
        self._fleet: Mapping[int, Kinship] = {}
        self._lost: dict[int, float] = {}
        self._news: set[int] = set()
        self._fine: set[int] = set()
        self._silent: frozenset[int] = frozenset()
        self._storms: list[_Storm] = []
        self._causes: dict[int, Place] = {}
        self._grace_s: dict[int, float] = {}

    def set_fleet(self, fleet: Mapping[int, Kinship]) -> None:
        """Take the servers as they are now; one that is gone is neither lost nor fine."""
        self._fleet = fleet
        for server_id in (self._lost.keys() | self._fine) - fleet.keys():
            self._lost.pop(server_id, None)
            self._news.discard(server_id)
            self._fine.discard(server_id)

    def restore(self, life: AlarmLife, out: Collection[int], moment: Moment) -> None:
        """Go on with a group alarm of an earlier engine: these servers were not back."""
        storm = _Storm(life=life, members=set(out), out=set(out), joined_s=moment.s)
        self._storms.append(storm)

    def lose(self, server_id: int, moment: Moment, *, is_news: bool = True) -> None:
        """Note that a server is out of reach; it is no news when that was known or is planned."""
        self._fine.discard(server_id)
        if server_id not in self._lost:
            self._lost[server_id] = moment.s
            if is_news:
                self._news.add(server_id)

    def find(self, server_id: int) -> None:
        """Note that a server answers."""
        self._fine.add(server_id)
        if self._lost.pop(server_id, None) is not None:
            self._news.discard(server_id)

    def is_fine(self, server_id: int) -> bool:
        """Whether a server answers, as far as is known."""
        return server_id in self._fine

    def set_silent(self, servers: frozenset[int]) -> None:
        """Take the servers that owe an answer for longer than usual, though nothing failed yet."""
        self._silent = servers

    def cause_of(self, server_id: int) -> Place | None:
        """Give the alarm from which a server's loss follows, or None where it stands alone."""
        return self._causes.get(server_id)

    def grace_of(self, server_id: int) -> float:
        """Give until when (steady) a server whose cause is over may come back by itself."""
        return self._grace_s.get(server_id, 0.0)

    def life_of(self, place: Place) -> AlarmLife | None:
        """Give the life of a group alarm."""
        return next((one.life for one in self._storms if one.life.place == place), None)

    def settle(self, moment: Moment) -> list[Change]:
        """Find storms, let servers join and leave them, and give what is to be written."""
        for storm in self._storms:
            self._take_returns(storm, moment)
        self._take_losses(moment)
        changes = [change for storm in self._storms for change in self._tell(storm, moment)]
        self._storms = [one for one in self._storms if not one.life.is_idle(moment)]
        self._explain(moment)
        return changes

    def _take_returns(self, storm: _Storm, moment: Moment) -> None:
        gone = storm.out - self._fleet.keys()
        storm.leave({one for one in storm.out if self._is_back(one)} | gone, moment)
        if storm.life.is_open and not storm.is_ending:
            again = (storm.members - storm.out) & (self._news | self._silent_many())
            if again:
                storm.join(again, moment)
        is_settled = storm.returned_s is not None and moment.s - storm.returned_s >= SETTLED_S
        few = max(1, min(self._many() - 1, len(storm.members) // 10))
        if is_settled and 0 < len(storm.out) <= few:
            storm.leave(set(storm.out), moment)  # the few that stay away stand alone from now on
            storm.is_ending = True

    def _is_back(self, server_id: int) -> bool:
        return server_id in self._fine and server_id not in self._silent

    def _take_losses(self, moment: Moment) -> None:
        explained = {one for storm in self._storms for one in storm.out}
        fresh = {
            server_id
            for server_id in self._news
            if moment.s - self._lost[server_id] <= BURST_S
            and server_id not in explained
            and self._lost_jump(server_id) is None
        }
        if not fresh and not self._silent:
            return
        fresh |= self._silent_many() - explained
        storm = next((one for one in self._storms if self._takes(one, moment)), None)
        if fresh and storm is not None:
            storm.join(fresh, moment)
        elif len(fresh) >= self._many():
            self._begin(fresh, moment)

    def _silent_many(self) -> frozenset[int]:
        """Silence alone counts only when at least half of all that answered are silent."""
        silent = self._silent & self._fine
        if len(silent) >= self._many() and 2 * len(silent) >= len(self._fine):
            return silent
        return frozenset()

    def _takes(self, storm: _Storm, moment: Moment) -> bool:
        is_young = moment.s - storm.joined_s <= JOIN_S
        is_most = 2 * len(storm.out) >= len(self._fleet)
        return bool(storm.out) and not storm.is_ending and (is_young or is_most)

    def _many(self) -> int:
        """From how many on losses at one time are no chance: five, and one in a hundred."""
        size = len(self._fleet)
        return max(3, min(FEWEST, size), size // 100)

    def _begin(self, servers: set[int], moment: Moment) -> None:
        storm = next((one for one in self._storms if _is_same(one, servers)), None)
        if storm is None:
            life = AlarmLife(place=Place(None, self._free_key()))
            storm = _Storm(life=life, joined_s=moment.s)
            self._storms.append(storm)
        storm.members.clear()
        storm.returned_s, storm.is_ending = None, False
        storm.join(servers, moment)

    def _free_key(self) -> str:
        used = {one.life.place.key for one in self._storms}
        keys: Iterator[str] = (f"{NETWORK}:{number}" for number in count(2))
        return NETWORK if NETWORK not in used else next(key for key in keys if key not in used)

    def _tell(self, storm: _Storm, moment: Moment) -> list[Change]:
        life = storm.life
        if storm.out:
            life.see(Verdict.DOWN, self._words(storm), moment)
        else:
            life.miss(Standing.NORMAL)
        was_open = life.is_open
        changes = life.settle(moment)
        moved = self._moved(storm, moment) if was_open or life.is_open else []
        if not life.is_open and was_open:
            back = "" if storm.is_ending else f"all {len(storm.members):,} servers are back"
            changes = [replace(one, why=one.why or back) for one in changes]
            return [*moved, *changes]
        return [*changes, *moved]

    def _moved(self, storm: _Storm, moment: Moment) -> list[Change]:
        """Say who joined and left, at most every few seconds and before the alarm ends."""
        if not storm.unwritten_joins and not storm.unwritten_returns:
            return []
        if storm.life.is_open and moment.s - storm.written_s < TELL_EVERY_S:
            return []
        life = storm.life
        if life.seen is not None:
            life.words = life.seen_words
        change = Change(
            place=life.place,
            kind=None,
            verdict=life.verdict,
            words=life.words,
            at=moment.at,
            times=life.times,
            joined=tuple(sorted(storm.unwritten_joins)),
            left=tuple(sorted(storm.unwritten_returns)),
        )
        storm.unwritten_joins, storm.unwritten_returns = set(), set()
        storm.written_s = moment.s
        return [change]

    def _words(self, storm: _Storm) -> str:
        if not storm.words:
            hint = _what_they_share(storm.out, self._fleet)
            words = f"{len(storm.out):,} of {len(self._fleet):,} servers are out of reach"
            storm.words = f"{words}; {hint}" if hint else words
        return storm.words

    def _explain(self, moment: Moment) -> None:
        """Say of each lost server what its loss follows from; a cause that is over leaves time."""
        before, self._causes = self._causes, {}
        for storm in self._storms:
            self._causes.update(dict.fromkeys(storm.out, storm.life.place))
        for server_id in self._lost:
            if server_id not in self._causes:
                jump = self._lost_jump(server_id)
                if jump is not None:
                    own = Place(jump, LINK)
                    self._causes[server_id] = self._causes.get(jump, own)
        for server_id in before.keys() - self._causes.keys():
            is_alone = server_id in self._lost and before[server_id].server_id is None
            grace_s = 0.0 if is_alone else RETURN_GRACE_S  # a storm has waited for it already
            self._grace_s[server_id] = moment.s + grace_s
        for server_id in self._grace_s.keys() - self._lost.keys():
            del self._grace_s[server_id]

    def _lost_jump(self, server_id: int) -> int | None:
        kin = self._fleet.get(server_id)
        if kin is None:
            return None
        return next((jump for jump in kin.jumps if jump in self._lost and jump != server_id), None)


def _is_same(storm: _Storm, servers: set[int]) -> bool:
    """Whether a storm that is over is the one that now begins: mostly the same servers."""
    return not storm.life.is_open and 2 * len(storm.members & servers) >= len(servers)


def _what_they_share(lost: Collection[int], fleet: Mapping[int, Kinship]) -> str:
    """Give where to look first: the engine's own network, a jump server, a group; or nothing."""
    if len(lost) >= MOST * len(fleet):
        return "see first whether the network of the engine's machine is up"
    kin = [fleet[one] for one in lost if one in fleet]
    if not kin:
        return ""
    jumps = set(kin[0].jumps).intersection(*(one.jumps for one in kin))
    for jump in sorted(jumps & fleet.keys()):
        return f"all are reached through {fleet[jump].name}"
    groups = set(kin[0].groups).intersection(*(one.groups for one in kin))
    sizes = {group: sum(group in one.groups for one in fleet.values()) for group in sorted(groups)}
    whole = {group: size for group, size in sizes.items() if len(kin) >= MOST * size}
    if whole:
        return f"all are of the group {min(whole, key=lambda group: whole[group])}"
    return ""
