"""`noc-console contact mailbox`: where bounces, and mails of who wants no more, come to."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.terminal_text import inert
from noc_console.cli.typed_secret import add_password_arguments, given_password
from noc_console.health.delivery.credential import TYPED
from noc_console.health.delivery.mail_server import Security
from noc_console.notices.mailbox import (
    USUAL_PORTS,
    Mailbox,
    MailboxKind,
    as_json,
    read_mailbox_setting,
)
from noc_console.notices.mailbox_reading import last_trouble, prove_mailbox, read_returned
from noc_console.notices.mailbox_saving import save_mailbox
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_OF_IMAP = ("host", "port", "security", "user", "folder", "password_from")
_NONE = (
    "No mailbox is set, so bounces are seen by nobody here: set one with --maildir PATH, or with "
    "--host and --user."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be set; without any of it, what is set is shown."""
    parser.add_argument("--maildir", metavar="PATH", help="a maildir on the engine's machine")
    parser.add_argument("--host", help="an IMAP server, by name or address")
    parser.add_argument("--port", type=int, help="usually 993, with starttls 143")
    parser.add_argument(
        "--security",
        choices=[one.value for one in Security],
        help="usually tls; none is for a server on this machine",
    )
    parser.add_argument("--user", help="the login")
    parser.add_argument("--folder", help="the folder bounces are in (usually INBOX)")
    add_password_arguments(parser)
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--none", action="store_true", help="read no mailbox any more")
    act.add_argument("--test", action="store_true", help="prove that it can be read")
    act.add_argument("--read", action="store_true", help="read what is new in it now, as a timer")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Show the mailbox, set it, prove it or read it.

    Raises:
        ConsoleError: it cannot be so or cannot be read; the sentence says why.
    """
    is_imap = arguments.password_stdin or any(
        getattr(arguments, name) is not None for name in _OF_IMAP
    )
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if arguments.none:
            save_mailbox(store, None, "")
        elif arguments.maildir:
            if is_imap:
                raise UsageError("A mailbox is a --maildir or on an IMAP --host, not both.")
            save_mailbox(store, Mailbox(kind=MailboxKind.MAILDIR, path=arguments.maildir), "")
        elif is_imap:
            _set_imap(store, arguments)
        return _tell(store, arguments)


def _tell(store: Store, arguments: argparse.Namespace) -> int:
    mailbox = read_mailbox_setting(store)
    words = ""
    if mailbox is not None and arguments.test:
        words = prove_mailbox(mailbox)
    elif arguments.read and (look := read_returned(store, datetime.now(UTC))) is not None:
        words = look.sentence
    trouble = last_trouble(store)
    if arguments.json:
        told = {"mailbox": as_json(mailbox) if mailbox else None, "words": words}
        print(json.dumps(told | {"trouble": trouble}))
        return 0
    if mailbox is None:
        print(_NONE)
        return 0
    print(words or f"Bounces are read from {inert(mailbox.text)}.")
    if trouble and not words:
        print(f"The last look failed: {inert(trouble)}")
    return 0


def _set_imap(store: Store, arguments: argparse.Namespace) -> None:
    password = given_password(arguments)
    before = read_mailbox_setting(store)
    if before is None or before.kind is MailboxKind.MAILDIR:
        before = None
    save_mailbox(store, _described(arguments, before, password), password)


def _described(arguments: argparse.Namespace, before: Mailbox | None, password: str) -> Mailbox:
    host = arguments.host or (before.host if before else "")
    user = arguments.user or (before.user if before else "")
    if not host or not user:
        raise UsageError("An IMAP mailbox needs --host and --user.")
    security = before.security if before else Security.TLS
    if arguments.security is not None:
        security = Security(arguments.security)
    keeps_port = before is not None and arguments.security is None
    return Mailbox(
        kind=MailboxKind.IMAP,
        host=host,
        port=arguments.port or (before.port if before and keeps_port else USUAL_PORTS[security]),
        security=security,
        user=user,
        secret=TYPED if password else (before.secret if before else ""),
        folder=arguments.folder or (before.folder if before else "INBOX"),
    )
