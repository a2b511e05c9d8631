"""What changed between two exhibits, line by line. Pure: no I/O, no clock."""

import difflib
from dataclasses import dataclass
from enum import Enum

MAX_LINES = 6000
"""Of each; comparing more would take long, and nobody reads it."""


class Change(Enum):
    """Whether a line is in both, in the first only, or in the second only."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line of either; `before` and `after` are its numbers there, 0 where it is not."""

    change: Change
    text: str
    before: int
    after: int


def difference(before: str, after: str) -> list[ChangedLine]:
    """Give every line of both in order: what is gone stands before what is new in its place."""
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
    return lines
