"""The mailbox of bounces with its password: the store and the keyring, in step. Blocks."""

from dataclasses import replace

from noc_console.health.delivery.credential import forget, referred_to
from noc_console.notices.mailbox import Mailbox, MailboxKind, put_mailbox_setting
from noc_console.notices.mailbox import read_mailbox_setting as read_setting
from noc_console.notices.mailbox_reading import note_trouble
from noc_console.store.store import Store


def save_mailbox(store: Store, mailbox: Mailbox | None, password: str) -> Mailbox | None:
    """Set the mailbox of bounces, or none; gives it as it is kept. `password` is one typed, or
    where it lies (`file:/path`, `env:NAME`); empty leaves that of before.

    Raises:
        SecretMissing: the password cannot be kept so; nothing was changed.
    """
    before = read_setting(store)
    wanted, kept = _with_password(mailbox, password)
    try:
        put_mailbox_setting(store, wanted)
        note_trouble(store, "")
    except BaseException:
        forget(kept)
        raise
    if before is not None and before.secret != (wanted.secret if wanted else ""):
        forget(before.secret)
    return wanted


def _with_password(mailbox: Mailbox | None, password: str) -> tuple[Mailbox | None, str]:
    if mailbox is None or mailbox.kind is MailboxKind.MAILDIR or not password:
        return mailbox, ""
    reference = referred_to(password, what="mailbox")
    return replace(mailbox, secret=reference), reference
