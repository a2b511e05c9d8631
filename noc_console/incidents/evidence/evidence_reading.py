"""Evidence read for people: texts of exhibits, suspects, and where a word is found."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from noc_console.incidents.evidence.evidence import Exhibit
from noc_console.incidents.evidence.evidence_records import (
    DamagedEvidence,
    content_of,
    contents_of,
    exhibits_of,
)
from noc_console.incidents.evidence.suspects import Suspect, rank_suspects, wanted_exhibits
from noc_console.incidents.evidence.suspicion.finding import ExhibitText
from noc_console.store.store import Store

FOUND_AT_MOST = 2000
_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A line that holds the words looked for."""

    exhibit: Exhibit
    line: int
    text: str


def text_of(content: bytes) -> str:
    """Give content as text; what is no UTF-8 is shown as such."""
    return content.decode("utf-8", "backslashreplace")


def suspects_of(store: Store, recording_id: int) -> tuple[Suspect, ...]:
    """Rank the suspects of a recording from its exhibits; damaged ones are passed over.

    Raises:
        ConsoleError: the store cannot be read.
    """
    exhibits = exhibits_of(store, recording_id)
    by_number = {one.number: one for one in exhibits}
    texts = [
        ExhibitText(
            number=number,
            collector=by_number[number].collector,
            at=by_number[number].at,
            text=text_of(content),
        )
        for number, content in _contents(store, recording_id, wanted_exhibits(exhibits))
    ]
    return rank_suspects(texts)


def search(
    store: Store, recording_id: int, words: str, collectors: Collection[str] = ()
) -> list[Found]:
    """Give the lines that hold some words, whatever their case, in order of time.

    Raises:
        ConsoleError: the store cannot be read.
    """
    wanted = words.casefold()
    exhibits = [
        one
        for one in exhibits_of(store, recording_id)
        if not collectors or one.collector in collectors
    ]
    by_number = {one.number: one for one in exhibits}
    found: list[Found] = []
    for number, content in _contents(store, recording_id, list(by_number)):
        for place, line in enumerate(text_of(content).splitlines(), 1):
            if wanted in line.casefold():
                found.append(Found(exhibit=by_number[number], line=place, text=line))
                if len(found) >= FOUND_AT_MOST:
                    return found
    return found


def _contents(
    store: Store, recording_id: int, numbers: Sequence[int]
) -> Iterator[tuple[int, bytes]]:
    """Give contents in order, some at a time; of those that are damaged, none."""
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        try:
            yield from contents_of(store, recording_id, some).items()
        except DamagedEvidence:
            yield from _whole_ones(store, recording_id, some)


def _whole_ones(
    store: Store, recording_id: int, numbers: Sequence[int]
) -> Iterator[tuple[int, bytes]]:
    for number in numbers:
        try:
            yield number, content_of(store, recording_id, number)
        except DamagedEvidence:
            continue
