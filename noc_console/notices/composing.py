"""How a notice begins: from nothing, from a window, an incident, a prepared text or another notice.

Reads the store, writes nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from noc_console.incidents.incident.incident import Incident
from noc_console.incidents.incident.incident_rows import get_incident
from noc_console.incidents.wall_time import own_zone
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import get_window, list_occurrences
from noc_console.notices.notice import MAX_TITLE, Notice, NoticeKind, UnscheduledState
from noc_console.notices.notice_records import list_notices
from noc_console.notices.starting import begin_at
from noc_console.notices.support_routes import read_routes
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

LANGUAGE = "notices.language"
_AHEAD = timedelta(days=400)
_USUAL_UPDATE_MINUTES = 30


def new_notice(
    store: Store,
    kind: NoticeKind,
    *,
    brand: str = "",
    language: str = "",
    find_zone: Callable[[], str] = own_zone,
) -> Notice:
    """Give an empty notice in the site's language and this machine's zone, with its routes."""
    return Notice(
        kind=kind,
        brand=brand,
        language=language or usual_language(store),
        zone=find_zone(),
        routes=read_routes(store, brand),
        next_update_minutes=0 if kind is NoticeKind.SCHEDULED else _USUAL_UPDATE_MINUTES,
    )


def usual_language(store: Store) -> str:
    """Give the language that new notices are written in."""
    told = get_setting(store, LANGUAGE, "en")
    return told if isinstance(told, str) and told else "en"


def put_usual_language(store: Store, language: str) -> None:
    """Set the language that new notices are written in."""
    put_setting(store, LANGUAGE, language)


def of_window(store: Store, notice: Notice, window_id: int, now: datetime) -> Notice:
    """Give the notice for a window: its servers, time, length and zone.

    Of one that repeats it is the next occurrence that no notice is for yet.

    Raises:
        UnknownWindow: there is none of that number.
    """
    window = get_window(store, window_id)
    told = {
        one.notice.starts_at
        for one in list_notices(store, with_over=False)
        if one.notice.window_id == window_id and one.id != notice.id
    }
    coming = [
        one.planned_start
        for one in list_occurrences(store, now, now + _AHEAD)
        if one.window.id == window_id and not one.is_cancelled and one.planned_end > now
    ]
    untold = [at for at in coming if at not in told]
    return at_window(notice, window, next(iter([*untold, *coming, window.starts_at])))


def again(notice: Notice) -> Notice:
    """Give a notice as the draft of a new one: the same texts, scope and plan, without its times.

    It is not linked to a window or an incident, and no send has a due time of its own.
    """
    return replace(
        notice,
        id=0,
        window_id=0,
        incident_id=0,
        typed_start="",
        starts_at=None,
        since=None,
        resolved_at=None,
        state=UnscheduledState.INVESTIGATING,
        plan=tuple(replace(one, due_at=None) for one in notice.plan),
    )


def of_incident(store: Store, notice: Notice, incident_id: int) -> Notice:
    """Give the unscheduled notice of an incident: its servers, since when, and its title.

    Raises:
        UnknownIncident: there is none of that number.
    """
    return from_incident(notice, get_incident(store, incident_id))


def from_incident(notice: Notice, incident: Incident) -> Notice:
    """Give the notice with what an incident knows; what a person wrote already stays."""
    minutes = round(incident.update_every / timedelta(minutes=1))
    return replace(
        notice,
        incident_id=incident.id,
        title=notice.title or incident.title[:MAX_TITLE],
        servers=notice.servers or incident.server_ids,
        since=notice.since or incident.began_at,
        next_update_minutes=minutes or notice.next_update_minutes,
        cause=notice.cause or incident.cause,
    )


def at_window(notice: Notice, window: Window, at: datetime) -> Notice:
    """Give the notice of one occurrence: its servers, services, time, length and zone."""
    placed = replace(
        notice,
        window_id=window.id,
        title=notice.title or window.title,
        servers=window.servers,
        groups=window.groups,
        services=window.services,
        minutes=window.minutes,
        zone=window.zone,
    )
    return begin_at(placed, at)
