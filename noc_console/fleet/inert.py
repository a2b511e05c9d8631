"""Text from strangers, made harmless: no control character, no escape, no direction trick, bounded.

Pure: no I/O, no clock.
"""

import unicodedata

MAX_LENGTH = 400

_HARMFUL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control, format (bidirectional overrides, zero-width), surrogate, private, line separators."""


def inert(text: str | bytes, max_length: int = MAX_LENGTH) -> str:
    """Give one line that can do nothing to a terminal or a screen; the rest is cut with `…`.

    Tabs and line ends become a space; every other control or format character becomes U+FFFD, so
    that a person sees that something was there. Bytes are read as UTF-8.
    """
    if isinstance(text, bytes):
        text = text[: max_length * 8].decode("utf-8", "replace")
    if text.isascii() and text.isprintable() and " " not in text and len(text) <= max_length:
        return text  # most names, and there are some in each sample of each server
    text = " ".join(text[: max_length * 8].split())
    if text.isprintable() and len(text) <= max_length:
        return text  # what `_HARMFUL` names is never printable
    shown = "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in _HARMFUL else letter
        for letter in text[: max_length + 1]
    )
    return shown if len(shown) <= max_length else shown[: max_length - 1] + "…"


def inert_lines(text: str, most_lines: int = 200, max_length: int = 1000) -> list[str]:
    """Give each line of a longer text as `inert` does; what is too much is cut with `…`."""
    lines = [inert(line, max_length) for line in text.splitlines()[: most_lines + 1]]
    return lines if len(lines) <= most_lines else [*lines[:most_lines], "…"]
