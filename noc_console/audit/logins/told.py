"""What a server told of its logins: its clock, who can become root, logins with their ends.

Pure: no I/O, no clock. The answer of the check LOG-01 has lines `CLOCK`, `LOG`, `OWN`, `POWER` and
`MORE`, their fields parted by tabs, and lines of sshd, before each `N=` and how many it stands for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from noc_console.audit.logins.network import network_of
from noc_console.audit.logins.panel import AccountKind
from noc_console.audit.logins.sshd_log import EventKind, LogClock, SshdEvent, read_events
from noc_console.audit.parsing.parsed import OutputNotUnderstood, number_of

MAX_LINES = 60_000
"""An answer of four MiB holds fewer lines of sshd."""
_KEY = "publickey"
_NO_PROOF = "none"
"""How a login without any proof is logged: an account with an empty password."""
_DIGITS_OF_AN_AGE = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One login that succeeded, or several alike of one hour. `ended_at` is None if not told."""

    event: SshdEvent
    network: str
    is_by_password: bool
    """False where a key was asked for beside the password."""
    ended_at: datetime | None = None

    @property
    def user(self) -> str:
        """Give the account."""
        return self.event.user

    @property
    def at(self) -> datetime:
        """Give when, in UTC."""
        return self.event.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Passwords that were refused, all at one time."""

    at: datetime
    user: str
    address: str
    network: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLogins:
    """All that an answer tells, in the order of time.

    `asked_at` is the server's clock, `begins_at` the oldest line of its log, `own_since` when the
    session began that asked; None where not told. `more` counts the lines that were too many.
    """

    asked_at: datetime
    zone_name: str
    source: str
    begins_at: datetime | None
    own_since: datetime | None
    kinds: dict[str, AccountKind]
    logins: tuple[Login, ...]
    failures: tuple[Failure, ...]
    more: int = 0

    def kind_of(self, user: str) -> AccountKind:
        """Give what an account may do."""
        return AccountKind.ROOT if user == "root" else self.kinds.get(user, AccountKind.ACCOUNT)


def read_told(output: bytes, asked_at: datetime) -> ToldLogins:
    """Read an answer; `asked_at` is used where it does not tell the server's clock.

    Raises:
        OutputNotUnderstood: it is no text, or has far too many lines.
    """
    heads: dict[str, list[str]] = {}
    kinds: dict[str, AccountKind] = {}
    lines: list[tuple[int, bytes]] = []
    for number, line in _numbered(output):
        tag, tab, rest = line.partition(b"\t")
        words = rest.decode("utf-8", "replace").split("\t")
        if tag == b"POWER" and tab:
            kinds[words[0]] = AccountKind.ROOT if words[-1] == "root" else AccountKind.ADMIN
        elif tag in _HEADS and tab:
            heads[tag.decode()] = words
        else:
            lines.append((number, line))
    clock, zone_name = _clock(heads.get("CLOCK", []), asked_at)
    logins, failures = _sorted_out(read_events(lines, clock))
    source, begins = [*heads.get("LOG", []), "", ""][:2]
    return ToldLogins(
        asked_at=clock.now,
        zone_name=zone_name,
        source=source,
        begins_at=_begin(begins, clock),
        own_since=_since(heads.get("OWN", []), clock.now),
        kinds=kinds,
        logins=tuple(logins),
        failures=tuple(failures),
        more=number_of(heads["MORE"][0], "number of lines left out") if "MORE" in heads else 0,
    )


_HEADS = frozenset({b"CLOCK", b"LOG", b"MORE", b"OWN"})


def _numbered(output: bytes) -> Iterator[tuple[int, bytes]]:
    if b"\0" in output:
        raise OutputNotUnderstood("The answer holds null bytes: it is no text.")
    for number, line in enumerate(output.split(b"\n"), start=1):
        if number > MAX_LINES:
            raise OutputNotUnderstood(f"The answer has more than {MAX_LINES:,} lines.")
        if line.strip():
            yield number, line


def _clock(words: list[str], asked_at: datetime) -> tuple[LogClock, str]:
    """Give the server's clock and what its zone is called; UTC where it told none."""
    told, name = [*words, "", ""][:2]
    try:
        now = datetime.fromisoformat(told)
        offset = now.utcoffset()
        utc = now.astimezone(UTC)
    except (ValueError, OverflowError):
        offset = None
    if offset is None:
        return LogClock(now=asked_at, zone=UTC), "UTC"
    zone = _zone(name, now)
    return LogClock(now=utc, zone=zone or timezone(offset)), name if zone else f"{now:%z}"


def _zone(name: str, now: datetime) -> tzinfo | None:
    """Give the zone of a name that agrees with the clock; None where there is none."""
    if not name.isascii() or not name[:1].isalpha() or ".." in name or len(name) > 60:
        return None
    try:
        zone = ZoneInfo(name)
        return zone if now.astimezone(zone).utcoffset() == now.utcoffset() else None
    except (ValueError, OSError, KeyError, OverflowError):
        return None


def _begin(line: str, clock: LogClock) -> datetime | None:
    """Give the time of the log's first line, which is told as it is."""
    stamp = line.split(" ", 1)[0] if line[:1].isdigit() else line[:15]
    at = clock.instant(stamp) if stamp else None
    return None if at is None else at.astimezone(UTC)


def _since(words: list[str], now: datetime) -> datetime | None:
    """Give when a session began that is so many seconds old."""
    age = words[0].strip() if words else ""
    if not (age.isascii() and age.isdigit() and len(age) <= _DIGITS_OF_AN_AGE):
        return None
    return now - timedelta(seconds=int(age))


def _sorted_out(events: Iterator[SshdEvent]) -> tuple[list[Login], list[Failure]]:
    """Give logins with their ends, and refused passwords, each in the order of time."""
    logins: list[Login] = []
    failures: list[Failure] = []
    open_now: dict[tuple[str, int] | int, int] = {}
    with_key: set[tuple[str, int]] = set()
    for one in sorted(events, key=lambda each: (each.at, each.number)):
        place = (one.address, one.port)
        if one.kind is EventKind.ACCEPTED:
            open_now[place] = open_now[one.pid] = len(logins)
            logins.append(_login(one, place in with_key))
            with_key.discard(place)
        elif one.kind is EventKind.PARTIAL and one.method == _KEY:
            with_key.add(place)
        elif one.kind is EventKind.ENDED:
            _end(logins, open_now, one)
        elif one.kind is EventKind.FAILED and one.is_by_password:
            failures.append(_failure(one))
    return logins, failures


def _login(event: SshdEvent, has_key: bool) -> Login:
    return Login(
        event=event,
        network=network_of(event.address),
        is_by_password=event.method == _NO_PROOF or (event.is_by_password and not has_key),
    )


def _failure(event: SshdEvent) -> Failure:
    return Failure(
        at=event.at,
        user=event.user,
        address=event.address,
        network=network_of(event.address),
        count=event.count,
    )


def _end(logins: list[Login], open_now: dict[tuple[str, int] | int, int], event: SshdEvent) -> None:
    """Note the end of the login a line is about: by its port, else by its process."""
    by_port, by_pid = open_now.get((event.address, event.port)), open_now.get(event.pid)
    place = by_pid if by_port is None else by_port
    if place is None or logins[place].ended_at is not None:
        return
    if event.user and event.user != logins[place].user:
        return  # the number of a process that was used again
    logins[place] = replace(logins[place], ended_at=event.at)
