"""What the recorder's loop sends, cut out of a stream of bytes from a stranger.

Pure: no I/O, no clock. Guarantee: memory is bounded; any bytes give steps or `LoopTooLong`, and
nothing else; a collector's bytes come through to the byte, whatever they are.
"""

import re
from dataclasses import dataclass
from enum import Enum

from noc_console.errors import ConsoleError

MAX_NOISE_BYTES = 256 * 1024
"""What profiles and banners may print before the loop is ready, and shells between answers."""

_MAX_MARKER_BYTES = 200


class LoopTooLong(ConsoleError):
    """A server sends what nobody asked for, without end."""


class Mark(Enum):
    """What a marker of the loop says."""

    READY = "ready"
    ABSENT = "absent"
    BEGIN = "begin"
    STATUS = "status"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One marker: its number (that of the request, or the exit status) and the words after it."""

    mark: Mark
    number: int
    words: str


Step = Marked | bytes
"""A marker, or bytes that came before the next one."""

_MARKER = re.compile(rb"(ready|absent|begin|status|end)(?: ([0-9]{1,12}))?(?: ([^\n]{0,160}))?")


class LoopReader:
    """Reads one loop's stream, from the shell's first byte on."""

    def __init__(self, nonce: str) -> None:
        """Know the markers of this loop."""
        self._prefix = f"\n@{nonce} ".encode("ascii")
        self._rest = b"\n"  # so that a marker at the very start counts as well
        self._noise_bytes = 0
        self.is_ready = False
        self._is_within = False

    def feed(self, content: bytes) -> list[Step]:
        """Take bytes; give the markers and, between begin and end, the bytes so far.

        Raises:
            LoopTooLong: too much came that belongs to no collector.
        """
        held = self._rest + content
        steps: list[Step] = []
        while True:
            place = held.find(self._prefix)
            if place < 0:
                break
            line, ends, after = held[place + len(self._prefix) :].partition(b"\n")
            if not ends and len(line) <= _MAX_MARKER_BYTES:
                self._take(held[:place], steps)
                self._rest = held[place:]
                return steps
            self._take(held[:place], steps)
            self._mark(line, steps)
            held = after
        keep = self._unsure_bytes(held)
        self._take(held[: len(held) - keep], steps)
        self._rest = held[len(held) - keep :]
        return steps

    def _unsure_bytes(self, held: bytes) -> int:
        """How many bytes at the end may be the beginning of a marker."""
        for length in range(min(len(held), len(self._prefix) - 1), 0, -1):
            if self._prefix.startswith(held[-length:]):
                return length
        return 0

    def _take(self, content: bytes, steps: list[Step]) -> None:
        if not content:
            return
        if self._is_within:
            steps.append(content)
            return
        self._noise_bytes += len(content)
        if self._noise_bytes > MAX_NOISE_BYTES:
            raise LoopTooLong(
                "This server sends output without end that nobody asked for, so it is recorded "
                "no further; look at what its shell start-up files print."
            )

    def _mark(self, line: bytes, steps: list[Step]) -> None:
        found = _MARKER.fullmatch(line)
        if found is None:
            return
        mark = Mark(found[1].decode())
        self.is_ready |= mark is Mark.READY
        if mark is Mark.BEGIN:
            self._is_within, self._noise_bytes = True, 0
        elif mark in {Mark.STATUS, Mark.END}:
            self._is_within = False
        words = (found[3] or b"").decode("utf-8", "replace")
        steps.append(Marked(mark=mark, number=int(found[2] or 0), words=words))
