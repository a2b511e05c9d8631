"""The first word of downtime from anywhere in the window: asked in three fields, sent at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.notices.notice_dialogs import FirstWordDialog
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.alarm_records import get_alarm
from noc_console.incidents.incident.incident import Incident
from noc_console.incidents.times import clock_text
from noc_console.notices.acts import Done
from noc_console.notices.channel_records import list_channels
from noc_console.notices.first_word import (
    FirstWord,
    draft_first_word,
    incident_of,
    send_first_word,
    tell_incident,
)
from noc_console.notices.notice import NoticeKind
from noc_console.notices.notice_records import list_notices
from noc_console.notices.plan import PUBLIC
from noc_console.notices.posting import NoticeState
from noc_console.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is known before a person types: what it is about, and where it would go."""

    about: str
    since: datetime | None
    minutes: int
    running: int
    """The number of the notice that customers were told with already; 0 where there is none."""


class FirstWords(QObject):
    """Asks and sends. GUI thread only; the store is read and written in the background."""

    def __init__(
        self,
        context: DeskContext,
        owner: QWidget,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Act for one part of the window; dialogs belong to it."""
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._now = now

    def of_incident(self, incident: Incident) -> None:
        """Ask for the first word on an incident; one that was told of already is shown."""
        self._begin(incident.id, (), incident)

    def of_alarms(self, alarm_ids: Sequence[int]) -> None:
        """Ask for the first word on alarms; they become an incident when it is sent."""
        if alarm_ids:
            self._begin(0, tuple(alarm_ids), None)

    def of_servers(self) -> FirstWordDialog:
        """Ask for the first word, and which servers it is about."""
        asked = _Asked(about=_about("", self._now(), None), since=None, minutes=0, running=0)
        return self._ask(asked, 0, (), with_servers=True)

    def _begin(self, incident_id: int, alarm_ids: Sequence[int], incident: Incident | None) -> None:
        store, now = self._context.store, self._now()
        self._context.background.call(
            lambda: _read(store, incident, alarm_ids, now),
            lambda asked: self._go_on(asked, incident_id, alarm_ids),
            lambda failure: self._context.navigator.say(failure.sentence),
            self,
        )

    def _go_on(self, asked: _Asked, incident_id: int, alarm_ids: Sequence[int]) -> None:
        if asked.running:
            self._context.navigator.say(
                f"Customers were told of this by notice {asked.running}; W writes the update."
            )
            self._context.navigator.open_notice(asked.running)
            return
        self._ask(asked, incident_id, alarm_ids)

    def _ask(
        self,
        asked: _Asked,
        incident_id: int,
        alarm_ids: Sequence[int],
        *,
        with_servers: bool = False,
    ) -> FirstWordDialog:
        dialog = FirstWordDialog(
            asked.about,
            asked.since,
            asked.minutes,
            self._now(),
            servers=self._context.live.servers if with_servers else (),
            parent=self._owner,
        )
        dialog.decided.connect(lambda: self._send(dialog, asked, incident_id, alarm_ids))
        dialog.show_fitting()
        return dialog

    def _send(
        self,
        dialog: FirstWordDialog,
        asked: _Asked,
        incident_id: int,
        alarm_ids: Sequence[int],
    ) -> None:
        now = self._now()
        try:
            told = dialog.told(now)
        except ConsoleError as failure:
            dialog.show_trouble(failure.sentence)
            return
        store, by = self._context.store, self._context.asked_by

        def finish(done: Done) -> None:
            dialog.accept()
            self._context.navigator.say(
                f"The first word goes to {len(done.postings)} channels, the website first."
            )
            self._context.navigator.open_notice(done.notice_id)

        self._context.background.call(
            lambda: _send(store, told, asked.since, incident_id, alarm_ids, by=by, now=now),
            finish,
            lambda failure: dialog.show_trouble(failure.sentence),
            dialog,
        )


def _send(
    store: Store,
    told: FirstWord,
    since: datetime | None,
    incident_id: int,
    alarm_ids: Sequence[int],
    *,
    by: str,
    now: datetime,
) -> Done:
    incident = incident_of(store, incident_id, alarm_ids, by=by, now=now)
    if told.since is None and since is not None:
        told = _with_since(told, since)
    notice = draft_first_word(store, told, incident, now)
    done = send_first_word(store, notice, incident, by=by, now=now)
    if incident is not None:
        tell_incident(store, incident.id, notice.noticed, done.next_update_at, by=by, now=now)
    return done


def _with_since(told: FirstWord, since: datetime) -> FirstWord:
    return FirstWord(
        noticed=told.noticed,
        since=since,
        next_update_minutes=told.next_update_minutes,
        title=told.title,
        routes=told.routes,
        servers=told.servers,
    )


def _read(
    store: Store, incident: Incident | None, alarm_ids: Sequence[int], now: datetime
) -> _Asked:
    alarms = [get_alarm(store, one) for one in alarm_ids]
    since = min((one.raised_at for one in alarms), default=None)
    subject = f"{len(alarms)} alarms" if len(alarms) > 1 else "the alarm"
    minutes = running = 0
    if incident is not None:
        since, subject = incident.began_at, f"incident {incident.id}: {incident.title}"
        minutes = round(incident.update_every / timedelta(minutes=1))
        running = _running_notice(store, incident.id)
    return _Asked(
        about=f"{_about(subject, now, since)}\n{_channel_words(store)}",
        since=since,
        minutes=minutes,
        running=running,
    )


def _running_notice(store: Store, incident_id: int) -> int:
    for one in list_notices(store, with_over=False):
        notice = one.notice
        is_one = notice.incident_id == incident_id and notice.kind is NoticeKind.UNSCHEDULED
        if is_one and one.state is NoticeState.UNDER_WAY:
            return one.id
    return 0


def _about(subject: str, now: datetime, since: datetime | None) -> str:
    named = f"About {inert(subject, 200)}. " if subject else ""
    begun = f"It began {clock_text(since, now)}. " if since is not None else ""
    return f"{named}{begun}Enter sends it: the website first, then social channels, then mail."


def _channel_words(store: Store) -> str:
    channels = [one for one in list_channels(store) if not one.is_paused]
    if not channels:
        return "▲ There is no channel it could go to yet: add one first (Ctrl+9)."
    public = sum(one.kind in PUBLIC for one in channels)
    return f"{len(channels)} channels, {public} of them where anybody can read."
