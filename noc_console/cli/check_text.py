"""An outside check as one word of the command line, and back. Pure: no I/O, no clock.

`https://www.example.com/ service=nginx.service text="Welcome back" status=200`: the check, then
what belongs to it, in any order.
"""

import shlex
from dataclasses import replace

from noc_console.errors import ConsoleError
from noc_console.fleet.checks import HTTP_CODES, parse_check
from noc_console.fleet.server import CheckKind, OutsideCheck

_PAGES = {CheckKind.HTTP, CheckKind.HTTPS}


class UnknownCheckWord(ConsoleError):
    """A word behind a check that is not understood."""


def read_check(text: str) -> OutsideCheck:
    """Give the check written as `kind:target [service=UNIT] [text=WORDS] [status=CODE]`.

    Raises:
        InvalidServer, UnknownCheckWord: with what to write instead.
    """
    try:
        words = shlex.split(text)
    except ValueError:
        raise UnknownCheckWord(f"{text!r} has a quote that is not closed; close it.") from None
    check = parse_check(words[0] if words else "")
    for word in words[1:]:
        check = _with_word(check, word)
    return check


def _with_word(check: OutsideCheck, word: str) -> OutsideCheck:
    name, _, value = word.partition("=")
    if name == "service" and value:
        return replace(check, service=value)
    if name in {"text", "status"} and check.kind not in _PAGES:
        raise UnknownCheckWord(f"{check.label!r} has no {name}: only http and https have one.")
    if name == "text" and value:
        return replace(check, expect_text=value)
    if name == "status" and value.isascii() and value.isdigit() and int(value) in HTTP_CODES:
        return replace(check, expect_status=int(value))
    raise UnknownCheckWord(
        f"{word!r} behind a check is not understood; write service=UNIT, text=WORDS or status=CODE."
    )


def check_text(check: OutsideCheck) -> str:
    """Give a check as `read_check` reads it."""
    words = [check.label]
    if check.service:
        words.append(f"service={check.service}")
    if check.expect_text:
        words.append(f"text={check.expect_text}")
    if check.expect_status:
        words.append(f"status={check.expect_status}")
    return shlex.join(words)
