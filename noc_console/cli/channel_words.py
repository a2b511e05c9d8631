"""The words that describe a channel on the command line, and a channel as JSON."""

import argparse
from typing import Any

from noc_console.cli.command_module import UsageError
from noc_console.cli.moments import iso
from noc_console.cli.typed_secret import read_secret
from noc_console.health.delivery.credential import check_reference
from noc_console.notices.channel_records import LastTest
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.channels.kinds import facts_of

KINDS = {kind.value.replace(" ", "-"): kind for kind in ChannelKind}
"""Every kind as it is typed."""


def add_words(parser: argparse.ArgumentParser) -> None:
    """Declare all that describes a channel but its name and kind."""
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a setting, as often as there are some; `noc-console channel kinds` lists them; an"
        " empty value is the usual one",
    )
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument(
        "--secret-stdin",
        action="store_true",
        help="the secret is read from standard input, its parts in one line with spaces between"
        " them, and kept in the keyring of this user, who must be the engine's",
    )
    secret.add_argument(
        "--secret-from",
        metavar="WHERE",
        help="the engine finds the secret in file:/path (which only its user may read) or env:NAME",
    )
    parser.add_argument("--brand", help="only notices of this brand go there")
    parser.add_argument("--language", help="the language of what is posted there, as de")


def settings_of(words: list[str], before: dict[str, str]) -> dict[str, str]:
    """Give the settings of before with those that were named.

    Raises:
        UsageError: a word is no NAME=VALUE.
    """
    settings = dict(before)
    for word in words:
        name, is_set, value = word.partition("=")
        if not is_set or not name:
            raise UsageError(f"Write a setting as NAME=VALUE, not as {word!r}.")
        settings[name] = value
        if not value:
            del settings[name]
    return settings


def typed_secret(arguments: argparse.Namespace, kind: ChannelKind) -> str:
    """Give the secret that was typed, or where it lies; empty where neither was said.

    Raises:
        UsageError: the kind has none.
        NoSecret, SecretMissing: with what to give.
    """
    names = facts_of(kind).secrets
    wants = arguments.secret_stdin or arguments.secret_from
    if wants and not names:
        raise UsageError(f"A channel of the kind {kind.value} has no secret.")
    if arguments.secret_from:
        return check_reference(arguments.secret_from)
    return read_secret(", ".join(names)) if arguments.secret_stdin else ""


def as_json(one: Channel, test: LastTest | None) -> dict[str, Any]:
    """Give a channel as JSON values; the reference to a secret is none itself."""
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind.value,
        "settings": dict(one.settings),
        "secret": one.secret,
        "brand": one.brand,
        "language": one.language,
        "paused": one.is_paused,
        "tested_at": iso(test.at) if test else None,
        "test_went_well": test.is_well if test else None,
        "test_said": test.sentence if test else "",
    }
