"""Hosts as an Ansible inventory names them: with a port, and ranges such as `web[01:20]`. Pure."""

import ipaddress
import re
import string
from collections.abc import Iterator

from noc_console.fleet.importing.preview import MAX_SERVERS

_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::([0-9]{1,5}))?")
_WITH_PORT = re.compile(r"((?:[^:\[\]]|\[[^\[\]]*\])+):([0-9]{1,5})")
_RANGE = re.compile(r"\[([^\[\]]*)\]")


class NoRange(ValueError):
    """What stands in brackets is no range; the text says why, as a sentence."""


def expand_hosts(text: str) -> tuple[list[str], int]:
    """Give the names of the hosts, and the port, 0 when none is given.

    Raises:
        NoRange: the brackets cannot be followed, or name more hosts than any fleet has.
    """
    address = _BRACKETED.fullmatch(text)
    if address and _is_ipv6(address[1]):
        return [address[1]], int(address[2] or 0)
    port = 0
    with_port = _WITH_PORT.fullmatch(text)
    if with_port:
        text, port = with_port[1], int(with_port[2])
    names = [""]
    place = 0
    for found in _RANGE.finditer(text):
        ends = _ends(found[1])
        if len(names) * len(ends) > MAX_SERVERS:
            raise NoRange(f"The ranges name more than {MAX_SERVERS} hosts.")
        before = text[place : found.start()]
        names = [f"{name}{before}{end}" for name in names for end in ends]
        place = found.end()
    if set(text[place:]) & set("[]"):
        raise NoRange("A bracket is opened and not closed, or the other way round.")
    return [f"{name}{text[place:]}" for name in names], port


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def _ends(text: str) -> list[str]:
    """Give the members of one range, `begin:end` or `begin:end:step`, both ends included."""
    parts = text.split(":")
    if len(parts) not in {2, 3} or not parts[1]:
        raise NoRange(f"[{text}] is no range; write it as [01:20] or [a:f].")
    begin, end = parts[0] or "0", parts[1]
    step = _whole(parts[2]) if len(parts) == 3 else 1
    if step < 1:
        raise NoRange(f"[{text}] has no step of 1 or more.")
    found = list(_letters(begin, end, step) if begin.isalpha() else _numbers(begin, end, step))
    if not found:
        raise NoRange(f"[{text}] ends before it begins.")
    return found


def _letters(begin: str, end: str, step: int) -> Iterator[str]:
    letters = string.ascii_letters
    if len(begin) != 1 or len(end) != 1 or begin not in letters or end not in letters:
        raise NoRange(f"[{begin}:{end}] is no range of letters; write it as [a:f].")
    return iter(letters[letters.index(begin) : letters.index(end) + 1 : step])


def _numbers(begin: str, end: str, step: int) -> Iterator[str]:
    width = len(begin) if len(begin) > 1 and begin.startswith("0") else 0
    if width and len(end) != width:
        raise NoRange(f"[{begin}:{end}] must have numbers of the same length, as [01:20].")
    first, last = _whole(begin), _whole(end)
    if (last - first) // step > MAX_SERVERS:
        raise NoRange(f"[{begin}:{end}] names more than {MAX_SERVERS} hosts.")
    return (str(number).zfill(width) for number in range(first, last + 1, step))


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise NoRange(f"{text!r} is no whole number.")
    return int(text)
