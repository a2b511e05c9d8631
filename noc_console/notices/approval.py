"""Approving a notice: what is frozen, who may approve it, and what follows, in one write.

A second person approves. A setting of the store lets one person do both, and each version says when
that was so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.notices import replan
from noc_console.notices.channel_records import list_channels
from noc_console.notices.channels.channel import Channel
from noc_console.notices.content_json import is_same_content
from noc_console.notices.event_records import EventKind, add_event
from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import (
    NotNow,
    StoredNotice,
    get_notice,
    read_notice,
    set_columns,
)
from noc_console.notices.posting import NoticeState, PostingState
from noc_console.notices.posting_rows import put_replan, read_postings
from noc_console.notices.version_records import (
    Version,
    put_approval,
    put_version,
    read_version,
    read_versions,
    waiting_version,
)
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

ONE_PERSON = "notices.one_person"

Missing = Callable[[Notice], Sequence[str]]
"""Gives the things to tell that a notice lacks, by their names."""


class NotComplete(ConsoleError):
    """A notice that lacks something customers must be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What came of asking for approval. Not approved: it is frozen, and waits for a second person.

    `planned` counts the postings that will go; `change` is how customers are told of a difference,
    empty where there is none.
    """

    version: Version
    is_approved: bool
    planned: int = 0
    told: int = 0


def is_one_person_enough(store: Store) -> bool:
    """Whether who writes a notice may approve it."""
    return bool(get_setting(store, ONE_PERSON, default=False))


def let_one_person_approve(store: Store, *, is_enough: bool) -> None:
    """Set whether who writes a notice may approve it."""
    put_setting(store, ONE_PERSON, is_enough)


def approve(
    store: Store,
    notice_id: int,
    *,
    by: str,
    now: datetime,
    missing: Missing,
    tell: bool = True,
    said: str = "",
    edition: int | None = None,
) -> Approval:
    """Approve a notice as its draft stands, or freeze it for a second person.

    With `tell`, who was told what is no longer so is told; `said` is what a person says with that.
    `edition` is the draft that was read: another one is not approved unread.

    Raises:
        UnknownNotice, NotNow: there is none, it is over, or nothing changed.
        NotComplete: the sentence names what is missing.
    """
    draft = get_notice(store, notice_id)
    if edition is not None:
        _refuse_unread(draft, edition)
    _refuse_incomplete(draft.notice, missing)
    one_person = is_one_person_enough(store)
    channels = list_channels(store)
    with store.write() as connection:
        stored = read_notice(connection, notice_id, lock=True)
        _refuse_unread(stored, draft.edition)
        _refuse_over(stored, now)
        version = _frozen(connection, stored, now=now, change=said)
        is_own = by in {version.frozen_by, stored.changed_by}
        if is_own and not one_person:
            return Approval(version=version, is_approved=False)
        put_approval(connection, version, by=by, now=now, is_one_person=is_own)
        why = said or version.change  # who froze it may have said why; of a postponement always
        planned, told = bring_into_force(
            connection, stored, version, channels, by=by, now=now, tell=tell, said=why
        )
    return Approval(version=version, is_approved=True, planned=planned, told=told)


def bring_into_force(
    connection: sa.Connection,
    stored: StoredNotice,
    version: Version,
    channels: Sequence[Channel],
    *,
    by: str,
    now: datetime,
    tell: bool,
    said: str,
) -> tuple[int, int]:
    """Plan what follows from an approved version, inside a write.

    Gives how many postings will go, and how many of them tell of the change.

    Raises:
        NotNow: there is no channel it could go to.
    """
    live = stored.live_version
    before = read_version(connection, stored.id, live).notice if live else None
    postings = read_postings(connection, stored.id)
    plan = replan.approve(before, version.notice, postings, channels, now, tell=tell, said=said)
    going = [one for one in plan.new if one.state is PostingState.QUEUED]
    if before is None and not going:
        raise NotNow(
            "There is no channel this notice could go to; add one with `noc-console channel add`, "
            "or switch one on in the notice's plan."
        )
    put_replan(
        connection,
        plan,
        notice_id=stored.id,
        token=stored.token,
        version=version.number,
        now=now,
    )
    told = [one for one in going if one.due_at <= now]
    state = stored.state if before is not None else NoticeState.APPROVED
    set_columns(connection, stored.id, state=state.value, live_version=version.number)
    add_event(
        connection,
        stored.id,
        EventKind.PLANNED,
        f"{len(going)} postings are planned; {len(plan.superseded)} that waited go no more.",
        by=by,
        at=now,
        version=version.number,
        sends=sorted({f"{one.send.value} on {one.channel.name}" for one in going}),
    )
    return len(going), len(told) if before is not None else 0


def is_changed(store: Store, notice_id: int) -> bool:
    """Whether the draft says something else than the version in force, or none is in force."""
    with store.read() as connection:
        stored = read_notice(connection, notice_id)
        if stored.live_version is None:
            return True
        live = read_version(connection, notice_id, stored.live_version)
    return not is_same_content(stored.notice, live.notice)


def _refuse_unread(stored: StoredNotice, edition: int) -> None:
    if stored.edition != edition:
        raise NotNow(
            f"{stored.changed_by} changed the draft since you read it; read it, and approve again."
        )


def _refuse_incomplete(notice: Notice, missing: Missing) -> None:
    lacking = missing(notice)
    if lacking:
        raise NotComplete(
            f"This notice cannot be approved: {len(lacking)} of the things to tell "
            f"{'is' if len(lacking) == 1 else 'are'} missing: {', '.join(lacking)}."
        )


def _refuse_over(stored: StoredNotice, now: datetime) -> None:
    if stored.state.is_over:
        raise NotNow(f"Notice {stored.id} is {stored.state.value}; make a new one from it.")
    ends_at = stored.notice.ends_at
    if stored.live_version is None and ends_at is not None and ends_at <= now:
        raise NotNow("The work would be over already; give it a start that is to come.")


def _frozen(
    connection: sa.Connection, stored: StoredNotice, *, now: datetime, change: str
) -> Version:
    """Give the newest version if it is the draft and waits for approval, else freeze the draft."""
    versions = read_versions(connection, stored.id)
    waiting = waiting_version(versions, stored.notice)
    if waiting is not None:
        return waiting
    if versions and is_same_content(versions[-1].notice, stored.notice):
        raise NotNow(
            f"Version {versions[-1].number} of notice {stored.id} is approved, and the draft says "
            "the same."
        )
    # frozen in the name of who wrote it: a second person who approves reads what that one left
    return put_version(connection, stored.notice, change=change, by=stored.changed_by, now=now)
