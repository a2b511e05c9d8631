"""What a person does to alarms from the window, done in the background under their name.

GUI thread only. What comes of it is seen when the store tells of it; what is refused is said.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject

from noc_console.desk.context import DeskContext
from noc_console.health.alarm import Alarm
from noc_console.health.alarm_acts import (
    Outcome,
    acknowledge,
    claim,
    latch,
    release,
    shelve,
    unlatch,
    unshelve,
)
from noc_console.health.alarm_records import act_on
from noc_console.incidents.incident.drafting import open_once
from noc_console.incidents.incident.incident import Incident

Say = Callable[[str], None]


class AlarmDeeds:
    """The acts on alarms; `say` shows a sentence. Sentences name what was done."""

    def __init__(
        self, context: DeskContext, say: Say, owner: QObject, now: Callable[[], datetime]
    ) -> None:
        """Act in the name of the person at this desk."""
        self._context = context
        self._say = say
        self._owner = owner
        self._now = now

    def acknowledge(self, alarms: Sequence[Alarm], reason: str, until: datetime | None) -> None:
        """Note that this person knows of them."""
        by, now = self._context.asked_by, self._now()
        act = partial(acknowledge, by=by, now=now, reason=reason, until=until)
        self._do(alarms, act, "Acknowledged")

    def shelve(self, alarms: Sequence[Alarm], reason: str, until: datetime) -> None:
        """Put them aside until a moment."""
        by, now = self._context.asked_by, self._now()
        act = partial(shelve, by=by, now=now, until=until, reason=reason)
        self._do(alarms, act, f"Shelved until {until.astimezone():%Y-%m-%d %H:%M}")

    def claim_or_release(self, alarms: Sequence[Alarm]) -> None:
        """Take them on; those all mine already are given back."""
        by = self._context.asked_by
        if all(one.claimed is not None and one.claimed.by == by for one in alarms):
            self._do(alarms, partial(release, by=by), "Given back")
        else:
            self._do(alarms, partial(claim, by=by, now=self._now()), "You are on it")

    def unshelve(self, alarms: Sequence[Alarm]) -> None:
        """Take them off the shelf."""
        self._do([one for one in alarms if one.shelved is not None], unshelve, "Off the shelf")

    def latch_or_unlatch(self, alarms: Sequence[Alarm]) -> None:
        """Have them stay until acknowledged; where all do already, let them clear by themselves."""
        if all(one.is_latched for one in alarms):
            act = partial(unlatch, now=self._now())
            self._do(alarms, act, "Not latched any more")
        else:
            self._do(alarms, latch, "Latched: it stays until somebody acknowledges it")

    def open_incident(self, alarms: Sequence[Alarm]) -> None:
        """Open an incident from these alarms, about their servers and those they explain."""
        if not alarms:
            return
        store, by, now = self._context.store, self._context.asked_by, self._now()
        ids = [one.id for one in alarms]

        def tell(opened: tuple[Incident, bool]) -> None:
            incident, is_new = opened
            how = "is open" if is_new else "has it already"
            self._say(f"Incident {incident.id} {how}: {incident.title}")

        self._context.background.call(
            lambda: open_once(store, ids, (), by=by, now=now),
            tell,
            lambda failure: self._say(failure.sentence),
            self._owner,
        )

    def _do(self, alarms: Sequence[Alarm], act: Callable[[Alarm], Outcome], done: str) -> None:
        if not alarms:
            return
        ids, now, store = [one.id for one in alarms], self._now(), self._context.store
        by = self._context.asked_by
        count = f"{len(ids)} alarms" if len(ids) > 1 else "one alarm"
        self._context.background.call(
            lambda: act_on(store, ids, act, by=by, at=now),
            lambda _: self._say(f"{done}: {count}."),
            lambda failure: self._say(failure.sentence),
            self._owner,
        )
