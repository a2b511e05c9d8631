"""Has checks asked again for which work was planned, once it is over. On the store's thread.

The work is over with its window, or where no window is linked, with its notice.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from noc_console.audit.asking import MENDINGS, RECHECK
from noc_console.audit.mending import Mending, WorkStage, is_due
from noc_console.audit.mending_records import note_asked, unsettled
from noc_console.incidents.windows.window import Stage
from noc_console.incidents.windows.window_records import list_occurrences
from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import StoredNotice, UnknownNotice, get_notice
from noc_console.notices.posting import NoticeState
from noc_console.notices.version_records import read_version
from noc_console.store.orders import place_in
from noc_console.store.store import Store

LOOK_EVERY_S = 5.0
ASKED_BY = "the end of the work"
_FORGOTTEN_AFTER = timedelta(days=180)
_MOMENT = timedelta(seconds=1)


def ask_again(store: Store, now: datetime) -> int:
    """Place the orders that are due; gives how many. One for each check of a server."""
    waiting = unsettled(store, now - _FORGOTTEN_AFTER)
    stages = {one: stage_of_notice(store, one, now) for one in {one.notice_id for one in waiting}}
    together: dict[tuple[int, int, str], list[Mending]] = defaultdict(list)
    for one in waiting:
        if is_due(one, stages[one.notice_id], now):
            together[one.audit_id, one.server_id, one.check_id].append(one)
    for (audit_id, server_id, check_id), some in together.items():
        ids = [one.id for one in some]
        request = {"audit_id": audit_id, "check_id": check_id, MENDINGS: ids}
        with store.write() as connection:
            place_in(
                connection,
                RECHECK,
                server_id=server_id,
                request=request,
                asked_by=ASKED_BY,
                now=now,
            )
            note_asked(connection, ids, now)
    return len(together)


def stage_of_notice(store: Store, notice_id: int, now: datetime) -> WorkStage:
    """Tell where the work of a notice stands."""
    try:
        stored = get_notice(store, notice_id)
    except UnknownNotice:
        return WorkStage.CALLED_OFF
    if stored.state is NoticeState.CANCELLED:
        return WorkStage.CALLED_OFF
    notice = _in_force(store, stored)
    if notice.window_id and notice.starts_at is not None:
        return _stage_of_window(store, notice.window_id, notice.starts_at, now)
    if stored.state is NoticeState.DONE:
        return WorkStage.OVER
    is_past = notice.ends_at is not None and notice.ends_at <= now
    return WorkStage.OVER if is_past and stored.live_version is not None else WorkStage.AHEAD


def _in_force(store: Store, stored: StoredNotice) -> Notice:
    if stored.live_version is None:
        return stored.notice
    with store.read() as connection:
        return read_version(connection, stored.id, stored.live_version).notice


def _stage_of_window(store: Store, window_id: int, start: datetime, now: datetime) -> WorkStage:
    """Tell where an occurrence stands; one that was moved is ahead until its notice says where."""
    found = [
        one
        for one in list_occurrences(store, start, start + _MOMENT)
        if one.window.id == window_id and one.planned_start == start
    ]
    if not found:
        return WorkStage.AHEAD
    stages = {Stage.OVER: WorkStage.OVER, Stage.CANCELLED: WorkStage.CALLED_OFF}
    return stages.get(found[0].stage(now), WorkStage.AHEAD)
