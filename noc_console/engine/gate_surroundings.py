"""What a passage through the gate needs around it: how patient it is, and how it can fail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from noc_console.engine.gate_hands import Hands
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.incidents.gate.gate import GateAct
from noc_console.store.store import Store


class Refused(ConsoleError):
    """The gate does not let this through; nothing was done to the server."""


class NotKnown(ConsoleError):
    """The command may have been carried out, and nobody can tell what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long each part may take, in seconds."""

    evidence_s: float = 20.0
    command_s: float = 150.0
    gone_s: float = 300.0
    """Shutting down stops services first, each of which may take a minute and a half."""
    back_s: float = 1200.0
    settle_s: float = 120.0
    """After a reboot, until every service runs again that ran before."""
    restarted_s: float = 20.0
    failed_s: float = 4.0
    """After a restart that failed, in case init starts the service again by itself."""
    look_every_s: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a passage needs of the engine."""

    store: Store
    now: Callable[[], datetime]
    wait: Callable[[float], object]
    """Waits so many seconds, or until the engine ends."""
    is_ending: Callable[[], bool]
    own_host: str
    reach: Callable[[Server], Hands]
    """Gives hands over a new connection."""
    take_evidence: Callable[[GateAct, Server], tuple[int | None, str, bool]]
    wake: Callable[[int], None]
    """Has the server's lane connect again at once."""
    expect_away: Callable[[int, bool], None]
    """Says whether a server is away because it was told to reboot: that is no alarm."""


class EngineEnds(ConsoleError):
    """The engine stops; the next one goes on."""
