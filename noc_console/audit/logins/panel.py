"""What the window shows of an audit's logins: each account's logins beside its own habit.

Pure: no I/O, no clock. `timeline` makes it of one server's evidence, `kept` of a whole audit's.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from noc_console.audit.not_told import NotTold

HOURS_OF_WEEK = 7 * 24


class LoginRule(Enum):
    """Why a login is told, the worst first; the values are those of the check's findings."""

    GUESSED = "guessed password"
    """A password that was accepted after many that were refused."""
    ROOT_PASSWORD = "root by password"  # noqa: S105 - a word of judgement, no secret
    NEW_KEY = "new key"
    NEW_NETWORK = "new network"
    TWO_NETWORKS = "two networks at once"
    ODD_HOUR = "odd hour"

    @property
    def urgency(self) -> int:
        """Give the place in the order in which people look, 0 the worst."""
        return _RULES[self]


_RULES = {one: place for place, one in enumerate(LoginRule)}


class Standing(Enum):
    """How a login, or the worst of an account, stands, the worst first."""

    SUSPECT = "suspect"
    """A guessed password, or root by password: the check fails."""
    UNUSUAL = "unusual"
    """Other than the habit: a new key or network, an odd hour, two networks at once."""
    FIRST_SEEN = "nothing to compare with"
    """There were too few logins before it to know a habit."""
    USUAL = "as usual"

    @property
    def urgency(self) -> int:
        """Give the place in the order in which people look, 0 the worst."""
        return _STANDINGS[self]


_STANDINGS = {one: place for place, one in enumerate(Standing)}


class AccountKind(Enum):
    """What an account may do on its server."""

    ROOT = "root"
    ADMIN = "admin"
    """Can become root: in sudo, wheel or admin, or of the number 0."""
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginShown:
    """One login that succeeded, or several alike within one hour (`count`).

    `at` and `ended_at` are UTC; `ended_at` is None where the end is not in the log. `hour_of_week`
    is in the server's own time: 0 is Monday from 00:00, 167 Sunday from 23:00. `fingerprint` is
    empty where no key was used. `failures` were refused in the 24 hours before, of the same account
    or from the same address. `items` are those of its findings, in the order of `rules`. `line` is
    the raw line of the log, hostile text, and `line_number` its number in the evidence, from 1.
    """

    at: datetime
    ended_at: datetime | None
    hour_of_week: int
    user: str
    address: str
    network: str
    method: str
    fingerprint: str
    count: int
    failures: int
    rules: tuple[LoginRule, ...]
    items: tuple[str, ...]
    sentence: str
    standing: Standing
    line: str
    line_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkShown:
    """One network an account came from: an IPv4 /24, an IPv6 /48, or a name as it was logged.

    `logins` are those of this audit, `logins_before` those of the earlier ones.
    """

    network: str
    logins: int
    logins_before: int
    first_at: datetime
    last_at: datetime
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class HourGrid:
    """Logins by hour of the week in the server's own time, 168 numbers, Monday 00:00 first.

    `logins` are those of this audit, `habit` those of the audits before, `told` those of `logins`
    that are suspect or unusual.
    """

    logins: tuple[int, ...] = (0,) * HOURS_OF_WEEK
    habit: tuple[int, ...] = (0,) * HOURS_OF_WEEK
    told: tuple[int, ...] = (0,) * HOURS_OF_WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountShown:
    """One account of one server: its logins of the audit, the worst first, and its networks.

    `count` is how many logins there were; `logins` holds the newest of them, and all that are told.
    In short it has none of these, no networks and no hours, and `is_short` says so.
    """

    server_id: int
    server_name: str
    check_id: str
    zone: str
    """The server's own time zone, as its clock told it, such as Europe/Berlin or +01:00."""
    user: str
    kind: AccountKind
    standing: Standing
    sentence: str
    count: int
    network_count: int
    logins: tuple[LoginShown, ...] = ()
    networks: tuple[NetworkShown, ...] = ()
    """The worst first, then the busiest."""
    grid: HourGrid = field(default_factory=HourGrid)

    @property
    def is_short(self) -> bool:
        """Whether its logins, networks and hours are still to be read."""
        return self.network_count > len(self.networks)

    @property
    def key(self) -> tuple[int, str, str]:
        """Server, check and account."""
        return self.server_id, self.check_id, self.user


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginsPanel:
    """All accounts of an audit that logged in, the worst first, and the servers that told nothing.

    `no_logins` are servers whose log holds no login, by name.
    """

    accounts: tuple[AccountShown, ...] = ()
    not_told: tuple[NotTold, ...] = ()
    no_logins: tuple[str, ...] = ()


def worst_first(accounts: list[AccountShown]) -> tuple[AccountShown, ...]:
    """Order accounts: what is suspect first, then who can become root, then the busiest."""
    kinds = list(AccountKind)
    return tuple(
        sorted(
            accounts,
            key=lambda one: (
                one.standing.urgency,
                kinds.index(one.kind),
                -one.count,
                one.server_name,
                one.user,
            ),
        )
    )
