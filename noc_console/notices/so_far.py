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
from noc_console.notices.version_records import Version, read_versions
from noc_console.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What came of one notice. Of one that is not in the store, nothing."""

    live: Notice | None = None
    postings: tuple[Posting, ...] = ()
    told: Mapping[datetime, datetime] = field(default_factory=dict)
    """When each start was told first."""
    waiting: Version | None = None
    """The newest version, where it is frozen and waits for a second person."""


def read_so_far(store: Store, notice_id: int) -> SoFar:
    """Give what came of a notice."""
    if not notice_id:
        return SoFar()
    with store.read() as connection:
        try:
            stored = read_notice(connection, notice_id)
        except UnknownNotice:
            return SoFar()
        versions = {one.number: one for one in read_versions(connection, notice_id)}
        postings = tuple(read_postings(connection, notice_id)) if versions else ()
    live = versions.get(stored.live_version or 0)
    newest = versions[max(versions)] if versions else None
    return SoFar(
        live=live.notice if live is not None else None,
        postings=postings,
        told=told_by_start(
            postings, {number: one.notice.starts_at for number, one in versions.items()}
        ),
        waiting=newest if newest is not None and newest.approved_at is None else None,
    )
