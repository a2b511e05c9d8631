"""How soon a person hears: from the alarm in the store to the desktop's note, a chat and a mail.

The note goes over a real session bus to a notification server of the tests; the chat and the mail
go from a real engine process to a real HTTP receiver and a real Postfix (that one only as root).
"""

import os
import queue
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.measure import Measure
from noc_console.health.delivery.ledger_records import read_situation
from noc_console.health.delivery.mail_server import MailServer, put_mail_server
from noc_console.health.delivery.recipient import Recipient, Way
from noc_console.health.delivery.recipient_records import (
    add_recipient,
    list_recipients,
    remove_recipient,
)
from noc_console.health.delivery.rules import due
from noc_console.health.verdict import Verdict
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store
from tests.health.alarms import raise_alarm
from tests.health.telling import change
from tests.postfix import PASSWORD, USER, Postfix
from tests.receiver import Receiver

_TIMES = {True: 20, False: 120}
_MAX_S = 1.0
_URL, _LOGIN = "NOC_BENCH_CHAT", "NOC_BENCH_LOGIN"
_ALARMS, _RECIPIENTS = 1000, 10


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure each way, and what planning costs in a storm."""
    times = _TIMES[quick]
    with closing(open_store(StoreLocation.parse(str(folder / "notes")))) as store:
        notes = _notes(store, times)
    measures = [_told("alarm in the store to the desktop's note, p99", notes)]
    with closing(open_store(StoreLocation.parse(str(folder / "ways")))) as store:
        for name, took_s in _ways(store, folder, times).items():
            measures.append(_told(f"alarm in the store to the {name}, p99", took_s))
    with closing(open_store(StoreLocation.parse(str(folder / "storm")))) as store:
        measures.append(_planning(store))
    return measures


def _told(name: str, took_s: list[float]) -> Measure:
    ordered = sorted(took_s)
    p99 = ordered[min(int(0.99 * len(ordered)), len(ordered) - 1)]
    note = f"p50 {ordered[len(ordered) // 2]:.2f} s, worst {ordered[-1]:.2f} s of {len(ordered)}"
    return Measure(name=name, unit="s", ours=p99, at_most=_MAX_S, note=note)


def _notes(store: Store, times: int) -> list[float]:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from tests.desk.session_bus import NotificationServer, session_bus

    with session_bus() as address:
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
        server = NotificationServer(address)
        try:
            with _announcing(store) as work:
                return [_one_note(store, server.next, work, number) for number in range(times)]
        finally:
            server.end()


@contextmanager
def _announcing(store: Store) -> Iterator[Callable[[], None]]:
    """A desk's announcer on live alarms; gives what lets its window work for a moment."""
    import tempfile

    from PySide6.QtWidgets import QApplication

    from tests.desk.window_bench import WindowBench

    application = QApplication.instance() or QApplication([])
    if not isinstance(application, QApplication):
        raise TypeError("there is another kind of application")
    from noc_console.desk.announcing.announcer import Announcer
    from noc_console.desk.live import LiveFleet

    with tempfile.TemporaryDirectory() as folder:
        bench = WindowBench(application, Path(folder))
        live = LiveFleet(store, bench.pool)
        live.setParent(bench.settings)
        window = bench.window()
        bench.settings.put("announce.sounds", False)
        announcer = Announcer(
            replace(bench.context, store=store, live=live), window, lambda: datetime.now(UTC)
        )
        live.start()

        def work() -> None:
            application.processEvents()
            time.sleep(0.002)

        while not live.is_loaded:
            work()
        yield work
        announcer.close()
        live.close()
        bench.close()


def _one_note(
    store: Store, take: Callable[[float], object], work: Callable[[], None], number: int
) -> float:
    began_s = time.monotonic()
    one = raise_alarm(store, f"check:{number}", raised_at=datetime.now(UTC))
    _wait(take, work)
    took_s = time.monotonic() - began_s
    change(store, one, cleared_at=datetime.now(UTC))
    _wait(take, work)  # the note is taken back
    return took_s


