"""The keeper of the throw-away servers: a child process that ends all of them when it ends.

Its standard input is a pipe from the demo. When that closes, because the demo ended or was killed,
the keeper ends every server and removes the demo's folder.
"""

import os
import select
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import FrameType

from noc_console.cli.demo_fleet import stand_ins
from noc_console.cli.demo_fleet.folder import STORE, hold, note_processes, remove
from noc_console.cli.demo_fleet.freezing import Freezing
from noc_console.cli.demo_fleet.keys import make_key
from noc_console.cli.demo_fleet.machine import Machine
from noc_console.cli.demo_fleet.open_ssh import OpenSsh, find_sshd, send
from noc_console.cli.demo_fleet.plan import JUMP, SERVICES, Part, PlannedServer, planned_servers
from noc_console.cli.demo_fleet.plan import Ports as PlannedPorts
from noc_console.cli.demo_fleet.ports import DemoPorts
from noc_console.cli.demo_fleet.proc_files import proc_files
from noc_console.cli.demo_fleet.proc_folder import ProcFolder
from noc_console.cli.demo_fleet.seeding import seed
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

READY = b"ready\n"
_STEP_S = 0.5
"""Shorter than the shortest tick, so that each tick finds figures that moved on."""


def keep(folder: Path) -> None:
    """Start every server, put them into the store in `folder`, say READY, and keep them alive.

    Raises:
        ConsoleError: sshd is missing or does not start, or the store cannot be made.
    """
    signal.signal(signal.SIGTERM, _end)
    lock = hold(folder)
    keeper = _Keeper(folder)
    try:
        keeper.start()
        sys.stdout.buffer.write(READY)
        sys.stdout.flush()
        while not _parent_is_gone(_STEP_S):
            keeper.step()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        keeper.close()
        remove(folder)
        lock.close()


def _end(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature signal asks
    raise SystemExit(0)


def _parent_is_gone(wait_s: float) -> bool:
    """Wait this long for the pipe to close; the demo writes nothing into it."""
    ready, _, _ = select.select([sys.stdin], [], [], wait_s)
    return bool(ready) and not os.read(sys.stdin.fileno(), 4096)


class _Keeper:
    """The servers, the made-up machines behind them, and the ports of the outside checks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._servers: dict[PlannedServer, OpenSsh] = {}
        self._machines: dict[PlannedServer, Machine] = {}
        self._procs: dict[PlannedServer, ProcFolder] = {}
        self._freezing = Freezing()
        self._is_frozen = False
        self._stepped_s = time.monotonic()
        self._ports = DemoPorts()

    def start(self) -> None:
        """Start what there is, and tell the store of it."""
        sshd = find_sshd()
        key_file = self._folder / "key"
        authorized = self._folder / "authorized_keys"
        authorized.write_text(f"{make_key(key_file)}\n")
        for plan in planned_servers(_askable()):
            folder = self._folder / "servers" / plan.name
            server = OpenSsh(folder, plan.login_shell, authorized, jump=plan.name == JUMP)
            self._servers[plan] = server
            self._machines[plan] = _machine_of(plan)
            self._procs[plan] = ProcFolder(server.place.proc)
            stand_ins.write(server.place.programs, _told_by(plan))
        self.step()
        for server in self._servers.values():
            server.start(sshd)
        self._note()
        self._ports.start()
        store = open_store(StoreLocation.parse(str(self._folder / STORE)))
        try:
            ports = PlannedPorts(pages=self._ports.pages, mute=self._ports.mute)
            seed(store, self._servers, ports, key_file, datetime.now(UTC))
        finally:
            store.close()

    def step(self) -> None:
        """Let every machine live on until now."""
        now_s, dt_s = time.time(), time.monotonic() - self._stepped_s
        self._stepped_s += dt_s
        for plan, machine in self._machines.items():
            machine.step(dt_s)
            self._procs[plan].write(proc_files(machine, now_s))
            if plan.part is Part.FREEZES:
                self._freeze_or_go_on(self._servers[plan])

    def close(self) -> None:
        """End every server."""
        for server in self._servers.values():
            server.stop()
        self._ports.close()

    def _freeze_or_go_on(self, server: OpenSsh) -> None:
        family = server.family()
        frozen = self._freezing.is_frozen(time.monotonic(), has_session=len(family) > 1)
        if frozen == self._is_frozen:
            return
        self._is_frozen = frozen
        self._note()
        for one in family:
            send(one, signal.SIGSTOP if frozen else signal.SIGCONT)

    def _note(self) -> None:
        """Name all of them: what is frozen does not notice that we are gone."""
        families = [server.family() for server in self._servers.values()]
        note_processes(self._folder, [one for family in families for one in family])


def _machine_of(plan: PlannedServer) -> Machine:
    return Machine(
        hardware=plan.hardware,
        demand=plan.demand,
        chance=Random(plan.name),  # noqa: S311 - a figure that wavers, not a secret
        booted_before_s=plan.booted_before_s,
    )


def _told_by(plan: PlannedServer) -> stand_ins.Told:
    return stand_ins.Told(
        hostname=plan.name,
        hardware=plan.hardware,
        services=plan.services,
        root_percent=plan.root_percent,
        sites_percent=plan.sites_percent,
    )


def _askable() -> tuple[str, ...]:
    """Give the services of which the probe can ask here: all with systemd, else init scripts."""
    if Path("/run/systemd/system").is_dir():
        return SERVICES
    return tuple(name for name in SERVICES if Path("/etc/init.d", name).exists())
