"""What a file says about servers, and what would come of taking it in. Pure: no I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server

MAX_SERVERS = 100_000
"""In one file; twice the largest fleet. A range may name a thousand million hosts."""
SSH_PORT = 22
MAX_LINES = 1000
"""Lines not understood that are kept; a file of another kind has little else."""


class FileNotRead(ConsoleError):
    """A file that cannot be read at all; the sentence says what to do."""


class Action(Enum):
    """What an import does with one server or contact of the file; what changes them first."""

    ADD = "add"
    UPDATE = "update"
    SKIP = "skip"
    SAME = "same"

    @property
    def words(self) -> str:
        """Give what is said of a number of them."""
        return _WORDS[self]

    @property
    def word(self) -> str:
        """Give what is said of one of them."""
        return _WORDS[self] if self is Action.SKIP else self.value


_WORDS = {
    Action.ADD: "to add",
    Action.UPDATE: "to update",
    Action.SKIP: "left out",
    Action.SAME: "already as in the file",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line, or a part of one, that is not understood and left out. `number` 0: not one line.

    `text` is as in the file, without what looks like a secret; make it inert before it is shown.
    """

    file: str
    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileServer:
    """One server as a file has it. `spoken` are the fields the file gives a value to.

    `aliases` are other names that the file has for it. `refused` says why it cannot be taken in.
    """

    server: Server
    spoken: frozenset[str]
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetFile:
    """All that a file says."""

    servers: tuple[FileServer, ...]
    not_understood: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One server: as it would be, what is done for that, and how it is now if it is there."""

    server: Server
    action: Action
    notes: tuple[str, ...] = ()
    before: Server | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What would come of an import."""

    rows: tuple[ImportRow, ...]
    not_understood: tuple[Line, ...]

    def count(self, action: Action) -> int:
        """Give how many servers this is done with."""
        return sum(row.action is action for row in self.rows)


def file_server(
    name: str,
    spoken: Mapping[str, Any],
    *,
    assumed: Mapping[str, Any] | None = None,
    aliases: Sequence[str] = (),
    notes: Sequence[str] = (),
    refused: str = "",
) -> FileServer:
    """Give a server with the fields a file speaks of, and for a new one those it may assume.

    Raises:
        InvalidServer: the fields cannot be right.
    """
    fields: dict[str, Any] = {"address": name, **(assumed or {}), **spoken}
    return FileServer(
        server=Server(name=name, **fields),
        spoken=frozenset(spoken),
        aliases=tuple(aliases),
        notes=tuple(notes),
        refused=refused,
    )


def fewest_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Give the lines, cut to those a person may read; the last then says how many more."""
    if len(lines) <= MAX_LINES:
        return tuple(lines)
    more = len(lines) - MAX_LINES
    last = Line(file=lines[-1].file, number=0, text="", why=f"{more} more lines are like these.")
    return (*lines[:MAX_LINES], last)


def place_of(server: Server) -> str:
    """Give where a server is, as `user@address:port`, for a person to read."""
    address = f"[{server.address}]" if ":" in server.address else server.address
    user = f"{server.user}@" if server.user else ""
    port = f":{server.port}" if server.port != SSH_PORT else ""
    return f"{user}{address}{port}"
