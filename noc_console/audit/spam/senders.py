"""Mails counted by sender and day, from the lines of exim's main log and of Postfix's log.

Pure: no I/O, no clock. Counted is what was handed over here: by a login, by a local user, or by a
program on the server itself. What arrived from outside is not. A mail to fifty people is fifty.
Lines: exim's specification, chapter 52 (log files); Postfix's smtpd(8), pickup(8), qmgr(8).
The server itself counts by `resources/checks/08-spamming.toml`, the same way; a test holds both.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from noc_console.audit.spam.panel import SenderKind

MAX_SENDERS = 20_000
MAX_OPEN = 200_000
"""Mails under way whose recipients are still counted; beyond it a mail counts as one."""
MAX_NAME = 200
KEPT_LINES = 2
"""Raw lines kept of a sender and day: its first and its newest."""
_MAX_LINE = 300

_EXIM = re.compile(
    r"(\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d\S*(?: [+-]\d{4})?(?: \[\d+\])? (\S+) "
    r"(<=|=>|->|\*\*|Completed)(.*)"
)
_EXIM_CWD = re.compile(
    r"(\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d\S*(?: [+-]\d{4})?(?: \[\d+\])? "
    r"cwd=(\S+) \d+ args: (.*)"
)
_NO_MAIL = re.compile(r"(?:^| )-(?:b[dpPVthiI]|M|q|E1)")
"""Options of exim that hand no new mail over: daemon, queue, delivery, a bounce of its own."""
_STAMP = re.compile(r"(?:(\d{4}-\d\d-\d\d)T\S+|([A-Z][a-z]{2}) +(\d{1,2}) [\d:]{8}) \S+ (\S+) (.*)")
_HERE = ("[127.0.0.1]", "[::1]")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PHP_NOTE = re.compile(r"header X-PHP-(?:Originating-)?Script: (?:\d+:)?(\S+)")
_PHP_LOG = re.compile(r"\[(\d\d)-([A-Z][a-z]{2})-(\d{4})[^\]]*\] mail\(\) on \[(.+?)(?::\d+)?\]: ")


@dataclass(frozen=True, slots=True)
class Sender:
    """One sender on one server."""

    kind: SenderKind
    name: str

    @property
    def item(self) -> str:
        """Name it as its finding is named."""
        return f"{self.kind.value} {self.name}"


@dataclass(slots=True)
class Mails:
    """What a log tells: the days it covers, and mails by sender and day.

    `today` is the day on which it was read, which is not over; None where that is not known.
    """

    days: set[date] = field(default_factory=set)
    counts: dict[Sender, dict[date, int]] = field(default_factory=dict)
    lines: dict[Sender, dict[date, list[str]]] = field(default_factory=dict)
    today: date | None = None
    left_out: int = 0
    """Mails of senders beyond `MAX_SENDERS`."""

    def add(self, sender: Sender, day: date, mails: int, line: str) -> None:
        """Count mails of a sender; with a line that shows it."""
        by_day = self.counts.get(sender)
        if by_day is None:
            if len(self.counts) >= MAX_SENDERS:
                self.left_out += mails
                return
            by_day = self.counts[sender] = {}
        by_day[day] = by_day.get(day, 0) + mails
        kept = self.lines.setdefault(sender, {}).setdefault(day, [])
        kept[KEPT_LINES - 1 :] = [line[:_MAX_LINE]]

    def full_days(self) -> list[date]:
        """Give the days that were over, oldest first."""
        return sorted(day for day in self.days if day != self.today)


def count_log(
    lines: Iterable[str], *, today: date, users: Mapping[str, str] | None = None
) -> Mails:
    """Count the lines of exim or Postfix, in the order in which they were written.

    `today` gives a stamp without a year its year. `users` are names by uid, for Postfix.
    """
    mails = Mails(today=today)
    exim, postfix = _Exim(mails), _Postfix(mails, users or {})
    for line in lines:
        if (found := _EXIM.match(line)) is not None:
            exim.read(found, line)
        elif (stamp := _STAMP.match(line)) is not None:
            postfix.read(stamp, line, today)
    return mails


def count_scripts(lines: Iterable[str], *, today: date) -> Mails:
    """Count mails by the folder or script they came from: exim's `cwd=`, PHP's own log and header.

    Exim notes the folder with `log_selector = +arguments` (cPanel and DirectAdmin set it), PHP the
    script with `mail.log`, Postfix the header with a `WARN` in header_checks(5).
    """
    mails = Mails(today=today)
    for line in lines:
        day = _day_at(line, today)
        if day is not None:
            mails.days.add(day)
            for sender in _scripts_in(line):
                mails.add(sender, day, 1, line)
    return mails


def _scripts_in(line: str) -> Iterator[Sender]:
    if (found := _EXIM_CWD.match(line)) is not None:
        folder, arguments = found[2], found[3]
        if not _NO_MAIL.search(arguments) and folder != "/" and "/spool/" not in folder:
            yield Sender(SenderKind.FOLDER, folder[:MAX_NAME])
    elif (found := _PHP_LOG.match(line)) is not None:
        yield Sender(SenderKind.SCRIPT, found[4][:MAX_NAME])
    elif "/cleanup[" in line and (found := _PHP_NOTE.search(line)) is not None:
        yield Sender(SenderKind.SCRIPT, found[1][:MAX_NAME])


def _day_at(line: str, today: date) -> date | None:
    if line[:1] == "[" and (found := _PHP_LOG.match(line)) is not None:
        return _day_of(f"{found[3]}-{_month(found[2]):02}-{found[1]}")
    if (day := _day_of(line[:10])) is not None:
        return day
    stamp = _STAMP.match(line)
    return None if stamp is None else _stamped(stamp, today)


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(name: str) -> int:
    return _MONTHS.index(name) + 1 if name in _MONTHS else 0


def _stamped(stamp: re.Match[str], today: date) -> date | None:
    if stamp[1]:
        return _day_of(stamp[1])
    text = f"{_month(stamp[2]):02}-{int(stamp[3]):02}"
    day = _day_of(f"{today.year}-{text}")
    if day is not None and day > today:  # of the year that ended
        return _day_of(f"{today.year - 1}-{text}")
    return day


class _Exim:
    """Reads `<=`, `=>`, `->`, `**` and `Completed`; a mail's further recipients count as well."""

    def __init__(self, mails: Mails) -> None:
        self._mails = mails
        self._open: dict[str, tuple[Sender, bool]] = {}

    def read(self, found: re.Match[str], line: str) -> None:
        day = _day_of(found[1])
        if day is None:
            return
        self._mails.days.add(day)
        mail, sign, rest = found[2], found[3], found[4]
        if sign == "<=":
            sender = _exim_sender(rest)
            if sender is not None:
                self._mails.add(sender, day, 1, line)
                if len(self._open) < MAX_OPEN:
                    self._open[mail] = sender, False
        elif sign == "Completed":
            self._open.pop(mail, None)
        elif mail in self._open:
            sender, has_first = self._open[mail]
            if has_first:
                self._mails.add(sender, day, 1, line)
            self._open[mail] = sender, True


