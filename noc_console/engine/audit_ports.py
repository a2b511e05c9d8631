"""A server's ports as they answer to the engine: the view from outside. On a worker.

Tried are the ports that must not be open, those that are agreed, and those that we know of. Nothing
is sent; a port that is open is closed again at once.
"""

import errno
import selectors
import socket
import time
from collections.abc import Iterable
from datetime import datetime

from noc_console.audit.agreed import AgreedKind
from noc_console.audit.agreed_records import list_agreed
from noc_console.audit.check import Check
from noc_console.audit.judging import RawOutcome
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server, ServerKind
from noc_console.links.port import resolve
from noc_console.store.store import Store

WITHIN_S = 4.0
"""What a port may take to answer; one that drops what it gets never does."""

_NAME_WITHIN_S = 5.0
_MOST_PORTS = 200
_OPEN, _CLOSED, _SILENT = "open", "closed", "silent"


class NoOutside(ConsoleError):
    """There is no outside from which a server can be looked at here."""


def look_at_ports(store: Store, check: Check, server: Server, now: datetime) -> RawOutcome:
    """Give a line a port, such as `tcp 443 open`; the others are closed or silent.

    Raises:
        ConsoleError: the server cannot be seen from here, so silence says nothing.
    """
    if server.kind is ServerKind.THIS_MACHINE:
        raise NoOutside(
            f"{server.name} is the engine's own machine: from here nobody sees it from outside."
        )
    if server.jumps:
        raise NoOutside(
            f"{server.name} is reached through {server.jumps[0]}, so its ports cannot be tried "
            "from here; try them from a machine that may reach it directly."
        )
    started_s = time.monotonic()
    family, address = resolve(server, _NAME_WITHIN_S)[0]
    within_s = min(WITHIN_S, check.deadline_s)
    seen = try_ports(family, str(address[0]), _ports_of(store, check, server), within_s)
    if seen.get(server.port) != _OPEN:
        raise NoOutside(
            f"Port {server.port} of {server.name}, over which we are logged in, does not answer "
            "from here, so what the other ports do says nothing."
        )
    lines = [f"tcp {port} {state}" for port, state in sorted(seen.items())]
    return RawOutcome.of_lines(check, lines, took_s=time.monotonic() - started_s, at=now)


def try_ports(
    family: socket.AddressFamily, address: str, ports: Iterable[int], within_s: float
) -> dict[int, str]:
    """Give whether each port is open, closed (refused) or silent, all tried at once."""
    seen: dict[int, str] = {}
    with selectors.DefaultSelector() as waiting:
        for port in ports:
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.setblocking(False)
            code = sock.connect_ex((address, port))
            if code in {0, errno.EINPROGRESS, errno.EWOULDBLOCK}:
                waiting.register(sock, selectors.EVENT_WRITE, port)
            else:
                seen[port] = _state(code)
                sock.close()
        ends_s = time.monotonic() + within_s
        while waiting.get_map() and time.monotonic() < ends_s:
            for key, _ in waiting.select(max(0.0, ends_s - time.monotonic())):
                sock = key.fileobj  # type: ignore[assignment]
                seen[key.data] = _state(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
                waiting.unregister(sock)
                sock.close()
        for key in list(waiting.get_map().values()):
            seen[key.data] = _SILENT
            waiting.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr]
    return seen


def _state(code: int) -> str:
    if code == 0:
        return _OPEN
    return _CLOSED if code == errno.ECONNREFUSED else _SILENT


def _ports_of(store: Store, check: Check, server: Server) -> list[int]:
    """Give the ports to try: the login's own, the agreed, those of our checks, the risky."""
    agreed = [
        one.value.removeprefix("tcp/")
        for one in list_agreed(store)
        if one.kind == AgreedKind.PORT.value
        and one.value.startswith("tcp/")
        and one.holds_for(server)
    ]
    known = [one.target.rpartition(":")[2].partition("/")[0] for one in server.checks]
    words = [server.port, *agreed, *known, *check.limits.get("risky", ())]
    ports = [int(one) for one in map(str, words) if one.isascii() and one.isdigit()]
    return [one for one in dict.fromkeys(ports) if 0 < one < 65536][:_MOST_PORTS]
