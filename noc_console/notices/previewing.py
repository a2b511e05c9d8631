"""What each channel would show of a notice, before anything is sent.

A channel is one that is set up, or only a kind of one by a short word; nothing is asked of it and
its secret is not needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.notices.audience import covered
from noc_console.notices.channel_records import UnknownChannel, get_channel
from noc_console.notices.channels.channel import Channel, ChannelKind, Form, Preview
from noc_console.notices.channels.checking import limits_of
from noc_console.notices.channels.ways import way_of
from noc_console.notices.notice import SENDS, Notice, NoticeKind, PlannedSend, Send
from noc_console.notices.rendering import Renderer
from noc_console.notices.telling import Telling
from noc_console.notices.text import Text
from noc_console.store.store import Store

KIND_WORDS = {
    "email": ChannelKind.EMAIL,
    "news": ChannelKind.WORDPRESS,
    "status": ChannelKind.STATIC_SITE,
    "forum": ChannelKind.DISCOURSE,
    **{kind.value.replace(" ", "-"): kind for kind in ChannelKind},
}
"""Short words for a kind of channel that need not be set up."""
_REFERENCE = "n0-preview"
_WEEK, _DAY = timedelta(days=7), timedelta(days=1)
_BEFORE_START = {Send.WEEK_BEFORE: _WEEK, Send.DAY_BEFORE: _DAY}


class UnknownSend(ConsoleError):
    """A send that this kind of notice does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A notice's text for one send, and what a channel would make of it."""

    channel: Channel
    send: Send
    text: Text
    preview: Preview


def find_channel(store: Store, name: str) -> Channel:
    """Give the channel of a name, or one of the kind that the name is a word for.

    Raises:
        UnknownChannel: there is none, and it is no kind.
    """
    try:
        return get_channel(store, name)
    except UnknownChannel:
        kind = KIND_WORDS.get(name.casefold())
        if kind is None:
            raise
        return Channel(name=kind.value, kind=kind)


def usual_send(notice: Notice) -> Send:
    """Give the first send of a kind of notice."""
    return SENDS[notice.kind][0]


def read_send(notice: Notice, name: str) -> Send:
    """Give the send of a name such as `week before` or `week-before`.

    Raises:
        UnknownSend: this kind of notice has none of that name.
    """
    for send in SENDS[notice.kind]:
        if name.casefold().replace("-", " ") == send.value.replace("-", " "):
            return send
    some = ", ".join(one.value for one in SENDS[notice.kind])
    raise UnknownSend(f"A {notice.kind.value} notice has no send {name!r}; it has {some}.")


def show(
    store: Store,
    renderer: Renderer,
    notice: Notice,
    channel: Channel,
    send: Send,
    now: datetime,
    *,
    language: str = "",
    zone: str = "",
    words: str = "",
    servers: Sequence[Server] | None = None,
) -> Shown:
    """Give what a channel would show of a send, as if it went at its usual time.

    `servers` is the fleet where somebody holds it already; else it is read.

    Raises:
        TemplateFailed: the template cannot be used; the sentence says which and why.
    """
    telling = Telling(
        send=send,
        at=_usual_time(notice, send, now),
        reference=_REFERENCE,
        mark=_REFERENCE,
        language=language or channel.language,
        zone=zone,
        limits=limits_of(channel),
        servers=tuple(
            one.name for one in covered(notice, list_servers(store) if servers is None else servers)
        ),
        is_first=_is_first(notice, send, now),
        words=words,
        ended_at=notice.ends_at if send is Send.DONE else notice.resolved_at,
        shows_gaps=True,
        planned=_planned(notice, channel, send),
    )
    text = renderer.render(notice, telling)
    return Shown(channel=channel, send=send, text=text, preview=_preview(store, channel, text))


def _preview(store: Store, channel: Channel, text: Text) -> Preview:
    if channel.kind is not ChannelKind.EMAIL:
        return way_of(store, channel).preview(text)
    posts = (text.plain,)
    return Preview(title=text.title, posts=posts, form=Form.PLAIN, counts=(len(text.plain),))


def _usual_time(notice: Notice, send: Send, now: datetime) -> datetime:
    if notice.kind is NoticeKind.UNSCHEDULED or notice.starts_at is None:
        return now
    if send in _BEFORE_START:
        return max(now, notice.starts_at - _BEFORE_START[send])
    if send is Send.START:
        return max(now, notice.starts_at)
    return max(now, notice.ends_at) if send is Send.DONE and notice.ends_at else now


def _is_first(notice: Notice, send: Send, now: datetime) -> bool:
    """Whether customers would hear of it by this send first: there is no time for one before."""
    if send is Send.WEEK_BEFORE or notice.starts_at is None:
        return True
    return send is Send.DAY_BEFORE and notice.starts_at - now < _WEEK


def _planned(notice: Notice, channel: Channel, send: Send) -> PlannedSend | None:
    return next(
        (one for one in notice.plan if one.send is send and one.channel == channel.name), None
    )