def _wait(take: Callable[[float], object], work: Callable[[], None]) -> None:
    while True:
        work()
        try:
            take(0.001)
        except queue.Empty:
            continue
        return


def _ways(store: Store, folder: Path, times: int) -> dict[str, list[float]]:
    """Each round tells somebody new: to the same one, so many would be gathered."""
    took_s: dict[str, list[float]] = {}
    with closing(Receiver()) as receiver:
        os.environ[_URL] = receiver.url
        chat = Recipient(name="x", way=Way.CHAT, address="", secret=f"env:{_URL}")
        with _engine(store, folder / "engine-1.log"):
            _rounds(store, chat, lambda: len(receiver.heard), 3)  # apprise loads its services
            took_s["chat"] = _rounds(store, chat, lambda: len(receiver.heard), times)
    if os.geteuid() != 0:
        return took_s
    postfix = Postfix()
    try:
        postfix.start()
        os.environ["SSL_CERT_FILE"] = str(postfix.certificate)
        os.environ[_LOGIN] = PASSWORD
        server = MailServer(
            host=postfix.host,
            port=postfix.port,
            sender="noc@example.com",
            user=USER,
            secret=f"env:{_LOGIN}",
        )
        put_mail_server(store, server)
        mail = Recipient(name="x", way=Way.MAIL, address="anna@example.com")
        with _engine(store, folder / "engine-2.log"):
            took_s["mail taken by Postfix"] = _rounds(
                store, mail, lambda: postfix.log.count("postfix/qmgr"), times
            )
    finally:
        postfix.remove()
    return took_s


def _rounds(store: Store, one: Recipient, count: Callable[[], int], times: int) -> list[float]:
    took_s = []
    for number in range(times):
        now = datetime.now(UTC)
        to = add_recipient(
            store, replace(one, name=f"{one.way.value} {number} {now}"), "bench", now
        )
        time.sleep(0.6 + 0.005 * (number % 50))  # the engine has seen it; its looks fall anywhere
        before, began_s = count(), time.monotonic()
        alarm = raise_alarm(
            store, f"check:{number}", verdict=Verdict.DOWN, raised_at=datetime.now(UTC)
        )
        while count() == before:
            if time.monotonic() - began_s > 30:
                raise RuntimeError("a message did not come within 30 s")
            time.sleep(0.001)
        took_s.append(time.monotonic() - began_s)
        remove_recipient(store, to.id, "bench", datetime.now(UTC))
        change(store, alarm, cleared_at=datetime.now(UTC))
    return took_s


@contextmanager
def _engine(store: Store, log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "noc_console", "engine", "--store", store.location.text]
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    try:
        while b"Watching" not in log.read_bytes():
            if process.poll() is not None:
                raise RuntimeError(f"the engine ended: {log.read_text()}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _planning(store: Store) -> Measure:
    """What one look costs with a thousand alarms that call and ten people to tell."""
    now = datetime.now(UTC)
    for number in range(_ALARMS):
        raise_alarm(store, f"check:{number}", raised_at=now)
    for number in range(_RECIPIENTS):
        one = Recipient(name=str(number), way=Way.MAIL, address="anna@example.com")
        add_recipient(store, one, "bench", now)
    took_s = []
    for _ in range(10):
        began_s = time.monotonic()
        situation = read_situation(store, now)
        found = due(
            situation.alarms,
            situation.called,
            list_recipients(store),
            situation.ledger,
            now + timedelta(seconds=1),
        )
        took_s.append(time.monotonic() - began_s)
    if len(found) != _ALARMS * _RECIPIENTS:
        raise RuntimeError("not everything was due")
    return Measure(
        name=f"one look with {_ALARMS} alarms and {_RECIPIENTS} to tell",
        unit="ms",
        ours=sorted(took_s)[len(took_s) // 2] * 1000,
        note="on a thread of its own; the conductor does not wait for it",
    )
