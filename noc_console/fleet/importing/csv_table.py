"""Servers from a table: CSV with any divider, as RFC 4180 and spreadsheets write it. Pure.

An empty cell says nothing, so it changes nothing. What an export wrote is read back to the letter.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from noc_console.fleet.importing.cells import (
    read_checks,
    read_list,
    read_pairs,
    read_sites,
    unguarded,
)
from noc_console.fleet.importing.columns import FIELDS, guess_columns
from noc_console.fleet.importing.csv_rows import open_rows
from noc_console.fleet.importing.preview import (
    MAX_SERVERS,
    FileNotRead,
    FileServer,
    FleetFile,
    Line,
    file_server,
)
from noc_console.fleet.importing.secret_words import WHY, is_secret, without_secrets
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Authentication, InvalidServer, ServerKind

EXPORTED_COLUMNS = tuple(FIELDS)
"""The titles of a table that an export wrote."""

_YES = frozenset({"yes", "y", "true", "1", "on", "x"})
_NO = frozenset({"no", "n", "false", "0", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table that was read: its servers, its titles, a row as an example, what stands where."""

    found: FleetFile
    columns: tuple[str, ...]
    first_row: tuple[str, ...]
    mapping: Mapping[str, str]


def read_table(text: str, file: str, mapping: Mapping[str, str] | None = None) -> Table:
    """Give the servers of a table; `mapping` is the column of each field, guessed when None.

    Raises:
        FileNotRead: there is no first row with titles, or the mapping names what is not there.
    """
    rows = open_rows(text, file, lambda titles: len(guess_columns(titles)))
    titles = tuple(next(rows, []))
    if not any(letter.isalnum() for title in titles for letter in title):
        raise FileNotRead(
            f"{inert(file)} holds no table; its first row must give the titles of its columns."
        )
    chosen = guess_columns(titles) if mapping is None else dict(mapping)
    _refuse_unknown(chosen, titles, file)
    reader = _RowReader(titles, chosen, file)
    first_row: tuple[str, ...] = ()
    for row in rows:
        first_row = first_row or tuple(unguarded(cell) for cell in row)
        reader.read(row, rows.number)
    lines = (*_columns_left(titles, chosen, file), *reader.strange, *rows.strange)
    return Table(
        found=FleetFile(servers=tuple(reader.servers), not_understood=lines),
        columns=titles,
        first_row=first_row,
        mapping=chosen,
    )


def _refuse_unknown(chosen: Mapping[str, str], titles: Sequence[str], file: str) -> None:
    for field, title in chosen.items():
        if field not in FIELDS:
            known = ", ".join(FIELDS)
            raise FileNotRead(f"{inert(field)!r} is no field of a server; the fields are {known}.")
        if title not in titles:
            raise FileNotRead(
                f"{inert(file)} has no column {inert(title)!r}; it has {inert(', '.join(titles))}."
            )


def _columns_left(titles: Sequence[str], chosen: Mapping[str, str], file: str) -> Iterator[Line]:
    if not {"name", "address"} & set(chosen):
        why = "No column is known as the name or the address of a server; choose one."
        yield Line(file=file, number=1, text=", ".join(titles), why=why)
    for title in titles:
        if title.strip() and title not in chosen.values():
            why = WHY if is_secret(title) else "No field of a server is known by this title."
            yield Line(file=file, number=1, text=title, why=why)


class _RowReader:
    """Makes servers of rows; what cannot be right becomes a line."""

    def __init__(self, titles: Sequence[str], chosen: Mapping[str, str], file: str) -> None:
        self.servers: list[FileServer] = []
        self.strange: list[Line] = []
        places = ((titles.index(title), field) for field, title in chosen.items())
        self._places = {field: place for place, field in sorted(places)}
        self._is_ours = tuple(titles) == EXPORTED_COLUMNS
        self._file = file

    def read(self, row: Sequence[str], number: int) -> None:
        """Take one row that stands at this line."""
        cells = {
            field: self._cell(row[place])
            for field, place in self._places.items()
            if place < len(row)
        }
        if not {"name", "address"} & set(cells):
            return  # told once, of the titles
        told = {field: cell for field, cell in cells.items() if cell}
        name = told.pop("name", "") or told.get("address", "")
        fields: dict[str, Any] = {}
        for field, cell in told.items():
            try:
                fields[field] = _READERS.get(field, str)(cell)
            except InvalidServer as failure:
                text = f"{FIELDS[field]}: {without_secrets(cell)}"
                self._tell(number, text, without_secrets(failure.sentence))
        if "variables" in fields:
            fields["variables"] = self._without_secrets(fields["variables"], number)
        if not name:
            self._tell(number, "", "The row has neither a name nor an address.")
            return
        self._take(name, fields, number)

    def _take(self, name: str, fields: dict[str, Any], number: int) -> None:
        has_key = "key_file" in fields
        assumed = {"authentication": Authentication.KEY_FILE} if has_key else {}
        try:
            self.servers.append(file_server(name, fields, assumed=assumed))
        except InvalidServer as failure:
            self._tell(number, name, failure.sentence)
        if len(self.servers) > MAX_SERVERS:
            raise FileNotRead(
                f"{inert(self._file)} has more than {MAX_SERVERS} servers; split it into parts."
            )

    def _cell(self, cell: str) -> str:
        return unguarded(cell if self._is_ours else cell.strip())

    def _without_secrets(
        self, variables: tuple[tuple[str, str], ...], number: int
    ) -> tuple[tuple[str, str], ...]:
        for name, _ in variables:
            if is_secret(name):
                self._tell(number, name, WHY)
        return tuple(pair for pair in variables if not is_secret(pair[0]))

    def _tell(self, number: int, text: str, why: str) -> None:
        self.strange.append(Line(file=self._file, number=number, text=text, why=why))


def _number(cell: str) -> int:
    plain = cell.strip().removesuffix(".0")  # a spreadsheet may have made it a decimal
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        raise InvalidServer("This is no whole number; the server is read without it.")
    return int(plain)


def _truth(cell: str) -> bool:
    word = cell.strip().lower()
    if word not in _YES | _NO:
        raise InvalidServer("Write yes or no; the server is read without it.")
    return word in _YES


def _authentication(cell: str) -> Authentication:
    word = cell.strip().lower().replace("_", " ")
    for known in Authentication:
        if word == known.value:
            return known
    words = ", ".join(known.value for known in Authentication)
    raise InvalidServer(f"Write one of {words}; the server is read without it.")


def _kind(cell: str) -> ServerKind:
    for known in ServerKind:
        if cell.strip().lower() == known.value:
            return known
    words = ", ".join(known.value for known in ServerKind)
    raise InvalidServer(f"Write one of {words}; the server is read without it.")


_READERS: Mapping[str, Callable[[str], Any]] = {
    "port": _number,
    "tick_s": _number,
    "allow_weak_algorithms": _truth,
    "authentication": _authentication,
    "kind": _kind,
    "jumps": read_list,
    "groups": read_list,
    "expected_services": read_list,
    "checks": read_checks,
    "sites": read_sites,
    "variables": read_pairs,
}
