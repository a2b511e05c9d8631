"""Reads the mailbox of bounces into the records, and remembers how the last look went. Blocks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from noc_console.errors import ConsoleError
from noc_console.health.delivery.credential import look_up
from noc_console.notices.bounces import ReturnKind, read_report
from noc_console.notices.mailbox import Mailbox, look_into, read_mailbox_setting, try_mailbox
from noc_console.notices.returned_records import take_in
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

TROUBLE_SETTING = "notices.mailbox_trouble"
"""The sentence of the last look that failed; empty when it went well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look into the mailbox brought, by kind."""

    counts: Mapping[ReturnKind, int]

    @property
    def sentence(self) -> str:
        """Give it in a sentence."""
        parts = [f"{self.counts[kind]} {kind.value}" for kind in ReturnKind if kind in self.counts]
        return f"Read: {', '.join(parts)}." if parts else "Nothing new was in the mailbox."


def read_returned(store: Store, now: datetime) -> Look | None:
    """Take in what is new in the mailbox; None when no mailbox is set.

    Raises:
        MailboxFailed, SecretMissing: it cannot be read; what was read before that is kept.
    """
    mailbox = read_mailbox_setting(store)
    if mailbox is None:
        return None
    counts: Counter[ReturnKind] = Counter()

    def take(raw: bytes) -> bool:
        report = read_report(raw)
        if take_in(store, report, now) is not None:
            counts[report.kind] += 1
        return report.kind is not ReturnKind.OTHER

    try:
        look_into(mailbox, password_of(mailbox), take)
    except ConsoleError as error:
        note_trouble(store, error.sentence)
        raise
    note_trouble(store, "")
    return Look(counts=counts)


def prove_mailbox(mailbox: Mailbox) -> str:
    """Prove that a mailbox can be read; gives what is in it, in a sentence.

    Raises:
        MailboxFailed, SecretMissing: it cannot.
    """
    return try_mailbox(mailbox, password_of(mailbox))


def password_of(mailbox: Mailbox) -> str:
    """Give the password a mailbox asks for; empty for a maildir.

    Raises:
        SecretMissing: it is not where it should be.
    """
    if not mailbox.secret:
        return ""
    return look_up(
        mailbox.secret, what="password of the mailbox", again_with="noc-console contact mailbox"
    )


def note_trouble(store: Store, sentence: str) -> None:
    """Remember how the last look went, where that changed."""
    if get_setting(store, TROUBLE_SETTING, "") != sentence:
        put_setting(store, TROUBLE_SETTING, sentence)


def last_trouble(store: Store) -> str:
    """Give why the last look into the mailbox failed; empty when it went well."""
    found = get_setting(store, TROUBLE_SETTING, "")
    return found if isinstance(found, str) else ""
