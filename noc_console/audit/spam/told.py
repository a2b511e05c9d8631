"""The counts a server told, or a log read here, joined with what earlier audits kept of it.

Pure: no I/O, no clock. The form, which `resources/checks/08-spamming.toml` prints and the evidence
keeps, has a line a sender: `SENT<tab>kind<tab>name<tab>mails of each of the DAYS`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from noc_console.audit.parsing.parsed import OutputNotUnderstood, number_of, numbered_lines
from noc_console.audit.spam.panel import SenderKind
from noc_console.audit.spam.senders import MAX_NAME, Mails, Sender, count_log, count_scripts

MAX_DAYS = 400
_SENT_FIELDS = 4
_LINE_FIELDS = 4
_KINDS = {one.value: one for one in SenderKind}
_TAGS = frozenset({"MTA", "TODAY", "DAYS", "NOTES", "SENT", "LINE", "LEFT"})
ALL_MAIL = Sender(SenderKind.SERVER, "all mail")


@dataclass(slots=True)
class Told:
    """One answer. `mta` is the mail server, `none` where there is none.

    `at` has the numbers of each sender's lines, from 1; none of a saved log.
    """

    mta: str = ""
    notes: bool = False
    """Whether anything notes scripts at all, where these are counted."""
    mails: Mails = field(default_factory=Mails)
    lines: dict[Sender, list[str]] = field(default_factory=dict)
    at: dict[Sender, list[int]] = field(default_factory=dict)

    @property
    def newest(self) -> date | None:
        """The newest day it covers."""
        return max(self.mails.days, default=None)


def read_told(output: bytes, *, today: date, scripts: bool = False) -> Told:
    """Give what an answer tells; a saved log, whose lines have no tags, is counted here.

    `today` gives a saved log's stamps their year; its newest day counts as not over.

    Raises:
        OutputNotUnderstood: it is neither.
    """
    if output[:4] in {b"MTA\t", b"TODA"} or not output.strip():
        return _tagged(output)
    return _from_log(output, today=today, scripts=scripts)


def joined(told: Told, earlier: Sequence[Told]) -> tuple[dict[Sender, dict[date, int]], list[date]]:
    """Give counts by sender and day, and all days that were over, with those of earlier answers.

    Of a day that two answers tell of, the greater count holds: a log may be cut, mails are not
    unsent. A day that was not over in one answer and is in another is over.
    """
    answers = [told, *earlier]
    counts: dict[Sender, dict[date, int]] = {}
    for one in answers:
        for sender, by_day in one.mails.counts.items():
            mine = counts.setdefault(sender, {})
            for day, mails in by_day.items():
                mine[day] = max(mails, mine.get(day, 0))
    counts[ALL_MAIL] = _summed(counts)
    return counts, sorted({day for one in answers for day in one.mails.full_days()})


def judged_from(earlier: Iterable[Told]) -> date | None:
    """Give the last day that an earlier audit has judged as a whole; None where none has."""
    return max((day for one in earlier for day in one.mails.full_days()), default=None)


def _summed(counts: Mapping[Sender, Mapping[date, int]]) -> dict[date, int]:
    whole: dict[date, int] = {}
    for sender, by_day in counts.items():
        if sender != ALL_MAIL:
            for day, mails in by_day.items():
                whole[day] = whole.get(day, 0) + mails
    return whole


def _from_log(output: bytes, *, today: date, scripts: bool) -> Told:
    if b"\0" in output:
        raise OutputNotUnderstood("The answer holds null bytes: it is no text.")
    lines = (one.decode("utf-8", "replace") for one in output.split(b"\n"))
    count = count_scripts if scripts else count_log
    mails = count(lines, today=today)
    if not mails.days:
        raise OutputNotUnderstood("It is no log of exim or Postfix, and no counts of one.")
    mails.today = max(mails.days)
    kept = {
        sender: [line for day in sorted(by_day, reverse=True) for line in by_day[day]]
        for sender, by_day in mails.lines.items()
    }
    return Told(mta="a saved log", mails=mails, lines=kept)


def _tagged(output: bytes) -> Told:
    told = Told()
    days: list[date] = []
    for number, text in numbered_lines(output):
        tag, *parts = text.split("\t")
        if tag not in _TAGS or not parts:
            raise OutputNotUnderstood(f"Line {number} has none of the tags of this check.")
        if tag == "DAYS":
            days = [_day(one, number) for one in parts[0].split()][:MAX_DAYS]
            told.mails.days.update(days)
        elif tag == "SENT":
            _take_sent(told, parts, days, number)
        elif tag == "LINE":
            _take_line(told, parts, number)
        else:
            _take_head(told, tag, parts[0], number)
    return told


def _take_head(told: Told, tag: str, text: str, number: int) -> None:
    if tag == "MTA":
        told.mta = text
    elif tag == "NOTES":
        told.notes = True
    elif tag == "TODAY":
        told.mails.today = _day(text, number)
    else:
        told.mails.left_out = number_of(text, "number of mails left out")


def _take_sent(told: Told, parts: list[str], days: Sequence[date], number: int) -> None:
    sender = _sender(parts, number, _SENT_FIELDS - 1)
    counts = [number_of(one, "number of mails") for one in parts[2].split()]
    if len(counts) != len(days):
        raise OutputNotUnderstood(f"Line {number} has not one count for each day.")
    told.at.setdefault(sender, []).append(number)
    told.mails.counts[sender] = {
        day: mails for day, mails in zip(days, counts, strict=True) if mails
    }


def _take_line(told: Told, parts: list[str], number: int) -> None:
    sender = _sender(parts, number, _LINE_FIELDS - 1)
    told.lines.setdefault(sender, []).append("\t".join(parts[2:]))
    told.at.setdefault(sender, []).append(number)


def _sender(parts: list[str], number: int, least: int) -> Sender:
    if len(parts) < least or parts[0] not in _KINDS or not parts[1]:
        raise OutputNotUnderstood(f"Line {number} names no sender.")
    return Sender(_KINDS[parts[0]], parts[1][:MAX_NAME])


def _day(text: str, number: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise OutputNotUnderstood(f"Line {number} has no day: {text[:20]!r}.") from error
