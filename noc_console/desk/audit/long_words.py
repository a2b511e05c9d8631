"""Lets a long path or fingerprint go on in the next line. Pure.

A label is never narrower than its longest word: one path of a stranger's would push the buttons of
a dialog off the screen.
"""

import re

_LONG_WORD = re.compile(r"\S{30,}")
_PIECE = 15
_BREAK = "\u200b"
"""Zero width space (Unicode, UAX 14): a line may end there."""


def broken_up(words: str) -> str:
    """Give words in which a line may end within a long one."""
    return _LONG_WORD.sub(lambda found: _BREAK.join(_pieces(found[0])), words)


def _pieces(word: str) -> list[str]:
    return [word[at : at + _PIECE] for at in range(0, len(word), _PIECE)]
