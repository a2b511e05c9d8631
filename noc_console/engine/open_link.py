"""An open link: the connection and its two probe loops, the fast one and the slow one."""

import logging
from collections.abc import Callable
from dataclasses import replace

from noc_console.fleet.failure import Failure
from noc_console.fleet.link_state import LinkFacts
from noc_console.links.ssh import Answer, CommandResult, Heard, LinkFailure, SshConnection, Stream

log = logging.getLogger(__name__)


class OpenLink:
    """One server's connection with its loops. Sending never waits; closing is for a worker."""

    def __init__(
        self, connection: SshConnection, fast: Stream, open_slow: Callable[[], Stream]
    ) -> None:
        """Hold a connection on which the fast loop was started; `start_slow` starts the other."""
        self._connection = connection
        self._fast = fast
        self._open_slow = open_slow
        self._slow: Stream | None = None
        self.facts: LinkFacts = connection.facts
        """What was agreed with the server, and whether it gives the slow loop a session."""

    def start_slow(self) -> None:
        """Start the slow loop; on a worker. A server that allows one session only has none."""
        try:
            self._slow = self._open_slow()
        except LinkFailure as error:
            log.info("no slow readings: %s", error.sentence)
            self.facts = replace(self.facts, gives_one_session=True)

    def send_fast(self, line: bytes) -> bool:
        """Send a tick to the fast loop; false when the connection takes nothing at this moment."""
        return self._fast.send(line)

    def send_slow(self, line: bytes) -> bool:
        """Send a tick to the slow loop; false when it is closed or takes nothing now."""
        return self._slow is not None and self._slow.send(line)

    def run(
        self,
        script: bytes,
        *,
        deadline_s: float,
        max_bytes: int,
        answer: Answer | None = None,
        heard: Heard | None = None,
    ) -> CommandResult:
        """Run one bounded command beside the loops; on a worker.

        Raises:
            LinkFailure: as `SshConnection.run`.
        """
        return self._connection.run(
            script, deadline_s=deadline_s, max_bytes=max_bytes, answer=answer, heard=heard
        )

    def open_stream(
        self,
        script: bytes,
        on_bytes: Callable[[bytes], None],
        on_end: Callable[[Failure], None],
    ) -> Stream:
        """Start another loop beside these; on a worker.

        Raises:
            LinkFailure: the server refuses another session.
        """
        return self._connection.open_stream(script, on_bytes, on_end)

    def close_slow(self) -> None:
        """End the slow loop: something it called hangs. On a worker: it may have to wait."""
        slow, self._slow = self._slow, None
        if slow is not None:
            slow.close()

    def close(self) -> None:
        """End both loops and the connection."""
        self._connection.close()
