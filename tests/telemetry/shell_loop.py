"""A probe script in a real shell on this machine, asked as the engine asks it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from noc_console.telemetry.frame import Frame, FrameReader


class Loop:
    """A script that runs in a shell and is asked for frames, as the engine does."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.reader = FrameReader()
        self.output = b""

    def read(self) -> list[Frame]:
        assert self.process.stdout is not None
        content = os.read(self.process.stdout.fileno(), 65536)
        assert content, f"the loop ended early, after {self.output[-300:]!r}"
        self.output += content
        return self.reader.feed(content)

    def ask(self, line: bytes) -> Frame:
        """Send a tick and give its frame; what comes before it is passed over."""
        assert self.process.stdin is not None
        while not self.reader.ready:
            self.read()
        self.process.stdin.write(line)
        self.process.stdin.flush()
        sequence = int(line.split()[1])
        while True:
            for frame in self.read():
                if frame.sequence == sequence:
                    return frame


@contextmanager
def running(
    command: list[str | Path], script: bytes, env: dict[str, str] | None = None
) -> Iterator[Loop]:
    """Start a shell, feed it the script, and end it by closing its input."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | (env or {}),
    )
    with process:
        assert process.stdin is not None
        process.stdin.write(script)
        process.stdin.flush()
        try:
            yield Loop(process)
        finally:
            process.stdin.close()
            process.wait(10)
