"""One reading of one server. Pure: no I/O, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Missing(Enum):
    """Why a value is not in a sample. Unknown is never zero."""

    NOT_ON_THIS_SERVER = "not on this server"
    NEEDS_TWO_READINGS = "needs two readings"
    NOT_UNDERSTOOD = "not understood"
    COUNTER_WENT_BACK = "counter went back"
    NOT_IN_THIS_TICK = "asked for less often"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a server told at one moment. Units are those of `telemetry.metrics.METRICS`.

    `at` is the engine's clock (aware, UTC), `server_at` the server's own, or None where the server
    did not tell its time. A metric is in `values` or in `missing`, never in both. `rebooted` is
    true when the server's uptime went back since the reading before.
    """

    server_id: int
    at: datetime
    server_at: datetime | None
    values: Mapping[str, float]
    missing: Mapping[str, Missing]
    rebooted: bool = False

    def __post_init__(self) -> None:
        """Refuse a time without zone."""
        if self.at.tzinfo is None:
            raise ValueError("Sample.at must be aware")
