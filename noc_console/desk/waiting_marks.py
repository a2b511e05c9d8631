"""Marks in the rail how many alarms, incidents and notices wait for a person, and how bad it is."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from noc_console.desk.context import DeskContext
from noc_console.desk.incidents.incident_look import verdict_of
from noc_console.desk.page_rail import PageRail
from noc_console.health.verdict import Verdict


class WaitingMarks(QObject):
    """Follows the live fleet. GUI thread only."""

    def __init__(self, context: DeskContext, rail: PageRail, now: Callable[[], datetime]) -> None:
        """Mark what waits from now on; it lives as long as the rail."""
        super().__init__(rail)
        self._context = context
        self._rail = rail
        self._now = now
        context.live.alarms_changed.connect(lambda _: self._show_alarms())
        context.live.incidents_changed.connect(self._show_incidents)
        context.themes.changed.connect(lambda _: self._show_alarms())
        context.themes.changed.connect(lambda _: self._show_notices())
        from noc_console.desk.notices.promise_watch import PromiseWatch

        self.promises = PromiseWatch(context, self, now)
        self.promises.changed.connect(self._show_notices)

    def show(self) -> None:
        """Mark what moves with the clock."""
        self._show_incidents()

    def _show_incidents(self) -> None:
        """An update to customers that is overdue is as pressing as a server that is down."""
        now = self._now()
        pressing = [one for one in self._context.live.incidents if one.is_open]
        late = [one for one in self._context.live.incidents if one.overdue_by(now) is not None]
        verdicts = [verdict_of(one) for one in pressing] + [Verdict.DOWN for _ in late]
        worst = min(verdicts, key=lambda one: one.urgency, default=None)
        count = len({one.id for one in (*pressing, *late)})
        self._rail.show_waiting("incidents", count, worst, self._context.theme().look)

    def _show_notices(self) -> None:
        """An update that customers wait for is as pressing as a server that is down."""
        count = self.promises.count
        worst = Verdict.DOWN if count else None
        self._rail.show_waiting("notices", count, worst, self._context.theme().look)

    def _show_alarms(self) -> None:
        waiting = [one for one in self._context.live.alarms.values() if one.needs_person]
        worst = min((one.verdict for one in waiting), key=lambda one: one.urgency, default=None)
        self._rail.show_waiting("alarms", len(waiting), worst, self._context.theme().look)
