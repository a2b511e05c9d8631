"""Headers of a mail (RFC 5322) written so that no name or title can become another header.

Pure: no I/O, no clock. Written by hand: the library of Python 3.11 forgets the quotes round a name
with a comma where it folds one that is not ASCII, so one address becomes two.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_WORD_BYTES = 45
"""So many bytes make 60 letters of base64: with what is round them fewer than 75 (RFC 2047)."""
_LONGEST_PLAIN = 60


def one_line(text: str, longest: int = 400) -> str:
    """Give a text as one line without control characters; all else stays as it was written."""
    if text.isprintable():  # neither control characters nor ends of lines
        return " ".join(text.split())[:longest]
    line = "".join(
        " " if unicodedata.category(letter) in {"Zl", "Zp"} or letter in "\r\n\t\v\f" else letter
        for letter in text
        if unicodedata.category(letter) not in {"Cc", "Cs"} or letter in "\r\n\t\v\f"
    )
    return " ".join(line.split())[:longest]


def text_header(name: str, text: str) -> str:
    """Give a header of free text, such as a subject."""
    return f"{name}: {_phrase(one_line(text, 900), _PLAIN)}"


def address_header(name: str, address: str, shown: str = "") -> str:
    """Give a header with one address, and the name that is shown for it if there is one."""
    phrase = one_line(shown, 200)
    if not phrase:
        return f"{name}: <{address}>"
    if _ATOMS.fullmatch(phrase):
        return f"{name}: {_phrase(phrase, _ATOMS)}\r\n <{address}>"
    if _PLAIN.fullmatch(phrase) and len(phrase) <= _LONGEST_PLAIN:
        quoted = phrase.replace("\\", "\\\\").replace('"', '\\"')
        return f'{name}: "{quoted}"\r\n <{address}>'
    return f"{name}: {_encoded(phrase)}\r\n <{address}>"


def listed_header(name: str, parts: Iterable[str]) -> str:
    """Give a header of several parts, each on a line of its own."""
    return f"{name}: " + ",\r\n ".join(parts)


def mail_domain(address: str) -> str:
    """Give the domain of an address in ASCII, as it stands in ids."""
    return ascii_domain(address.rpartition("@")[2])


def ascii_address(address: str) -> str:
    """Give an address with its domain in ASCII (RFC 5891); letters before the @ stay."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """Give a domain as name servers know it; one that has no such form stays."""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _phrase(text: str, known: re.Pattern[str]) -> str:
    """Give a text as it is where that is allowed and short, else in encoded words."""
    looks_encoded = "=?" in text
    if known.fullmatch(text) and not looks_encoded and len(text) <= _LONGEST_PLAIN:
        return text
    if known.fullmatch(text) and not looks_encoded:
        return _folded(text)
    return _encoded(text)


def _folded(text: str) -> str:
    """Give ASCII words on lines that are not too long; a word that is gets encoded with all."""
    lines, line = [], ""
    for word in text.split(" "):
        if len(word) > _LONGEST_PLAIN:
            return _encoded(text)
        if line and len(line) + 1 + len(word) > _LONGEST_PLAIN:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\r\n ".join([*lines, line])


def _encoded(text: str) -> str:
    """Give encoded words (RFC 2047), none of which ends within a character."""
    words: list[bytes] = [b""]
    for letter in text:
        piece = letter.encode("utf-8", "replace")
        if len(words[-1]) + len(piece) > _WORD_BYTES:
            words.append(b"")
        words[-1] += piece
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)
