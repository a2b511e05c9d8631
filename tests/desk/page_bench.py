"""What a page of the window is given, on a real store; the live fleet is told by the test."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from noc_console.desk.background import Background
from noc_console.desk.context import DeskContext
from noc_console.desk.live_signals import LiveSignals
from noc_console.desk.look import Look
from noc_console.desk.settings.desk_settings import DeskSettings
from noc_console.desk.standing import told_of
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.fleet.failure import Failure
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm
from noc_console.health.verdict import Judgement, Verdict
from noc_console.store.heartbeat import beat, register
from noc_console.store.journal import Reading
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    is_dark: bool
    look: Look
    graph_colours: GraphColours


def theme(ground: str) -> Theme:
    return Theme(
        is_dark=ground == "#000000",
        look=Look(
            shapes=dict.fromkeys(Verdict, "●"),
            colours=dict.fromkeys(Verdict, QColor("#d55e00")),
            faint=QColor("#888888"),
        ),
        graph_colours=GraphColours(
            ground=ground,
            text="#777777",
            faint="#666666",
            grid="#cccccc",
            accent="#0072b2",
            series=("#0072b2", "#d55e00", "#009e73", "#cc79a7"),
        ),
    )


class Themes(QObject):
    changed = Signal(object)
    current = theme("#ffffff")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    judgement: Judgement | None = None
    link: LinkState = LinkState.UP
    link_since: datetime | None = NOW
    failure: Failure | None = None
    last_sample_at: datetime | None = None


class Live(LiveSignals):
    """The fleet as a test tells it."""

    is_loaded = True
    trouble = ""

    def __init__(self, *servers: Server) -> None:
        super().__init__()
        self.servers = list(servers)
        self.states: dict[int, State] = {}
        self.latest: dict[int, Reading] = {}
        self.alarms: dict[int, Alarm] = {}
        self.recordings: dict[int, Any] = {}
        self.incidents: list[Any] = []
        self.engine: Any = None

    @property
    def by_id(self) -> dict[int, Server]:
        return {server.id: server for server in self.servers}

    @property
    def told(self) -> Mapping[Verdict, int]:
        return told_of(self.servers, self.states)


class Navigator:
    def __init__(self) -> None:
        self.edited: list[int] = []
        self.said: list[str] = []
        self.opened: list[object] = []

    def open_server(self, server_id: int) -> None:
        self.opened.append(server_id)

    def open_page(self, key: str) -> None:
        self.opened.append(key)

    def open_incident(self, incident_id: int) -> None:
        self.opened.append(f"incident {incident_id}")

    def open_notice(self, notice_id: int, *, composing: bool = False) -> None:
        self.opened.append(f"{'compose' if composing else 'notice'} {notice_id}")

    def open_window(self, window_id: int, near: datetime) -> None:
        self.opened.append(f"window {window_id} near {near:%Y-%m-%d}")

    def open_finding(self, audit_id: int, key: tuple[int, str, str]) -> None:
        self.opened.append((audit_id, key))

    def answer_caller(self) -> None:
        self.opened.append("answer desk")

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def add_server(self) -> None:
        self.opened.append("new server")

    def edit_server(self, server_id: int) -> None:
        self.edited.append(server_id)


class PageBench:
    """A page on a store, and what it was made of."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(StoreLocation.parse(str(folder)))
        self.engine = register(self.store, "host", 1, "0", NOW - timedelta(days=2))
        beat(self.store, self.engine.id, datetime.now(UTC))
        self.server = add_server(self.store, Server(name="web1", address="10.0.0.1"), NOW)
        self.live = Live(self.server)
        self.live.engine = self.engine
        self.themes = Themes()
        self.navigator = Navigator()
        self.pool = Background(str)
        self.clock = NOW
        self.context = DeskContext(
            store=self.store,
            background=self.pool,
            live=self.live,
            themes=self.themes,
            settings=DeskSettings(folder.parent / "page-config"),
            navigator=self.navigator,
            asked_by="ann",
        )

    def reading(self, age_s: float, **values: float) -> Reading:
        at_ms = int((NOW - timedelta(seconds=age_s)).timestamp() * 1000)
        return Reading(server_id=self.server.id, at_ms=at_ms, values=values)

    def close(self) -> None:
        self.pool.close()
        self.store.close()
