"""The way of each kind of channel. What a way needs is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

from noc_console.health.delivery.credential import SecretMissing
from noc_console.notices.channel_saving import secret_of
from noc_console.notices.channels.channel import (
    Channel,
    ChannelKind,
    InvalidChannel,
    PostFailed,
    Way,
)
from noc_console.notices.channels.checking import setting_of
from noc_console.store.store import Store

if TYPE_CHECKING:
    from noc_console.notices.channels.page_folder import PageFolder
    from noc_console.notices.channels.static_site import StaticSite

_PAUSE_S = 900.0

Clock = Callable[[], datetime]
_Make = Callable[[Channel, Callable[[], tuple[str, ...]], Clock], Way]
_PLACES = {
    ChannelKind.BLUESKY: ("bluesky", "Bluesky"),
    ChannelKind.CHAT: ("chat", "Chat"),
    ChannelKind.DISCOURSE: ("discourse", "Discourse"),
    ChannelKind.FACEBOOK: ("facebook", "Facebook"),
    ChannelKind.LINKEDIN: ("linkedin", "LinkedIn"),
    ChannelKind.MASTODON: ("mastodon", "Mastodon"),
    ChannelKind.WEBHOOK: ("webhook", "Webhook"),
    ChannelKind.WHMCS: ("whmcs", "Whmcs"),
    ChannelKind.WORDPRESS: ("wordpress", "WordPress"),
    ChannelKind.X: ("x", "X"),
}
"""The module of each kind with a login, and its class."""


def way_of(store: Store, channel: Channel, now: Clock = lambda: datetime.now(UTC)) -> Way:
    """Give how a channel is posted to; owned by one thread. Nothing is asked or read yet.

    Raises:
        InvalidChannel: mail goes to each recipient by itself and has no such way.
    """
    from noc_console.notices.channels.clipboard import Clipboard

    if channel.kind is ChannelKind.CLIPBOARD:
        return Clipboard(channel)
    if channel.kind is ChannelKind.STATIC_SITE:
        return page_of(store, channel, now)
    place = _PLACES.get(channel.kind)
    if place is None:
        raise InvalidChannel(
            f"{channel.name} is mail, which goes to each recipient by itself; test it with "
            "`noc-console recipient test`."
        )
    module, name = place
    make: _Make = getattr(import_module(f"noc_console.notices.channels.{module}"), name)
    return make(channel, lambda: _found(channel), now)


def page_of(store: Store, channel: Channel, now: Clock = lambda: datetime.now(UTC)) -> StaticSite:
    """Give a status page, which changes by time alone too."""
    from noc_console.notices.channels.static_site import StaticSite

    return StaticSite(channel, lambda: _opened(store, channel), now)


def _found(channel: Channel) -> tuple[str, ...]:
    try:
        return secret_of(channel)
    except (SecretMissing, InvalidChannel) as error:
        raise PostFailed(error.sentence, pause_s=_PAUSE_S) from error


@contextmanager
def _opened(store: Store, channel: Channel) -> Iterator[PageFolder]:
    """Give the page's folder; on a server, over a connection of its own."""
    from noc_console.notices.channels.page_folder import LocalFolder, RemoteFolder

    name, folder = setting_of(channel, "server"), setting_of(channel, "folder")
    if not name:
        yield LocalFolder(folder)
        return
    from noc_console.fleet.records import get_server
    from noc_console.links.accepted_keys import known_keys
    from noc_console.links.ssh import connect

    server = get_server(store, name)
    jumps = [get_server(store, jump) for jump in server.jumps]
    connection = connect(server, jumps=jumps, known=known_keys(store))
    try:
        files = connection.open_files()
        try:
            yield RemoteFolder(files, folder)
        finally:
            files.close()
    finally:
        connection.close()
