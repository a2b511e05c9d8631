"""What every page is given: the store, the live fleet, colours, settings, and ways to other pages.

GUI thread only. These are descriptions; `desk.app` puts the real parts in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import SignalInstance

from noc_console.desk.look import Look
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.desk.widgets.off_thread import OffThread
from noc_console.fleet.server import Server
from noc_console.health.verdict import Verdict

if TYPE_CHECKING:  # descriptions only: the window is painted before the store's modules are here
    from noc_console.audit.decision import Key
    from noc_console.desk.slow_readings import SlowReadings
    from noc_console.health.alarm import Alarm
    from noc_console.health.records import ServerState
    from noc_console.incidents.evidence.evidence import Recording
    from noc_console.incidents.incident.incident import Incident
    from noc_console.store.heartbeat import EngineRecord
    from noc_console.store.journal import Reading
    from noc_console.store.store import Store


class Live(Protocol):
    """The fleet as it is now, and signals when a part of it changes (`desk.live.LiveFleet`).

    Each signal comes once for a batch, at most ten times a second, after the attribute changed.
    """

    fleet_changed: SignalInstance
    """list[Server]"""
    states_changed: SignalInstance
    """dict[int, ServerState] of those that changed"""
    samples_arrived: SignalInstance
    """list[Reading] that are samples, oldest first"""
    alarms_changed: SignalInstance
    """list[Alarm] of those that changed, those that were cleared among them"""
    readings_changed: SignalInstance
    """Nothing: mounts, services, processes, facts or checks in the store are newer."""
    orders_changed: SignalInstance
    """Nothing: an order in the store moved on."""
    settings_changed: SignalInstance
    """Nothing: a setting of the whole store changed."""
    deliveries_changed: SignalInstance
    """Nothing: who is told of alarms, or what came of a message, changed."""
    incidents_changed: SignalInstance
    """Nothing: an incident, what was written to one, a gate's act or a handover is newer."""
    windows_changed: SignalInstance
    """Nothing: a window, or how one of its occurrences went, is newer."""
    lines_changed: SignalInstance
    """Nothing: lines or profiles that people chose are others."""
    notices_changed: SignalInstance
    """Nothing: a notice, its versions or where it stands is newer."""
    postings_changed: SignalInstance
    """Nothing: a posting or a mailing moved on."""
    channels_changed: SignalInstance
    """Nothing: a channel, or how its last test went, is another."""
    contacts_changed: SignalInstance
    """Nothing: a contact is another, or a mail came back."""
    audits_changed: SignalInstance
    """Nothing: something in an audit is newer: collected, decided or signed."""
    recordings_changed: SignalInstance
    """Nothing: another server is recorded, one no more, or there is more of one."""
    engine_changed: SignalInstance
    """EngineRecord | None: another engine watches, or whether one is about to is another."""
    trouble_changed: SignalInstance
    """str: why the store cannot be read now, empty when it can again"""

    @property
    def servers(self) -> Sequence[Server]:
        """Every server, by name."""

    @property
    def by_id(self) -> Mapping[int, Server]:
        """The same, by id: of 50,000 nobody looks through all for one."""

    @property
    def states(self) -> Mapping[int, ServerState]:
        """What is known of each server, by its id."""

    @property
    def told(self) -> Mapping[Verdict, int]:
        """How many servers have each verdict, as an engine told it last."""

    @property
    def latest(self) -> Mapping[int, Reading]:
        """The newest sample of each server that gave one lately."""

    @property
    def alarms(self) -> Mapping[int, Alarm]:
        """Every alarm that is open, by its id."""

    @property
    def recordings(self) -> Mapping[int, Recording]:
        """What is being recorded now, by server id."""

    @property
    def incidents(self) -> Sequence[Incident]:
        """The incidents that are not closed."""

    @property
    def engine(self) -> EngineRecord | None:
        """The engine that watches, or None when nobody does."""

    @property
    def is_starting_to_watch(self) -> bool:
        """Whether this window's own engine is about to watch."""

    @property
    def is_unwatched(self) -> bool:
        """Whether nobody watches and no engine of this window is about to: all pages ask this."""

    def expect_engine(self, is_expected: bool) -> None:
        """Note that this window's own engine is about to watch, or that it is not (any more)."""

    @property
    def is_loaded(self) -> bool:
        """Whether the first look at the store is done."""

    @property
    def trouble(self) -> str:
        """Why the store cannot be read now, as a sentence; empty while it can."""


