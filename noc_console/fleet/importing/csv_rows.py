"""The rows of a CSV table with any divider, as RFC 4180 and spreadsheets write it. Pure."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence

from noc_console.fleet.importing.preview import Line

_DIVIDERS = ",;\t|:~^"
_HEAD = 20_000


def open_rows(text: str, file: str, count_known: Callable[[Sequence[str]], int]) -> "CsvRows":
    """Give the rows of a table, that of its titles first; `count_known` says how many are known."""
    divider, is_told = _divider(text, count_known)
    rows = CsvRows(text, divider, file)
    if is_told:
        next(rows)
    return rows


def _divider(text: str, count_known: Callable[[Sequence[str]], int]) -> tuple[str, bool]:
    """Give what divides the cells, and whether a first row of its own says so, as Excel's do.

    Else it is the sign with which the titles are known best, then the one that gives most cells.
    """
    head = text[:_HEAD].lstrip("\r\n")
    first = head.partition("\n")[0].rstrip("\r")
    if first[:4].lower() == "sep=" and len(first) == 5:
        return first[4], True

    def worth(divider: str) -> tuple[int, int]:
        titles = next(CsvRows(head, divider, ""), [])
        return count_known(titles), len(titles)

    return max(_DIVIDERS, key=worth), False


class CsvRows(Iterator[list[str]]):
    """The rows that are not empty; one that cannot be read ends them, and is told."""

    def __init__(self, text: str, divider: str, file: str) -> None:
        """Begin at the first row."""
        self.strange: list[Line] = []
        self.number = 0
        """The line of the file on which the row now given begins."""
        self._file = file
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider)

    def __next__(self) -> list[str]:
        """Give the next row that holds anything."""
        while True:
            self.number = self._reader.line_num + 1
            try:
                row = next(self._reader)
            except csv.Error:
                why = "The table cannot be read from here on; is a quote open, or a cell too long?"
                self.strange.append(Line(file=self._file, number=self.number, text="", why=why))
                raise StopIteration from None
            if any(cell.strip() for cell in row):
                return row
