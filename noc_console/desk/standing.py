"""How servers stand at this moment, from the live fleet: the verdict ages with the last sample.

Pure: no Qt, no I/O; `now` is an argument.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from noc_console.fleet.server import Server
from noc_console.health.verdict import Verdict

if TYPE_CHECKING:  # descriptions only, as in `desk.context`
    from noc_console.health.records import ServerState
    from noc_console.store.heartbeat import EngineRecord
    from noc_console.store.journal import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the fleet at one moment."""

    states: Mapping[int, ServerState]
    latest: Mapping[int, Reading]
    is_watched: bool
    now: datetime

    def verdict(self, server: Server) -> Verdict:
        """Give a server's verdict at that moment, as `health.rules.verdict_now` has it."""
        state = self.states.get(server.id)
        told = state.judgement.verdict if state else Verdict.UNKNOWN
        return self._worth(told)

    def _worth(self, told: Verdict) -> Verdict:
        return told if self.is_watched or told is Verdict.UNKNOWN else Verdict.STALE

    def counts(self, told: Mapping[Verdict, int]) -> Mapping[Verdict, int]:
        """Give how many servers have each verdict, the worst first, those with none left out."""
        counted: Counter[Verdict] = Counter()
        for verdict in Verdict:
            counted[self._worth(verdict)] += told.get(verdict, 0)
        return {verdict: counted[verdict] for verdict in Verdict if counted[verdict]}


def told_of(servers: Iterable[Server], states: Mapping[int, ServerState]) -> Counter[Verdict]:
    """Give how many servers have each verdict, as an engine told it last."""
    return Counter(
        state.judgement.verdict if (state := states.get(server.id)) else Verdict.UNKNOWN
        for server in servers
    )


class Told(Protocol):
    """The part of the live fleet that this needs (`desk.context.Live`)."""

    @property
    def states(self) -> Mapping[int, ServerState]:
        """What is known of each server, by its id."""

    @property
    def latest(self) -> Mapping[int, Reading]:
        """The newest sample of each server."""

    @property
    def engine(self) -> EngineRecord | None:
        """The engine that watches, or None when nobody does."""


def known_now(live: Told, now: datetime) -> Known:
    """Give what the live fleet tells, as of now."""
    return Known(
        states=live.states, latest=live.latest, is_watched=live.engine is not None, now=now
    )
