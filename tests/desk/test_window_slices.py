"""Whatever a person opens, and whatever befalls the fleet, the window's thread works in slices.

Each is measured by the thread's own CPU time, so that a busy machine does not count.
"""

import gc
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QDialog

from bench.window_rows import MeasuredTable
from noc_console.desk.app import DeskProgram
from noc_console.desk.fleet.fleet_cells import Column
from noc_console.desk.garbage import GarbageKeeper
from noc_console.desk.live_reader import News
from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm
from noc_console.health.verdict import Verdict
from noc_console.incidents.availability.standing_records import Standing, Turn, write_turns
from noc_console.store.heartbeat import beat, register
from noc_console.store.history import History
from noc_console.store.journal import Reading
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.desk.qt_life import end, wait_until
from tests.desk.slice_watch import SliceWatch, slowness

pytestmark = pytest.mark.alone

SERVERS = 1000
THEME_MS = 250.0
"""Qt styles every widget of the window in one go; from the application it took over a second."""
LONGEST_MS = 50.0
MADE_MS = 80.0
"""What making a page may take, once: Qt lays its widgets out and styles them in one go."""
NAMES = ("load1", "load5", "load15", "cpu_percent", "mem_used_percent", "net_rx_bytes_per_s")


def fill(store, now):
    engine = register(store, "host", 1, "0", now - timedelta(minutes=30))
    servers = add_servers(
        store,
        [Server(name=f"web{number:04}", address="192.0.2.1") for number in range(SERVERS)],
        now - timedelta(hours=2),
    )
    history = History(store)
    for minutes in (20, 19, 18, 5, 1):
        at = now - timedelta(minutes=minutes)
        at_ms = int(at.timestamp() * 1000)
        values = dict.fromkeys(NAMES, 7.0 + minutes) | {"cores": 4.0, "uptime_s": 9.0}
        history.append([Reading(one.id, at_ms, values) for one in servers], at)
    for seconds in range(-1800, 1, 20):
        beat(store, engine.id, now + timedelta(seconds=seconds))
    with store.write() as connection:
        write_turns(
            connection,
            [Turn(one.id, "", Standing.UP, now - timedelta(minutes=30)) for one in servers],
        )


@pytest.fixture
def program(application, tmp_path):
    now = datetime.now(UTC)
    store = open_store(StoreLocation.parse(str(tmp_path / "store")))
    fill(store, now)
    store.close()
    program = DeskProgram(
        application,
        StoreLocation.parse(str(tmp_path / "store")),
        own_engine=None,
        tell_of_bug=str,
        settings_folder=tmp_path / "config",
    )
    program.window.resize(1366, 768)
    program.start()
    keeper = GarbageKeeper(program.window)
    wait_until(lambda: program.live is not None and len(program.live.latest) == SERVERS, 60)
    program._warm_up._thread.join(60)
    wait_until(lambda: program.background.is_idle, 30)
    yield program
    keeper.close()
    gc.unfreeze()
    program.close()
    end(program.window, program)


@pytest.fixture
def watch():
    watch = SliceWatch()
    yield watch
    end(watch)


def is_idle(program):
    page = program.window.current_page
    return program.background.is_idle and getattr(page, "is_settled", True)


def storm(servers, first_id, now):
    """Give alarms of servers that are all lost, in parts as they come."""
    alarms = [
        Alarm(
            id=first_id + number,
            server_id=server.id,
            key="link",
            verdict=Verdict.DOWN,
            words="it stopped answering; we try again by ourselves.",
            raised_at=now,
        )
        for number, server in enumerate(servers)
    ]
    return [alarms[place : place + 100] for place in range(0, len(alarms), 100)]


@pytest.mark.parametrize("page", ["alarms", "fleet"])
def test_a_storm_of_a_thousand_alarms_is_told_in_slices(program, watch, page, monkeypatch):
    program.window.open_page(page)
    wait_until(lambda: is_idle(program), 30)
    parts = storm(program.live.servers, 1, datetime.now(UTC))
    reader = program.live._reader
    take = reader.take

    def take_with_alarms():
        news = take()
        if parts:
            news.alarms |= {one.id: one for one in parts.pop(0)}
        return news

    monkeypatch.setattr(reader, "take", take_with_alarms)

    longest = watch.longest_ms(
        lambda: None, lambda: len(program.live.alarms) == SERVERS and is_idle(program)
    )

    assert longest < LONGEST_MS


def test_a_whole_storm_at_once_is_told_in_slices(program, watch, monkeypatch):
    program.window.open_page("alarms")
    wait_until(lambda: is_idle(program), 30)
    parts = storm(program.live.servers, 1, datetime.now(UTC))
    news = News(alarms={one.id: one for part in parts for one in part})
    reader = program.live._reader
    told = [news]
    take = reader.take
    monkeypatch.setattr(reader, "take", lambda: told.pop() if told else take())

    longest = watch.longest_ms(
        lambda: None, lambda: len(program.live.alarms) == SERVERS and is_idle(program)
    )

    assert longest < LONGEST_MS


def test_every_page_opens_in_slices(program, watch):
    found = {}
    for key in program.window.page_keys:
        found[key] = watch.longest_ms(
            lambda key=key: program.window.open_page(key), lambda: is_idle(program)
        )

    assert {key: took for key, took in found.items() if took >= MADE_MS} == {}


def test_a_server_opens_in_slices_also_the_second_time(program, watch):
    one, other = program.live.servers[0].id, program.live.servers[1].id
    found = [
        watch.longest_ms(
            lambda server_id=server_id: program.window.open_server(server_id),
            lambda: is_idle(program),
        )
        for server_id in (one, other, one)
    ]

    assert max(found) < MADE_MS, found
    assert found[-1] < LONGEST_MS, found


def test_dialogs_open_in_slices(program, watch):
    window, found = program.window, {}
    for name, act in {
        "answer desk": window.answer_caller,
        "palette": window.open_palette,
        "keys": window.show_keys,
        "new server": window.add_server,
    }.items():
        found[name] = watch.longest_ms(act, lambda: is_idle(program))
        for dialog in window.findChildren(QDialog):
            dialog.close()

    assert {name: took for name, took in found.items() if took >= LONGEST_MS} == {}


def test_the_time_machine_goes_to_a_moment_in_slices(program, watch):
    program.window.open_page("time-machine")
    page = program.window.current_page
    wait_until(lambda: page.live is not None and is_idle(program), 30)
    found = []
    for minutes in (17, 3):
        at = (datetime.now(UTC) - timedelta(minutes=minutes)).replace(microsecond=0)
        found.append(
            watch.longest_ms(
                lambda at=at: page.jump(at),
                lambda at=at: page.at == at and bool(page.live.latest) and is_idle(program),
            )
        )

    assert max(found) < LONGEST_MS, found


def test_another_theme_is_shown_without_going_through_every_widget_again_and_again(program, watch):
    window = program.window
    for key in window.page_keys:
        window.open_page(key)
    wait_until(lambda: is_idle(program), 30)

    longest = watch.longest_ms(
        lambda: program.settings.put("theme", "dark"), lambda: is_idle(program)
    )

    assert longest < THEME_MS


def test_fifty_thousand_rows_are_filtered_sorted_and_changed_at_once(application, tmp_path):
    table = MeasuredTable(application, tmp_path)
    slow = slowness()

    took = {
        "sort": table.sort_ms(Column.LOAD, 3),
        "filter": table.filter_ms(3),
        "change": table.change_ms(3),
    }

    slow = max(1.0, min(slow, slowness()))
    assert {what: ms for what, ms in took.items() if ms / slow >= LONGEST_MS} == {}
