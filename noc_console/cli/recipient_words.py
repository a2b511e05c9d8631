"""The words that describe a recipient on the command line, and a recipient as JSON."""

import argparse
from dataclasses import replace
from typing import Any

from noc_console.cli.command_module import UsageError
from noc_console.cli.typed_secret import read_secret
from noc_console.health.delivery.credential import TYPED, check_reference
from noc_console.health.delivery.hours import FORM, zone_of
from noc_console.health.delivery.recipient import LEASTS, Recipient, Way
from noc_console.health.verdict import Verdict
from noc_console.incidents.wall_time import own_zone


def add_words(parser: argparse.ArgumentParser) -> None:
    """Declare all that describes a recipient; none has a default here: `described` knows."""
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--mail", metavar="ADDRESS", help="tell them by e-mail, to this address")
    way.add_argument(
        "--chat-stdin",
        action="store_true",
        help="tell them by a chat or phone: its apprise URL is read from standard input and kept"
        " in the keyring of this user, who must be the engine's",
    )
    way.add_argument(
        "--chat-from",
        metavar="WHERE",
        help="tell them by a chat or phone whose apprise URL the engine finds in file:/path (which"
        " only its user may read) or env:NAME",
    )
    parser.add_argument(
        "--after",
        type=int,
        metavar="MINUTES",
        help="tell them when nobody has taken an alarm up for so long (usually 0: at once)",
    )
    parser.add_argument(
        "--again",
        type=int,
        metavar="MINUTES",
        help="tell them again every so often while nobody does (usually 0: once)",
    )
    parser.add_argument(
        "--from",
        dest="least",
        choices=[verdict.value for verdict in LEASTS],
        help="from how bad an alarm on they hear of it (usually early)",
    )
    parser.add_argument(
        "--on-call", metavar="HOURS", help=f"the hours in which they are told at all, as {FORM!r}"
    )
    parser.add_argument(
        "--quiet",
        metavar="HOURS",
        help="the hours in which only what is cut off or down reaches them, as 22:00-07:00",
    )
    parser.add_argument(
        "--zone", help="the time zone of these hours, as Europe/Berlin (usually this machine's)"
    )


def described(arguments: argparse.Namespace, before: Recipient | None) -> tuple[Recipient, str]:
    """Give the recipient the words describe, and the address of their chat that was typed.

    Raises:
        UsageError: a new one needs a way.
        InvalidRecipient, InvalidHours, NoSecret: with what may be.
    """
    one, typed = _with_way(arguments, before)
    fields: dict[str, Any] = {
        name: value
        for name, value in (
            ("after_minutes", arguments.after),
            ("repeat_minutes", arguments.again),
            ("least", Verdict(arguments.least) if arguments.least else None),
            ("on_call", arguments.on_call),
            ("quiet", arguments.quiet),
            ("zone", arguments.zone),
        )
        if value is not None
    }
    wanted = replace(one, **fields)
    zone_of(wanted.zone)
    return wanted, typed


def _with_way(arguments: argparse.Namespace, before: Recipient | None) -> tuple[Recipient, str]:
    typed = check_reference(arguments.chat_from) if arguments.chat_from else ""
    if arguments.chat_stdin:
        typed = read_secret("address")
    if before is None:
        if not typed and not arguments.mail:
            raise UsageError("Say how they are told: --mail, --chat-stdin or --chat-from.")
        name, zone = arguments.name.strip(), own_zone()
        if typed:
            return Recipient(name=name, way=Way.CHAT, address="", secret=TYPED, zone=zone), typed
        return Recipient(name=name, way=Way.MAIL, address=arguments.mail, zone=zone), ""
    if typed:
        return replace(before, way=Way.CHAT, address="", secret=TYPED), typed
    if arguments.mail:
        return replace(before, way=Way.MAIL, address=arguments.mail, secret=""), ""
    return before, ""


def as_json(one: Recipient) -> dict[str, Any]:
    """Give a recipient as JSON values; the reference to a secret is none itself."""
    return {
        "id": one.id,
        "name": one.name,
        "way": one.way.value,
        "address": one.address,
        "secret": one.secret,
        "after_minutes": one.after_minutes,
        "repeat_minutes": one.repeat_minutes,
        "from": one.least.value,
        "on_call": one.on_call,
        "quiet": one.quiet,
        "zone": one.zone,
        "paused": one.is_paused,
    }
