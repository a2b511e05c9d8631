"""A notice where there is little room: the summary with a link, or all of it in a thread.

Pure: no I/O, no clock. Each first post holds the posting's reference, in its link or in brackets:
by that it is found again, and by that two posts never say the same, which channels refuse.
"""

import re
from dataclasses import replace

from noc_console.notices.channels.channel import Counting, Limits
from noc_console.notices.channels.counting import count
from noc_console.notices.text import Text

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_GAP = "\n\n"
_NUMBERED = " 99/99"
_BYTES_A_GRAPHEME = 10
"""Bluesky: 300 graphemes and 3,000 bytes."""


def address_of(template: str, text: Text) -> str:
    """Give the address of the whole text, which always holds the posting's reference."""
    if not template:
        return ""
    notice = text.about.notice if text.about else text.reference
    address = template.replace("{notice}", notice).replace("{reference}", text.reference)
    return address if holds_reference(address, text.reference) else f"{address}#{text.reference}"


def holds_reference(written: str, reference: str) -> bool:
    """Whether something that was posted holds a reference, not one that only begins like it."""
    return re.search(rf"(?<![a-z0-9-]){re.escape(reference)}(?![a-z0-9-])", written) is not None


def short_posts(text: Text, limits: Limits, full_text_at: str) -> tuple[str, ...]:
    """Give what is posted where posts are short: one post, or those of a thread."""
    mark = address_of(full_text_at, text) or f"[{text.reference}]"
    if limits.most_posts > 1 and not fits(f"{text.summary}{_GAP}{mark}", limits):
        return _thread(text.plain, mark, limits)
    return (_with_mark(text.summary, mark, limits),)


def long_post(text: Text, limits: Limits, full_text_at: str) -> str:
    """Give what is posted where there is room: the whole text and the reference."""
    mark = address_of(full_text_at, text) or f"[{text.reference}]"
    body = text.plain if text.plain.startswith(text.title) else f"{text.title}{_GAP}{text.plain}"
    return _with_mark(body.strip(), mark, limits)


def _with_mark(words: str, mark: str, limits: Limits) -> str:
    return f"{cut(words, _less(limits, _GAP + mark))}{_GAP}{mark}"


def fits(words: str, limits: Limits) -> bool:
    """Whether a post is not too long."""
    if not limits.most:
        return True
    if limits.counting is Counting.GRAPHEMES and len(words.encode()) > (
        limits.most * _BYTES_A_GRAPHEME
    ):
        return False
    return count(limits.counting, words) <= limits.most


def cut(words: str, limits: Limits) -> str:
    """Give as much of a text as fits, whole sentences if most of it, else whole words and `…`."""
    if fits(words, limits):
        return words
    end = _longest(words, limits, "…")
    kept = words[:end]
    sentences = [found.start() for found in _SENTENCE_END.finditer(kept)]
    if sentences and sentences[-1] > end // 2:
        return kept[: sentences[-1]]
    space = max(kept.rfind(" "), kept.rfind("\n"))
    return f"{(kept[:space] if space > end // 2 else kept).rstrip()}…"


def _longest(words: str, limits: Limits, ending: str) -> int:
    """Give how many characters fit before an ending, by halving: counts only grow."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(words[:middle] + ending, limits) else (low, middle - 1)
    return low


def _thread(words: str, mark: str, limits: Limits) -> tuple[str, ...]:
    """Cut a text into posts, the first with the mark, each numbered; what is too much is cut."""
    words = words.strip()
    posts: list[str] = []
    while words and len(posts) < limits.most_posts:
        ending = f"{_GAP}{mark}{_NUMBERED}" if not posts else _NUMBERED
        room = _less(limits, ending)
        if len(posts) == limits.most_posts - 1:
            part = cut(words, room)
            words = ""
        else:
            place = _cutting_place(words, room)
            part, words = words[:place].rstrip(), words[place:].lstrip()
        posts.append(part)
    total = len(posts)
    numbered = [f"{post} {number}/{total}" for number, post in enumerate(posts, start=1)]
    return (f"{numbered[0]}{_GAP}{mark}", *numbered[1:])


def _cutting_place(words: str, room: Limits) -> int:
    """Give where a post ends: at a paragraph, a sentence or a word, the nearest to the limit."""
    if fits(words, room):
        return len(words)
    end = max(_longest(words, room, ""), 1)
    kept = words[:end]
    for mark in ("\n\n", "\n", ". ", " "):
        place = kept.rfind(mark)
        if place > end // 3:
            return place + len(mark)
    return end


def _less(limits: Limits, ending: str) -> Limits:
    if not limits.most:
        return limits
    return replace(limits, most=max(1, limits.most - count(limits.counting, ending)))
