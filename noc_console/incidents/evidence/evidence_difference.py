"""What changed between two exhibits, line by line. Pure: no I/O, no clock."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

MAX_LINES = 6000
"""Of each; comparing more would take long, and nobody reads it."""

_FIGURE = re.compile(r"[-+]?[0-9][0-9.,:]*%?|[DIRSTZ]")
"""A figure of a table; or the letter of a process's state, which moves like one."""


class Change(Enum):
    """Whether a line is in both, in the first only, or in the second only."""

    SAME = "same"
    FIGURES = "other figures"
    """In both, but for figures: a process that worked on, a count that moved."""
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line of either; `before` and `after` are its numbers there, 0 where it is not.

    `was` holds the figures that stood in the place of the changed ones.
    """

    change: Change
    text: str
    before: int
    after: int
    was: str = ""

    @property
    def shown(self) -> str:
        """The line as it is shown: with what its figures were."""
        return f"{self.text}   (was {self.was})" if self.was else self.text


def difference(before: str, after: str) -> list[ChangedLine]:
    """Give every line of both in order: what is gone stands before what is new in its place.

    A line of which only figures changed stands once, as it is afterwards, where it is afterwards.
    """
    old, new = before.splitlines()[:MAX_LINES], after.splitlines()[:MAX_LINES]
    lines: list[ChangedLine] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for what, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            lines += [
                ChangedLine(Change.SAME, old[place], place + 1, new_start + place - old_start + 1)
                for place in range(old_start, old_end)
            ]
            continue
        lines += [
            ChangedLine(Change.GONE, old[place], place + 1, 0)
            for place in range(old_start, old_end)
        ]
        lines += [
            ChangedLine(Change.NEW, new[place], 0, place + 1) for place in range(new_start, new_end)
        ]
    return _paired(lines)


def _paired(lines: Sequence[ChangedLine]) -> list[ChangedLine]:
    gone: dict[tuple[str, ...], list[ChangedLine]] = {}
    for line in lines:
        if line.change is Change.GONE:
            gone.setdefault(_sort_of(line.text), []).append(line)
    taken: set[int] = set()
    told = []
    for line in lines:
        before = gone.get(_sort_of(line.text)) if line.change is Change.NEW else None
        if before:
            old = before.pop(0)
            taken.add(old.before)
            was = _changed_words(old.text, line.text)
            told.append(ChangedLine(Change.FIGURES, line.text, old.before, line.after, was))
        else:
            told.append(line)
    return [one for one in told if one.change is not Change.GONE or one.before not in taken]


def _changed_words(before: str, after: str) -> str:
    old, new = before.split(), after.split()
    if len(old) != len(new):
        return before.strip()
    return " ".join(was for was, now in zip(old, new, strict=True) if was != now)


def _sort_of(line: str) -> tuple[str, ...]:
    """Give what tells a line from others: its first word (a process's number), and its words."""
    words = line.split()
    kept = tuple(word for word in words[1:] if _FIGURE.fullmatch(word) is None)
    return (*words[:1], *kept) if kept or not words else (line,)
