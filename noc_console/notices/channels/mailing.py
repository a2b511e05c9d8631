"""One mail of a notice to one recipient, and what came of it. Pure: no I/O, no clock."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from noc_console.errors import ConsoleError

_MARK = re.compile(r"[0-9a-z]{20}")
_NOT_IN_PATH = re.compile(r"[\x00-\x20\x7f<>]")
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


class MailState(Enum):
    """What came of one mail; each is final for this try."""

    SENT = "sent"
    """The mail server took it, and answers for it from now on."""
    DELAYED = "delayed"
    """Nothing was handed over; it may be tried again later."""
    BOUNCED = "bounced"
    """The mail server refuses it for good: the address, or what it says."""
    IN_DOUBT = "in doubt"
    """Its last dot was sent and no answer came: nobody knows. Never sent again by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A mail that is ready to go: its bytes as they are sent, but for the dots SMTP doubles.

    `mailing_id` is the row it is for. `mark` is that mailing's own for ever (`new_mark`, kept
    in its row), through every try: it is in the Message-ID and in the return path.
    """

    mailing_id: int
    mark: str
    return_path: str
    recipient: str
    content: bytes

    def __post_init__(self) -> None:
        """Refuse a mark that another might guess, and an address that would be more than one.

        Raises:
            ValueError: somebody forgot to check.
        """
        if not is_mark(self.mark):
            raise ValueError("a mark is made by new_mark")
        if _NOT_IN_PATH.search(self.recipient + self.return_path):
            raise ValueError("an address holds no space, bracket or control character")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailResult:
    """What came of a mail; `code` is the last reply's (RFC 5321), 0 where there was none.

    `status` is the enhanced code in it (RFC 3463), such as 5.1.1, or empty.
    """

    mailing_id: int
    state: MailState
    code: int = 0
    status: str = ""
    words: str


class NotHandedOver(ConsoleError):
    """What `before_handing_over` raises to keep a mail back: cancelled, or taken over."""


BeforeHandingOver = Callable[[int], None]
"""Called with the mailing's id before its content is sent: what it writes must be durable when it
returns. Raising `NotHandedOver` keeps this mail back, any other error ends the session.
"""


def new_mark() -> str:
    """Give a mark nobody can guess: 20 letters and digits, more than 100 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(20))


def is_mark(text: str) -> bool:
    """Whether a text has the form of a mark."""
    return _MARK.fullmatch(text) is not None
