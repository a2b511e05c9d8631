"""The demo's servers as the console knows them: put into the demo's own store."""

import getpass
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from noc_console.cli.demo_fleet.keys import new_public_key
from noc_console.cli.demo_fleet.open_ssh import OpenSsh
from noc_console.cli.demo_fleet.plan import LOOPBACK, Part, PlannedServer, Ports, checks_of
from noc_console.fleet.host_keys import accept_key
from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Authentication, Server
from noc_console.incidents.wall_time import WallChoice, own_zone, zone_of
from noc_console.incidents.windows.recurrence import Recurrence, Unit
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window
from noc_console.store.store import Store

ACCEPTED_BY = "the demo"
TICK_S = 2


def seed(
    store: Store,
    running: Mapping[PlannedServer, OpenSsh],
    ports: Ports,
    key_file: Path,
    now: datetime,
) -> None:
    """Add every server, and accept its host key; of one whose key is to have changed, another.

    Two windows are planned, so that the pages of windows and availability have something to show.
    """
    user = getpass.getuser()
    add_servers(
        store,
        [_server_of(plan, sshd, ports, key_file, user) for plan, sshd in running.items()],
        now,
    )
    for plan, sshd in running.items():
        changed = plan.part is Part.NEW_KEY
        accept_key(
            store,
            address=LOOPBACK,
            port=sshd.port,
            key_line=new_public_key() if changed else sshd.host_key_line,
            accepted_by=ACCEPTED_BY,
            now=now,
        )
    for window in _windows(now):
        add_window(store, window)


def _windows(now: datetime) -> list[Window]:
    """Give a window each week from tomorrow on, and one in three days."""
    zone = own_zone()
    night = now.astimezone(zone_of(zone)).replace(hour=2, minute=0, second=0, microsecond=0)
    tomorrow, later = ((night + timedelta(days=days)).astimezone(UTC) for days in (1, 3))
    return [
        Window(
            title="Kernel and restart, PHP servers",
            groups=("php",),
            starts_at=tomorrow,
            minutes=30,
            zone=zone,
            recurrence=Recurrence(unit=Unit.WEEKS),
            wall_choice=WallChoice.LATER,
            notice="https://status.example.org/php",
            entered_by=ACCEPTED_BY,
            entered_at=now,
        ),
        Window(
            title="Database maintenance",
            groups=("db",),
            services=("mariadb",),
            starts_at=later,
            minutes=45,
            zone=zone,
            entered_by=ACCEPTED_BY,
            entered_at=now,
        ),
    ]


def _server_of(
    plan: PlannedServer, sshd: OpenSsh, ports: Ports, key_file: Path, user: str
) -> Server:
    return Server(
        name=plan.name,
        address=LOOPBACK,
        port=sshd.port,
        user=user,
        authentication=Authentication.KEY_FILE,
        key_file=str(key_file),
        jumps=(plan.jump,) if plan.jump else (),
        groups=plan.groups,
        notes=f"{plan.notes} Login shell: {sshd.shell}.",
        expected_services=plan.services,
        checks=checks_of(plan, ports),
        brand=plan.brand,
        sites=plan.sites,
        partner=plan.partner,
        tick_s=TICK_S,
    )
