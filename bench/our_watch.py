"""Ourselves watching this machine in both ways: the SSH probe, and psutil."""

import queue
import threading
import time
from datetime import UTC, datetime

from bench.truth_series import Reading
from noc_console.fleet.failure import Failure
from noc_console.links.ssh import LinkFailure, SshConnection
from noc_console.telemetry.frame import Frame, FrameReader
from noc_console.telemetry.parse import Counters, read_sample
from noc_console.telemetry.probe import Part, probe_script, tick_line
from noc_console.telemetry.this_machine import ThisMachine

FAST = frozenset({Part.FAST})


class Watch:
    """Takes readings on a thread of its own, until it is stopped."""

    name: str

    def __init__(self, tick_s: float) -> None:
        """Stand ready."""
        self.readings: list[Reading] = []
        self._tick_s = tick_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=self.name)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Read no more."""
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        raise NotImplementedError


class ProbeWatch(Watch):
    """A probe loop over an SSH connection, asked each `tick_s`."""

    name = "SSH probe"

    def __init__(self, connection: SshConnection, tick_s: float) -> None:
        """Watch over this connection, which stays the caller's to close."""
        super().__init__(tick_s)
        self._connection = connection
        self._arrived: queue.SimpleQueue[tuple[float, bytes] | Failure] = queue.SimpleQueue()
        self._reader = FrameReader()
        self._counters: Counters | None = None

    def _watch(self) -> None:
        stream = self._connection.open_stream(
            probe_script(),
            lambda content: self._arrived.put((time.monotonic(), content)),
            self._arrived.put,
        )
        while not self._reader.ready:
            self._next_frames()
        sequence = 0
        while not self._stopping.is_set():
            sequence += 1
            stream.send(tick_line(sequence, FAST))
            self._take(sequence)
            self._stopping.wait(self._tick_s)
        stream.close()

    def _take(self, sequence: int) -> None:
        while True:
            at_s, frames = self._next_frames()
            for frame in frames:
                sample, self._counters = read_sample(frame, self._counters, 1, datetime.now(UTC))
                self.readings.append(Reading(at_s=at_s, values=sample.values))
                if frame.sequence == sequence:
                    return

    def _next_frames(self) -> tuple[float, list[Frame]]:
        arrived = self._arrived.get(timeout=60)
        if isinstance(arrived, Failure):
            raise LinkFailure(arrived)
        at_s, content = arrived
        return at_s, self._reader.feed(content)


class LocalWatch(Watch):
    """psutil, asked each `tick_s`."""

    name = "psutil"

    def _watch(self) -> None:
        machine = ThisMachine(1)
        while not self._stopping.is_set():
            sample = machine.read(datetime.now(UTC))
            self.readings.append(Reading(at_s=time.monotonic(), values=dict(sample.values)))
            self._stopping.wait(self._tick_s)
