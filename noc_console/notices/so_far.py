"""What came of a notice so far: the version in force, its postings, and which starts were told.

Reads only; for a thread of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import UnknownNotice, read_notice
from noc_console.notices.plan_standing import told_by_start
from noc_console.notices.posting import Posting
from noc_console.notices.posting_rows import read_postings
from noc_console.notices.version_records import read_versions
from noc_console.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What came of one notice. Of one that is not in the store, or never in force, nothing."""

    live: Notice | None = None
    postings: tuple[Posting, ...] = ()
    told: Mapping[datetime, datetime] = field(default_factory=dict)
    """When each start was told first."""


def read_so_far(store: Store, notice_id: int) -> SoFar:
    """Give what came of a notice."""
    if not notice_id:
        return SoFar()
    with store.read() as connection:
        try:
            stored = read_notice(connection, notice_id)
        except UnknownNotice:
            return SoFar()
        if stored.live_version is None:
            return SoFar()
        versions = {one.number: one.notice for one in read_versions(connection, notice_id)}
        postings = tuple(read_postings(connection, notice_id))
    starts = {number: notice.starts_at for number, notice in versions.items()}
    return SoFar(
        live=versions.get(stored.live_version),
        postings=postings,
        told=told_by_start(postings, starts),
    )
