"""Contacts from a table, and what would come of taking them in. Pure: no I/O, no clock.

An empty cell says nothing. What a contact is known for already is kept: customers and groups are
added to, and nobody who asked for no notices gets some because a table forgot it. An address is
one contact, however often the table has it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import getaddresses
from typing import Any

from noc_console.fleet.importing.cells import read_list, unguarded
from noc_console.fleet.importing.columns import guess_columns
from noc_console.fleet.importing.csv_rows import open_rows
from noc_console.fleet.importing.preview import Action, FileNotRead, Line, fewest_lines
from noc_console.fleet.importing.secret_words import WHY, is_secret
from noc_console.fleet.inert import inert
from noc_console.health.delivery.hours import InvalidHours, zone_of
from noc_console.notices.contact import Contact, InvalidContact, address_key, name_key
from noc_console.notices.contact_records import MOST
from noc_console.notices.notice import NoticeKind

FIELDS: Mapping[str, str] = {
    "address": "E-mail",
    "name": "Name",
    "first_name": "First name",
    "last_name": "Last name",
    "customers": "Customers",
    "groups": "Groups",
    "zone": "Time zone",
    "language": "Language",
    "opt_outs": "Wants none of",
    "notes": "Notes",
}
"""The fields that a column can be, and how a person calls them."""

_TITLES = (
    ("address", "email emailaddress mail mailaddress emails emailaddresses contactemail"),
    ("first_name", "firstname givenname forename vorname"),
    ("last_name", "lastname surname familyname nachname"),
    ("name", "name fullname contactname displayname contact person kontakt ansprechpartner"),
    ("customers", "customers customer company companyname organisation organization client"),
    ("customers", "clientname account kunde firma"),
    ("groups", "groups group clientgroup tags tag list lists segment gruppe"),
    ("zone", "timezone zone tz zeitzone"),
    ("language", "language lang locale sprache"),
    ("opt_outs", "wantsnoneof optouts optout optedout unsubscribed unsubscribe nonotices"),
    ("notes", "notes note comment comments remarks notiz"),
    ("address", "address"),
)
_BETWEEN_NAMES = re.compile(r"[;|]")
_LANGUAGES = {"english": "en", "german": "de", "deutsch": "de", "french": "fr", "spanish": "es"}
_LANGUAGES |= {"italian": "it", "dutch": "nl", "polish": "pl", "portuguese": "pt"}
_ALL_KINDS = frozenset({"all", "both", "yes", "y", "true", "1", "x", "everything"})
_NO_KIND = frozenset({"none", "no", "n", "false", "0", ""})
_UNKNOWN_TITLE = "No field of a contact is known by this title."


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTable:
    """A table that was read: its contacts, its titles, what stands where, a row as an example."""

    contacts: tuple[Contact, ...]
    not_understood: tuple[Line, ...]
    columns: tuple[str, ...]
    first_row: tuple[str, ...]
    mapping: Mapping[str, str]

    def in_groups(self, groups: Sequence[str]) -> "ContactTable":
        """Give the same with all contacts in some more groups.

        Raises:
            InvalidContact: these cannot be groups.
        """
        more = Contact(address="a@b.example", groups=tuple(groups)).groups
        contacts = tuple(replace(one, groups=_joined(one.groups, more)) for one in self.contacts)
        return replace(self, contacts=contacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """One contact: as it would be, what is done for that, and how it is now if it is there."""

    contact: Contact
    action: Action
    notes: tuple[str, ...] = ()
    before: Contact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPreview:
    """What would come of an import."""

    rows: tuple[ContactRow, ...]
    not_understood: tuple[Line, ...]

    def count(self, action: Action) -> int:
        """Give with how many contacts this is done."""
        return sum(row.action is action for row in self.rows)


def read_contacts(
    text: str,
    file: str,
    mapping: Mapping[str, str] | None = None,
    *,
    named: Mapping[str, str] | None = None,
) -> ContactTable:
    """Give the contacts of a table; `mapping` is the column of each field, guessed when None but
    for those that are `named`.

    Raises:
        FileNotRead: there is no first row with titles, the mapping names what is not there, or no
            column is known as the address.
    """
    rows = open_rows(text, file, lambda titles: len(guess_columns(titles, _TITLES)))
    titles = tuple(next(rows, []))
    chosen = _guessed(titles, named or {}) if mapping is None else dict(mapping)
    _refuse_unknown(chosen, titles, file)
    reader = _RowReader(titles, chosen, file)
    first_row: tuple[str, ...] = ()
    for row in rows:
        first_row = first_row or tuple(unguarded(cell) for cell in row)
        reader.read(row, rows.number)
    lines = (*_columns_left(titles, chosen, file), *reader.strange, *rows.strange)
    return ContactTable(
        contacts=tuple(reader.found.values()),
        not_understood=fewest_lines(lines),
        columns=titles,
        first_row=first_row,
        mapping=chosen,
    )


def _guessed(titles: Sequence[str], named: Mapping[str, str]) -> dict[str, str]:
    left = [title for title in titles if title not in named.values()]
    return guess_columns(left, _TITLES) | dict(named)


def compare(
    table: ContactTable,
    there: Iterable[Contact],
    removed: Iterable[Contact] = (),
    fleet_customers: Iterable[str] = (),
) -> ContactPreview:
    """Give what would come of taking a table in."""
    known = {one.key: one for one in there}
    gone = {one.key: one for one in removed}
    customers = {name_key(one) for one in fleet_customers}
    rows = [_row(one, known.get(one.key), gone.get(one.key), customers) for one in table.contacts]
    return ContactPreview(rows=tuple(rows), not_understood=table.not_understood)


def _row(
    one: Contact, before: Contact | None, gone: Contact | None, customers: set[str]
) -> ContactRow:
    strangers = [name for name in one.customers if name_key(name) not in customers]
    notes = [f"The fleet knows no customer “{name}”." for name in strangers]
    if before is None:
        if gone is not None:
            notes.insert(0, "They were removed before, and come back.")
        kept = replace(one, opt_outs=one.opt_outs | (gone.opt_outs if gone else frozenset()))
        return ContactRow(contact=kept, action=Action.ADD, notes=tuple(notes))
    try:
        after = merged(before, one)
    except InvalidContact as error:
        return ContactRow(contact=one, action=Action.SKIP, notes=(error.sentence,), before=before)
    action = Action.SAME if after == before else Action.UPDATE
    return ContactRow(contact=after, action=action, notes=tuple(notes), before=before)


def merged(before: Contact, told: Contact) -> Contact:
    """Give a contact with what else a table says of it.

    Raises:
        InvalidContact: it would have too many customers or groups.
    """
    return replace(
        before,
        name=told.name or before.name,
        customers=_joined(before.customers, told.customers),
        groups=_joined(before.groups, told.groups),
        zone=told.zone or before.zone,
        language=told.language or before.language,
        opt_outs=before.opt_outs | told.opt_outs,
        notes=told.notes or before.notes,
    )


def _joined(before: Sequence[str], told: Sequence[str]) -> tuple[str, ...]:
    names = {name_key(one): one for one in before}
    for one in told:
        names.setdefault(name_key(one), one)
    return tuple(names.values())


def _refuse_unknown(chosen: Mapping[str, str], titles: Sequence[str], file: str) -> None:
    for field, title in chosen.items():
        if field not in FIELDS:
            known = ", ".join(FIELDS)
            raise FileNotRead(f"{inert(field)!r} is no field of a contact; the fields are {known}.")
        if title not in titles:
            raise FileNotRead(
                f"{inert(file)} has no column {inert(title)!r}; it has {inert(', '.join(titles))}."
            )
    if "address" not in chosen:
        there = inert(", ".join(titles)) or "no titles"
        raise FileNotRead(
            f"No column of {inert(file)} is known as the e-mail address; its first row must give "
            f"the titles of its columns, and has {there}."
        )


def _columns_left(titles: Sequence[str], chosen: Mapping[str, str], file: str) -> Iterator[Line]:
    for title in titles:
        if title.strip() and title not in chosen.values():
            why = WHY if is_secret(title) else _UNKNOWN_TITLE
            yield Line(file=file, number=1, text=title, why=why)


class _RowReader:
    """Makes contacts of rows; what cannot be right becomes a line."""

    def __init__(self, titles: Sequence[str], chosen: Mapping[str, str], file: str) -> None:
        self.found: dict[str, Contact] = {}
        self.strange: list[Line] = []
        self._titles = titles
        self._places = {field: titles.index(title) for field, title in chosen.items()}
        self._file = file

    def read(self, row: Sequence[str], number: int) -> None:
        """Take the row that stands at this line."""
        cells = {
            field: unguarded(row[place].strip()).strip()
            for field, place in self._places.items()
            if place < len(row)
        }
        if any(cell.strip() for cell in row[len(self._titles) :]):
            self._tell(number, "", "The row has more cells than there are titles.")
        addresses = _addresses(cells.pop("address", ""))
        if not addresses:
            self._tell(number, "", "The row has no e-mail address.")
            return
        fields = self._fields(cells, number)
        for shown, address in addresses:
            self._take(address, {**fields, "name": fields.get("name") or shown}, number)

    def _fields(self, cells: dict[str, str], number: int) -> dict[str, Any]:
        names = [cells.pop(field, "") for field in ("first_name", "last_name")]
        whole = " ".join(one for one in names if one)
        fields: dict[str, Any] = {"name": cells.pop("name", "") or whole}
        for field, cell in cells.items():
            try:
                if cell:
                    fields[field] = _READERS.get(field, str)(cell)
            except (InvalidContact, InvalidHours) as error:
                self._tell(number, f"{FIELDS[field]}: {cell}", error.sentence)
        return fields

    def _take(self, address: str, fields: dict[str, Any], number: int) -> None:
        try:
            one = Contact(address=address, **fields)
            key = address_key(address)
            before = self.found.get(key)
            self.found[key] = one if before is None else merged(before, one)
        except InvalidContact as error:
            self._tell(number, address, error.sentence)
        if len(self.found) > MOST:
            raise FileNotRead(
                f"{inert(self._file)} has more than {MOST:,} contacts; split it into parts."
            )

    def _tell(self, number: int, text: str, why: str) -> None:
        self.strange.append(Line(file=self._file, number=number, text=text, why=why))


def _addresses(cell: str) -> list[tuple[str, str]]:
    """Give the names and addresses of a cell: `a@b.example; Anna <c@d.example>`."""
    if "<" in cell:
        found = [(name, address) for name, address in getaddresses([cell.replace(";", ",")])]
        return [pair for pair in found if pair[1]] or [("", cell)]
    return [("", one) for one in read_list(cell)]


def _names(cell: str) -> tuple[str, ...]:
    """Give the customers of a cell. A comma divides none: companies have it in their names."""
    if cell.startswith("["):
        return read_list(cell)
    return tuple(one.strip() for one in _BETWEEN_NAMES.split(cell) if one.strip())


def _zone(cell: str) -> str:
    return zone_of(cell).key


def _language(cell: str) -> str:
    word = cell.casefold()
    found = _LANGUAGES.get(word, cell.replace("_", "-").partition(".")[0])
    Contact(address="a@b.example", language=found.lower())
    return found.lower()


def _opt_outs(cell: str) -> frozenset[NoticeKind]:
    words = {one.casefold() for one in read_list(cell)}
    if words & _ALL_KINDS:
        return frozenset(NoticeKind)
    kinds = {kind.value: kind for kind in NoticeKind}
    if unknown := words - kinds.keys() - _NO_KIND:
        raise InvalidContact(
            f"{min(unknown)!r} is no kind of notice; write scheduled, unscheduled, all or "
            "none. The contact is read without it."
        )
    return frozenset(kinds[word] for word in words if word in kinds)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "customers": _names,
    "groups": read_list,
    "zone": _zone,
    "language": _language,
    "opt_outs": _opt_outs,
}
