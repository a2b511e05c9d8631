"""A fleet in columns, and a fleet page on a real store; the live fleet is told by the test."""

from datetime import UTC, datetime, timedelta

from PySide6.QtGui import QColor

from noc_console.desk.background import Background
from noc_console.desk.context import DeskContext
from noc_console.desk.fleet.fleet_change import fleet_change
from noc_console.desk.fleet.fleet_columns import FleetColumns
from noc_console.desk.fleet.fleet_page import FleetPage
from noc_console.desk.look import Look
from noc_console.desk.settings.desk_settings import DeskSettings
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server
from noc_console.health.records import ServerState
from noc_console.health.verdict import SHAPES, Judgement, Reason, Verdict
from noc_console.store.journal import Reading
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.desk.page_bench import Live, Themes
from tests.desk.qt_life import end, wait_until

NOW = datetime.now(UTC).replace(microsecond=0)
LOOK = Look(
    shapes=SHAPES, colours=dict.fromkeys(Verdict, QColor("#d55e00")), faint=QColor("#888888")
)


def server(number, name="", **fields):
    return Server(id=number, name=name or f"web{number}", address=f"10.0.0.{number}", **fields)


def state(number, verdict=Verdict.OK, why="", age_s=2.0, link=LinkState.UP):
    return ServerState(
        server_id=number,
        link=link,
        link_since=NOW,
        failure=None,
        judgement=Judgement(
            verdict=verdict,
            since=NOW - timedelta(minutes=12),
            reasons=(Reason("load1", verdict, why),) if why else (),
        ),
        last_sample_at=None if age_s is None else NOW - timedelta(seconds=age_s),
    )


def sample(number, age_s=0.0, **values):
    at_ms = int((NOW - timedelta(seconds=age_s)).timestamp() * 1000)
    return Reading(number, at_ms, {"load1": 1.0, "cores": 2.0, "uptime_s": 9.0, **values})


def columns_of(servers, states=(), samples=(), now=NOW):
    columns = FleetColumns()
    columns.advance(now)
    columns.take_change(fleet_change({}, servers))
    for one in states:
        columns.take_state(one)
    for one in samples:
        columns.take_sample(one)
    return columns


class FleetLive(Live):
    """The fleet as a test tells it, with the news of each telling."""

    def __init__(self):
        super().__init__()
        self.engine = "an engine"

    def tell_servers(self, servers):
        self.servers = servers
        self.fleet_changed.emit(servers)

    def tell_states(self, *states):
        self.states = {**self.states, **{one.server_id: one for one in states}}
        self.states_changed.emit(self.states)

    def tell_engine(self, engine):
        self.engine = engine
        self.engine_changed.emit(engine)


class FleetNavigator:
    """Remembers what was asked of it."""

    def __init__(self):
        self.asked = []

    def open_server(self, server_id):
        self.asked.append(("open", server_id))

    def edit_server(self, server_id):
        self.asked.append(("edit", server_id))

    def add_server(self):
        self.asked.append(("add",))

    def import_servers(self):
        self.asked.append(("import",))

    def say(self, sentence):
        self.asked.append(("say", sentence))


class FleetBench:
    """A page, and what it was made of. The clock stands still until a test moves it."""

    def __init__(self, folder):
        self.folder = folder
        self.store = open_store(StoreLocation.parse(str(folder / "store")))
        self.live = FleetLive()
        self.navigator = FleetNavigator()
        self.pool = Background(str)
        self.settings = DeskSettings(folder / "config")
        self.themes = Themes()
        self.clock = NOW
        self.pages = []

    def keep(self, *servers):
        """Put servers into the store and the live fleet."""
        kept = add_servers(self.store, servers, NOW)
        self.live.tell_servers([*self.live.servers, *kept])
        return kept

    def page(self):
        context = DeskContext(
            store=self.store,
            background=self.pool,
            live=self.live,
            themes=self.themes,
            settings=self.settings,
            navigator=self.navigator,
            asked_by="ann",
        )
        page = FleetPage(context, lambda: self.clock)
        page.resize(1200, 700)
        page.show()
        self.pages.append(page)
        wait_until(lambda: not page.feed._slices._waiting and not page.feed._is_comparing)
        page.feed.tick()
        return page

    def close(self):
        self.pool.close()
        end(*self.pages)
        self.settings.close()
        self.store.close()


def names_shown(model):
    return [model.columns.servers[row].name for row in model.shown]
