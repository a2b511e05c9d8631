"""Finds by a few letters among many names. Pure.

Quick at 50,000 names: whole words are looked for first; only when they find little are the letters
looked for one by one, in their order.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")
_LETTER_HITS = 1000
_WORD_STARTS = re.compile(r"(?<![^\W_])[^\W_]")


def best_matches(
    typed: str, things: Sequence[Thing], words_of: Callable[[Thing], str], most: int
) -> list[Thing]:
    """Give the things whose words match what was typed, the best first, at most `most`.

    Nothing typed gives the first things as they come. Equals keep their order.
    """
    wanted = typed.casefold().split()
    if not wanted:
        return list(things[:most])
    words = [words_of(thing).casefold() for thing in things]
    by_words = _ranked((_rank_of_words(wanted, text) for text in words), most)
    if len(by_words) < most:
        found = set(by_words)
        by_letters = _ranked(_ranks_of_letters("".join(wanted), words, found), most)
        by_words += by_letters[: most - len(by_words)]
    return [things[place] for place in by_words]


def _ranked(ranks: Iterable[int | None], most: int) -> list[int]:
    ranked = [(rank, place) for place, rank in enumerate(ranks) if rank is not None]
    return [place for _, place in sorted(ranked)[:most]]


def _rank_of_words(wanted: Sequence[str], text: str) -> int | None:
    """0 is best: every word at the start of the text or of a word in it, in a short text."""
    rank = len(text)
    for word in wanted:
        at = text.find(word)
        if at < 0:
            return None
        if at > 0:
            rank += 100 if text[at - 1].isalnum() else 50
    return rank


def _ranks_of_letters(letters: str, words: Sequence[str], found: set[int]) -> Iterable[int | None]:
    """Looks no further than the first `_LETTER_HITS`: letters alone say too little."""
    pattern = re.compile("".join(f"[^{re.escape(one)}]*({re.escape(one)})" for one in letters))
    hits = 0
    for place, text in enumerate(words):
        match = None if place in found else pattern.match(text)
        if match is None:
            yield None
            continue
        yield _rank_of_letters(match, letters, text)
        hits += 1
        if hits == _LETTER_HITS:
            return


def _rank_of_letters(match: re.Match[str], letters: str, text: str) -> int:
    """Initials are best (`ft` finds “Frankfurt test”), then letters near each other."""
    initials = "".join(_WORD_STARTS.findall(text))
    if initials.startswith(letters):
        return len(text)
    return 100 + (match.end() - match.start(1)) * 10 + len(text)
