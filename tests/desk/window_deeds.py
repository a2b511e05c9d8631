"""What a person opens and what befalls a fleet of a thousand servers, each looked at in slices."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from PySide6.QtWidgets import QApplication, QDialog

from noc_console.desk.app import DeskProgram
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
from noc_console.store.store import Store, open_store
from tests.desk.qt_life import end, wait_until

SERVERS = 1000
_NAMES = ("load1", "load5", "load15", "cpu_percent", "mem_used_percent", "net_rx_bytes_per_s")
_PATIENCE_S = 60

Longest = Callable[[Callable[[], object], Callable[[], bool]], float]
"""Does something until a condition holds and gives the longest slice (SliceWatch.longest)."""


@contextmanager
def running_program(application: QApplication, folder: Path) -> Iterator[DeskProgram]:
    """Give the window on a store of a thousand servers, warmed up; it is closed at the end."""
    location = StoreLocation.parse(str(folder / "store"))
    store = open_store(location)
    _fill(store, datetime.now(UTC))
    store.close()
    program = DeskProgram(
        application,
        location,
        own_engine=None,
        tell_of_bug=str,
        settings_folder=folder / "config",
    )
    program.window.resize(1366, 768)
    program.start()
    try:
        wait_until(
            lambda: program.live is not None and len(program.live.latest) == SERVERS, _PATIENCE_S
        )
        wait_until(lambda: not program._warm_up._timer.isActive(), _PATIENCE_S)
        settle(program)
        yield program
    finally:
        program.close()
        end(program.window, program)


def is_idle(program: DeskProgram) -> bool:
    """Whether the page shown has all it shows and nothing runs for it."""
    page = program.window.current_page
    return program.background.is_idle and getattr(page, "is_settled", True)


def settle(program: DeskProgram) -> None:
    """Wait until the page shown is whole."""
    wait_until(lambda: is_idle(program), _PATIENCE_S)


def open_pages(program: DeskProgram, longest: Longest) -> dict[str, float]:
    """Open every page, the first time."""
    window = program.window
    return {
        key: longest(lambda key=key: window.open_page(key), lambda: is_idle(program))
        for key in window.page_keys
    }


def open_servers(program: DeskProgram, longest: Longest) -> dict[str, float]:
    """Open a server, another, and the first again."""
    one, other = (server.id for server in program.live.servers[:2])
    return {
        words: longest(
            lambda server_id=server_id: program.window.open_server(server_id),
            lambda: is_idle(program),
        )
        for words, server_id in (("first", one), ("second", other), ("first again", one))
    }


def open_dialogs(program: DeskProgram, longest: Longest) -> dict[str, float]:
    """Open what a person opens from every page."""
    window, found = program.window, {}
    for words, act in {
        "answer desk": window.answer_caller,
        "palette": window.open_palette,
        "keys": window.show_keys,
        "new server": window.add_server,
    }.items():
        found[words] = longest(act, lambda: is_idle(program))
        for dialog in window.findChildren(QDialog):
            dialog.close()
    return found


def go_to_moments(program: DeskProgram, longest: Longest) -> dict[str, float]:
    """Go to two moments of the past in the time machine."""
    program.window.open_page("time-machine")
    page, found = program.window.current_page, {}
    wait_until(lambda: page.live is not None and is_idle(program), _PATIENCE_S)
    for minutes in (17, 3):
        at = (datetime.now(UTC) - timedelta(minutes=minutes)).replace(microsecond=0)
        found[f"{minutes} minutes ago"] = longest(
            lambda at=at: page.jump(at),
            lambda at=at: page.at == at and bool(page.live.latest) and is_idle(program),
        )
    return found


def tell_storm(program: DeskProgram, longest: Longest, page: str, at_a_time: int) -> float:
    """Lose every server, so many alarms at a time, while a page is shown."""
    program.window.open_page(page)
    settle(program)
    now = datetime.now(UTC)
    alarms = [
        Alarm(
            id=number,
            server_id=server.id,
            key="link",
            verdict=Verdict.DOWN,
            words="it stopped answering; we try again by ourselves.",
            raised_at=now,
        )
        for number, server in enumerate(program.live.servers, 1)
    ]
    parts = [alarms[place : place + at_a_time] for place in range(0, len(alarms), at_a_time)]
    reader = program.live._reader
    take = reader.take

    def take_with_alarms() -> News:
        news = take()
        if parts:
            news.alarms |= {one.id: one for one in parts.pop(0)}
        return news

    with patch.object(reader, "take", take_with_alarms):
        return longest(
            lambda: None, lambda: len(program.live.alarms) == SERVERS and is_idle(program)
        )


def change_theme(program: DeskProgram, longest: Longest) -> float:
    """Show every page and then another theme."""
    for key in program.window.page_keys:
        program.window.open_page(key)
    settle(program)
    return longest(lambda: program.settings.put("theme", "dark"), lambda: is_idle(program))


def _fill(store: Store, now: datetime) -> None:
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
        values = dict.fromkeys(_NAMES, 7.0 + minutes) | {"cores": 4.0, "uptime_s": 9.0}
        history.append([Reading(one.id, at_ms, values) for one in servers], at)
    for seconds in range(-1800, 1, 20):
        beat(store, engine.id, now + timedelta(seconds=seconds))
    with store.write() as connection:
        write_turns(
            connection,
            [Turn(one.id, "", Standing.UP, now - timedelta(minutes=30)) for one in servers],
        )
