"""What the window shows of an audit's mail: each sender's days beside its own past.

Pure: no I/O, no clock. `kept.read_panel` makes it of the evidence that audits keep.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from noc_console.audit.not_told import NotTold


class SenderKind(Enum):
    """How a sender is known to the mail server."""

    ACCOUNT = "account"
    """Logged in to the mail server, such as a mailbox."""
    USER = "user"
    """A local user who handed mail over by sendmail, such as a site's account."""
    LOCAL = "local domain"
    """A program on the server that spoke SMTP without a login; known by the sender's domain."""
    FOLDER = "folder"
    """The folder a script ran in, as exim notes it."""
    SCRIPT = "script"
    """A script that PHP named."""
    SERVER = "server"
    """All mail of the server together."""


class Standing(Enum):
    """How a sender's worst day stands against its own past, the worst first."""

    HIGH = "far above its past"
    UNKNOWN = "too little past"
    USUAL = "as usual"

    @property
    def urgency(self) -> int:
        """Give the place in the order in which people look, 0 the worst."""
        return _URGENCY[self]


_URGENCY = {one: place for place, one in enumerate(Standing)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Mails of one sender on one day of the server's own calendar; a mail to fifty people is fifty.

    `usual` is the middle of its past days of the same kind (weekday or weekend) and `bound` the
    count over which a day is high; both None where there is too little past. The day on which the
    log was read is `is_partial`. `is_before` is one an earlier audit has judged: past here.
    """

    day: date
    mails: int
    usual: float | None
    bound: float | None
    is_high: bool
    is_partial: bool
    is_before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderShown:
    """One sender of one server within an audit.

    `item` is that of its finding of the check, if there is one. `days` are all days a log tells of,
    the oldest first, those before the month included. `lines` are raw lines of the log, hostile
    text, of its highest days.
    """

    server_id: int
    server_name: str
    check_id: str
    item: str
    kind: SenderKind
    name: str
    standing: Standing
    sentence: str
    month_mails: int
    """Mails on the days that are judged: those no earlier audit has seen whole."""
    peak: DayCount
    """The day that stands worst, else the one with most mails."""
    latest: DayCount
    """The newest day the log tells of, which is `is_partial` where it was not over."""
    days: tuple[DayCount, ...]
    lines: tuple[str, ...]

    @property
    def key(self) -> tuple[int, str, str]:
        """Server, check and item: where its finding and evidence are."""
        return self.server_id, self.check_id, self.item


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamPanel:
    """All senders of an audit, the worst first, and the servers that told nothing."""

    senders: tuple[SenderShown, ...] = ()
    not_told: tuple[NotTold, ...] = ()
    no_mail: tuple[str, ...] = ()
    """Servers without a mail server, by name."""


def worst_first(senders: list[SenderShown]) -> tuple[SenderShown, ...]:
    """Order senders: what is far above its past first, then by the mails of the peak.

    All mail of a server comes after its senders: they say who it is.
    """
    return tuple(
        sorted(
            senders,
            key=lambda one: (
                one.standing.urgency,
                one.kind is SenderKind.SERVER,
                -one.peak.mails,
                one.server_name,
                one.item,
            ),
        )
    )
