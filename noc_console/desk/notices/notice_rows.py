"""Notices as the page shows them, read from the store in one go. No Qt: for a thread of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from noc_console.audit.mending import mending_text
from noc_console.audit.mending_records import mendings_of_notices
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.incidents.times import clock_text
from noc_console.notices.around import Around
from noc_console.notices.channel_records import list_channels
from noc_console.notices.content_json import is_same_content
from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import StoredNotice, list_notices
from noc_console.notices.overdue import kept_back
from noc_console.notices.posting import Counts, NoticeState, Posting, PostingState
from noc_console.notices.posting_rows import counts_of, postings_of_all
from noc_console.notices.sending_settings import sending_is_paused
from noc_console.notices.settling import hold_of_window, rulings_of
from noc_console.notices.seven import Lamp, lamps
from noc_console.notices.version_records import Version, versions_of, waiting_version
from noc_console.notices.wakefulness import read_wakefulness
from noc_console.store.store import Store

_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One notice with all that the page says of it.

    `troubles` are full sentences on what needs a person. `waits_for_second` is who froze the
    version that nobody approved yet; empty where none waits.
    """

    stored: StoredNotice
    lamps: tuple[Lamp, ...]
    for_whom: str
    postings: tuple[Posting, ...] = ()
    counts: Mapping[int, Counts] = field(default_factory=dict)
    troubles: tuple[str, ...] = ()
    waits_for_second: str = ""
    mends: tuple[str, ...] = ()
    """The findings of audits that its work mends: each with what was there before and after."""
    has_new_draft: bool = False
    """Whether the draft says something else than the version in force."""
    told_start: datetime | None = None
    """The start that is in force, for the draft may have another."""

    @property
    def id(self) -> int:
        """Its number."""
        return self.stored.id

    @property
    def notice(self) -> Notice:
        """Its draft."""
        return self.stored.notice

    @property
    def lit(self) -> int:
        """How many of the seven things it tells."""
        return sum(one.is_lit for one in self.lamps)

    @property
    def next_posting(self) -> Posting | None:
        """What goes next; None where nothing waits."""
        waiting = [one for one in self.postings if one.state in _COMES]
        return min(waiting, key=lambda one: (one.due_at, one.id), default=None)

    @property
    def starts_at(self) -> datetime | None:
        """When it begins: as customers are told, or as the draft has it while nothing is told."""
        return self.told_start or self.notice.starts_at

    @property
    def wants_another_start(self) -> bool:
        """Whether another start waits for approval: what tells the one in force is kept back."""
        told = self.told_start
        return bool(self.waits_for_second) and told is not None and told != self.notice.starts_at

    def is_overdue(self, now: datetime) -> bool:
        """Whether the update that customers were promised is late."""
        at = self.stored.next_update_at
        return not self.stored.state.is_over and at is not None and at < now


