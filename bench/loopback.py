"""Servers and an engine to measure: real sshds on loopback, a real store, the real program."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from noc_console.fleet.host_keys import accept_key
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.records import add_servers, delete_servers, ensure_this_machine
from noc_console.health.records import list_states
from noc_console.store.heartbeat import living_engine
from noc_console.store.location import StoreLocation
from noc_console.store.settings import put_setting
from noc_console.store.store import Store, open_store
from tests.sshd import Sshd

FILES = (
    *("uptime", "loadavg", "stat", "vmstat", "net/snmp", "meminfo", "net/dev", "diskstats"),
    *("pressure/cpu", "pressure/memory", "pressure/io", "sys/fs/file-nr", "net/sockstat"),
)
"""What the probe reads in /proc, and the baselines with `cat`."""

CAT_COMMAND = "cat " + " ".join(f"/proc/{name}" for name in FILES)

WELL = 0.4
IN_ALARM = 50.0
"""The 1-min load that servers show: theirs is not that of the machine that carries all of them."""

_LOAD = "loadavg"
_PROCESSES = 100
_ROOM = {"MaxStartups": "3000:30:5000", "MaxSessions": "10", "LogLevel": "ERROR"}


@contextmanager
def running_sshds(folder: Path, count: int = 1) -> Iterator[list[Sshd]]:
    """Run sshds with room for thousands of sessions, of servers that are well.

    Their sessions see this machine's figures but a load of their own (`show_load`), and a hundred
    of its processes: they would else list one another, thousands, as no server does.
    """
    proc = folder / "proc"
    proc.mkdir(parents=True)
    show_load(folder, WELL)
    for name in {file.partition("/")[0] for file in FILES} - {_LOAD}:
        (proc / name).symlink_to(f"/proc/{name}")
    for pid in sorted(psutil.pids())[:_PROCESSES]:
        (proc / str(pid)).symlink_to(f"/proc/{pid}")
    options = {**_ROOM, "SetEnv": f"NOC_PROC={proc}"}
    sshds = [Sshd(folder / f"sshd-{number}", options=options) for number in range(count)]
    try:
        yield [sshd.start() for sshd in sshds]
    finally:
        for sshd in sshds:
            sshd.stop()


def show_load(folder: Path, load: float) -> None:
    """Have the servers of `running_sshds(folder)` tell this load from now on."""
    part = folder / "proc" / "load.part"
    part.write_text(f"{load:.2f} {load:.2f} {load:.2f} 2/320 4242\n")
    part.replace(part.with_name(_LOAD))  # the probe never reads half of it


def empty_store(folder: Path, sshds: Iterable[Sshd]) -> Store:
    """Make a store without servers in which the sshds' keys are accepted.

    The machine itself is taken out: it carries all the sessions, and reading it is not measured.
    """
    store = open_store(StoreLocation.parse(str(folder)))
    now = datetime.now(UTC)
    delete_servers(store, [ensure_this_machine(store, now).id], now)
    put_setting(store, "recorder.is_automatic", False)  # in alarm they would be recorded as well
    for sshd in sshds:
        accept_key(
            store,
            address=sshd.address,
            port=sshd.port,
            key_line=sshd.host_key_line,
            accepted_by="bench",
            now=now,
        )
    return store


def add_fleet(store: Store, sshds: Sequence[Sshd], count: int) -> None:
    """Add `count` servers, spread over these sshds."""
    servers = [sshds[number % len(sshds)].server(f"web-{number + 1:04}") for number in range(count)]
    add_servers(store, servers, datetime.now(UTC))


@contextmanager
def running_engine(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the real engine on a store in a process of its own, ended at the end."""
    with (folder / "engine.log").open("ab") as log:
        engine = subprocess.Popen(
            [sys.executable, "-m", "noc_console", "--store", str(folder), "engine"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        )
    try:
        yield engine
    finally:
        engine.send_signal(signal.SIGTERM)
        try:
            engine.wait(20)
        except subprocess.TimeoutExpired:
            engine.kill()
            engine.wait(10)


def is_watched(store: Store) -> bool:
    """Whether an engine has taken the store."""
    return living_engine(store, datetime.now(UTC)) is not None


def links_up(store: Store) -> int:
    """Give how many servers' links are up, as the engine tells it in the store."""
    return sum(state.link is LinkState.UP for state in list_states(store).values())


def wait_until(is_so: Callable[[], bool], within_s: float, what: str) -> float:
    """Wait for something and give the seconds it took.

    Raises:
        RuntimeError: it did not come to pass.
    """
    started_s = time.monotonic()
    while not is_so():
        if time.monotonic() - started_s > within_s:
            raise RuntimeError(f"{what} did not come to pass within {within_s:.0f} s")
        time.sleep(0.25)
    return time.monotonic() - started_s
