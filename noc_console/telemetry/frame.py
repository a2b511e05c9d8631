"""Frames: what the probe's loops send, cut out of a stream of bytes from a stranger.

Pure: no I/O, no clock. Guarantee: memory is bounded, whatever arrives; any bytes give frames,
`OutputNotUnderstood` or `OutputTooLong`, and nothing else. The form is told in
resources/probe/probe.sh.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert

READY = b"@noc-console ready\n"
"""The scripts print it from two pieces, so that a server that only echoes is never ready."""

MAX_NOISE_BYTES = 256 * 1024
"""What profiles and banners may print before READY, and strangers between two frames."""

MAX_FRAME_BYTES = 512 * 1024
"""A frame of the slow loop with its 4000 processes takes less than half."""

MAX_LINE_BYTES = 16 * 1024
"""The longest line we ask for is one of net/snmp, some 300 bytes."""

_MAX_SEQUENCE_DIGITS = 12


class OutputNotUnderstood(ConsoleError):
    """A server sends something else than the probe's frames."""


class OutputTooLong(ConsoleError):
    """A server sends more than a frame may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One answer of a probe loop: lines by section, and the sections the server has not.

    What was not asked for is in neither. Lines are as the server sent them, read as UTF-8: not
    yet inert.
    """

    sequence: int
    sections: Mapping[str, tuple[str, ...]]
    absent: frozenset[str]
    text: str = field(default="", compare=False, repr=False)
    """The whole of it, where it came in one piece as most do."""


class FrameReader:
    """Reads one stream, from the shell's first byte on."""

    def __init__(self) -> None:
        """Begin before READY."""
        self.ready = False
        self._rest = b""
        self._noise_bytes = 0
        self._frame_bytes = 0
        self._sequence: int | None = None
        self._lines: list[bytes] | None = None
        self._sections: dict[str, list[bytes]] = {}
        self._absent: set[str] = set()

    def feed(self, content: bytes) -> list[Frame]:
        """Take bytes as they arrive and give the frames they complete.

        Raises:
            OutputNotUnderstood: inside a frame there is a line that is no part of one.
            OutputTooLong: noise or a frame exceeds its bound.
        """
        if self.is_between_frames:
            frame = _whole_frame(content)
            if frame is not None:
                self.pass_over()
                return [frame]
        *lines, self._rest = (self._rest + content).split(b"\n")
        frames = []
        for line in lines:
            size = len(line)
            if (
                self._lines is not None
                and line[:1] == b" "
                and size < MAX_LINE_BYTES
                and self._frame_bytes + size < MAX_FRAME_BYTES
            ):
                self._frame_bytes += size + 1
                self._lines.append(line[1:])
            elif (frame := self._take(line)) is not None:
                frames.append(frame)
        if len(self._rest) > self._room():
            raise self._too_long()
        return frames

    @property
    def is_between_frames(self) -> bool:
        """Whether the next byte begins a frame, or is noise."""
        return self.ready and self._sequence is None and not self._rest

    def pass_over(self) -> None:
        """Note that a whole frame came and was read elsewhere; noise before it counts no more."""
        self._noise_bytes = 0

    def _room(self) -> int:
        if self._sequence is None:
            room = MAX_NOISE_BYTES - self._noise_bytes
        else:
            room = MAX_FRAME_BYTES - self._frame_bytes
        return min(MAX_LINE_BYTES, room)

    def _too_long(self) -> OutputTooLong:
        return OutputTooLong(
            "The server sends output without end; look at what its shell start-up files print."
        )

    def _take(self, line: bytes) -> Frame | None:
        if len(line) >= self._room():
            raise self._too_long()
        if self._sequence is not None:
            self._frame_bytes += len(line) + 1
            return self._take_inside(line)
        if self.ready and line.startswith(b"@frame "):
            self._begin(line)
        else:
            self._noise_bytes += len(line) + 1
            if line == READY[:-1]:
                self.ready = True
                self._noise_bytes = 0
        return None

    def _begin(self, line: bytes) -> None:
        self._sequence = _sequence(line, b"@frame ")
        self._noise_bytes = 0
        self._frame_bytes = len(line) + 1
        self._sections = {}
        self._absent = set()
        self._lines = None

    def _take_inside(self, line: bytes) -> Frame | None:
        if line.startswith(b"@+ "):
            name = inert(line[3:], 100)
            if name in self._sections:
                raise _not_understood(line)
            self._lines = self._sections[name] = []
        elif line.startswith(b"@- "):
            self._absent.add(inert(line[3:], 100))
            self._lines = None
        elif line.startswith(b"@end "):
            return self._end(line)
        else:
            raise _not_understood(line)
        return None

    def _end(self, line: bytes) -> Frame:
        sequence = _sequence(line, b"@end ")
        if sequence != self._sequence:
            raise _not_understood(line)
        sections, self._sections = self._sections, {}
        self._sequence = self._lines = None
        return Frame(
            sequence=sequence,
            sections={name: _text(lines) for name, lines in sections.items()},
            absent=frozenset(self._absent),
        )


def _whole_frame(content: bytes) -> Frame | None:
    """Give the frame that a piece of the stream is, whole and well formed; None where it is not.

    Nearly every piece is; reading it line by line, as what is None must be, costs four times more.
    """
    if not content.startswith(b"@frame ") or len(content) > MAX_LINE_BYTES or not content.isascii():
        return None
    text = content.decode("ascii")
    head, *parts = text.split("\n@")
    digits = head[len("@frame ") :]
    if not parts or parts.pop() != f"end {digits}\n" or not _is_sequence(digits):
        return None
    if text.count("\n ") + len(parts) + 2 != text.count("\n"):
        return None  # a line that is neither content nor a marker
    sections: dict[str, tuple[str, ...]] = {}
    absent: set[str] = set()
    for part in parts:
        first, found, rest = part.partition("\n ")
        name = inert(first[2:], 100)
        if part[:2] == "+ " and name not in sections:
            sections[name] = tuple(rest.split("\n ")) if found else ()
        elif part[:2] == "- " and not found:
            absent.add(name)
        else:
            return None
    return Frame(sequence=int(digits), sections=sections, absent=frozenset(absent), text=text)


def _is_sequence(digits: str) -> bool:
    return digits.isdigit() and len(digits) <= _MAX_SEQUENCE_DIGITS


def _text(lines: list[bytes]) -> tuple[str, ...]:
    """Give lines as text, all decoded in one go."""
    return tuple(b"\n".join(lines).decode("utf-8", "replace").split("\n")) if lines else ()


def _sequence(line: bytes, marker: bytes) -> int:
    digits = line.removeprefix(marker)
    if not digits.isdigit() or len(digits) > _MAX_SEQUENCE_DIGITS:
        raise _not_understood(line)
    return int(digits)


def _not_understood(line: bytes) -> OutputNotUnderstood:
    return OutputNotUnderstood(
        f"The server's answer holds a line that is not ours: {inert(line, 80)!r}; "
        "look for a program that writes into the sessions of this account."
    )
