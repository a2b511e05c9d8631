"""Tells the person at this desk of alarms as they come: note, sound, taskbar, and the way to it.

GUI thread only. Follows the live alarms; what calls already at the start is told once, together.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from noc_console.desk.announcing.announcement import (
    Announcement,
    Wishes,
    announcement,
    fresh,
)
from noc_console.desk.announcing.desktop_notes import AS_THE_DESKTOP_DOES, DesktopNotes, Note
from noc_console.desk.announcing.sounds import Sounds
from noc_console.desk.context import DeskContext
from noc_console.errors import ConsoleError
from noc_console.health.alarm import Alarm
from noc_console.health.alarm_acts import acknowledge
from noc_console.health.alarm_records import act_on
from noc_console.health.delivery.rules import calls
from noc_console.health.verdict import Verdict

log = logging.getLogger(__name__)

ACKNOWLEDGE, OPEN, CLICK = "acknowledge", "open", "default"
REASON = "seen on the desktop's note"
GATHER_WITHIN_S = 10.0
"""A note that is younger is replaced by one that tells of both: no pile of notes in a flood."""
_MAY_LASTS_FOR_EVER = 0
_OVER_THE_WINDOW_MS = 8_000


class Announcer(QObject):
    """Announces alarms on this desk. `close` it before the window goes."""

    wanted = Signal(object)
    """A person chose a note: the ids of its alarms, to be shown."""
    state_changed = Signal(str)
    """What shows notes and plays sounds here changed: a sentence."""
    _action_met = Signal(int, str)
    _state_met = Signal(str)

    def __init__(
        self,
        context: DeskContext,
        window: QWidget,
        now: Callable[[], datetime],
        *,
        sounds: Sounds | None = None,
        show_elsewhere: Callable[[str], object] = lambda _words: None,
    ) -> None:
        """Begin to follow; `show_elsewhere` shows a note where D-Bus cannot (the tray's)."""
        super().__init__(window)
        self._context = context
        self._window = window
        self._now = now
        self._show_elsewhere = show_elsewhere
        self._told: dict[int, Verdict] = {}
        self._notes_of: dict[int, tuple[int, ...]] = {}
        """A note's tag -> the alarms it tells of."""
        self._last_tag = 0
        self._last_at: datetime | None = None
        self.sounds = sounds if sounds is not None else Sounds()
        self.notes = DesktopNotes(self._pass_action, self._pass_state)
        self._action_met.connect(self._do)
        self._state_met.connect(self._take_state)
        self._can_show = True
        self.notes.look()
        context.live.alarms_changed.connect(self._take)

    @property
    def state(self) -> str:
        """What shows notes and plays sounds here."""
        return f"{self.notes.state} {self.sounds.state}"

    def close(self) -> None:
        """Announce nothing more."""
        self._context.live.alarms_changed.disconnect(self._take)
        self.notes.close()
        self.sounds.close()

    def _take(self, _changed: object) -> None:
        alarms = self._context.live.alarms
        self._forget_settled(alarms)
        found = fresh(self._told, alarms.values())
        if not found:
            return
        self._told.update((one.id, one.verdict) for one in found)
        told = announcement(found, self._names(found), self._wishes(), self._now().astimezone())
        if told is not None:
            self._announce(told)

    def _announce(self, told: Announcement) -> None:
        if told.is_heard:
            self.sounds.play(told.verdict)
        if told.is_shown:
            self._show(told)
        if told.is_waking or told.is_heard:
            QApplication.alert(self._window, _MAY_LASTS_FOR_EVER)

    def _show(self, told: Announcement) -> None:
        now = self._now()
        recent = self._last_at is not None and (
            0 <= (now - self._last_at).total_seconds() < GATHER_WITHIN_S
        )
        tag = self._last_tag if recent else self._last_tag + 1
        before = self._notes_of.get(tag, ())
        if before:
            told = self._together(before, told) or told
        self._last_tag, self._last_at = tag, now
        self._notes_of[tag] = told.alarm_ids
        actions = [(CLICK, "Open"), (OPEN, "Open")]
        if len(told.alarm_ids) == 1:
            actions.insert(1, (ACKNOWLEDGE, "Acknowledge"))
        if self._can_show:
            self.notes.show(
                Note(
                    tag=tag,
                    title=told.title,
                    words=told.words,
                    is_urgent=told.is_waking,
                    actions=tuple(actions),
                    leaves_after_ms=self._leaves_after_ms(),
                )
            )
        else:
            self._show_elsewhere(f"{told.title}: {told.words}")

    def _leaves_after_ms(self) -> int:
        """Who looks at the window sees the alarm in it: there a note soon uncovers its buttons."""
        return _OVER_THE_WINDOW_MS if self._window.isActiveWindow() else AS_THE_DESKTOP_DOES

    def _together(self, before: tuple[int, ...], told: Announcement) -> Announcement | None:
        """Give one announcement of what a note tells of already, while it calls, and of more."""
        alarms = self._context.live.alarms
        ids = dict.fromkeys((*told.alarm_ids, *before))
        found = [alarms[one] for one in ids if one in alarms and calls(alarms[one])]
        found = fresh({}, found)
        return announcement(found, self._names(found), self._wishes(), self._now().astimezone())

    def _forget_settled(self, alarms: Mapping[int, Alarm]) -> None:
        """A note of alarms that somebody has taken up, or that are over, leaves the screen."""
        for alarm_id in [one for one in self._told if one not in alarms or not calls(alarms[one])]:
            del self._told[alarm_id]
        for tag, ids in list(self._notes_of.items()):
            if not any(one in self._told for one in ids):
                del self._notes_of[tag]
                self.notes.take_back(tag)

    def _names(self, alarms: list[Alarm]) -> dict[int, str]:
        servers = self._context.live.by_id
        ids = {one.server_id for one in alarms if one.server_id is not None}
        return {one: servers[one].name for one in ids & servers.keys()}

    def _wishes(self) -> Wishes:
        get: Callable[[str], Any] = self._context.settings.get
        return Wishes(
            notes=get("announce.notes"),
            notes_least=Verdict(get("announce.notes_least")),
            sounds=get("announce.sounds"),
            sounds_least=Verdict(get("announce.sounds_least")),
            quiet=get("announce.quiet"),
        )

    def _pass_action(self, tag: int, action: str) -> None:
        """Runs on the notes' thread, which may outlive us where the desktop hangs."""
        if isValid(self):
            self._action_met.emit(tag, action)

    def _pass_state(self, sentence: str) -> None:
        """Runs on the notes' thread."""
        if isValid(self):
            self._state_met.emit(sentence)

    def _do(self, tag: int, action: str) -> None:
        ids = self._notes_of.get(tag, ())
        if action == ACKNOWLEDGE and len(ids) == 1:
            self._acknowledge(ids[0])
        elif ids:
            self.wanted.emit(ids)

    def _acknowledge(self, alarm_id: int) -> None:
        context, now = self._context, self._now()
        act = partial(acknowledge, by=context.asked_by, now=now, reason=REASON)

        def say_refused(failure: ConsoleError) -> None:
            context.navigator.say(failure.sentence)

        context.background.call(
            lambda: act_on(context.store, [alarm_id], act, by=context.asked_by, at=now),
            lambda _: context.navigator.say("The alarm is acknowledged."),
            say_refused,
            self,
        )

    def _take_state(self, sentence: str) -> None:
        self._can_show = sentence.startswith("Notes are shown")
        log.info("%s", sentence)
        self.state_changed.emit(self.state)
