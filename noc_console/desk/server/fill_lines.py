"""The two lines of each file system's fill, as they hold for the server. No Qt, I/O or clock."""

from noc_console.health.line_book import LineSet
from noc_console.health.lines import Lines
from noc_console.health.profiles import usual_lines

Pair = tuple[float, float]
"""Early and cut-off, in percent; 101 where there is none: no fill reaches it."""

_NONE = 101.0


class FillLines:
    """Until the line book is read the shipped lines. Shared by a table and its delegates."""

    def __init__(self) -> None:
        """Begin with the shipped lines."""
        self._lines: LineSet | None = None

    def use(self, lines: LineSet) -> None:
        """Give the lines of this set from now on."""
        self._lines = lines

    def of(self, family: str, mount: str) -> Pair:
        """Give the lines of a file system; `family` says whether of space or of inodes."""
        found: Lines | None
        if self._lines is None:
            found = usual_lines(family, 1.0)
        else:
            found = self._lines.lines(f"{family}:{mount}")
        if found is None:
            return _NONE, _NONE
        return (
            _NONE if found.early is None else found.early,
            _NONE if found.cut_off is None else found.cut_off,
        )
