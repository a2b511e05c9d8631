"""From a window to its notice: the one there is, or a new one that is filled from the window."""

from datetime import datetime

from PySide6.QtCore import QObject

from noc_console.desk.context import DeskContext
from noc_console.notices.composing import new_notice, of_window
from noc_console.notices.notice import NoticeKind
from noc_console.notices.notice_records import add_notice, list_notices
from noc_console.notices.posting import NoticeState
from noc_console.store.store import Store


def open_notice_of(
    context: DeskContext, window_id: int, starts_at: datetime, now: datetime, owner: QObject
) -> None:
    """Show the notice of an occurrence of a window; where there is none, compose it."""
    store, by, say = context.store, context.asked_by, context.navigator.say

    def work() -> tuple[int, bool]:
        found = notice_of(store, window_id, starts_at)
        if found:
            return found, False
        notice = of_window(store, new_notice(store, NoticeKind.SCHEDULED), window_id, now)
        return add_notice(store, notice, by=by, now=now).id, True

    context.background.call(
        work,
        lambda found: context.navigator.open_notice(found[0], composing=found[1]),
        lambda failure: say(failure.sentence),
        owner,
    )


def notice_of(store: Store, window_id: int, starts_at: datetime) -> int:
    """Give the number of the notice of an occurrence of a window; 0 where there is none."""
    for one in list_notices(store):
        is_of_it = one.notice.window_id == window_id and one.notice.starts_at == starts_at
        if is_of_it and one.state is not NoticeState.CANCELLED:
            return one.id
    return 0
