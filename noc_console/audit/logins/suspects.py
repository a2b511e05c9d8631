"""Which logins are odd, and what is odd about them. Pure: no I/O, no clock.

What is told here is a suspicion with its numbers; whether it fails, warns or is only told is said
by the rules and limits of the check LOG-01. A person's typing errors are none: a few refused
passwords before one that is accepted, or more at a place where the account comes from day by day.
"""

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from noc_console.audit.logins.habits import HabitBook
from noc_console.audit.logins.network import are_alike
from noc_console.audit.logins.panel import AccountKind, LoginRule
from noc_console.audit.logins.told import Failure, Login, ToldLogins

BACK = timedelta(hours=24)
WEEK = timedelta(days=7)
UNUSUAL_TIMES = 3
"""An account whose name strangers guess every day is guessed by many only where a day has three
times as many refused passwords as one of the seven before.
"""
SAME_USER, FROM_ADDRESS = 5, 20
"""So many refused passwords of the account from its network, or of any account from the address,
within 24 hours before: from there nothing is learnt as usual. The limits of LOG-01 say the same.
"""
_Key = TypeVar("_Key", bound=Hashable)
_MOST_OPEN = 50
"""Sessions of one account looked at for one in another network at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """One thing that is odd about a login.

    `same_user`, `from_address` and `elsewhere` count the passwords that were refused in the 24
    hours before: of the account from its network, of any account from the address, and of the
    account from other networks, which `is_unusual` for that account. `other_network` is that of the
    other session, else empty.
    """

    rule: LoginRule
    login: Login
    same_user: int
    from_address: int
    elsewhere: int
    is_unusual: bool
    is_new_network: bool
    is_usual_place: bool
    roams: bool
    other_network: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLogin:
    """One login with what is odd about it. `refused` passwords went before it within a day.

    `has_habit` is false where too little was known of the account to compare with.
    """

    login: Login
    suspicions: tuple[Suspicion, ...]
    has_habit: bool
    refused: int


def item_of(one: Suspicion) -> str:
    """Give what names it for good: the same in the next month is the same finding."""
    login = one.login
    what = {
        LoginRule.NEW_KEY: login.event.fingerprint,
        LoginRule.ODD_HOUR: f"{login.event.hour_of_week % 24:02d}:00",
        LoginRule.TWO_NETWORKS: " ".join(pair_of(login, one.other_network)),
    }.get(one.rule, login.network)
    return named(one.rule, login.user, what)


def named(rule: LoginRule, user: str, what: str) -> str:
    """Give the item of a rule, an account, and a network, key or hour."""
    return f"{_ITEMS.get(rule, rule.value)} {user} {what}"


_ITEMS = {LoginRule.NEW_KEY: "key", LoginRule.NEW_NETWORK: "network", LoginRule.ODD_HOUR: "hour"}
"""New or usual, it is the same key next month."""


def _is_certain(one: Suspicion) -> bool:
    """Whether one place guessed: then nothing that comes from there is usual."""
    return one.rule is LoginRule.GUESSED and (
        (one.same_user >= SAME_USER and not one.is_usual_place) or one.from_address >= FROM_ADDRESS
    )


def pair_of(login: Login, other: str) -> tuple[str, str]:
    """Give two networks in an order that does not depend on which came first."""
    first, second = sorted((login.network, other))
    return first, second


def _are_two_at_once(before: Login, login: Login) -> bool:
    """Whether a session is still open in another network, and may be another person's.

    One key in both is one person: whose laptop went elsewhere leaves a session behind that nobody
    ends. A key that was stolen shows as a new network.
    """
    return (
        before.ended_at is not None
        and before.ended_at > login.at
        and before.network != login.network
        and are_alike(before.network, login.network)
        and not (before.event.fingerprint and before.event.fingerprint == login.event.fingerprint)
    )


class _Refused:
    """The passwords refused within the last 24 hours, counted as time goes on.

    Those of an account from a network count from its last right password there, also among those
    of an address: who mistyped it twice in a day did not guess, nor did ten people of an office.
    """

    def __init__(self, failures: Sequence[Failure]) -> None:
        self._coming = deque(failures)
        self._within: deque[Failure] = deque()
        self._week: deque[Failure] = deque()
        self._right: dict[tuple[str, str], datetime] = {}
        self.by_pair: Counter[tuple[str, str]] = Counter()
        self.by_address: Counter[str] = Counter()
        self.by_user: Counter[str] = Counter()
        self.by_user_before: Counter[str] = Counter()

    def go_on_to(self, login: Login) -> None:
        """Count those before a login, and no longer those of more than a day before it."""
        while self._coming and self._coming[0].at <= login.at:
            one = self._coming.popleft()
            self._within.append(one)
            self._count(one, one.count)
        while self._within and self._within[0].at < login.at - BACK:
            one = self._within.popleft()
            self._count(one, -one.count)
            self._week.append(one)
            self.by_user_before[one.user] += one.count
        while self._week and self._week[0].at < login.at - BACK - WEEK:
            one = self._week.popleft()
            _add(self.by_user_before, one.user, -one.count)

    def was_right(self, login: Login) -> None:
        """Begin to count anew for an account and a network."""
        place = (login.user, login.network)
        if self.by_pair[place]:
            for one in self._within:
                if (one.user, one.network) == place and self._counts(one):
                    _add(self.by_address, one.address, -one.count)
            del self.by_pair[place]
        self._right[place] = login.at

    def is_unusual(self, login: Login) -> bool:
        """Whether an account had far more refused passwords than on the days before."""
        a_day = self.by_user_before[login.user] / WEEK.days
        return self.by_user[login.user] >= UNUSUAL_TIMES * a_day

    def counts(self, login: Login) -> dict[str, int]:
        """Give how many were refused before a login, named as in `Suspicion`."""
        same_user = self.by_pair[(login.user, login.network)]
        return {
            "same_user": same_user,
            "from_address": self.by_address[login.event.address],
            "elsewhere": max(0, self.by_user[login.user] - same_user),
        }

    def _count(self, one: Failure, times: int) -> None:
        _add(self.by_user, one.user, times)
        if self._counts(one):
            _add(self.by_pair, (one.user, one.network), times)
            _add(self.by_address, one.address, times)

    def _counts(self, one: Failure) -> bool:
        """Whether the account had no right password from there since."""
        right = self._right.get((one.user, one.network))
        return right is None or one.at > right


def _add(counts: Counter[_Key], key: _Key, times: int) -> None:
    counts[key] += times
    if counts[key] <= 0:
        del counts[key]


class LoginWatch:
    """Goes through the logins of one server, month after month, and learns what is usual there."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.book = HabitBook()

    def learn(self, earlier: ToldLogins) -> None:
        """Take what an earlier audit was told as the past; the oldest first."""
        for _ in self.judged(earlier):
            pass
        self.book.has_past = True

    def suspicions(self, told: ToldLogins) -> Iterator[Suspicion]:
        """Give what is odd about each login, in the order of time."""
        for one in self.judged(told):
            yield from one.suspicions

    def judged(self, told: ToldLogins) -> Iterator[JudgedLogin]:
        """Give each login with what is odd about it, in the order of time."""
        refused = _Refused(told.failures)
        open_now: dict[str, deque[Login]] = {}
        for login in told.logins:
            refused.go_on_to(login)
            has_habit = self.book.has_habit(login.user)
            found = tuple(self._of(login, told.kind_of(login.user), refused, open_now))
            counts = refused.counts(login)
            yield JudgedLogin(
                login=login,
                suspicions=found,
                has_habit=has_habit,
                refused=max(counts["same_user"] + counts["elsewhere"], counts["from_address"]),
            )
            self._learn(login, found)
            if login.is_by_password:
                refused.was_right(login)

    def _of(
        self,
        login: Login,
        kind: AccountKind,
        refused: _Refused,
        open_now: dict[str, deque[Login]],
    ) -> Iterator[Suspicion]:
        counts = refused.counts(login)
        is_guessed = login.is_by_password and any(counts.values())
        is_new = self.book.is_new_network(login, is_odd=is_guessed)
        told = {
            LoginRule.GUESSED: is_guessed,
            LoginRule.ROOT_PASSWORD: login.is_by_password and kind is AccountKind.ROOT,
            LoginRule.NEW_KEY: self.book.is_new_key(login),
            LoginRule.NEW_NETWORK: is_new,
            LoginRule.ODD_HOUR: self.book.is_odd_hour(login),
        }
        others = self._at_once(login, open_now.setdefault(login.user, deque(maxlen=_MOST_OPEN)))
        rules = [(rule, "") for rule, is_so in told.items() if is_so]
        for rule, other in [*rules, *((LoginRule.TWO_NETWORKS, other) for other in others)]:
            yield Suspicion(
                rule=rule,
                login=login,
                **counts,
                is_unusual=refused.is_unusual(login),
                is_new_network=is_new,
                is_usual_place=self.book.is_usual_place(login),
                roams=self.book.roams(login.user) and not self.book.is_new_key(login),
                other_network=other,
            )

    def _at_once(self, login: Login, others: deque[Login]) -> list[str]:
        """Give the networks from which an account is logged in at that moment as well."""
        found: dict[str, None] = {}
        for one in others:
            if _are_two_at_once(one, login):
                found[one.network] = None
        others.append(login)
        if self.book.roams(login.user):
            return []
        return [
            one for one in found if not self.book.is_known_pair(login.user, pair_of(login, one))
        ]

    def _learn(self, login: Login, found: Iterable[Suspicion]) -> None:
        if any(_is_certain(one) for one in found):
            self.book.distrust(login.user, login.network)
        self.book.note(login)
        for one in found:
            if one.rule is LoginRule.TWO_NETWORKS:
                self.book.note_pair(login.user, pair_of(login, one.other_network))
