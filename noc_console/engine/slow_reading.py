"""The slow probe loop of one lane: what it was asked, what it answered, whether it hangs.

A `df` on a dead network mount hangs this loop and not the ticks; it is then closed, and the slow
readings grow old and say so, until the next connection.
"""

import logging
from datetime import datetime

from noc_console.engine.picture import Picture
from noc_console.engine.recorder import Recorder
from noc_console.fleet.failure import Failure
from noc_console.telemetry.frame import Frame, FrameReader
from noc_console.telemetry.slow import SlowReader

log = logging.getLogger(__name__)


class SlowReadings:
    """Feeds a server's mounts, units, processes and facts to its picture and the recorder."""

    def __init__(self, picture: Picture, recorder: Recorder) -> None:
        """Stand ready for the first connection."""
        self._picture = picture
        self._recorder = recorder
        self.restart()

    def restart(self) -> None:
        """Begin anew on a new connection."""
        self._frames = FrameReader()
        self._reader = SlowReader()
        self._asked_s: float | None = None
        self._ended = False

    @property
    def can_be_asked(self) -> bool:
        """Whether the loop is ready and has answered what it was asked before."""
        return self._frames.ready and self._asked_s is None and not self._ended

    def asked(self, now_s: float) -> None:
        """Note that the loop was asked now."""
        self._asked_s = now_s

    def is_hung(self, now_s: float, limit_s: float) -> bool:
        """Whether the loop was asked more than `limit_s` ago and has not answered."""
        return self._asked_s is not None and now_s - self._asked_s > limit_s

    def give_up(self) -> None:
        """Ask no more on this connection."""
        self._ended = True
        self._asked_s = None

    def ended(self, failure: Failure) -> None:
        """Note that the loop ended by itself."""
        log.info("%s: slow readings ended: %s", self._picture.server.name, failure.sentence)
        self.give_up()

    def feed(self, content: bytes, now: datetime, now_s: float) -> None:
        """Take bytes of the loop; a whole frame becomes readings."""
        for frame in self._frames.feed(content):
            self._asked_s = None
            self._take(frame, now, now_s)

    def _take(self, frame: Frame, now: datetime, now_s: float) -> None:
        server_id = self._picture.server.id
        reading = self._reader.read(frame, now, now_s)
        if reading.mounts is not None:
            self._picture.mounts = reading.mounts
            self._recorder.put_mounts(server_id, reading.mounts)
        if reading.units is not None:
            self._picture.inside = {state.name: state for state in reading.units}
            self._recorder.put_services(server_id, self._picture.services())
        if reading.processes is not None:
            self._recorder.put_processes(server_id, reading.processes, reading.zombies)
        if reading.facts is not None:
            self._recorder.put_facts(server_id, reading.facts)
