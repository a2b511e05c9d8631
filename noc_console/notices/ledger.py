"""The ledger of a notice, and of a month: what went where when, who approved it, what was kept.

Reads the store; meant for a thread of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.incidents.report_range import ReportRange
from noc_console.incidents.windows.window_records import list_runs
from noc_console.notices.event_records import NoticeEvent, break_in, events_of
from noc_console.notices.mailing_records import mailings_of
from noc_console.notices.notice_records import StoredNotice, get_notice, notices_between
from noc_console.notices.posting import Counts, Mailing, Posting
from noc_console.notices.posting_rows import counts_of, postings_of, postings_of_all
from noc_console.notices.promises import (
    FirstWordTime,
    Outcome,
    Promise,
    Told,
    first_word_of,
    kept_share,
    percentile,
    promises_of,
)
from noc_console.notices.version_records import Version, versions_of
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

TARGET = "notices.first_word_target_minutes"
USUAL_TARGET = timedelta(minutes=10)
_BEFORE = timedelta(days=60)
"""So long before a month what falls into it may have been announced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All that is proven of one notice. `broken_at` is the first event that is not as written."""

    stored: StoredNotice
    versions: tuple[Version, ...]
    postings: tuple[Posting, ...]
    counts: Mapping[int, Counts]
    mailings: Mapping[int, tuple[Mailing, ...]]
    events: tuple[NoticeEvent, ...]
    broken_at: int | None
    promises: tuple[Promise, ...]
    first_word: FirstWordTime | None
    made_at: datetime

    @property
    def head(self) -> str:
        """The hash of the newest event: who has it can prove all of the ledger."""
        return self.events[-1].sha256 if self.events else ""

    @property
    def is_whole(self) -> bool:
        """Whether events and versions are as they were written."""
        return self.broken_at is None and all(one.is_whole for one in self.versions)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMonth:
    """The promises whose time fell into a range, and the first words of what was detected in it."""

    range: ReportRange
    promises: tuple[Promise, ...]
    first_words: tuple[FirstWordTime, ...]
    target: timedelta
    made_at: datetime

    @property
    def kept(self) -> float | None:
        """Which share of the promises that can be judged was kept."""
        return kept_share(self.promises)

    @property
    def half_within(self) -> timedelta | None:
        """In how long half of the first words came."""
        return percentile(self._spans, 0.5)

    @property
    def nearly_all_within(self) -> timedelta | None:
        """In how long 95 of 100 first words came."""
        return percentile(self._spans, 0.95)

    @property
    def _spans(self) -> list[timedelta]:
        return [one.span(self.made_at) for one in self.first_words]

    def count(self, outcome: Outcome) -> int:
        """Give how many promises came to this."""
        return sum(one.outcome is outcome for one in self.promises)


def read_ledger(store: Store, notice_id: int, now: datetime) -> Ledger:
    """Give the ledger of a notice.

    Raises:
        UnknownNotice: there is none.
    """
    stored = get_notice(store, notice_id)
    versions = tuple(versions_of(store, notice_id))
    postings = tuple(postings_of(store, notice_id))
    counts = counts_of(store, [one.id for one in postings])
    events = tuple(events_of(store, notice_id))
    told = _told(store, stored, versions, postings)
    return Ledger(
        stored=stored,
        versions=versions,
        postings=postings,
        counts=counts,
        mailings={one: tuple(mailings_of(store, one)) for one in counts},
        events=events,
        broken_at=break_in(events, stored.token),
        promises=tuple(promises_of(told, now)),
        first_word=first_word_of(told),
        made_at=now,
    )


def read_promises(store: Store, reported: ReportRange, now: datetime) -> PromiseMonth:
    """Give the promises and first words of a range."""
    notices = notices_between(store, reported.start - _BEFORE, reported.end)
    postings = postings_of_all(store, [one.id for one in notices])
    promises: list[Promise] = []
    words: list[FirstWordTime] = []
    for stored in notices:
        if stored.live_version is None:
            continue
        versions = tuple(versions_of(store, stored.id))
        told = _told(store, stored, versions, tuple(postings[stored.id]))
        promises += [
            one
            for one in promises_of(told, now)
            if reported.start <= one.promised_at < reported.end
        ]
        word = first_word_of(told)
        if word is not None and reported.start <= word.detected_at < reported.end:
            words.append(word)
    return PromiseMonth(
        range=reported,
        promises=tuple(sorted(promises, key=lambda one: one.promised_at)),
        first_words=tuple(words),
        target=read_target(store),
        made_at=now,
    )


def read_target(store: Store) -> timedelta:
    """Give in how long the first word shall come."""
    told = get_setting(store, TARGET, default=0)
    return timedelta(minutes=told) if isinstance(told, int) and told > 0 else USUAL_TARGET


def put_target(store: Store, minutes: int) -> None:
    """Set in how many minutes the first word shall come; 0: as is usual."""
    put_setting(store, TARGET, max(0, minutes))


def _told(
    store: Store,
    stored: StoredNotice,
    versions: tuple[Version, ...],
    postings: tuple[Posting, ...],
) -> Told:
    began_at, ended_at = None, stored.ended_at
    notice = stored.notice
    if notice.window_id and notice.starts_at is not None:
        runs = list_runs(store, notice.starts_at, notice.starts_at + timedelta(minutes=1))
        run = runs.get((notice.window_id, notice.starts_at))
        if run is not None:
            began_at, ended_at = run.started_at, run.ended_at or ended_at
    return Told(
        notice_id=stored.id,
        state=stored.state,
        versions={one.number: one.notice for one in versions},
        postings=postings,
        began_at=began_at,
        ended_at=ended_at,
        detected_at=stored.detected_at,
    )
