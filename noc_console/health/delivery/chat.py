"""Hands one message to a chat or a phone through apprise. Blocks: for a worker's thread.

The address holds the secret (a token, a password): it is never logged, and what apprise says of a
failure is freed of its parts before it is shown.
"""

import logging
import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.delivery.sending import SendFailed, SendStep, Tell
from noc_console.health.delivery.text import Message

if TYPE_CHECKING:
    from apprise import NotifyBase

_SHORT = 500
"""A service that takes fewer characters (a phone's text message) gets the subject only."""

_SECRET_PART = re.compile(r"[^/:@?&=#\s]{4,}")
_SAID_LENGTH = 240
_ADDRESS_LENGTH = 2000


class InvalidChat(ConsoleError):
    """An address that apprise does not understand; the sentence repeats nothing of it."""


def masked(url: str) -> str:
    """Give a chat's address as it may be shown, with the name of its service.

    Raises:
        InvalidChat: it is no address of a chat.
    """
    way = _way(url)
    shown = str(way.url(privacy=True)).partition("?")[0].rstrip("/")  # type: ignore[no-untyped-call]
    return inert(f"{way.service_name}: {shown}", 200)


def send_chat(
    message: Message, url: str, tell: Tell, before_handing_over: Callable[[], None]
) -> str:
    """Hand a message in; gives what came of it. `before_handing_over` is called just before.

    Raises:
        SendFailed: the address is wrong or the service did not take the message.
    """
    try:
        way = _way(url)
    except InvalidChat as error:
        tell(SendStep(name="address", ok=False, sentence=error.sentence))
        raise SendFailed(error.sentence, is_final=True) from error
    name = inert(str(way.service_name), 60)
    tell(SendStep(name="address", ok=True, sentence=f"it is one of {name}"))
    before_handing_over()
    is_short = way.body_maxlen < _SHORT
    body = message.subject[: way.body_maxlen] if is_short else message.body
    with _Listener() as said:
        is_taken = _notify(way, body, "" if is_short else message.subject)
    if not is_taken:
        why = without_secrets(said.words, url) or "it gave no reason"
        sentence = f"{name} did not take the message: {why.rstrip('.')}."
        tell(SendStep(name="message", ok=False, sentence=sentence))
        raise SendFailed(sentence)
    words = f"{name} took the message"
    tell(SendStep(name="message", ok=True, sentence=words))
    return words


def without_secrets(said: str, url: str) -> str:
    """Give what apprise said, without any part of the address that may be secret."""
    host = re.match(r"[^:]+://(?:[^@/]*@)?([^:/?]+)", url)
    known = {"http", "https", host[1] if host else ""}
    for part in sorted(set(_SECRET_PART.findall(url)), key=len, reverse=True):
        if part not in known or len(part) > 24:
            said = said.replace(part, "****")
    return inert(said, _SAID_LENGTH)


def _way(url: str) -> "NotifyBase":
    from apprise import Apprise

    with _Listener():
        found = Apprise.instantiate(url[:_ADDRESS_LENGTH], suppress_exceptions=True)
    if found is None:
        raise InvalidChat(
            "This is no address of a chat that apprise understands; look it up at "
            "https://github.com/caronc/apprise/wiki and copy it whole."
        )
    return found


def _notify(way: "NotifyBase", body: str, title: str) -> bool:
    from apprise import Apprise, NotifyFormat

    messenger = Apprise()
    messenger.add(way)
    return bool(messenger.notify(body=body, title=title, body_format=NotifyFormat.TEXT))


class _Listener(logging.Handler):
    """Hears what apprise logs on this thread, and keeps it out of our own log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._thread = threading.get_ident()
        self._said: list[str] = []

    @property
    def words(self) -> str:
        """What was said, in one line."""
        return " ".join(self._said)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line of our own thread."""
        if record.thread == self._thread:
            self._said.append(record.getMessage())

    def __enter__(self) -> "_Listener":
        log = logging.getLogger("apprise")
        log.propagate = False
        log.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)