_COMES = frozenset(
    {
        PostingState.QUEUED,
        PostingState.SENDING,
        PostingState.COMMITTING,
        PostingState.SCHEDULED,
        PostingState.DELAYED,
        PostingState.BY_HAND,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeList:
    """All notices that were asked for, and what is wrong with sending as a whole."""

    rows: tuple[NoticeRow, ...]
    troubles: tuple[str, ...]
    sender: str
    """Who sends, as a sentence."""
    has_channels: bool


def read_notices(store: Store, now: datetime, *, with_over: bool) -> NoticeList:
    """Give the notices, what needs a person first."""
    found = list_notices(store, with_over=with_over)
    servers = list_servers(store)
    around = Around(now=now, servers=servers)
    postings = postings_of_all(store, [one.id for one in found])
    every = [one for some in postings.values() for one in some]
    counts = counts_of(store, [one.id for one in every])
    awake = read_wakefulness(store, every, now)
    mends = _mends(store, [one.id for one in found], servers)
    rows = [
        replace(
            _row(store, one, around, tuple(postings[one.id]), counts, awake.asleep),
            mends=mends.get(one.id, ()),
        )
        for one in found
    ]
    is_paused = sending_is_paused(store)
    waiting = any(one.next_posting is not None for one in rows)
    troubles = ["Sending is paused: nothing goes until somebody lets it go on."] * is_paused
    if waiting and not awake.is_awake:
        troubles.append(awake.words)
    return NoticeList(
        rows=tuple(sorted(rows, key=lambda one: order_of(one, now))),
        troubles=tuple(troubles),
        sender=awake.words,
        has_channels=bool(list_channels(store)),
    )


def order_of(row: NoticeRow, now: datetime) -> tuple[int, float, int]:
    """Give where a row stands: what needs a person, what goes on, what comes, drafts, the rest."""
    coming = row.next_posting
    at = coming.due_at.timestamp() if coming is not None else float("inf")
    rank = _RANKS[row.stored.state]
    if row.is_overdue(now):
        rank = 0
    elif row.troubles and not row.stored.state.is_over:
        rank = 1
    return rank, at, -row.id


_RANKS = {
    NoticeState.UNDER_WAY: 2,
    NoticeState.APPROVED: 3,
    NoticeState.DRAFT: 4,
    NoticeState.DONE: 5,
    NoticeState.CANCELLED: 5,
}


def whom(notice: Notice, servers: Sequence[Server]) -> str:
    """Say in short whom a notice is for."""
    names = {one.id: one.name for one in servers}
    named = [f"group {one}" for one in notice.groups]
    named += [names.get(one, f"server {one} (deleted)") for one in notice.servers]
    named += list(notice.customers)
    if not named:
        return "nobody yet"
    rest = len(named) - _NAMES_SHOWN
    return ", ".join(named[:_NAMES_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _row(
    store: Store,
    stored: StoredNotice,
    around: Around,
    postings: tuple[Posting, ...],
    counts: Mapping[int, Counts],
    asleep: Mapping[int, str],
) -> NoticeRow:
    is_draft = stored.state is NoticeState.DRAFT
    told = around if is_draft else around.at(min(around.now, stored.changed_at))
    versions = [] if stored.state.is_over else versions_of(store, stored.id)
    waiting = waiting_version(versions, stored.notice)
    in_force = next((one for one in versions if one.number == stored.live_version), None)
    return NoticeRow(
        stored=stored,
        lamps=lamps(stored.notice, told),
        for_whom=whom(stored.notice, around.servers),
        postings=postings,
        counts={one.id: counts[one.id] for one in postings if one.id in counts},
        troubles=tuple(_troubles(store, stored, in_force, postings, asleep, around.now)),
        waits_for_second=waiting.frozen_by if waiting is not None else "",
        told_start=in_force.notice.starts_at if in_force is not None else None,
        has_new_draft=in_force is not None and not is_same_content(stored.notice, in_force.notice),
    )


def _mends(
    store: Store, notice_ids: Sequence[int], servers: Sequence[Server]
) -> Mapping[int, tuple[str, ...]]:
    """Give what the work of each notice mends, in words."""
    names = {one.id: one.name for one in servers}
    found: dict[int, tuple[str, ...]] = {}
    for one in mendings_of_notices(store, notice_ids):
        name = names.get(one.server_id, f"server {one.server_id} (deleted)")
        what = f"{one.check_id} {one.item}".strip()
        words = f"{what} on {name}. {mending_text(one)}"
        found[one.notice_id] = (*found.get(one.notice_id, ()), words)
    return found


def _troubles(
    store: Store,
    stored: StoredNotice,
    in_force: Version | None,
    postings: Sequence[Posting],
    asleep: Mapping[int, str],
    now: datetime,
) -> list[str]:
    found = []
    if not stored.state.is_over and in_force is not None:
        found += _late(stored, in_force.notice, now)
        found += _held(store, stored, in_force.notice, now)
    unsent: dict[tuple[str, datetime, str], list[str]] = {}
    for one in postings:
        if one.state.needs_person:
            called = f"“{one.send}” on {one.channel_name}"
            found.append(f"{called}: {one.state.value}. {one.words}".strip())
        elif one.id in asleep:
            key = (one.send, one.due_at, asleep[one.id])
            unsent.setdefault(key, []).append(one.channel_name)
    for (send, due_at, why), channels in unsent.items():
        on = ", ".join(channels[:_NAMES_SHOWN])
        rest = len(channels) - _NAMES_SHOWN
        on += f" and {rest} more" if rest > 0 else ""
        found.append(f"“{send}” on {on}, due {clock_text(due_at, now)}: {why}")
    return found


def _held(store: Store, stored: StoredNotice, live: Notice, now: datetime) -> list[str]:
    """Say that its window moved, and what is kept back for that or for another start."""
    if stored.state is not NoticeState.APPROVED:
        return []
    hold = hold_of_window(store, live)
    late = kept_back(stored, live, rulings_of(store, stored.id, now), now)
    return [hold] if hold else [one.words for one in late]


def _late(stored: StoredNotice, live: Notice, now: datetime) -> list[str]:
    found = []
    if stored.next_update_at is not None and stored.next_update_at < now:
        found.append(
            f"Customers were promised an update for {clock_text(stored.next_update_at, now)}: "
            "write it (W)."
        )
    if live.is_scheduled and live.ends_at is not None and live.ends_at < now:
        found.append(
            f"Its end was announced for {clock_text(live.ends_at, now)}: tell that it is done (R), "
            "or extend it (X)."
        )
    return found
