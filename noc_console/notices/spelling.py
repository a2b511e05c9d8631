"""Words of a notice that no dictionary knows, with what may have been meant.

The first question of a language reads its dictionary, which takes half a second: ask on a thread of
its own. Languages without a dictionary are not checked, and that is said by `has_dictionary`.
"""

import re
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache

from spellchecker import SpellChecker

DICTIONARIES = frozenset({"en", "de", "es", "fr", "it", "nl", "pt"})
MOST_TOLD = 20
_MOST_MEANT = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NO_WORD = re.compile(r"https?://\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)+\b|\S*\d\S*|⟨[^⟩]*⟩|`[^`]*`")
_LEAST = 3
_LEAST_PART = 4
_JOINTS = ("", "s", "es", "n", "en")
"""What German puts between the parts of a word that is made of two."""


Right = Sequence[Set[str]]
"""Words in lower case that are right, in several sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misspelt:
    """A word that is in no dictionary, and words near it."""

    word: str
    meant: tuple[str, ...]


def has_dictionary(language: str) -> bool:
    """Whether words of a language can be checked."""
    return language in DICTIONARIES


def misspelt(
    text: str, language: str, known: Collection[str] = (), names: Set[str] = frozenset()
) -> list[Misspelt]:
    """Give the words of a text that look misspelt, each once, in their order, at most MOST_TOLD.

    `known` are right whatever the dictionary says; case does not matter. So are `names`, which are
    in lower case already: a fleet has hundreds of thousands.
    """
    if not has_dictionary(language):
        return []
    dictionary = _dictionary(language)
    right = ({word.lower() for word in known}, names)
    found: dict[str, Misspelt] = {}
    for word in _words(text):
        low = word.lower()
        if low in found or _is_word(low, language, right):
            continue
        near = dictionary.candidates(low) or set()
        meant = sorted(near - {low}, key=lambda one: (-dictionary.word_usage_frequency(one), one))
        found[low] = Misspelt(word=word, meant=tuple(_like(word, meant[:_MOST_MEANT])))
        if len(found) == MOST_TOLD:
            break
    return list(found.values())


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(_NO_WORD.sub(" ", text)):
        is_short_form = word.isupper() and len(word) <= 6
        if len(word) >= _LEAST and not is_short_form:
            yield word.replace("’", "'")


def _is_word(word: str, language: str, right: Right) -> bool:
    """Whether a word is known, or is made of words that are."""
    if any(word in one for one in right):
        return True
    bare = word.removesuffix("'s").removesuffix("'")
    if _is_known(bare, language, right):
        return True
    if "-" in word:
        return all(
            len(part) < _LEAST or _is_known(part, language, right) for part in word.split("-")
        )
    return language == "de" and _is_of_two(word, right)


def _is_of_two(word: str, right: Right) -> bool:
    """Whether a German word is two known ones in one: Kunden-bereich, Sicherheit-s-lücken."""
    for cut in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
        if not _is_known(word[cut:], "de", right):
            continue
        first = word[:cut]
        if any(
            first.endswith(joint)
            and len(first) - len(joint) >= _LEAST
            and _is_known(first.removesuffix(joint) if joint else first, "de", right)
            for joint in _JOINTS
        ):
            return True
    return False


def _is_known(word: str, language: str, right: Right) -> bool:
    return any(word in one for one in right) or word in _dictionary(language)


def _like(word: str, meant: Sequence[str]) -> Iterator[str]:
    """Give suggestions with a capital letter where the word has one."""
    return (one.capitalize() if word[0].isupper() else one for one in meant)


@cache
def _dictionary(language: str) -> SpellChecker:
    return SpellChecker(language=language, distance=1)
