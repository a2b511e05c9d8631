"""The demo's servers as the console knows them: put into the demo's own store."""

import getpass
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from noc_console.cli.demo_fleet.keys import new_public_key
from noc_console.cli.demo_fleet.open_ssh import OpenSsh
from noc_console.cli.demo_fleet.plan import LOOPBACK, Part, PlannedServer, Ports, checks_of
from noc_console.fleet.host_keys import accept_key
from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Authentication, Server
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
    """Add every server, and accept its host key; of one whose key is to have changed, another."""
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
