"""Pictures show a page as a person would see it: with its figures, of a server worth a look."""

from datetime import UTC, datetime

import pytest

from noc_console.desk.app import DeskProgram
from noc_console.desk.pictures import draw_pages
from noc_console.desk.server.server_page import ServerPage
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.records import ServerState, put_states
from noc_console.health.verdict import Judgement, Verdict
from noc_console.store.changes import bump
from noc_console.store.heartbeat import register
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.desk.qt_life import end, wait_until

NOW = datetime.now(UTC)


def add(store, name: str, link: LinkState, verdict: Verdict) -> Server:
    server = add_server(store, Server(name=name, address="192.0.2.7"), NOW)
    state = ServerState(
        server_id=server.id,
        link=link,
        link_since=NOW,
        failure=None,
        judgement=Judgement(verdict=verdict, since=NOW),
        last_sample_at=NOW,
    )
    with store.write() as connection:
        put_states(connection, [state])
        bump(connection, "state")
    return server


@pytest.fixture
def program(application, tmp_path):
    location = StoreLocation.parse(str(tmp_path / "store"))
    store = open_store(location)
    just_now = datetime.now(UTC)  # a lease lasts seconds, a test run minutes
    register(store, "desk", 1, "0", just_now)
    add(store, "a-down", LinkState.DOWN, Verdict.DOWN)
    add(store, "b-well", LinkState.UP, Verdict.OK)
    add(store, "c-past-its-cut-off", LinkState.UP, Verdict.CUT_OFF)
    store.close()
    made = DeskProgram(
        application,
        location,
        own_engine=None,
        tell_of_bug=str,
        settings_folder=tmp_path / "config",
    )
    made.start()
    wait_until(lambda: made.live is not None and made.live.is_loaded)
    yield made
    made.close()
    end(made.window, made)


def test_the_page_drawn_is_that_of_the_worst_server_that_answers(program, tmp_path):
    draw_pages(program, tmp_path / "pictures", (1366, 768))

    names = [page.title for page in program.window.findChildren(ServerPage)]
    assert names == ["c-past-its-cut-off"]


def test_a_page_is_drawn_with_its_figures_though_the_window_was_hidden(
    program, tmp_path, monkeypatch
):
    asked = []
    monkeypatch.setattr(ServerPage, "_read_readings", lambda page: asked.append(page.isVisible()))
    program.window.hide()

    draw_pages(program, tmp_path / "pictures", (1366, 768))

    assert True in asked
