"""What other threads tell the conductor. All of it goes through one queue, read by one thread.

`generation` counts a lane's connections: an event of an older connection is dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass

from noc_console.engine.open_link import OpenLink
from noc_console.fleet.failure import Failure
from noc_console.fleet.server import Server
from noc_console.telemetry.service import CheckResult


@dataclass(frozen=True, slots=True)
class Opened:
    """A lane's connection stands and both probe loops are starting."""

    server_id: int
    generation: int
    link: OpenLink


@dataclass(frozen=True, slots=True)
class OpenFailed:
    """A lane could not connect."""

    server_id: int
    generation: int
    failure: Failure


@dataclass(frozen=True, slots=True)
class BytesArrived:
    """Bytes of the fast (`slow` false) or the slow probe loop; when, on the monotonic clock."""

    server_id: int
    generation: int
    slow: bool
    content: bytes
    arrived_s: float


@dataclass(frozen=True, slots=True)
class StreamEnded:
    """A probe loop ended; the fast one's end is the link's end."""

    server_id: int
    generation: int
    slow: bool
    failure: Failure


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """One outside check of one server has its result."""

    server_id: int
    result: CheckResult


@dataclass(frozen=True, slots=True)
class FleetLoaded:
    """The fleet as it stands in the store now."""

    servers: tuple[Server, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Something a worker wants done on the conductor's thread."""

    act: Callable[[], None]


Event = Opened | OpenFailed | BytesArrived | StreamEnded | CheckFinished | FleetLoaded | Said
