"""How an audit gets to a server: over the link that stands, once there is one.

Used on workers; what belongs to the conductor's thread is asked there. An audit opens no connection
of its own: a server that does not let the engine in is not asked again and again by it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from noc_console.engine.events import Event, Said
from noc_console.engine.gate_hands import Hands, LocalHands, RemoteHands
from noc_console.engine.lane import Lane
from noc_console.engine.open_link import OpenLink
from noc_console.engine.roster import Roster
from noc_console.errors import ConsoleError
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Server, ServerKind
from noc_console.health.verdict import Verdict
from noc_console.links.failures import link_failure
from noc_console.links.ssh import SshConnection

LINK_WITHIN_S = 60.0
_ASK_WITHIN_S = 30.0
_LOOK_EVERY_S = 0.5
_NOT_TRIED_AGAIN = frozenset({FailureKind.AUTHENTICATION_FAILED, FailureKind.KEY_UNUSABLE})

_T = TypeVar("_T")


class NotReached(ConsoleError):
    """A server that cannot be asked now, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a server stands at this moment. `load` is that of a minute for each core."""

    link: OpenLink | None
    state: LinkState
    failure: Failure | None
    generation: int
    load: float | None
    verdict: Verdict


class Reach:
    """Gives hands on servers, and how loaded they are."""

    def __init__(
        self,
        roster: Roster,
        post: Callable[[Event], None],
        wait: Callable[[float], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`wait` waits so many seconds, or until the engine ends."""
        self._roster = roster
        self._post = post
        self._wait = wait
        self._clock = clock

    def hands(self, server: Server, is_wanted: Callable[[], None]) -> Hands:
        """Give hands on a server; `is_wanted` raises where the audit is not wanted any more.

        Raises:
            NotReached: there is no link and none came to be.
        """
        if server.kind is ServerKind.THIS_MACHINE:
            return LocalHands()
        first = self.standing(server)
        if first.link is not None and first.state is LinkState.UP:
            return self._remote(server, first.link)
        _refuse_waiting(first)
        if first.state is LinkState.DOWN:
            self._post(Said(partial(self._try_now, server.id)))
        ends_s = self._clock() + LINK_WITHIN_S
        while self._clock() < ends_s:
            self._wait(_LOOK_EVERY_S)
            is_wanted()
            now = self.standing(server)
            if now.link is not None and now.state is LinkState.UP:
                return self._remote(server, now.link)
            _refuse_waiting(now)
            was_tried = now.generation >= first.generation + 2 and now.link is None
            if now.state is LinkState.DOWN and (was_tried or first.state is not LinkState.DOWN):
                break
        raise NotReached(_why(self.standing(server), server))

    def standing(self, server: Server) -> Standing:
        """Give how a server stands.

        Raises:
            NotReached: this engine does not watch it.
        """
        found = self._asked(partial(self._standing, server.id))
        if found is None:
            raise NotReached(
                f"{server.name} is not watched by this engine; it may have been deleted meanwhile."
            )
        return found

    def _remote(self, server: Server, link: OpenLink) -> Hands:
        def no_other() -> SshConnection:
            raise link_failure(
                FailureKind.SHELL_REFUSED,
                f"{server.name} gives no further session beside the probe's; raise MaxSessions of "
                "its sshd (at least 4), then run the audit again.",
            )

        return RemoteHands(link, no_other)

    def _try_now(self, server_id: int) -> None:
        self._roster.try_now(server_id)

    def _standing(self, server_id: int) -> Standing | None:
        """Runs on the conductor's thread."""
        lane = self._roster.lane(server_id)
        if lane is None:
            return None
        picture = lane.picture
        values = picture.sample.values if picture.sample is not None else {}
        load, cores = values.get("load1"), values.get("cores")
        is_remote = isinstance(lane, Lane)
        return Standing(
            link=lane.link if isinstance(lane, Lane) else None,
            state=picture.link if is_remote else LinkState.UP,
            failure=picture.failure,
            generation=lane.generation if isinstance(lane, Lane) else 0,
            load=None if load is None or not cores else load / cores,
            verdict=Verdict.UNKNOWN if picture.judgement is None else picture.judgement.verdict,
        )

    def _asked(self, question: Callable[[], _T]) -> _T:
        """Have the conductor's thread answer something.

        Raises:
            NotReached: it does not, as while the engine stops.
        """
        answers: SimpleQueue[_T] = SimpleQueue()
        self._post(Said(lambda: answers.put(question())))
        try:
            return answers.get(timeout=_ASK_WITHIN_S)
        except Empty:
            raise NotReached("The engine is too busy to say how this server stands.") from None


def _refuse_waiting(now: Standing) -> None:
    """A link that only a person can mend is not waited for, nor is an account locked out."""
    failure = now.failure
    if failure is not None and (
        now.state is LinkState.WAITING_FOR_PERSON or failure.kind in _NOT_TRIED_AGAIN
    ):
        raise NotReached(failure.sentence)


def _why(now: Standing, server: Server) -> str:
    if now.failure is not None:
        return now.failure.sentence
    return f"No connection to {server.name} came to be within {LINK_WITHIN_S:.0f} s."
