"""The first word of downtime: three fields of a person, the rest from facts, sent at once.

Nothing waits for a second person here: who types it sends it, and the version says so. The website
has its turn first, then social channels, then mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from noc_console.fleet.records import get_server, servers_by_ids
from noc_console.health.alarm_records import get_alarm
from noc_console.incidents.incident.drafting import open_once
from noc_console.incidents.incident.incident import Incident
from noc_console.incidents.incident.incident_records import get_incident, tell_customers
from noc_console.notices.acts import Done, promised_at
from noc_console.notices.channel_records import list_channels
from noc_console.notices.composing import new_notice
from noc_console.notices.event_records import EventKind, add_event
from noc_console.notices.notice import MAX_TITLE, Notice, NoticeKind, Route, Send
from noc_console.notices.notice_records import NotNow, put_new, read_notice, set_columns
from noc_console.notices.posting import NoticeState
from noc_console.notices.posting_rows import put_replan
from noc_console.notices.replan import tell_now
from noc_console.notices.version_records import put_approval, put_version
from noc_console.store.changes import bump
from noc_console.store.schema.notices import notice as table
from noc_console.store.store import Store

_TITLE_LENGTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWord:
    """What a person types: what customers notice, since when, when they hear again.

    `since` of None is when the incident began. `title`, `routes` and `servers` replace the facts.
    """

    noticed: str
    since: datetime | None = None
    next_update_minutes: int = 30
    title: str = ""
    routes: tuple[Route, ...] = ()
    servers: tuple[str, ...] = ()


def draft_first_word(
    store: Store, told: FirstWord, incident: Incident | None, now: datetime
) -> Notice:
    """Give the notice as it would go, filled from facts.

    Raises:
        UnknownServer, InvalidNotice, NotNow: something cannot be.
    """
    noticed = told.noticed.strip()
    if not noticed:
        raise NotNow("Say what customers notice, in their words.")
    named = [get_server(store, name) for name in told.servers]
    ids = tuple(one.id for one in named) or (incident.server_ids if incident else ())
    brands = {one.brand for one in named or servers_by_ids(store, ids)}
    since = told.since or (incident.began_at if incident else now)
    if since > now:
        raise NotNow("It cannot have begun after now; correct since when.")
    begun = new_notice(
        store, NoticeKind.UNSCHEDULED, brand=brands.pop() if len(brands) == 1 else ""
    )
    return replace(
        begun,
        title=(told.title.strip() or _cut(noticed.splitlines()[0]))[:MAX_TITLE],
        servers=tuple(ids),
        incident_id=incident.id if incident else 0,
        noticed=noticed,
        since=since,
        next_update_minutes=told.next_update_minutes,
        routes=told.routes or begun.routes,
    )


def incident_of(
    store: Store,
    incident_id: int,
    alarm_ids: Sequence[int],
    *,
    by: str,
    now: datetime,
) -> Incident | None:
    """Give the incident it is about; alarms without one open one.

    Raises:
        UnknownIncident, UnknownAlarm: there is none of that number.
    """
    if incident_id:
        return get_incident(store, incident_id)
    if not alarm_ids:
        return None
    found, _ = open_once(store, alarm_ids, (), by=by, now=now)
    return found


def send_first_word(
    store: Store, notice: Notice, incident: Incident | None, *, by: str, now: datetime
) -> Done:
    """Freeze the notice and have its first word sent at once; one write.

    Raises:
        NotNow: nothing is promised, there is no channel, or the incident has a notice already.
    """
    if notice.next_update_minutes < 1:
        raise NotNow("Promise in how many minutes customers hear again.")
    next_at = promised_at(notice.next_update_minutes, now)
    channels = list_channels(store)
    detected_at = detected(store, incident) or notice.since or now
    with store.write() as connection:
        bump(connection, "notice")  # from here on no other desk tells of it
        _refuse_doubled(connection, notice)
        notice_id = put_new(connection, notice, by=by, now=now, detected_at=detected_at)
        stored = read_notice(connection, notice_id)
        version = put_version(connection, stored.notice, change="", by=by, now=now)
        put_approval(connection, version, by=by, now=now, is_one_person=True)
        plan = tell_now(Send.FIRST_WORD, stored.notice, (), channels, now, next_update_at=next_at)
        if not plan.new:
            raise NotNow("There is no channel yet; add one with `noc-console channel add`.")
        new_ids = put_replan(
            connection,
            plan,
            notice_id=notice_id,
            token=stored.token,
            version=version.number,
            now=now,
        )
        set_columns(
            connection,
            notice_id,
            state=NoticeState.UNDER_WAY.value,
            live_version=version.number,
            began_at=notice.since,
            next_update_at=next_at,
        )
        add_event(
            connection,
            notice_id,
            EventKind.BEGAN,
            "The first word was given.",
            by=by,
            at=now,
            version=version.number,
            postings=new_ids,
        )
    return Done(
        notice_id=notice_id,
        version=version.number,
        postings=tuple(new_ids),
        next_update_at=next_at,
    )


def tell_incident(
    store: Store, incident_id: int, words: str, next_at: datetime | None, *, by: str, now: datetime
) -> None:
    """Write into an incident what customers are told; nothing for incident 0.

    Raises:
        UnknownIncident, InvalidIncident: nothing was written.
    """
    if incident_id:
        tell_customers(store, incident_id, words, by=by, now=now, next_update_at=next_at)


def detected(store: Store, incident: Incident | None) -> datetime | None:
    """Give when the console or a person first knew: the first alarm, or when it was opened."""
    if incident is None:
        return None
    raised = [get_alarm(store, one).raised_at for one in incident.alarm_ids]
    return min([incident.opened_at, *raised])


def _refuse_doubled(connection: sa.Connection, notice: Notice) -> None:
    """A key pressed twice, or at two desks at once, tells customers once."""
    if not notice.incident_id:
        return
    held = connection.execute(
        sa.select(table.c.id).where(
            table.c.incident_id == notice.incident_id,
            table.c.kind == NoticeKind.UNSCHEDULED.value,
            table.c.state == NoticeState.UNDER_WAY.value,
        )
    ).first()
    if held is not None:
        raise NotNow(
            f"Customers were told of incident {notice.incident_id} by notice {held.id}; update "
            f"that one with `noc-console notice update {held.id}`."
        )


def _cut(line: str) -> str:
    if len(line) <= _TITLE_LENGTH:
        return line
    return f"{line[:_TITLE_LENGTH].rsplit(' ', 1)[0]} …"
