"""The slow probe loop of one lane: what it was asked, what it answered, whether it hangs.

A `df` on a dead network mount hangs this loop and not the ticks; it is then closed and begun again
some minutes later. What init said meanwhile grows old and is then unknown (see `Picture`).
"""

from datetime import datetime

from noc_console.engine.picture import Picture
from noc_console.engine.recorder import Recorder
from noc_console.telemetry.arrays import figures_of
from noc_console.telemetry.frame import Frame, FrameReader
from noc_console.telemetry.slow import SlowReader

SILENCE_S = 45.0
AGAIN_AFTER_S = 300.0


class SlowReadings:
    """Feeds a server's mounts, units, processes and facts to its picture and the recorder."""

    def __init__(self, picture: Picture, recorder: Recorder) -> None:
        """Stand ready for the first connection."""
        self._picture = picture
        self._recorder = recorder
        self.restart(0.0)

    def restart(self, now_s: float) -> None:
        """Begin anew with a loop that starts now."""
        self._frames = FrameReader()
        self._reader = SlowReader()
        self._waits_since_s: float | None = now_s
        self._ended_s: float | None = None

    @property
    def can_be_asked(self) -> bool:
        """Whether the loop is ready and has answered what it was asked before."""
        return self._frames.ready and self._waits_since_s is None and self._ended_s is None

    def asked(self, now_s: float) -> None:
        """Note that the loop was asked now."""
        self._waits_since_s = now_s

    def is_hung(self, now_s: float) -> bool:
        """Whether the loop has not become ready, or has not answered, for too long."""
        return self._waits_since_s is not None and now_s - self._waits_since_s > SILENCE_S

    def give_up(self, now_s: float) -> None:
        """Ask no more until the loop is begun again."""
        self._ended_s = now_s
        self._waits_since_s = None

    def may_begin_again(self, now_s: float) -> bool:
        """Whether the loop was given up long enough ago."""
        return self._ended_s is not None and now_s - self._ended_s > AGAIN_AFTER_S

    def feed(self, content: bytes, now: datetime, now_s: float) -> None:
        """Take bytes of the loop; a whole frame becomes readings.

        Raises:
            OutputNotUnderstood, OutputTooLong: they are no frames.
        """
        if self._ended_s is not None:
            return
        was_ready = self._frames.ready
        frames = self._frames.feed(content)
        if frames or (self._frames.ready and not was_ready):
            self._waits_since_s = None
        for frame in frames:
            self._take(frame, now, now_s)

    def _take(self, frame: Frame, now: datetime, now_s: float) -> None:
        server_id = self._picture.server.id
        reading = self._reader.read(frame, now, now_s)
        if reading.mounts is not None:
            self._picture.take_mounts(reading.mounts, now_s)
            self._recorder.put_mounts(server_id, reading.mounts)
        if reading.arrays is not None:
            self._picture.take_arrays(reading.arrays, now_s)
            self._recorder.put_figures(server_id, figures_of(reading.arrays))
        if reading.figures:
            self._picture.take_figures(reading.figures, now_s)
            self._recorder.put_figures(server_id, reading.figures)
        if reading.units is not None:
            self._picture.take_inside(reading.units, now, now_s)
            self._recorder.put_services(server_id, self._picture.services())
        if reading.processes is not None:
            self._picture.take_figures({"zombies": float(reading.zombies)}, now_s)
            self._recorder.put_processes(server_id, reading.processes, reading.zombies)
        if reading.facts is not None:
            self._recorder.put_facts(server_id, reading.facts)
