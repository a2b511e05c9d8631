"""One line of an OpenSSH client config as words, split as OpenSSH itself splits it. Pure.

What the manual leaves open was taken from `ssh -G` of OpenSSH 9.2, and the tests hold it to that.
"""

import re

_KEYWORD = re.compile(r"\s*(?:\"\"\s*)?(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^\s=\"]+))\s*=?\s*")
_ESCAPABLE = "'\"\\"


class OpenQuote(ValueError):
    """A quote is opened and not closed."""


def split_keyword(text: str) -> tuple[str, str]:
    """Give the keyword in small letters, and all after it; both empty for no keyword."""
    found = _KEYWORD.match(text)
    if found is None:
        return "", ""
    return (found["quoted"] or found["bare"] or "").lower(), text[found.end() :].rstrip()


def split_words(text: str) -> tuple[str, ...]:
    """Give the words after a keyword, without quotes; a `#` at the start of a word ends the line.

    Raises:
        OpenQuote: a quote is opened and not closed.
    """
    words: list[str] = []
    place = 0
    while True:
        while place < len(text) and text[place] in " \t":
            place += 1
        if place >= len(text) or text[place] == "#":
            return tuple(words)
        word, place = _word(text, place)
        words.append(word)


def _word(text: str, place: int) -> tuple[str, int]:
    letters: list[str] = []
    quote = ""
    while place < len(text):
        letter = text[place]
        if letter == "\\" and _is_escaped(text[place + 1 : place + 2], quote):
            place += 1
            letters.append(text[place])
        elif not quote and letter in " \t":
            return "".join(letters), place
        elif not quote and letter in "\"'":
            quote = letter
        elif letter == quote:
            quote = ""
        else:
            letters.append(letter)
        place += 1
    if quote:
        raise OpenQuote
    return "".join(letters), place


def _is_escaped(letter: str, quote: str) -> bool:
    return bool(letter) and (letter in _ESCAPABLE or (letter == " " and not quote))
