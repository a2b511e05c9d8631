"""How long a text is where it is posted: characters, X's weighted ones, Bluesky's graphemes.

Pure: no I/O, no clock. Where a rule needs tables that change each year (which words X takes for an
address, which signs are emoji) the count is never lower than the channel's own: a text that fits
here fits there.
"""

import re
import unicodedata
from collections.abc import Iterator

from noc_console.notices.channels.channel import Counting

X_ADDRESS = 23
"""What an address counts at X, however long it is (twitter-text, config version 3)."""

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that count one at X; all others count two (twitter-text, config version 3)."""

_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?<![\w@/.-])(?:[\w-]+\.)+[^\W\d_]{2,}(?:/[^\s<>\"]*)?")
"""X makes a link of a bare `example.com` too, if it knows the ending."""

_ZWJ, _ZWNJ = "\u200d", "\u200c"
_PREPENDED = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e"
    "\U000110bd\U000110cd\U000111c2\U000111c3\U0001193f\U00011941\U00011a3a\U00011a84\U00011a85"
    "\U00011a86\U00011a87\U00011a88\U00011a89\U00011d46"
)
_SPACING_BUT_APART = frozenset(
    "\u102b\u102c\u1038\u1062\u1063\u1064\u1067\u1068\u1069\u106a\u106b\u106c\u106d\u1083\u1087"
    "\u1088\u1089\u108a\u108b\u108c\u108f\u109a\u109b\u109c\u1a61\u1a63\u1a64\uaa7b\uaa7d"
    "\U00011720\U00011721"
)
_SPACING_BESIDES = frozenset("\u0e33\u0eb3")
_MODIFIERS = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_REGIONAL = range(0x1F1E6, 0x1F200)
_PICTURES = (
    range(0x1F000, 0x1F1E6),
    range(0x1F200, 0x1F3FB),
    range(0x1F400, 0x1FAFE),
    range(0x2190, 0x2400),
    range(0x2460, 0x2500),
    range(0x25A0, 0x27C0),
    range(0x2900, 0x2C00),
)
_MORE_PICTURES = frozenset("\u00a9\u00ae\u203c\u2049\u2122\u2139\u3030\u303d\u3297\u3299")


def count(counting: Counting, text: str) -> int:
    """Give a text's length as a channel counts it."""
    if counting is Counting.WEIGHTED:
        return weighted(text)
    if counting is Counting.GRAPHEMES:
        return sum(1 for _ in graphemes(text))
    return len(text)


def weighted(text: str) -> int:
    """Give a text's length as X counts it.

    Source: https://docs.x.com/fundamentals/counting-characters and twitter-text, version 3.
    """
    text = unicodedata.normalize("NFC", text)
    total, place = 0, 0
    for found in _ADDRESS.finditer(text):
        total += _weight_of_words(text[place : found.start()]) + X_ADDRESS
        place = found.end()
    return total + _weight_of_words(text[place:])


def _weight_of_words(text: str) -> int:
    total, place = 0, 0
    for found in _BARE_ADDRESS.finditer(text):
        total += _weight(text[place : found.start()]) + max(X_ADDRESS, _weight(found[0]))
        place = found.end()
    return total + _weight(text[place:])


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(_weight_of(cluster) for cluster in graphemes(text))


def _weight_of(cluster: str) -> int:
    if len(cluster) > 1 and any(_is_picture(one) or ord(one) in _REGIONAL for one in cluster):
        return 2
    return sum(1 if any(a <= ord(one) <= b for a, b in _LIGHT) else 2 for one in cluster)


def graphemes(text: str) -> Iterator[str]:
    """Give the signs a reader sees (Unicode annex 29, extended grapheme clusters)."""
    start = 0
    for place in range(1, len(text)):
        if _is_break(text, start, place):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _is_break(text: str, start: int, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if before.isascii() and after.isascii():
        return not (before == "\r" and after == "\n")
    if _is_control(before) or _is_control(after):
        return True
    if _clings(after) or before in _PREPENDED or _is_one_syllable(before, after):
        return False
    if ord(before) in _REGIONAL and ord(after) in _REGIONAL:
        return _regional_run(text, start, place) % 2 == 0
    return not (before == _ZWJ and _is_picture(after) and _began_as_picture(text, start, place))


def _regional_run(text: str, start: int, place: int) -> int:
    """Give how many letters of flags stand in a row before a place: two make a flag."""
    first = place
    while first > start and ord(text[first - 1]) in _REGIONAL:
        first -= 1
    return place - first


def _is_control(sign: str) -> bool:
    if sign in {_ZWJ, _ZWNJ} or sign in _PREPENDED or ord(sign) in _TAGS:
        return False
    return unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp", "Cs"}


def _clings(sign: str) -> bool:
    """Whether a sign belongs to the one before it."""
    if sign in {_ZWJ, _ZWNJ} or sign in _SPACING_BESIDES:
        return True
    if ord(sign) in _MODIFIERS or ord(sign) in _TAGS:
        return True
    return unicodedata.category(sign) in {"Mn", "Me", "Mc"} and sign not in _SPACING_BUT_APART


def _began_as_picture(text: str, start: int, place: int) -> bool:
    """Whether a picture, with nothing but what clings to it, stands before a joiner."""
    last = place - 2
    while last > start and (_clings(text[last]) and text[last] != _ZWJ):
        last -= 1
    return last >= start and _is_picture(text[last])


def _is_picture(sign: str) -> bool:
    return sign in _MORE_PICTURES or any(ord(sign) in some for some in _PICTURES)


def _is_one_syllable(before: str, after: str) -> bool:
    """Whether two letters are of one Hangul syllable (rules GB6 to GB8)."""
    first, second = _hangul(before), _hangul(after)
    return (
        (first == "L" and second in {"L", "V", "LV", "LVT"})
        or (first in {"LV", "V"} and second in {"V", "T"})
        or (first in {"LVT", "T"} and second == "T")
    )


def _hangul(sign: str) -> str:
    code = ord(sign)
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    return "T" if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB else ""
