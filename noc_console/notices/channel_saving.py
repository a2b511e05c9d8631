"""Channels with their secrets: the store and the keyring, in step. Blocks.

A new secret is kept before anything refers to it; one that is needed no more leaves the keyring.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from noc_console.health.delivery.credential import (
    check_reference,
    forget,
    keep,
    look_up,
    says_where,
)
from noc_console.notices.channel_records import add_channel, edit_channel, remove_channel
from noc_console.notices.channels.channel import Channel, ChannelKind, InvalidChannel
from noc_console.notices.channels.kinds import facts_of
from noc_console.notices.channels.mail_settings import check_mail_channel
from noc_console.store.store import Store


def save_channel(
    store: Store, one: Channel, secret: str | Sequence[str], by: str, now: datetime
) -> Channel:
    """Add a channel, or change the one that has this id; gives it as it is kept.

    `secret` is what was typed (its parts in their order, or all in one line with spaces between
    them), or where it lies (`file:/path`, `env:NAME`); empty leaves that of before.

    Raises:
        SecretMissing: the secret cannot be kept so.
        InvalidChannel: the channel cannot be so; nothing was changed.
    """
    wanted, kept = _with_secret(one, secret)
    try:
        if wanted.kind is ChannelKind.EMAIL:
            check_mail_channel(wanted)
        if not wanted.id:
            return add_channel(store, wanted, by, now)
        before = edit_channel(store, wanted, by, now)
    except BaseException:
        forget(kept)
        raise
    if before.secret != wanted.secret:
        forget(before.secret)
    return wanted


def drop_channel(store: Store, one: Channel, by: str, now: datetime) -> None:
    """Post on a channel no more, and forget its secret.

    Raises:
        UnknownChannel: it was removed meanwhile.
    """
    forget(remove_channel(store, one.id, by, now).secret)


def secret_of(channel: Channel) -> tuple[str, ...]:
    """Give the parts of a channel's secret, in their order.

    Raises:
        SecretMissing: it is not there, or does not have its parts.
    """
    names = facts_of(channel.kind).secrets
    what = f"secret of the channel {channel.name}"
    found = look_up(channel.secret, what=what, again_with="noc-console channel edit")
    return _parts_of(found, names)


def _with_secret(one: Channel, secret: str | Sequence[str]) -> tuple[Channel, str]:
    """Give the channel with a kept secret, and the reference that is new."""
    names = facts_of(one.kind).secrets
    typed = secret.strip() if isinstance(secret, str) else list(secret)
    if not names or not typed:
        return one, ""
    if isinstance(typed, str) and says_where(typed):
        return replace(one, secret=check_reference(typed)), ""
    parts = _parts_of(typed, names) if isinstance(typed, str) else tuple(typed)
    if len(parts) != len(names) or not all(part.isprintable() and part for part in parts):
        raise _unlike(names)
    kept = keep(json.dumps(parts) if len(parts) > 1 else parts[0], what="channel")
    return replace(one, secret=kept), kept


def _parts_of(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) == 1:
        return (text,)
    try:
        parts = json.loads(text) if text.startswith("[") else text.split()
    except ValueError:
        parts = []
    if len(parts) != len(names) or not all(isinstance(part, str) for part in parts):
        raise _unlike(names)
    return tuple(parts)


def _unlike(names: tuple[str, ...]) -> InvalidChannel:
    what = ", ".join(names)
    between = "" if len(names) == 1 else ", in this order in one line with spaces between them"
    return InvalidChannel(f"The secret is: {what}{between}.")
