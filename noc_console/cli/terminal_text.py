"""Text for a terminal: made inert, cut to width, set in columns. Pure: no I/O, no clock."""

import shlex
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_DANGEROUS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_GAP = "  "
_ELLIPSIS = "…"


def inert(text: str) -> str:
    """Make each control, format and direction character visible, such as `\\x1b`.

    Names and outputs come from strangers; an escape in one must not move the cursor or recolour
    the screen (ECMA-48), nor may it turn the line round (Unicode annex 9).
    """
    return "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in _DANGEROUS
        else character
        for character in text
    )


def as_typed(names: Sequence[str]) -> str:
    """Give names as they are typed behind a command, also those that look like an option."""
    dashes = "-- " if any(name.startswith("-") for name in names) else ""
    return dashes + inert(shlex.join(names))


def width_of(text: str) -> int:
    """Give the cells a text takes: two for a wide character, none for a combining one."""
    return sum(
        0
        if unicodedata.combining(character)
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def elide(text: str, width: int) -> str:
    """Shorten a text in its middle: the ends are what tells names apart."""
    if width_of(text) <= width:
        return text
    if width <= 1:
        return _ELLIPSIS[:width]
    tail = _start(text[::-1], (width - 1) // 2)[::-1]
    while tail and unicodedata.combining(tail[0]):  # its letter was cut off
        tail = tail[1:]
    return f"{_start(text, width - 1 - width_of(tail))}{_ELLIPSIS}{tail}"


def cut(text: str, width: int) -> str:
    """Shorten a sentence at its end: the beginning says what it is about."""
    if width_of(text) <= width:
        return text
    return _ELLIPSIS[:width] if width <= 1 else f"{_start(text, width - 1)}{_ELLIPSIS}"


def _start(text: str, width: int) -> str:
    """Give as much of a text's beginning as fits."""
    for place, character in enumerate(text):
        width -= width_of(character)
        if width < 0:
            return text[:place]
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `drop_at` is the order in which columns go when the terminal is narrow, lowest
    first; None stays. `shrinks_to` is the width down to which its cells may be shortened, names in
    their middle and sentences (`is_sentence`) at their end.
    """

    title: str
    is_number: bool = False
    is_sentence: bool = False
    drop_at: int | None = None
    shrinks_to: int | None = None


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Set rows in columns that fit a terminal of `width` cells; the cells must be inert.

    Columns are shortened first, then dropped, then the line is cut.
    """
    shown = list(range(len(columns)))
    natural = [
        max(width_of(text) for text in (column.title, *(row[place] for row in rows)))
        for place, column in enumerate(columns)
    ]
    while (widths := _fit(columns, natural, shown, width)) is None:
        droppable = [place for place in shown if columns[place].drop_at is not None]
        if not droppable:
            widths = natural
            break
        shown.remove(min(droppable, key=lambda place: columns[place].drop_at or 0))
    lines = [[column.title for column in columns], *rows]
    return [elide(_line(columns, widths, shown, cells), width) for cells in lines]


def _fit(
    columns: Sequence[Column], natural: Sequence[int], shown: Sequence[int], width: int
) -> list[int] | None:
    """Give the widths with which the shown columns fit, or None."""
    widths = list(natural)
    excess = sum(widths[place] for place in shown) + len(_GAP) * (len(shown) - 1) - width
    while excess > 0:
        shrinkable = [place for place in shown if _can_shrink(columns[place], widths[place])]
        if not shrinkable:
            return None
        widths[max(shrinkable, key=lambda place: widths[place])] -= 1
        excess -= 1
    return widths


def _can_shrink(column: Column, width: int) -> bool:
    return column.shrinks_to is not None and width > column.shrinks_to


def _line(
    columns: Sequence[Column], widths: Sequence[int], shown: Sequence[int], cells: Sequence[str]
) -> str:
    parts = []
    for place in shown:
        shorten = cut if columns[place].is_sentence else elide
        text = shorten(cells[place], widths[place])
        padding = " " * (widths[place] - width_of(text))
        parts.append(padding + text if columns[place].is_number else text + padding)
    return _GAP.join(parts).rstrip()
