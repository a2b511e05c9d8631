"""Hands one message to a chat or a phone through apprise. Blocks: for a worker's thread.

The address holds the secret (a token, a password): it is never logged, and what apprise says of a
failure is freed of its parts before it is shown.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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


def warm_up() -> None:
    """Load every service apprise knows, which takes seconds, before the first message is due."""
    from apprise import Apprise

    with _listening():
        Apprise.instantiate("json://localhost", suppress_exceptions=True)


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
    with _listening() as said:
        is_taken = _notify(way, body, "" if is_short else message.subject)
    if not is_taken:
        why = without_secrets(" ".join(said), url) or "it gave no reason"
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


def _way(url: str) -> NotifyBase:
    from apprise import Apprise

    with _listening():
        found = Apprise.instantiate(url[:_ADDRESS_LENGTH], suppress_exceptions=True)
    if found is None:
        raise InvalidChat(
            "This is no address of a chat that apprise understands; look it up at "
            "https://github.com/caronc/apprise/wiki and copy it whole."
        )
    return found


def _notify(way: NotifyBase, body: str, title: str) -> bool:
    from apprise import Apprise, NotifyFormat

    messenger = Apprise()
    messenger.add(way)
    return bool(messenger.notify(body=body, title=title, body_format=NotifyFormat.TEXT))


_SAID: ContextVar[list[str] | None] = ContextVar("said", default=None)
"""What apprise logs while we wait for it: it sends on threads of its own, with our context."""


class _Ear(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line for whoever waits for it."""
        said = _SAID.get()
        if said is not None:
            said.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Give a list that grows by what apprise says while we wait."""
    said: list[str] = []
    token = _SAID.set(said)
    try:
        yield said
    finally:
        _SAID.reset(token)


_APPRISE = logging.getLogger("apprise")
_APPRISE.propagate = False  # it may quote an address
_APPRISE.addHandler(_Ear(logging.WARNING))
