"""Follows notices wherever the person is: how many need one, and promised updates that come due.

GUI thread only; the store is read in the background.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from noc_console.desk.context import DeskContext
from noc_console.desk.one_at_a_time import OneAtATime
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.incidents.times import span_text
from noc_console.notices.notice_records import list_notices
from noc_console.notices.posting_rows import postings_of_all
from noc_console.store.store import Store

_LOOK_EVERY_MS = 30_000
_TICK_MS = 1000
SOON = timedelta(minutes=5)
"""So long before it is due a promised update is told of in the status bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """An update that customers were promised."""

    notice_id: int
    title: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is promised, the soonest first, and how many notices need a person besides."""

    promised: tuple[Promised, ...] = ()
    pressing: frozenset[int] = frozenset()


class PromiseWatch(QObject):
    """`changed` comes when numbers move, at most each second."""

    changed = Signal()

    def __init__(self, context: DeskContext, parent: QObject, now: Callable[[], datetime]) -> None:
        """Look at once, and whenever a notice or a posting is newer."""
        super().__init__(parent)
        self._context = context
        self._now = now
        self.standing = Standing()
        self._told = ""
        self._looking = OneAtATime(context.background, self._look, self)
        context.live.notices_changed.connect(self._look)
        context.live.postings_changed.connect(self._look)
        for every_ms, act in ((_LOOK_EVERY_MS, self._look), (_TICK_MS, self._tick)):
            timer = QTimer(self)
            timer.setInterval(every_ms)
            timer.timeout.connect(act)
            timer.start()
        self._look()

    @property
    def late(self) -> list[Promised]:
        """The updates that are overdue."""
        return [one for one in self.standing.promised if one.at < self._now()]

    @property
    def count(self) -> int:
        """How many notices need a person."""
        return len(self.standing.pressing | {one.notice_id for one in self.late})

    @property
    def words(self) -> str:
        """Say what is promised next where that is near or late; empty where it is not."""
        now = self._now()
        near = [one for one in self.standing.promised if one.at - now <= SOON]
        if not near:
            return ""
        first = near[0]
        more = f" (and {len(near) - 1} more)" if len(near) > 1 else ""
        if first.at < now:
            span = span_text(now - first.at)
            return f"■ Customers wait for an update: notice {first.notice_id}, {span} late{more}"
        span = span_text(first.at - now)
        return f"▲ Customers hear again in {span}: notice {first.notice_id}{more}"

    def _tick(self) -> None:
        words = f"{self.words} {self.count}"
        if words != self._told:
            self._told = words
            self.changed.emit()

    def _look(self) -> None:
        store = self._context.store
        self._looking.call(lambda: read_standing(store), self._take, self._fail)

    def _take(self, found: Standing) -> None:
        self.standing = found
        self._tick()

    def _fail(self, _failure: ConsoleError) -> None:
        """Trouble with the store is told above every page."""


def read_standing(store: Store) -> Standing:
    """Give what is promised and what needs a person, of the notices that are not over."""
    found = list_notices(store, with_over=False)
    postings = postings_of_all(store, [one.id for one in found])
    promised = [
        Promised(notice_id=one.id, title=inert(one.notice.title), at=one.next_update_at)
        for one in found
        if one.next_update_at is not None
    ]
    pressing = {
        number
        for number, some in postings.items()
        if any(posting.state.needs_person for posting in some)
    }
    return Standing(
        promised=tuple(sorted(promised, key=lambda one: one.at)), pressing=frozenset(pressing)
    )
