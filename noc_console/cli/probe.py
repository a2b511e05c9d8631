"""`noc-console probe`: the probe on this machine, or the saved output of one, read as a sample."""

import argparse
import json
import selectors
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from noc_console.errors import ConsoleError

if TYPE_CHECKING:
    from noc_console.telemetry.frame import Frame
    from noc_console.telemetry.sample import Sample

SHELL = "/bin/sh"
BETWEEN_TICKS_S = 1.0
DEADLINE_S = 20.0
_CHUNK_BYTES = 65536


class NoProbe(ConsoleError):
    """The probe cannot run here, or what was saved is no output of it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to read and how to tell it."""
    parser.add_argument(
        "--parse", metavar="FILE", type=Path, help="read the saved output of a probe instead"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the sample of the last frame.

    Raises:
        ConsoleError: there is no shell or file to read, or what it holds is no frame.
    """
    frames = _saved_frames(arguments.parse) if arguments.parse else _frames_of_this_machine()
    sample = _last_sample(frames)
    if arguments.json:
        print(json.dumps(_as_json(sample)))
    else:
        print(*_as_lines(sample, shutil.get_terminal_size().columns), sep="\n")
    return 0


def _saved_frames(path: Path) -> "list[Frame]":
    from noc_console.fleet.inert import inert
    from noc_console.telemetry.frame import FrameReader

    name = inert(str(path))
    reader = FrameReader()
    frames: list[Frame] = []
    try:
        with path.open("rb") as saved:
            while content := saved.read(_CHUNK_BYTES):
                frames += reader.feed(content)
    except OSError as error:
        raise NoProbe(f"{name} cannot be read: {error.strerror}.") from error
    if not frames:
        raise NoProbe(f"{name} holds no whole frame of the probe; save all that its shell printed.")
    return frames


def _frames_of_this_machine() -> "list[Frame]":
    """Run the real script and ask it twice, so that rates have something to count from."""
    from noc_console.telemetry.frame import FrameReader
    from noc_console.telemetry.probe import Part, probe_script, tick_line

    reader = FrameReader()
    frames: list[Frame] = []
    ends_s = time.monotonic() + DEADLINE_S
    with _shell(probe_script()) as (stdin, stdout):
        while not reader.ready:
            reader.feed(_read(stdout, ends_s))
        for sequence in (1, 2):
            if frames:
                time.sleep(BETWEEN_TICKS_S)
            stdin.write(tick_line(sequence, frozenset({Part.FAST})))
            stdin.flush()
            while len(frames) < sequence:
                frames += reader.feed(_read(stdout, ends_s))
    return frames


@contextmanager
def _shell(script: bytes) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    try:
        process = subprocess.Popen(
            [SHELL],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
    except OSError as error:
        raise NoProbe(
            f"{SHELL} does not start here ({error.strerror}); the probe needs a Unix shell."
        ) from error
    with process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both are pipes")
        try:
            process.stdin.write(script)
            yield process.stdin, process.stdout
        finally:
            process.kill()


def _read(stdout: IO[bytes], ends_s: float) -> bytes:
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        if not selector.select(max(0.0, ends_s - time.monotonic())):
            raise NoProbe(f"{SHELL} does not answer within {DEADLINE_S:.0f} s; run it by hand.")
    content = stdout.read(_CHUNK_BYTES)
    if not content:
        raise NoProbe(f"{SHELL} ended before it answered; run it by hand to see why.")
    return content


def _last_sample(frames: "list[Frame]") -> "Sample":
    """Give the last frame's sample, and from earlier ones what is not told at each tick."""
    from noc_console.telemetry.parse import Counters, read_sample
    from noc_console.telemetry.sample import Missing

    now = datetime.now(UTC)
    before: Counters | None = None
    earlier: dict[str, float] = {}
    for frame in frames:
        sample, before = read_sample(frame, before, 0, now)
        seldom = {name for name, why in sample.missing.items() if why is Missing.NOT_IN_THIS_TICK}
        held = {name: value for name, value in earlier.items() if name in seldom}
        earlier = ({} if sample.rebooted else held) | dict(sample.values)
    return replace(
        sample,
        values=earlier,
        missing={name: why for name, why in sample.missing.items() if name not in earlier},
    )


def _as_json(sample: "Sample") -> dict[str, Any]:
    from noc_console.cli.moments import iso

    return {
        "at": iso(sample.at),
        "server_at": None if sample.server_at is None else iso(sample.server_at),
        "rebooted": sample.rebooted,
        "values": dict(sorted(sample.values.items())),
        "missing": {name: why.value for name, why in sorted(sample.missing.items())},
    }


def _as_lines(sample: "Sample", width: int) -> list[str]:
    from noc_console.cli.terminal_text import Column, inert, table
    from noc_console.telemetry.metrics import METRICS, family

    columns = [
        Column(title="METRIC"),
        Column(title="VALUE", is_number=True),
        Column(title="UNIT"),
        Column(title="WHAT", is_sentence=True, drop_at=1, shrinks_to=10),
    ]
    told = {name: f"{value:,.2f}" for name, value in sample.values.items()}
    told |= dict.fromkeys(sample.missing, "-")
    order = list(METRICS)
    rows = [
        (
            inert(name),
            told[name],
            METRICS[family(name)].unit.value,
            sample.missing[name].value if name in sample.missing else METRICS[family(name)].title,
        )
        for name in sorted(told, key=lambda name: (order.index(family(name)), name))
    ]
    return table(columns, rows, width)
