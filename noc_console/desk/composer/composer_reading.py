"""What the composer reads beside the draft: lamps, findings, audience, plan, who may approve.

No Qt: for a thread of its own. What support's hosts lead to is asked once each, apart from typing.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from noc_console.notices.approval import is_one_person_enough
from noc_console.notices.channel_records import list_channels
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.contact_records import list_contacts
from noc_console.notices.content_json import is_same_content
from noc_console.notices.host_lookup import look_up
from noc_console.notices.notice import Notice, Send
from noc_console.notices.plan import Cell, channels_for, matrix
from noc_console.notices.plan_standing import Place, Standing, standings_of
from noc_console.notices.prepared import Prepared, all_prepared
from noc_console.notices.reading_through import ReadBefore, Readers, ReadThrough, read_through
from noc_console.notices.template_shelf import read_shelf
from noc_console.store.store import Store

USUAL_CHANNELS = (ChannelKind.EMAIL, ChannelKind.WORDPRESS, ChannelKind.X)
"""Shown where no channel is set up yet."""
_ZONES_SHOWN = 2


class HostMemory:
    """Where hosts lead, as it was answered once. Any thread may ask."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[str, frozenset[str]] = {}
        self._asked: set[str] = set()
        self._wanted: set[str] = set()
        self._lock = threading.Lock()

    def recall(self, hosts: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Give what is known of hosts, and note those that were never asked."""
        with self._lock:
            wanted = set(hosts)
            self._wanted = wanted - self._asked
            return {one: self._known[one] for one in wanted if one in self._known}

    @property
    def has_unasked(self) -> bool:
        """Whether hosts were met that nobody asked for yet."""
        return bool(self._wanted)

    def ask(self) -> None:
        """Ask for those; takes seconds at most."""
        with self._lock:
            wanted, self._wanted = self._wanted, set()
            self._asked |= wanted
        found = look_up(sorted(wanted))
        with self._lock:
            self._known |= found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What there is to say of a draft now."""

    notice: Notice
    through: ReadThrough
    readers: Readers
    cells: tuple[Cell, ...]
    standings: Mapping[Place, Standing]
    channels: tuple[Channel, ...]
    """Those it may go to, or usual kinds where none is set up."""
    has_channels: bool
    one_person: bool
    is_changed: bool
    """Whether it says something else than the version in force, or none is in force."""

    @property
    def reader_zones(self) -> tuple[str, ...]:
        """The zones that most of its readers keep."""
        return self.readers.zones[:_ZONES_SHOWN]


def read_draft(
    store: Store,
    notice: Notice,
    sends: Sequence[Send],
    memory: HostMemory,
    before: ReadBefore,
    now: datetime,
) -> Reading:
    """Read a draft through against all that the store knows."""
    if before.contacts is None:
        before.contacts = list_contacts(store)
    through = read_through(store, notice, now, memory.recall, before)
    every = list_channels(store)
    fitting = tuple(channels_for(notice, every))
    cells = tuple(matrix(notice, every, sends))
    so_far = through.so_far
    return Reading(
        notice=notice,
        through=through,
        readers=before.readers(store, notice, through.audience),
        cells=cells,
        standings=standings_of(cells, notice, so_far.live, so_far.postings, now),
        channels=_as_read(fitting)
        or tuple(Channel(name=one.value, kind=one) for one in USUAL_CHANNELS),
        has_channels=bool(fitting),
        one_person=is_one_person_enough(store),
        is_changed=so_far.live is None or not is_same_content(notice, so_far.live),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """The prepared works or causes, and the languages there are."""

    prepared: tuple[Prepared, ...]
    languages: tuple[str, ...]
    names: Mapping[str, str]
    """How each language calls itself."""


def read_templates(store: Store, notice: Notice) -> Templates:
    """Give what a notice can begin with.

    Raises:
        InvalidTemplate: a template of the site's own cannot be read.
    """
    shelf = read_shelf(store)
    return Templates(
        prepared=tuple(all_prepared(shelf, notice.kind)),
        languages=shelf.languages,
        names={code: shelf.language(code).name for code in shelf.languages},
    )


def _as_read(channels: Sequence[Channel]) -> tuple[Channel, ...]:
    """Give mail first: it is what most readers see, and has the most to say."""
    return tuple(sorted(channels, key=lambda one: one.kind is not ChannelKind.EMAIL))