class Colours(Protocol):
    """The colours of one theme (`desk.theme.theme.Theme`)."""

    @property
    def is_dark(self) -> bool:
        """Whether text is light on dark ground."""

    @property
    def look(self) -> Look:
        """Shapes and colours of the verdicts."""

    @property
    def graph_colours(self) -> GraphColours:
        """The colours of graphs."""


class Themes(Protocol):
    """The theme now shown, and a signal when another one is (`desk.theme.themes.Themes`)."""

    changed: SignalInstance
    """The new theme."""

    @property
    def current(self) -> Colours:
        """The theme now shown."""


class Settings(Protocol):
    """A person's settings of this desk (`desk.settings.desk_settings.DeskSettings`)."""

    changed: SignalInstance
    """str: the key that changed"""

    def get(self, key: str) -> Any:
        """Give a setting's value, or its default."""

    def put(self, key: str, value: Any) -> None:
        """Set a declared setting and keep it."""

    def get_layout(self, key: str, default: Any) -> Any:
        """Give a piece of layout (columns, splitters, sort order) that a page kept."""

    def put_layout(self, key: str, value: Any) -> None:
        """Keep a piece of layout: text, numbers, truth values, or lists of them."""


class Announcing(Protocol):
    """What tells the person at this desk of alarms (`desk.announcing.announcer.Announcer`)."""

    state_changed: SignalInstance
    """str: what shows notes and plays sounds here"""

    @property
    def state(self) -> str:
        """What shows notes and plays sounds here."""


class Navigator(Protocol):
    """Ways from one page to another."""

    def open_server(self, server_id: int) -> None:
        """Show a server's page."""

    def open_page(self, key: str) -> None:
        """Show a page of the navigation rail: `fleet`, `settings`."""

    def open_incident(self, incident_id: int) -> None:
        """Show an incident on the page of incidents."""

    def open_notice(self, notice_id: int, *, composing: bool = False) -> None:
        """Show a notice on the page of notices, or in the composer."""

    def open_window(self, window_id: int, near: datetime) -> None:
        """Show a window on the page of windows: its occurrence nearest to a moment."""

    def open_finding(self, audit_id: int, key: Key) -> None:
        """Show a finding of an audit on the page of audits."""

    def answer_caller(self) -> None:
        """Show the answer desk."""

    def add_server(self) -> None:
        """Ask for a new server."""

    def edit_server(self, server_id: int) -> None:
        """Show a server's fields for a change."""

    def import_servers(self) -> None:
        """Ask for a file with servers."""

    def say(self, sentence: str) -> None:
        """Show a sentence in the window for some seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContext:
    """What every page is given."""

    store: Store
    background: OffThread
    live: Live
    themes: Themes
    settings: Settings
    navigator: Navigator
    asked_by: str
    """The name under which this person's orders and changes are noted."""
    announcing: Announcing | None = None
    """None where nothing is announced, as in a picture of a page."""
    past_readings: SlowReadings | None = None
    """What pages read instead of the newest, while they show a moment that is over."""

    def readings(self) -> SlowReadings:
        """Give what reads mounts, services and their like: the newest, or those of a moment."""
        from noc_console.desk.slow_readings import StoreReadings

        return self.past_readings or StoreReadings(self.store)

    def theme(self) -> Colours:
        """Give the theme now shown."""
        return self.themes.current