def _exim_sender(rest: str) -> Sender | None:
    words = rest.split()
    told = {"A": "", "U": "", "P": ""}
    is_here = False
    for word in words[1:]:
        if word.startswith("T="):  # a subject, which is a stranger's words
            break
        is_here = is_here or word.startswith(_HERE)
        name, _, value = word.partition("=")
        if name in told:
            told[name] = value
    account = told["A"].partition(":")[2]
    if not words or words[0] == "<>":
        return None
    if account:
        return Sender(SenderKind.ACCOUNT, account.lower()[:MAX_NAME])
    if told["P"].startswith("local") and told["U"]:
        return Sender(SenderKind.USER, told["U"][:MAX_NAME])
    return _local(words[0]) if is_here else None


def _local(sender: str) -> Sender:
    domain = sender.rpartition("@")[2].strip("<>").lower()
    return Sender(SenderKind.LOCAL, domain[:MAX_NAME] or "(no sender)")


class _Postfix:
    """Reads who handed a mail over (smtpd, pickup) and to how many it goes (qmgr)."""

    def __init__(self, mails: Mails, users: Mapping[str, str]) -> None:
        self._mails = mails
        self._users = users
        self._open: dict[str, Sender | None] = {}

    def read(self, stamp: re.Match[str], line: str, today: date) -> None:
        program, rest = stamp[4], stamp[5]
        day = _stamped(stamp, today)
        if day is None or not program.startswith("postfix"):
            return
        self._mails.days.add(day)
        mail, _, told = rest.partition(": ")
        if "smtpd[" in program and told.startswith("client="):
            self._note(mail, *_postfix_client(told))
        elif "/pickup[" in program and told.startswith("uid="):
            number = told[4:].partition(" ")[0]
            name = self._users.get(number, f"uid {number}")
            self._note(mail, True, Sender(SenderKind.USER, name[:MAX_NAME]))
        elif "/qmgr[" in program and mail in self._open and (found := _ACTIVE.match(told)):
            sender = self._open.pop(mail) or _local(found[1])
            self._mails.add(sender, day, int(found[2]), line)

    def _note(self, mail: str, is_ours: bool, sender: Sender | None) -> None:
        if is_ours and len(self._open) < MAX_OPEN:
            self._open[mail] = sender


_ACTIVE = re.compile(r"from=<([^>]*)>, size=\d+, nrcpt=(\d{1,9}) \(queue active\)")
_ACCOUNT = re.compile(r", sasl_username=([^,\s]+)")


def _postfix_client(told: str) -> tuple[bool, Sender | None]:
    """Whether a client's mail is the server's own, and by whom; None where the domain tells it."""
    if (found := _ACCOUNT.search(told)) is not None:
        return True, Sender(SenderKind.ACCOUNT, found[1].lower()[:MAX_NAME])
    client = told.partition(",")[0]
    is_here = client.endswith(_HERE)
    return is_here and ", orig_client=" not in told, None  # a filter gives mail back from outside
