"""How contacts read on the screen, what came back from each, and which a filter leaves.

Pure but for `read_contacts_shown`, which is meant for a thread of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtGui import QColor

from noc_console.desk.look import Look
from noc_console.desk.notices.notice_look import KIND_WORDS
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.fleet.records import list_servers
from noc_console.health.verdict import Verdict
from noc_console.notices.bounces import ReturnKind
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import list_contacts
from noc_console.notices.notice import NoticeKind
from noc_console.notices.returned_records import STOP_WITHIN, Returned, list_returned
from noc_console.store.store import Store

MOST_SHOWN = 5000
"""So many rows cost the window nothing that is felt; a filter finds the others."""
_MOST_RETURNED = 20_000
_COUNTED = frozenset({ReturnKind.BOUNCED, ReturnKind.COMPLAINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """A contact, how many mails came back from there lately, and what the last one said."""

    contact: Contact
    bounces: int
    last_said: str
    words: str
    """All of it, in small letters, for the filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsShown:
    """The contacts that are shown, how many there are, and the names that a form can offer."""

    rows: tuple[ContactRow, ...]
    found: int
    total: int
    stopped: int
    customers: tuple[str, ...]
    groups: tuple[str, ...]


def read_contacts_shown(store: Store, filter_words: str, now: datetime) -> ContactsShown:
    """Give the contacts that a filter leaves; those to whom nothing goes any more come first."""
    contacts = list_contacts(store)
    returned = list_returned(store, since=now - STOP_WITHIN, most=_MOST_RETURNED)
    counts = Counter(one.contact_id for one in returned if one.kind in _COUNTED)
    newest: dict[int, Returned] = {}
    for one in returned:
        if one.contact_id is not None:
            newest.setdefault(one.contact_id, one)
    wanted = filter_words.casefold().split()
    rows = [
        row
        for one in contacts
        if _passes((row := _row(one, counts[one.id], newest.get(one.id))).words, wanted)
    ]
    rows.sort(key=lambda row: (not row.contact.stopped_because, -row.bounces))
    sites = [site for server in list_servers(store) for site in server.sites]
    fleet = {site.customer for site in sites if site.customer}
    return ContactsShown(
        rows=tuple(rows[:MOST_SHOWN]),
        found=len(rows),
        total=len(contacts),
        stopped=sum(bool(one.stopped_because) for one in contacts),
        customers=_names(fleet, (name for one in contacts for name in one.customers)),
        groups=_names(name for one in contacts for name in one.groups),
    )


def _names(*known: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for names in known for name in names}, key=str.casefold))


def _passes(words: str, wanted: Sequence[str]) -> bool:
    return all(one in words for one in wanted)


def _row(one: Contact, bounces: int, last: Returned | None) -> ContactRow:
    said = f"{last.kind.value} {last.at.astimezone():%d %b}: {last.words}" if last else ""
    parts = (
        *(one.name, one.address, *one.customers, *one.groups, one.zone, one.language),
        *(one.notes, one.stopped_because, hears_text(one)),
        "bounced" if bounces else "",
    )
    return ContactRow(
        contact=one, bounces=bounces, last_said=said, words="\n".join(parts).casefold()
    )


def contact_columns(look: Callable[[], Look]) -> tuple[Column[ContactRow], ...]:
    """Give the columns of contacts."""

    def colour(row: ContactRow) -> QColor | None:
        if row.contact.stopped_because:
            return look().colours[Verdict.CUT_OFF]
        return look().colours[Verdict.EARLY] if row.bounces else None

    return (
        Column(title="Gets", text=gets_text, colour=colour),
        Column(title="Name", text=lambda row: inert(row.contact.name)),
        Column(title="Address", text=lambda row: inert(row.contact.address)),
        Column(
            title="Customers",
            text=lambda row: inert(", ".join(row.contact.customers)),
            stretch=True,
        ),
        Column(title="Groups", text=lambda row: inert(", ".join(row.contact.groups))),
        Column(title="Zone", text=lambda row: inert(row.contact.zone) or "the notice's"),
        Column(title="Language", text=lambda row: inert(row.contact.language) or "the notice's"),
        Column(title="Came back", text=_came_back),
    )


def gets_text(row: ContactRow) -> str:
    """Give what goes to a contact, with a shape where it is less than everything."""
    if row.contact.stopped_because:
        return "■  nothing"
    words = hears_text(row.contact)
    if row.bounces:
        return f"▲  {words}"
    return f"●  {words}" if not row.contact.opt_outs else f"◐  {words}"


def hears_text(one: Contact) -> str:
    """Give which kinds of notice they want."""
    left = [words for kind, words in KIND_WORDS.items() if kind not in one.opt_outs]
    if len(left) == len(NoticeKind):
        return "all notices"
    return f"only {' and '.join(left)}" if left else "none, as they asked"


def _came_back(row: ContactRow) -> str:
    """Give how many mails came back lately, and what the last of all answers said."""
    said = inert(row.contact.stopped_because or row.last_said, 200)
    return f"{row.bounces}:  {said}" if row.bounces else said


def summary_words(shown: ContactsShown) -> str:
    """Give how many there are, how many are shown, and to how many nothing goes."""
    words = [f"{shown.total:,} contact{'' if shown.total == 1 else 's'}"]
    if shown.found != shown.total:
        words.append(f"{shown.found:,} fit the filter")
    if shown.found > len(shown.rows):
        words.append(f"the first {len(shown.rows):,} are shown")
    if shown.stopped:
        words.append(f"nothing goes to {shown.stopped:,} whose mail came back")
    return ", ".join(words) + "."
