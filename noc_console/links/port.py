"""From a server's name to an open port, each within its time."""

import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.links.failures import LinkFailure, link_failure

MAX_ADDRESSES = 8


def resolve(server: Server, timeout_s: float) -> list[tuple[socket.AddressFamily, Any]]:
    """Give the addresses of a server's name. getaddrinfo knows no time-out: it waits on a thread.

    Raises:
        LinkFailure: NAME_NOT_FOUND.
    """
    found: list[tuple[socket.AddressFamily, Any]] = []
    failures: list[OSError] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(server.address, server.port, type=socket.SOCK_STREAM)
            found.extend((family, address) for family, _, _, _, address in answers)
        except (OSError, UnicodeError) as error:
            failures.append(OSError(str(error)))

    thread = threading.Thread(target=ask, name="resolve", daemon=True)
    thread.start()
    thread.join(timeout_s)
    if found:
        return list(found)
    why = "is not known" if failures else f"was not found within {timeout_s:.0f} s"
    raise link_failure(
        FailureKind.NAME_NOT_FOUND,
        f"{server.name}: the name {inert(server.address, 80)} {why}; check its spelling and this "
        "machine's DNS.",
    )


def open_port(
    server: Server, addresses: Sequence[tuple[socket.AddressFamily, Any]], timeout_s: float
) -> socket.socket:
    """Give a socket connected to the first address that answers.

    Raises:
        LinkFailure: REFUSED, TIMED_OUT or UNREACHABLE.
    """
    ends_s = time.monotonic() + timeout_s
    failures: list[LinkFailure] = []
    tried = addresses[:MAX_ADDRESSES]
    for place, (family, address) in enumerate(tried):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(max(0.5, (ends_s - time.monotonic()) / (len(tried) - place)))
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            failures.append(_port_failure(server, error))
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return sock
    # without IPv6 here, "no route" to a server's IPv6 address says nothing of the server
    raise min(failures, key=lambda one: one.failure.kind is FailureKind.UNREACHABLE)


def _port_failure(server: Server, error: OSError) -> LinkFailure:
    where = f"{inert(server.address, 80)} port {server.port}"
    if isinstance(error, ConnectionRefusedError):
        return link_failure(
            FailureKind.REFUSED,
            f"{server.name} refuses connections at {where}; check that sshd runs there.",
        )
    if isinstance(error, ConnectionResetError):
        return link_failure(
            FailureKind.REFUSED,
            f"{server.name} closes the connection before it says hello; it may have reached its "
            "limit (MaxStartups) or block our address.",
        )
    if isinstance(error, TimeoutError):
        return link_failure(
            FailureKind.TIMED_OUT,
            f"{server.name} does not answer at {where}; check that it is up and that no firewall "
            "is in the way.",
        )
    return link_failure(
        FailureKind.UNREACHABLE,
        f"{server.name} cannot be reached at {where} ({error.strerror or 'no route'}); check the "
        "network.",
    )
