"""The probe: the two scripts that run in a server's /bin/sh, and the lines they are asked with.

The command executed on the server is `exec /bin/sh`, which every login shell understands; the
script follows on standard input as one block, which the shell reads whole before it runs it. A
server is ready for ticks when `frame.FrameReader.ready` is true; lines sent earlier can be lost,
because some shells (dash before 0.5.13) read ahead.
"""

import re
from enum import Enum
from functools import cache

from noc_console.errors import ConsoleError
from noc_console.resource import resource


class Part(Enum):
    """What can be asked for. FAST goes to the first script, the others to the slow one."""

    FAST = "fast"
    UNITS = "units"
    MOUNTS = "mounts"
    PROCESSES = "processes"
    FACTS = "facts"
    MAIL = "mail"

    __hash__ = object.__hash__  # each is there once; Enum's own hashes its name, in Python


class NoServiceName(ConsoleError):
    """A service's name holds what no service name holds, so it is not sent to a server."""


MAX_LINE_BYTES = 4000
"""About 150 services; `systemctl show` of these answers within a frame's bound."""

_UNIT = re.compile(r"[A-Za-z0-9@._:\\-]{1,255}", re.ASCII)
"""systemd.unit(5): ASCII letters, digits, and `:-_.\\`, with `@` for instances."""


def probe_script() -> bytes:
    """Give the script that answers ticks: shell builtins only, it never forks."""
    return _script("probe.sh")


def slow_script() -> bytes:
    """Give the script for what must fork: units, mounts, processes, facts, mail."""
    return _script("slow.sh")


def one_frame_script(parts: frozenset[Part]) -> bytes:
    """Give the script for one frame of sequence 1, to be sent whole with nothing after it."""
    script = probe_script() if Part.FAST in parts else slow_script()
    return b"first_tick='%s'\n%s" % (tick_line(1, parts).rstrip(), script)


def tick_line(sequence: int, parts: frozenset[Part], units: tuple[str, ...] = ()) -> bytes:
    """Give the line that asks for one frame. It is data to the script, never code.

    Units that would not fit into one line of 4000 bytes are left out, the last first.

    Raises:
        NoServiceName: when a unit could be more than one word to a shell.
    """
    line = f"tick {sequence} {_words(parts)}"
    for unit in dict.fromkeys(units) if Part.UNITS in parts else ():
        if not _UNIT.fullmatch(unit):
            raise NoServiceName(f"{unit!r} is no service name; write it as systemctl shows it.")
        if len(line) + len(unit) + 2 > MAX_LINE_BYTES:
            break
        line = f"{line} {unit}"
    return line.encode("ascii") + b"\n"


@cache
def _words(parts: frozenset[Part]) -> str:
    return ",".join(part.value for part in Part if part in parts)


def _script(name: str) -> bytes:
    return resource("probe", name).read_bytes()
