"""Lines of sshd in a system's log, read into events. Pure: no I/O, no clock.

Read are the lines of auth.log and secure (rsyslog's old and ISO stamps) and of journalctl's
short-iso, of sshd and of the sshd-session of OpenSSH 9.8 and later; other lines give nothing. A
name that failed is a stranger's text, spaces and whole sentences of sshd included: it never decides
how its line is read.
"""

import re
from calendar import isleap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum

MAX_LINE = 2_000
_AHEAD = timedelta(days=1)
"""A stamp without a year is not of the future; a clock that is off by less than a day may be."""
_YEARS_BACK = 9  # February 29 comes every fourth year, but for three in four centuries
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FEBRUARY, _LEAP_DAY = 2, 29

_HEAD = re.compile(
    r"(?:N=(?P<count>\d{1,9})\t)?"
    r"(?P<stamp>[A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d|"
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?) +"
    r"(?:\S+ +)?sshd(?:-session|-auth)?(?:\(pam_unix\))?\[(?P<pid>\d{1,10})\]: +(?P<message>.*)"
)
_REPEATED = re.compile(r"message repeated (?P<times>\d{1,9}) times: \[ ?(?P<message>.*)\]")
_TAIL = r" from (?P<address>\S+) port (?P<port>\d{1,5})(?: +ssh2)?(?:: (?P<key>.*))?"
_ACCEPTED = re.compile(r"(?P<what>Accepted|Partial) (?P<method>\S+) for (?P<user>.+?)" + _TAIL)
"""An account that exists, nobody's free text: the first ` from ` counts, not one after it."""
_FAILED = re.compile(
    r"(?P<what>Failed) (?P<method>\S+) for (?P<stranger>invalid user )?(?P<user>.*)" + _TAIL
)
"""A name somebody typed: the last ` from ` counts."""
_INVALID = re.compile(
    r"(?P<what>Invalid) user (?P<user>.*) from (?P<address>\S+)(?: port (?P<port>\d{1,5}))?"
)
_OPENED = re.compile(
    r"(?:pam_\w+\(sshd:session\): )?session (?P<what>opened|closed) for user "
    r"(?P<user>[^\s(]+)(?:[ (].*)?"
)
_GONE = re.compile(
    r"(?P<what>Disconnected from user (?P<user>.+)|Connection closed by|Received disconnect from) "
    r"(?P<address>[0-9A-Fa-f.:%]+) port (?P<port>\d{1,5})(?::.*)?"
)
_PATTERNS = (_ACCEPTED, _FAILED, _INVALID, _OPENED, _GONE)
_FINGERPRINT = re.compile(r"(?P<kind>[\w-]+) (?P<print>SHA256:[\w+/=]+|(?:MD5:)?[0-9a-f:]{47})")
_AUTHORITY = re.compile(r".* CA [\w-]+ (?P<print>SHA256:[\w+/=]+)")


class EventKind(Enum):
    """What a line tells."""

    ACCEPTED = "accepted"
    PARTIAL = "partly accepted"
    """One of several proofs that are asked together."""
    FAILED = "failed"
    INVALID = "no such account"
    OPENED = "opened"
    ENDED = "ended"


_KINDS = {
    "Accepted": EventKind.ACCEPTED,
    "Partial": EventKind.PARTIAL,
    "Failed": EventKind.FAILED,
    "Invalid": EventKind.INVALID,
    "opened": EventKind.OPENED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SshdEvent:
    """What one line of sshd tells; a text is empty and a port 0 where the line does not say.

    `at` is UTC, `hour_of_week` in the server's own time (0 is Monday from 00:00). `fingerprint` is
    that of the key, or `CA` and that of the authority where a certificate was shown. `count` tells
    how often it happened: `message repeated`, or the `N=` of a line that stands for several.
    """

    kind: EventKind
    at: datetime
    hour_of_week: int
    pid: int
    user: str
    address: str
    port: int
    method: str
    fingerprint: str
    count: int
    line: str
    number: int

    @property
    def is_by_password(self) -> bool:
        """Whether a password was given, also by way of PAM."""
        return self.method == "password" or self.method.startswith("keyboard-interactive")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogClock:
    """The server's clock when its log was read: what stamps without year or zone mean."""

    now: datetime
    zone: tzinfo

    def instant(self, stamp: str) -> datetime | None:
        """Give a stamp as a time in a zone; None where it names no time."""
        try:
            if stamp[0].isdigit():
                told = datetime.fromisoformat(stamp.replace(",", "."))
                at = told if told.tzinfo else told.replace(tzinfo=self.zone)
            else:
                at = self._without_year(stamp)
            at.astimezone(UTC)  # the first and last day of the calendar have no UTC
        except (ValueError, OverflowError):
            return None
        return at

    def _without_year(self, stamp: str) -> datetime:
        """Give the newest time of that day and hour that is not of the future."""
        month = _MONTHS.index(stamp[:3]) + 1
        day, hour, minute, second = (int(stamp[at : at + 2]) for at in (4, 7, 10, 13))
        this_year = self.now.astimezone(self.zone).year
        for year in range(this_year + 1, this_year - _YEARS_BACK, -1):
            if month == _FEBRUARY and day == _LEAP_DAY and not isleap(year):
                continue
            at = datetime(year, month, day, hour, minute, second, tzinfo=self.zone)
            if at <= self.now + _AHEAD:
                return at
        raise ValueError(stamp)


def read_events(lines: Iterable[tuple[int, bytes]], clock: LogClock) -> Iterator[SshdEvent]:
    """Give the events some numbered lines tell, as they come; nothing is kept meanwhile."""
    for number, line in lines:
        text = line[:MAX_LINE].decode("utf-8", "replace").rstrip("\r\n")
        head = _HEAD.fullmatch(text)
        if head is None:
            continue
        at = clock.instant(head["stamp"])
        if at is None:
            continue
        event = _event(head, at, text, number)
        if event is not None:
            yield event


def _event(head: re.Match[str], at: datetime, text: str, number: int) -> SshdEvent | None:
    message, times = head["message"], 1
    repeated = _REPEATED.fullmatch(message)
    if repeated is not None:
        message, times = repeated["message"], int(repeated["times"])
    found = next(filter(None, (one.fullmatch(message) for one in _PATTERNS)), None)
    if found is None:
        return None
    told = found.groupdict(default="")
    return SshdEvent(
        kind=_KINDS.get(told["what"], EventKind.ENDED),
        at=at.astimezone(UTC),
        hour_of_week=at.weekday() * 24 + at.hour,
        pid=int(head["pid"]),
        user=told.get("user", ""),
        address=told.get("address", ""),
        port=int(told.get("port") or 0),
        method=told.get("method", ""),
        fingerprint=_fingerprint(told.get("key", "")),
        count=int(head["count"] or times),
        line=text.partition("\t")[2] if head["count"] else text,
        number=number,
    )


def _fingerprint(key: str) -> str:
    """Give a key's fingerprint; of a certificate its authority's, for each one has a new key."""
    found = _FINGERPRINT.match(key)
    if found is None:
        return ""
    if found["kind"].endswith("-CERT"):
        authority = _AUTHORITY.fullmatch(key)
        return f"CA {authority['print']}" if authority else ""
    return found["print"]
