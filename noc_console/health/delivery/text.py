"""What a message says: a subject and a body for mail, fewer lines for a chat. Pure: no I/O, no
clock.

The words of an alarm come from strangers: they are made inert, and for a chat also stripped of all
that would mention somebody, make a link of other words, or format (`in_chat`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from noc_console.fleet.inert import inert
from noc_console.health.alarm import Alarm
from noc_console.health.delivery.delivery import SUBJECT_PREFIX, Item, ItemKind
from noc_console.health.delivery.hours import InvalidHours, zone_of
from noc_console.health.delivery.recipient import Recipient, Way

MAIL_LINES = 40
CHAT_LINES = 8
_SUBJECT_LENGTH = 160
_LINE_LENGTH = 300
_CHAT_LINE_LENGTH = 200

_MARK_UP = str.maketrans(
    {
        "@": "＠",
        "<": "‹",
        ">": "›",
        "[": "(",
        "]": ")",
        "*": "∗",
        "`": "ˋ",
        "~": "∼",
        "|": "¦",
        "\\": "∖",
        "#": "＃",
        "&": "＆",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it goes: plain text, each line inert. `is_urgent` marks it for mail programs."""

    subject: str
    body: str
    is_urgent: bool = False
    alarm_ids: tuple[int, ...] = ()
    """What it is about, for threads of mail."""


def in_chat(text: str) -> str:
    """Give a stranger's words so that a chat shows them as they are, with no effect."""
    return inert(text).translate(_MARK_UP)


def trial_message(recipient: Recipient, asked_by: str, now: datetime) -> Message:
    """Give the message of a test."""
    clean = in_chat if recipient.way is Way.CHAT else inert
    return Message(
        subject=f"{SUBJECT_PREFIX}Test: this way works",
        body=(
            f"{clean(asked_by)} tests whether noc-console reaches {clean(recipient.name)} this"
            f" way, at {_moment(now, recipient.zone)}. Nothing is wrong; there is nothing to do.\n"
        ),
    )


def message(
    recipient: Recipient,
    items: Sequence[Item],
    alarms: Mapping[int, Alarm],
    names: Mapping[int, str],
    now: datetime,
) -> Message:
    """Give the message about some alarms, as they stand now; `names` are those of the servers."""
    writer = _Writer(recipient=recipient, alarms=alarms, names=names, now=now)
    ordered = sorted(items, key=lambda item: _order(item, alarms[item.alarm_id]))
    most = CHAT_LINES if recipient.way is Way.CHAT else MAIL_LINES
    lines = [writer.line(item) for item in ordered[:most]]
    if len(ordered) > most:
        lines.append(f"… and {len(ordered) - most} more; the Alarms page shows them all.")
    open_items = [item for item in ordered if item.kind is not ItemKind.CLEARED]
    return Message(
        subject=inert(writer.subject(ordered), _SUBJECT_LENGTH),
        body="\n".join([*lines, "", *writer.advice(open_items)]).rstrip("\n") + "\n",
        is_urgent=any(alarms[one.alarm_id].verdict.urgency <= 1 for one in open_items),
        alarm_ids=tuple(item.alarm_id for item in ordered[:most]),
    )


def _order(item: Item, alarm: Alarm) -> tuple[bool, int, float]:
    """What is open first, then the worst, then the newest."""
    is_cleared = item.kind is ItemKind.CLEARED
    return is_cleared, alarm.verdict.urgency, -alarm.raised_at.timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    recipient: Recipient
    alarms: Mapping[int, Alarm]
    names: Mapping[int, str]
    now: datetime

    def subject(self, ordered: Sequence[Item]) -> str:
        """Say how many there are, and the worst."""
        first = ordered[0]
        worst = f"{self._head(first)}: {self._words(first)}"
        raised = sum(item.kind is not ItemKind.CLEARED for item in ordered)
        cleared = len(ordered) - raised
        counts = ", ".join(
            words
            for words in (
                _count(raised, "alarm") if raised else "",
                f"{cleared} cleared" if cleared else "",
            )
            if words
        )
        return f"{SUBJECT_PREFIX}{worst if len(ordered) == 1 else f'{counts}; worst {worst}'}"

    def line(self, item: Item) -> str:
        """Say one alarm: how bad, where, what, since when."""
        alarm = self.alarms[item.alarm_id]
        words = f"{self._head(item)}: {self._words(item)}"
        end = alarm.cleared_at or self.now
        since = f"since {_moment(alarm.raised_at, self.recipient.zone, self.now)}"
        length = f"{'lasted ' if alarm.cleared_at else ''}{span(end - alarm.raised_at)}"
        return f"{words} ({since}, {length})"

    def advice(self, open_items: Sequence[Item]) -> list[str]:
        """Say what to do next, and why this reached them."""
        if not open_items:
            return []
        minutes = self.recipient.after_minutes
        why = f"Nobody has taken this up for {minutes} min. " if minutes else ""
        first = open_items[0].alarm_id
        how = f"acknowledge or claim it on the Alarms page, or noc-console alarm ack {first}"
        return [f"{why}To take it up: {how}"]

    def _head(self, item: Item) -> str:
        alarm = self.alarms[item.alarm_id]
        word = {
            ItemKind.CLEARED: "CLEARED",
            ItemKind.STILL: f"STILL {alarm.verdict.value.upper()}",
            ItemKind.WORSE: f"NOW {alarm.verdict.value.upper()}",
        }.get(item.kind, alarm.verdict.value.upper())
        where = "" if alarm.server_id is None else self.names.get(alarm.server_id, "a server")
        return f"{word} {self._clean(where, 80)}".rstrip()

    def _words(self, item: Item) -> str:
        is_chat = self.recipient.way is Way.CHAT
        return self._clean(
            self.alarms[item.alarm_id].words, _CHAT_LINE_LENGTH if is_chat else _LINE_LENGTH
        )

    def _clean(self, text: str, longest: int) -> str:
        plain = inert(text, longest)
        return plain.translate(_MARK_UP) if self.recipient.way is Way.CHAT else plain


def span(length: timedelta) -> str:
    """Give a length of time in its two largest units, such as `2 h 5 min`."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if not hours:
        return f"{minutes} min"
    if not days:
        return f"{hours} h {minutes % 60} min"
    return f"{days} d {hours % 24} h"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _moment(at: datetime, zone: str, now: datetime | None = None) -> str:
    """Give a moment by the recipient's clock, with its date unless it is of today."""
    try:
        wall = zone_of(zone)
    except InvalidHours:  # this machine lacks it
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M UTC}"
    local = at.astimezone(wall)
    is_today = now is not None and local.date() == now.astimezone(wall).date()
    return f"{local:%H:%M %Z}" if is_today else f"{local:%Y-%m-%d %H:%M %Z}"
