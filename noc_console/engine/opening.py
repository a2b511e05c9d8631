"""Opening a link: connect over the jumps, start both probe loops. Runs on a worker thread."""

import time
from collections.abc import Callable, Mapping

from noc_console.engine.events import BytesArrived, Event, StreamEnded
from noc_console.engine.open_link import OpenLink
from noc_console.engine.openings import Place
from noc_console.errors import ConsoleError
from noc_console.fleet.failure import Failure
from noc_console.fleet.server import Server
from noc_console.links.accepted_keys import known_keys
from noc_console.links.reader import LinkReader
from noc_console.links.ssh import SshConnection, Stream, connect
from noc_console.store.store import Store
from noc_console.telemetry.probe import probe_script, slow_script


class UnknownJump(ConsoleError):
    """A server names a jump server that is not in the fleet."""


def place_of(server: Server, servers: Mapping[str, Server]) -> Place:
    """Give the first sshd on the way to a server."""
    first = servers.get(server.jumps[0], server) if server.jumps else server
    return first.address.lower(), first.port


def route_to(server: Server, servers: Mapping[str, Server]) -> tuple[Server, ...]:
    """Give the servers to go through, nearest to us first.

    Raises:
        UnknownJump: when a jump is not in the fleet.
    """
    missing = [name for name in server.jumps if name not in servers]
    if missing:
        raise UnknownJump(
            f"{server.name} is reached through {missing[0]}, which is not in the fleet; "
            "add it or take it out of the jumps."
        )
    return tuple(servers[name] for name in server.jumps)


def open_link(
    store: Store,
    server: Server,
    route: tuple[Server, ...],
    generation: int,
    post: Callable[[Event], None],
    reader: LinkReader | None,
) -> OpenLink:
    """Connect to a server and start its probe loops; what they send is posted as events.

    The reader, where there is one, reads it once the loops are started.

    Raises:
        LinkFailure: there is no connection or no shell.
    """
    connection = connect(server, jumps=route, known=known_keys(store))
    try:
        fast = _start(connection, server.id, generation, post, slow=False)
        link = OpenLink(
            connection, fast, lambda: _start(connection, server.id, generation, post, slow=True)
        )
        link.start_slow()
        if reader is not None:
            connection.hand_to(reader)
    except BaseException:
        connection.close()
        raise
    return link


def _start(
    connection: SshConnection,
    server_id: int,
    generation: int,
    post: Callable[[Event], None],
    *,
    slow: bool,
) -> Stream:
    def on_bytes(content: bytes) -> None:
        post(BytesArrived(server_id, generation, slow, content, time.monotonic()))

    def on_end(failure: Failure) -> None:
        post(StreamEnded(server_id, generation, slow, failure))

    script = slow_script() if slow else probe_script()
    return connection.open_stream(script, on_bytes, on_end)
