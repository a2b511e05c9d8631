"""An open link: the connection and its two probe loops, the fast one and the slow one."""

from noc_console.fleet.link_state import LinkFacts
from noc_console.links.ssh import SshConnection, Stream


class OpenLink:
    """One server's connection with its loops. Sending never waits; closing is for a worker."""

    def __init__(self, connection: SshConnection, fast: Stream, slow: Stream | None) -> None:
        """Hold a connection on which the loops were started; `slow` may have been refused."""
        self._connection = connection
        self._fast = fast
        self._slow = slow

    @property
    def facts(self) -> LinkFacts:
        """What was agreed with the server."""
        return self._connection.facts

    def send_fast(self, line: bytes) -> bool:
        """Send a tick to the fast loop; false when the connection takes nothing at this moment."""
        return self._fast.send(line)

    def send_slow(self, line: bytes) -> bool:
        """Send a tick to the slow loop; false when it is closed or takes nothing now."""
        return self._slow is not None and self._slow.send(line)

    def close_slow(self) -> None:
        """End the slow loop: something it called hangs."""
        if self._slow is not None:
            self._slow.close()
            self._slow = None

    def close(self) -> None:
        """End both loops and the connection."""
        self._connection.close()
