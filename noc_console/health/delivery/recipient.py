"""Somebody who is told of alarms by one way: when, how soon, how often. Pure: no I/O, no clock."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from noc_console.errors import ConsoleError
from noc_console.health.delivery.hours import Hours, parse_hours
from noc_console.health.verdict import Verdict

LONGEST_MINUTES = 7 * 24 * 60
NAME_LENGTH = 80
ADDRESS_LENGTH = 320
LEASTS = (Verdict.EARLY, Verdict.CUT_OFF)
"""From which verdict on somebody may want to hear: of everything, or of what is dangerous."""

WAKING = frozenset({Verdict.CUT_OFF, Verdict.DOWN})
"""Verdicts for which nobody's quiet hours count."""

_MAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[^\s@<>\"(),:;\[\]\\]+")


class InvalidRecipient(ConsoleError):
    """Something about a recipient cannot be; the sentence says what may be."""


class Way(Enum):
    """How a message goes."""

    MAIL = "mail"
    CHAT = "chat"
    """A chat room or a phone: whatever an apprise URL can name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A person, or a room of persons, and one way to them.

    `address` may be shown: of a chat it is masked. `secret` says where the engine finds the chat's
    URL (`keyring:NAME`, `file:/path`, `env:NAME`); a mail recipient has none. They are told
    `after_minutes` in which nobody acknowledged or claimed an alarm, and then every
    `repeat_minutes` (0: once).
    """

    id: int = 0
    name: str
    way: Way
    address: str
    secret: str = ""
    after_minutes: int = 0
    repeat_minutes: int = 0
    least: Verdict = Verdict.EARLY
    on_call: str = ""
    """Hours in which they are told at all; empty means always."""
    quiet: str = ""
    """Hours in which only what is cut off or down reaches them."""
    zone: str = "UTC"
    """Whose wall clock the hours are of. A machine that does not know it takes UTC."""
    is_paused: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            InvalidRecipient, InvalidHours: with what may be.
        """
        if not self.name.strip() or len(self.name) > NAME_LENGTH or not self.name.isprintable():
            raise InvalidRecipient(f"Give a name of 1 to {NAME_LENGTH} printable characters.")
        _check_address(self)
        for words, minutes in (("after", self.after_minutes), ("repeat", self.repeat_minutes)):
            if not 0 <= minutes <= LONGEST_MINUTES:
                raise InvalidRecipient(
                    f"The minutes of “{words}” lie between 0 and {LONGEST_MINUTES} (a week)."
                )
        if self.least not in LEASTS:
            raise InvalidRecipient("Choose from which verdict on they are told: early or cut-off.")
        for hours in (self.on_call, self.quiet):
            parse_hours(hours)

    def wants(self, verdict: Verdict) -> bool:
        """Whether they want to hear of an alarm as bad as this."""
        return self.least is Verdict.EARLY or verdict.urgency <= self.least.urgency

    def is_reachable(self, verdict: Verdict, now: datetime) -> bool:
        """Whether their hours let a message about something as bad as this through now."""
        on_call, quiet = parse_hours(self.on_call), parse_hours(self.quiet)
        if self.is_paused or not (on_call.is_empty or on_call.hold(now, self.zone)):
            return False
        return verdict in WAKING or not quiet.hold(now, self.zone)


def _check_address(recipient: Recipient) -> None:
    if recipient.way is Way.MAIL:
        if len(recipient.address) > ADDRESS_LENGTH or not _MAIL.fullmatch(recipient.address):
            raise InvalidRecipient(
                f"{recipient.address!r} is no e-mail address; write one such as anna@example.com."
            )
        if not recipient.address.isprintable():
            raise InvalidRecipient("An e-mail address holds no control characters.")
    elif not recipient.secret:
        raise InvalidRecipient(
            "A chat needs its address; give an apprise URL, such as slack://… or tgram://…."
        )


_STEP = timedelta(minutes=15)
_WEEK = timedelta(days=7)


def untold_hours(
    recipients: tuple[Recipient, ...], verdict: Verdict, now: datetime
) -> list[tuple[datetime, datetime]]:
    """Give the stretches of the coming week in which nobody would be told of such an alarm.

    Looked at every quarter of an hour. With no recipient at all it is the whole week.
    """
    start = now.replace(minute=0, second=0, microsecond=0)
    plans = [
        (one, parse_hours(one.on_call), parse_hours(one.quiet))
        for one in recipients
        if not one.is_paused and one.wants(verdict)
    ]
    stretches: list[tuple[datetime, datetime]] = []
    moment = start
    while moment < start + _WEEK:
        if not any(_hears(one, call, quiet, verdict, moment) for one, call, quiet in plans):
            if stretches and stretches[-1][1] == moment:
                stretches[-1] = (stretches[-1][0], moment + _STEP)
            else:
                stretches.append((moment, moment + _STEP))
        moment += _STEP
    return stretches


def _hears(
    one: Recipient, on_call: Hours, quiet: Hours, verdict: Verdict, moment: datetime
) -> bool:
    if not (on_call.is_empty or on_call.hold(moment, one.zone)):
        return False
    return verdict in WAKING or not quiet.hold(moment, one.zone)
