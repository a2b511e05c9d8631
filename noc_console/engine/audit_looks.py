"""Checks that ask nothing of the server itself: looked at from outside, or in our own history."""

from collections.abc import Callable, Mapping
from datetime import datetime

from noc_console.audit.check import Check, Family, Privilege
from noc_console.audit.judging import RawOutcome
from noc_console.engine.audit_outside import look_at_names, look_at_tls
from noc_console.engine.audit_performance import look_at_performance
from noc_console.engine.audit_ports import look_at_ports
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.store.store import Store

Look = Callable[[Store, Check, Server, datetime], RawOutcome]

PORTS = "ports"
LOOKS: Mapping[tuple[Privilege, str], Look] = {
    (Privilege.DESK, PORTS): look_at_ports,
    (Privilege.DESK, "names"): look_at_names,
    (Privilege.DESK, "tls"): look_at_tls,
    (Privilege.STORE, "performance"): look_at_performance,
}
"""How each is done, by the first word of the check's command; on a worker, within its deadline."""


class CannotLook(ConsoleError):
    """There is no way to look at something."""


def look(store: Store, check: Check, server: Server, now: datetime) -> RawOutcome:
    """Give what a check that is not asked of the server came to.

    Raises:
        ConsoleError: it could not be looked at; the sentence says why.
    """
    word = check.commands.get(Family.OTHER, PORTS).partition(" ")[0]
    way = LOOKS.get((check.privilege, word))
    if way is None:
        raise CannotLook(f"This version does not know how to look at {check.id}; update it.")
    return way(store, check, server, now)
