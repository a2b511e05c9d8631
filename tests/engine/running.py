"""A real engine process on a store, and waiting for what it should do."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import psutil

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.host_keys import accept_key
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.records import ServerState, list_states
from noc_console.incidents.evidence.evidence_records import exhibits_of
from noc_console.store.history import History, Reading
from noc_console.store.orders import Order, get
from noc_console.store.store import Store
from tests.sshd import Sshd


def now() -> datetime:
    """Give the time as the engine has it."""
    return datetime.now(UTC)


def wait_until(
    condition: Callable[[], object], timeout_s: float = 30.0, every_s: float = 0.05
) -> None:
    """Wait until a condition holds; fail when it does not within the time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(every_s)


def numbers_of(store: Store, recording_id: int, collector: str) -> list[int]:
    """Give the numbers of one collector's exhibits in a recording, in order."""
    exhibits = exhibits_of(store, recording_id)
    return [one.number for one in exhibits if one.collector == collector]


class RunningEngine:
    """One `noc-console engine` process; what it says is in `log`."""

    def __init__(self, store: Store, folder: Path, *words: str, with_parent: bool = False) -> None:
        """Start it; words are further options."""
        self.log_path = folder / f"engine-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "noc_console", "engine", "--store", store.location.text]
        options = ["--with-parent"] if with_parent else []
        with self.log_path.open("wb") as said:
            self.process = subprocess.Popen(
                [*command, *options, *words],
                stdin=subprocess.PIPE if with_parent else subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=os.environ | {"PYTHONFAULTHANDLER": "1"},
            )

    @property
    def log(self) -> str:
        """What it said so far."""
        return self.log_path.read_text(errors="replace")

    def wait_until_watching(self) -> "RunningEngine":
        """Wait until it holds the lease; one that does not come to that is left nowhere."""
        try:
            wait_until(lambda: "Watching" in self.log or self.process.poll() is not None, 90)
        except AssertionError:
            self.end()
            raise
        assert self.process.poll() is None, self.log
        return self

    def stop(self) -> float:
        """Ask it to stop; give how many seconds that took."""
        started_s = time.monotonic()
        self.process.terminate()
        self.process.wait(20)
        return time.monotonic() - started_s

    def kill(self) -> None:
        """End it at once, as a crash does."""
        self.process.kill()
        self.process.wait(20)

    def end(self) -> None:
        """Clean up after a test: nothing is left, whatever happened."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        if self.process.poll() is None:
            self.kill()

    def cpu_s(self) -> float:
        """Give the processor time it has used."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system


def trust(store: Store, sshd: Sshd) -> None:
    """Accept an sshd's host key."""
    accept_key(
        store,
        address=sshd.address,
        port=sshd.port,
        key_line=sshd.host_key_line,
        accepted_by="test",
        now=now(),
    )


def add(store: Store, sshd: Sshd, name: str = "web", **fields: object) -> Server:
    """Add an sshd to the fleet, its host key accepted."""
    trust(store, sshd)
    return add_server(store, sshd.server(name, **fields), now())


def state_of(store: Store, server: Server) -> ServerState | None:
    """Give what the engine says of a server."""
    return list_states(store).get(server.id)


def link_of(store: Store, server: Server) -> LinkState | None:
    """Give where the engine says that the link stands."""
    state = state_of(store, server)
    return state and state.link


def says(store: Store, server: Server, words: str) -> bool:
    """Whether these words are in a reason of the engine's verdict."""
    state = state_of(store, server)
    return state is not None and any(words in reason for reason in state.judgement.words)


def failure_of(store: Store, server: Server) -> FailureKind | None:
    """Give why the link failed."""
    state = state_of(store, server)
    return state.failure.kind if state and state.failure else None


def is_up(store: Store, server: Server) -> bool:
    """Whether the engine says that the link stands."""
    return link_of(store, server) is LinkState.UP


def readings_of(store: Store, server: Server) -> list[Reading]:
    """Give the samples of a server in the order in which they were written."""
    found: list[Reading] = []
    last, some = History(store).after(0)
    while some:
        found += [one for one in some if one.server_id == server.id]
        last, some = History(store).after(last)
    return found


def times_s(store: Store, server: Server, since: datetime) -> list[float]:
    """Give the times of a server's samples after `since`, in seconds."""
    start_ms = since.timestamp() * 1000
    return [one.at_ms / 1000 for one in readings_of(store, server) if one.at_ms > start_ms]


def steps_s(times: list[float]) -> list[float]:
    """Give the seconds between times."""
    return [later - earlier for earlier, later in pairwise(times)]


def closed(store: Store, order_id: int, timeout_s: float = 30.0) -> Order:
    """Wait until an order is closed; give it."""
    wait_until(lambda: get(store, order_id).state.is_closed, timeout_s)
    return get(store, order_id)


def busy() -> float:
    """Give how many times longer all takes because this machine has other work, at least 1."""
    return max(1.0, psutil.getloadavg()[0] / psutil.cpu_count())
