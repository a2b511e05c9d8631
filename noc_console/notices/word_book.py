"""Words that say too little, words that customers may not know, and words that are right. Pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from noc_console.errors import ConsoleError

_LETTER = r"[\w-]"


class WordsNotUnderstood(ConsoleError):
    """A `words.toml` that cannot be read; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordBook:
    """What one language's `words.toml` says; keys in small letters, with what to do instead."""

    vague: Mapping[str, str] = field(default_factory=dict)
    jargon: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


def read_words(text: str, name: str) -> WordBook:
    """Read a `words.toml`; `name` is for the sentence.

    Raises:
        WordsNotUnderstood: it is not written as it must be.
    """
    try:
        told: dict[str, Any] = tomllib.loads(text)
        return WordBook(
            vague={str(word).casefold(): str(hint) for word, hint in told["vague"].items()},
            jargon={str(word).casefold(): str(hint) for word, hint in told["jargon"].items()},
            known=frozenset(str(word) for word in told["known"]["words"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as failure:
        raise WordsNotUnderstood(
            f"{name} cannot be read ({failure}); compare it with the one that is shipped."
        ) from None


def words_found(text: str, listed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give each listed word or phrase that stands in a text, as it stands there, with its hint.

    A word within a longer one of the list is not told a second time.
    """
    if not listed:
        return
    taken: list[tuple[int, int]] = []
    for word in sorted(listed, key=len, reverse=True):
        pattern = rf"(?<!{_LETTER}){re.escape(word)}(?!{_LETTER})"
        found = re.search(pattern, text, re.IGNORECASE)
        if found and not any(start < found.end() and found.start() < end for start, end in taken):
            taken.append(found.span())
            yield found[0], listed[word]
