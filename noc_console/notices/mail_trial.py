"""One send of a notice mailed to oneself, as it would go now. Blocks; counts as nothing."""

from dataclasses import replace
from datetime import datetime

from noc_console.errors import ConsoleError
from noc_console.health.delivery.sending import SendFailed, Tell
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.channels.invitation import invitation_of
from noc_console.notices.channels.mail import Letter, MailMaker
from noc_console.notices.channels.mail_session import send_mailings
from noc_console.notices.channels.mail_settings import identity_of, read_server_of
from noc_console.notices.channels.mailing import MailResult, MailState, new_mark
from noc_console.notices.contact import check_address
from noc_console.notices.event_records import EventKind, add_event
from noc_console.notices.notice import Send
from noc_console.notices.notice_records import NotNow, get_notice
from noc_console.notices.previewing import show
from noc_console.notices.rendering import Renderer
from noc_console.notices.template_shelf import read_shelf
from noc_console.store.store import Store

MARKED = "[Trial] "
TRY_NOTICE = "try notice"
"""The kind of order by which a desk has an engine do this."""


def try_notice(
    store: Store,
    notice_id: int,
    send: Send,
    channel: Channel,
    address: str,
    *,
    by: str,
    now: datetime,
    tell: Tell,
    language: str = "",
) -> tuple[bool, str]:
    """Mail the draft of a notice for one send to one address; gives whether it went, a sentence.

    An empty `language` is that of the channel, else the notice's own.

    The subject says that it is a trial, and the invitation is another one, so that no calendar
    takes it for the notice's own.

    Raises:
        UnknownNotice, NotNow, InvalidContact: there is none, or it cannot go by this channel.
        TemplateFailed: it has no text.
    """
    check_address(address)
    if channel.kind is not ChannelKind.EMAIL:
        raise NotNow(f"{channel.name} is no mail; `notice preview` shows what it would have.")
    notice = get_notice(store, notice_id).notice
    with Renderer(read_shelf(store)) as renderer:
        text = show(store, renderer, notice, channel, send, now, language=language).text
    text = replace(text, title=f"{MARKED}{text.title}")
    results: list[MailResult] = []
    try:
        server, password = read_server_of(store, channel)
        identity = identity_of(channel, server)
        mark = new_mark()
        told_in = language or channel.language or notice.language
        letter = Letter(
            text=text,
            kind=notice.kind,
            language=told_in,
            identity=identity,
            thread=f"trial-{mark}",
            at=now,
            invitation=invitation_of(
                notice.in_language(told_in),
                send,
                text,
                token=mark,
                number=0,
                sender=identity.sender,
                at=now,
            ),
        )
        mail = MailMaker(letter).mail(0, mark, address)
        send_mailings(
            server,
            password,
            [mail],
            before_handing_over=lambda _id: None,
            told=results.append,
            tell=tell,
        )
    except SendFailed as failure:
        return False, failure.sentence
    return _outcome(store, notice_id, send, address, results, by=by, now=now)


def _outcome(
    store: Store,
    notice_id: int,
    send: Send,
    address: str,
    results: list[MailResult],
    *,
    by: str,
    now: datetime,
) -> tuple[bool, str]:
    if not results:
        raise _NothingCame
    result = results[0]
    if result.state is not MailState.SENT:
        return False, result.words
    with store.write() as connection:
        words = f"“{send.value}” was mailed as a trial to {address}."
        add_event(connection, notice_id, EventKind.TRIED, words, by=by, at=now)
    return True, f"{result.words}. Look whether it arrived at {address}."


class _NothingCame(ConsoleError):
    """The session ended without a word on the mail."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The mail server ended the session without a word; try again.")
