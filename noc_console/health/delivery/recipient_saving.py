"""Recipients and the mail server with their secrets: the store and the keyring, in step.

No Qt. Blocks: for a background thread or the command line. A new secret is kept before anything
refers to it; one that is needed no more leaves the keyring.
"""

from dataclasses import replace
from datetime import datetime

from noc_console.health.delivery.chat import masked
from noc_console.health.delivery.credential import forget, referred_to, says_where
from noc_console.health.delivery.delivery_records import hurry
from noc_console.health.delivery.mail_server import (
    MailServer,
    put_mail_server,
    read_mail_server,
)
from noc_console.health.delivery.recipient import Recipient, Way
from noc_console.health.delivery.recipient_records import (
    add_recipient,
    edit_recipient,
    remove_recipient,
)
from noc_console.store.store import Store


def save_recipient(store: Store, one: Recipient, address: str, by: str, now: datetime) -> Recipient:
    """Add a recipient, or change the one that has this id; gives them as they are kept.

    `address` is the chat's address as it was typed, or where it lies (`file:/path`, `env:NAME`);
    empty leaves that of before.

    Raises:
        InvalidChat, SecretMissing: it is no address, no place for one, or cannot be kept.
        InvalidRecipient: the recipient cannot be kept; nothing was changed.
    """
    wanted, kept = _with_address(one, address.strip())
    try:
        if not wanted.id:
            return add_recipient(store, wanted, by, now)
        before = edit_recipient(store, wanted, by, now)
    except BaseException:
        forget(kept)
        raise
    if before.secret != wanted.secret:
        forget(before.secret)
    hurry(store, now)
    return wanted


def _with_address(one: Recipient, address: str) -> tuple[Recipient, str]:
    """Give the recipient with a kept secret, and the reference that is new."""
    if one.way is Way.MAIL:
        return replace(one, secret=""), ""
    if not address:
        return one, ""
    shown = f"in {address}" if says_where(address) else masked(address)
    reference = referred_to(address, what="chat")
    return replace(one, secret=reference, address=shown), reference


def drop_recipient(store: Store, one: Recipient, by: str, now: datetime) -> None:
    """Tell somebody no more, and forget the secret of their way.

    Raises:
        UnknownRecipient: they were removed meanwhile.
    """
    before = remove_recipient(store, one.id, by, now)
    forget(before.secret)


def save_mail_server(store: Store, server: MailServer, password: str, now: datetime) -> MailServer:
    """Set the mail server; `password` is one typed, or where it lies; empty leaves that of before.

    Raises:
        SecretMissing: the password cannot be kept so; nothing was changed.
    """
    before = read_mail_server(store)
    kept = ""
    if not server.user:
        wanted = replace(server, secret="")
    elif password:
        kept = referred_to(password, what="mail")
        wanted = replace(server, secret=kept)
    else:
        wanted = server
    try:
        put_mail_server(store, wanted)
    except BaseException:
        forget(kept)
        raise
    if before is not None and before.secret != wanted.secret:
        forget(before.secret)
    hurry(store, now)
    return wanted
