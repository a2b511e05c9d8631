"""`noc-console recipient mail-server`: the mail server that takes our messages."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.terminal_text import inert
from noc_console.cli.typed_secret import add_password_arguments, given_password
from noc_console.health.delivery.credential import TYPED
from noc_console.health.delivery.mail_server import (
    USUAL_PORTS,
    MailServer,
    Security,
    as_json,
    read_mail_server,
)
from noc_console.health.delivery.recipient_saving import save_mail_server
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_SETTING = ("host", "port", "security", "sender", "user", "password_from")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be set; without any of it, what is set is shown."""
    parser.add_argument("--host", help="its name or address")
    parser.add_argument("--port", type=int, help="usually 587, with tls 465, with none 25")
    parser.add_argument(
        "--security",
        choices=[one.value for one in Security],
        help="usually starttls; none is for a server on this machine or in a trusted network",
    )
    parser.add_argument("--from", dest="sender", metavar="ADDRESS", help="who mail is from")
    parser.add_argument("--user", help="the login; an empty one logs in no more")
    add_password_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Show the mail server, or set it: what is not named stays as it is.

    Raises:
        ConsoleError: it cannot be so; nothing was changed.
    """
    is_change = arguments.password_stdin or any(
        getattr(arguments, name) is not None for name in _SETTING
    )
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        server = read_mail_server(store)
        if is_change:
            password = given_password(arguments)
            wanted = _described(arguments, server, password)
            server = save_mail_server(store, wanted, password, datetime.now(UTC))
    if arguments.json:
        print(json.dumps({"mail_server": None if server is None else as_json(server)}))
    elif server is None:
        print("No mail server is set; set one with --host and --from.")
    else:
        print(f"E-mail goes by {inert(server.text)}.")
    return 0


def _described(
    arguments: argparse.Namespace, before: MailServer | None, password: str
) -> MailServer:
    host = arguments.host or (before.host if before else "")
    sender = arguments.sender or (before.sender if before else "")
    if not host or not sender:
        raise UsageError("A mail server needs --host and --from.")
    security = before.security if before else Security.STARTTLS
    if arguments.security is not None:
        security = Security(arguments.security)
    keeps_port = before is not None and arguments.security is None
    user = before.user if before else ""
    if arguments.user is not None:
        user = arguments.user
    secret = TYPED if password else (before.secret if before else "")
    return MailServer(
        host=host,
        port=arguments.port or (before.port if keeps_port and before else USUAL_PORTS[security]),
        security=security,
        sender=sender,
        user=user,
        secret=secret if user else "",
    )
