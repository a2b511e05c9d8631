"""Reads a notice through against all that the store knows: lamps, findings, whom it is for.

Reads only, and asks the name service where support's hosts lead; for a thread of its own.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.incidents.planning.proof_reader import Finding, Weight
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import (
    UnknownWindow,
    get_window,
    list_occurrences,
)
from noc_console.notices.around import Around, FoundBefore
from noc_console.notices.audience import Audience
from noc_console.notices.channel_records import list_channels
from noc_console.notices.contact import Chosen, Contact, choose
from noc_console.notices.contact_records import list_contacts
from noc_console.notices.host_lookup import look_up
from noc_console.notices.languages_read import LanguageRead, finding_of, languages_read
from noc_console.notices.notice import TRANSLATED, Notice, Translation
from noc_console.notices.plan import channels_for
from noc_console.notices.proof_reader import proof_read
from noc_console.notices.route_hosts import hosts_of_route
from noc_console.notices.seven import Lamp, lamps
from noc_console.notices.so_far import SoFar, read_so_far
from noc_console.notices.spelling import misspelt
from noc_console.notices.support_routes import read_blackouts
from noc_console.notices.template_shelf import TemplateShelf, read_shelf
from noc_console.notices.word_book import WordBook, read_words
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

KNOWN_WORDS = "notices.known_words"
_AROUND = timedelta(days=1)
LookUp = Callable[[Iterable[str]], Mapping[str, frozenset[str]]]


class ReadBefore:
    """What was read and found before, for one who reads the same notice at each keystroke.

    Fleets and lists of contacts are large. Any thread may ask; two at once may both look.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self.servers: Sequence[Server] | None = None
        """The fleet, where somebody holds it already; else it is read each time."""
        self.contacts: Sequence[Contact] | None = None
        """The contacts, likewise."""
        self.found = FoundBefore()
        self._chosen: tuple[object, Sequence[Contact], Readers] | None = None
        self._names: tuple[Audience, frozenset[str]] | None = None

    def names(self, whom: Audience) -> frozenset[str]:
        """Give the names a notice may speak of; of the last audience they are kept."""
        last = self._names
        if last is None or last[0] is not whom:
            last = self._names = (whom, _names(whom))
        return last[1]

    def readers(self, store: Store, notice: Notice, whom: Audience) -> "Readers":
        """Give who gets mail; of the last scope it is kept."""
        contacts = self.contacts if self.contacts is not None else list_contacts(store)
        scope = (notice.kind, notice.groups, whom.customers)
        last = self._chosen
        if last is None or last[0] != scope or last[1] is not contacts:
            last = self._chosen = (scope, contacts, readers_of(notice, contacts, whom))
        return last[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """To whom a notice goes by mail, how many read each language, and the zones most keep."""

    chosen: Chosen
    languages: Mapping[str, int]
    zones: tuple[str, ...]


def readers_of(notice: Notice, contacts: Sequence[Contact], whom: Audience) -> Readers:
    """Give to whom a notice goes by mail."""
    chosen = choose(contacts, notice.kind, customers=whom.customers, groups=notice.groups)
    zones = Counter(one.zone for one in chosen.contacts if one.zone)
    return Readers(
        chosen=chosen,
        languages=Counter(one.language for one in chosen.contacts),
        zones=tuple(sorted(zones, key=lambda name: (-zones[name], name))),
    )


def look_nothing_up(_hosts: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Ask nobody where hosts lead."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadThrough:
    """What there is to say of a notice."""

    lamps: tuple[Lamp, ...]
    findings: tuple[Finding, ...]
    audience: Audience
    window: Window | None = None
    """The window it is linked to."""
    readers: Readers | None = None
    languages: tuple[LanguageRead, ...] = ()
    """Those of its readers, and those it is written in."""
    so_far: SoFar = field(default_factory=SoFar)
    """What came of it."""

    @property
    def is_complete(self) -> bool:
        """Whether all is told, and nothing must be mended."""
        return not self.missing

    @property
    def missing(self) -> list[str]:
        """What stands against approval: dark lamps by name, and what must be mended."""
        dark = [f"{lamp.number} {lamp.title}" for lamp in self.lamps if not lamp.is_lit]
        return dark + [one.words for one in self.findings if one.weight is Weight.REFUSES]


def read_through(
    store: Store,
    notice: Notice,
    now: datetime,
    ask: LookUp = look_up,
    before: ReadBefore | None = None,
) -> ReadThrough:
    """Read a notice through, spelling and languages and all."""
    shelf = read_shelf(store)
    before = before or ReadBefore()
    so_far = read_so_far(store, notice.id)
    around = replace(read_around(store, notice, now, shelf, ask, before), told=so_far.told)
    books = read_books(shelf)
    disrupted = around.audience(notice)
    readers = before.readers(store, notice, disrupted)
    channels = channels_for(notice, list_channels(store))
    languages = languages_read(notice, readers.languages, channels, shelf.languages)
    findings = [
        *proof_read(notice, around, books),
        *finding_of(languages),
        *spelling_findings(notice, books, known_words(store), before.names(disrupted)),
    ]
    return ReadThrough(
        lamps=lamps(notice, around),
        findings=tuple(findings),
        audience=disrupted,
        window=around.window,
        readers=readers,
        languages=languages,
        so_far=so_far,
    )


def missing_of(store: Store, now: datetime, ask: LookUp = look_up) -> Callable[[Notice], list[str]]:
    """Give what tells the things that a notice lacks before it can be approved."""

    def missing(notice: Notice) -> list[str]:
        around = read_around(store, notice, now, read_shelf(store), ask)
        return ReadThrough(
            lamps=lamps(notice, around),
            findings=tuple(proof_read(notice, around)),
            audience=around.audience(notice),
        ).missing

    return missing


def read_around(
    store: Store,
    notice: Notice,
    now: datetime,
    shelf: TemplateShelf,
    ask: LookUp = look_up,
    before: ReadBefore | None = None,
) -> Around:
    """Give what a notice is held against."""
    known = before or ReadBefore()
    start, end = notice.starts_at or now, notice.ends_at or now
    hosts = [host for route in notice.routes for host in hosts_of_route(route)]
    return Around(
        now=now,
        servers=known.servers if known.servers is not None else list_servers(store),
        occurrences=list_occurrences(store, start - _AROUND, max(start, end) + _AROUND),
        window=_window(store, notice.window_id),
        blackouts=read_blackouts(store),
        led_to=ask(hosts),
        languages=shelf.languages,
        lacking={code: shelf.lacking(code) for code in shelf.languages},
        found=known.found,
    )


def read_books(shelf: TemplateShelf) -> dict[str, WordBook]:
    """Give the words of each language that say too little or are not known to customers.

    Raises:
        WordsNotUnderstood: the site's own file cannot be read.
    """
    ending = "/words.toml"
    return {
        path.removesuffix(ending): read_words(text, path)
        for path, text in shelf.by_path.items()
        if path.endswith(ending)
    }


def spelling_findings(
    notice: Notice,
    books: Mapping[str, WordBook],
    known: Collection[str],
    names: Set[str] = frozenset(),
) -> list[Finding]:
    """Give the words that look misspelt, in each language of the notice.

    `known` are right, and so are `names`, which are in lower case.
    """
    found = []
    sources: list[Notice | Translation] = [notice, *notice.translations]
    for source in sources:
        book = books.get(source.language, WordBook())
        text = "\n".join(getattr(source, name) for name in TRANSLATED)
        for one in misspelt(text, source.language, [*known, *book.known], names):
            meant = f"; was {' or '.join(one.meant)} meant?" if one.meant else "; look at it."
            words = f"{one.word!r} is in no dictionary of {source.language}{meant}"
            found.append(Finding("spelling", Weight.TELLS, words))
    return found


def known_words(store: Store) -> list[str]:
    """Give the words that people said are right."""
    told = get_setting(store, KNOWN_WORDS, [])
    return [str(one) for one in told] if isinstance(told, list) else []


def add_known_words(store: Store, words: Iterable[str]) -> list[str]:
    """Note that words are right; gives all of them."""
    every = sorted({*known_words(store), *(word.strip() for word in words if word.strip())})
    put_setting(store, KNOWN_WORDS, every)
    return every


def _names(disrupted: Audience) -> frozenset[str]:
    """Give the names a notice may speak of, and their parts, in lower case."""
    named = {*disrupted.server_names, *disrupted.customers}
    named.update(group for one in disrupted.servers for group in one.groups)
    named.update(one.brand for one in disrupted.servers if one.brand)
    return frozenset(part for name in named for part in (name.lower(), *name.lower().split()))


def _window(store: Store, window_id: int) -> Window | None:
    if not window_id:
        return None
    try:
        return get_window(store, window_id)
    except UnknownWindow:
        return None
