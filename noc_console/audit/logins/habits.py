"""What is usual on a server: who came from where, with which key, at which hours.

Pure: no I/O, no clock. A book is filled login by login, in the order of time, and asked before each
whether it is usual. It holds a bounded number of things of a bounded number of accounts.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from noc_console.audit.logins.told import Login

FEW_LOGINS = 3
"""With fewer than this before it nothing is known of an account's habit."""
USUAL_DAYS = 3
"""A network is a usual place where an account came from there on as many days."""
TRUSTED_DAYS = 10
"""On so many days an account goes on to come from where its password seemed guessed: it was not."""
ROAMS_FROM = 5
"""Who came from as many networks travels: one more says little."""
HOUR_LOGINS, HOUR_DAYS, HOURS_NEAR = 30, 10, 3
"""Hours are a habit after so many logins on so many days; an hour is odd where none was within
three hours of it, any day of the week: who once worked late may do so again.
"""
_MOST_ACCOUNTS = 5_000
_MOST_KNOWN = 500


@dataclass(slots=True)
class _Account:
    logins: int = 0
    days_of: dict[str, set[date]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    hours: Counter[int] = field(default_factory=Counter)
    days: set[date] = field(default_factory=set)


class HabitBook:
    """The habits of one server's accounts. `has_past`: they are known from earlier audits too."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._accounts: dict[str, _Account] = {}
        self._networks: set[str] = set()
        self._logins = 0
        self._distrusted: dict[tuple[str, str], set[date]] = {}
        self.has_past = False

    def note(self, login: Login) -> None:
        """Take a login as usual, but for one from where a password was guessed."""
        if not self._is_trusted(login):
            return
        one = self._accounts.get(login.user)
        if one is None:
            if len(self._accounts) >= _MOST_ACCOUNTS:
                return
            one = self._accounts[login.user] = _Account()
        one.logins += login.event.count
        self._logins += login.event.count
        self._note_place(one, login)
        if login.event.fingerprint and len(one.keys) < _MOST_KNOWN:
            one.keys.add(login.event.fingerprint)
        one.hours[login.event.hour_of_week % 24] += 1
        if len(one.days) < _MOST_KNOWN:
            one.days.add(login.at.date())

    def _is_trusted(self, login: Login) -> bool:
        """Whether nothing was guessed from there, or the account comes from there all the same.

        It was told then, and a person decided; who goes on to come from there belongs there.
        """
        days = self._distrusted.get((login.user, login.network))
        if days is None or len(days) >= TRUSTED_DAYS:
            return True
        days.add(login.at.date())
        return False

    def _note_place(self, one: _Account, login: Login) -> None:
        if len(self._networks) < _MOST_ACCOUNTS:
            self._networks.add(login.network)
        if login.network not in one.days_of and len(one.days_of) >= _MOST_KNOWN:
            return
        days = one.days_of.setdefault(login.network, set())
        if len(days) <= USUAL_DAYS:
            days.add(login.at.date())

    def note_pair(self, user: str, pair: tuple[str, str]) -> None:
        """Take it as usual that an account is logged in from two networks at once."""
        one = self._accounts.get(user)
        if one is not None and len(one.pairs) < _MOST_KNOWN:
            one.pairs.add(pair)

    def distrust(self, user: str, network: str) -> None:
        """Learn nothing from what an account does from a network, until it did so for long."""
        if len(self._distrusted) < _MOST_ACCOUNTS:
            self._distrusted.setdefault((user, network), set())

    def is_new_network(self, login: Login, *, is_odd: bool) -> bool:
        """Whether an account was never seen from there.

        Of an account without a habit of its own: whether nobody was, on a server whose past is
        known, or where something else about the login `is_odd`.
        """
        one = self._accounts.get(login.user, _NOBODY)
        if login.network in one.days_of:
            return False
        if one.logins >= FEW_LOGINS:
            return True
        knows = self._logins >= FEW_LOGINS and (self.has_past or is_odd)
        return knows and login.network not in self._networks

    def is_new_key(self, login: Login) -> bool:
        """Whether an account that came by key before shows another one."""
        one = self._accounts.get(login.user, _NOBODY)
        return bool(login.event.fingerprint and one.keys) and (
            login.event.fingerprint not in one.keys
        )

    def is_usual_place(self, login: Login) -> bool:
        """Whether an account came from there on several days before this one."""
        one = self._accounts.get(login.user, _NOBODY)
        return len(one.days_of.get(login.network, set()) - {login.at.date()}) >= USUAL_DAYS

    def is_odd_hour(self, login: Login) -> bool:
        """Whether an account with a habit never came within three hours of that hour."""
        one = self._accounts.get(login.user, _NOBODY)
        if one.logins < HOUR_LOGINS or len(one.days) < HOUR_DAYS:
            return False
        hour = login.event.hour_of_week % 24
        near = range(hour - HOURS_NEAR, hour + HOURS_NEAR + 1)
        return not any(one.hours[each % 24] for each in near)

    def is_known_pair(self, user: str, pair: tuple[str, str]) -> bool:
        """Whether an account was logged in from these two networks at once before."""
        return pair in self._accounts.get(user, _NOBODY).pairs

    def roams(self, user: str) -> bool:
        """Whether an account comes from many networks."""
        return len(self._accounts.get(user, _NOBODY).days_of) >= ROAMS_FROM

    def has_habit(self, user: str) -> bool:
        """Whether enough is known of an account to compare with."""
        return self._accounts.get(user, _NOBODY).logins >= FEW_LOGINS


_NOBODY = _Account()
