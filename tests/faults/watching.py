"""Watching a real sshd as the engine does: connection, probe, frames, samples."""

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from noc_console.fleet.failure import Failure
from noc_console.fleet.server import Server
from noc_console.links.ssh import SshConnection, Timeouts, connect
from noc_console.telemetry.frame import Frame, FrameReader
from noc_console.telemetry.parse import Counters, read_sample
from noc_console.telemetry.probe import Part, probe_script, slow_script, tick_line
from noc_console.telemetry.sample import Sample
from noc_console.telemetry.slow import SlowReader, SlowReading
from tests.links.conftest import knowing
from tests.promised import assert_promised
from tests.sshd import Sshd

FAST = frozenset({Part.FAST})
SLOW = frozenset({Part.UNITS, Part.MOUNTS, Part.PROCESSES, Part.FACTS})
PATIENT = Timeouts(name_s=5, port_s=4, greeting_s=30, authentication_s=30, channel_s=30)


class StreamEnded(Exception):
    """The stream ended while an answer was awaited."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.sentence)
        self.failure = failure


class Watch:
    """One probe loop on a connection."""

    def __init__(self, connection: SshConnection, script: bytes) -> None:
        self.reader = FrameReader()
        self.arrived: queue.SimpleQueue[bytes | Failure] = queue.SimpleQueue()
        self.stream = connection.open_stream(script, self.arrived.put, self.arrived.put)
        self._sequence = 0

    def wait_until_ready(self, timeout_s: float = 30) -> None:
        """Wait for the loop's first word."""
        while not self.reader.ready:
            self._feed(timeout_s)

    def tick(
        self, parts: frozenset[Part] = FAST, units: tuple[str, ...] = (), timeout_s: float = 30
    ) -> Frame:
        """Ask for one frame and give it."""
        self.wait_until_ready()
        self._sequence += 1
        self.stream.send(tick_line(self._sequence, parts, units))
        while True:
            for frame in self._feed(timeout_s):
                if frame.sequence == self._sequence:
                    return frame

    def read_on(self, timeout_s: float = 30) -> None:
        """Read what comes next, without asking for anything."""
        self._feed(timeout_s)

    def ending(self, timeout_s: float = 30) -> Failure:
        """Wait for the stream's end; what arrives before is read."""
        try:
            while True:
                self._feed(timeout_s)
        except StreamEnded as ended:
            assert_promised(ended.failure)
            return ended.failure

    def _feed(self, timeout_s: float) -> list[Frame]:
        arrived = self.arrived.get(timeout=timeout_s)
        if isinstance(arrived, Failure):
            raise StreamEnded(arrived)
        return self.reader.feed(arrived)


def sample_of(frame: Frame, before: Counters | None = None) -> tuple[Sample, Counters]:
    """Give the sample of a fast frame."""
    return read_sample(frame, before, 1, datetime.now(UTC))


def slow_of(frame: Frame, reader: SlowReader | None = None) -> SlowReading:
    """Give what a slow frame tells."""
    return (reader or SlowReader()).read(frame, datetime.now(UTC), time.monotonic())


@contextmanager
def linked(
    sshd: Sshd,
    server: Server | None = None,
    secrets: Callable[..., str | None] = lambda *_: None,
    timeouts: Timeouts = PATIENT,
) -> Iterator[SshConnection]:
    """Give a connection to a server whose key is known."""
    connection = connect(
        server or sshd.server(),
        known=knowing(sshd.host_key_line),
        secrets=secrets,
        timeouts=timeouts,
    )
    with closing(connection):
        yield connection


def fast(connection: SshConnection) -> Watch:
    """Start the fast probe."""
    return Watch(connection, probe_script())


def slow(connection: SshConnection) -> Watch:
    """Start the slow probe."""
    return Watch(connection, slow_script())
