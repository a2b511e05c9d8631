"""The gate: the only part of the console that changes a server, and only when a person asked.

`begin` is called on the conductor's thread; passages run on workers of their own, because one of
them lasts minutes. What a killed engine left open is gone on with at the start.
"""

import logging
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Event as StopFlag
from typing import Any

from noc_console.engine.events import Event, Said
from noc_console.engine.gate_evidence import take_evidence
from noc_console.engine.gate_hands import Hands, LocalHands, RemoteHands
from noc_console.engine.gate_looking import filled_from_store, take_look
from noc_console.engine.gate_passage import Passage
from noc_console.engine.gate_surroundings import EngineEnds, Patience, Refused, Surroundings
from noc_console.engine.lane import Lane
from noc_console.engine.open_link import OpenLink
from noc_console.engine.opening import UnknownJump, route_to
from noc_console.engine.roster import Roster
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.fleet.failure import FailureKind
from noc_console.fleet.records import UnknownServer, list_servers, server_by_id
from noc_console.fleet.server import Server, ServerKind
from noc_console.incidents.gate.gate import ActKind, GateAct, affected_by
from noc_console.incidents.gate.gate_asking import LOOK_BEFORE
from noc_console.incidents.gate.gate_records import begin_act, open_acts, snapshot_to_json
from noc_console.links.accepted_keys import known_keys
from noc_console.links.failures import link_failure
from noc_console.links.ssh import SshConnection, Timeouts, connect
from noc_console.store.orders import Order
from noc_console.store.store import Store

log = logging.getLogger(__name__)


REBOOT = ActKind.REBOOT.value
RESTART_SERVICE = ActKind.RESTART_SERVICE.value
KINDS = frozenset({LOOK_BEFORE, REBOOT, RESTART_SERVICE})

AT_ONCE = 8
_LONGEST_REASON = 300
_LONGEST_BACK_S = 4 * 3600.0
_SHORT = Timeouts(port_s=5.0, greeting_s=8.0, authentication_s=15.0, channel_s=8.0)

Finish = Callable[[Order, Callable[[], dict[str, Any]]], None]
"""Carries out work for an order and closes it with what came of it; on a worker."""


class Gate:
    """Takes the gate's orders. `finish` closes an order, as the order desk does for all others."""

    def __init__(
        self,
        store: Store,
        roster: Roster,
        post: Callable[[Event], None],
        finish: Finish,
    ) -> None:
        """Start the workers, and go on with what a killed engine left."""
        self._store = store
        self._roster = roster
        self._post = post
        self._finish = finish
        self._patience = Patience()
        self._ends = StopFlag()
        self._workers = Workers("gate", AT_ONCE)
        self._workers.submit(self._go_on)

    def begin(self, order: Order) -> None:
        """Take up an order of one of `KINDS`; on the conductor's thread."""
        lane = self._roster.lane(order.server_id or 0)
        link = lane.link if isinstance(lane, Lane) else None
        work = self._look if order.kind == LOOK_BEFORE else self._pass
        self._workers.submit(lambda: self._finish(order, partial(work, order, link)))

    def close(self) -> None:
        """Leave what is under way to the next engine."""
        self._ends.set()
        self._workers.stop()

    def _look(self, order: Order, link: OpenLink | None) -> dict[str, Any]:
        """Look at a server and change nothing: what a person sees before deciding."""
        server = server_by_id(self._store, order.server_id or 0)
        hands = self._hands(server, link)
        try:
            look = take_look(hands, _now)
        finally:
            hands.close()
        return {"look": snapshot_to_json(filled_from_store(self._store, server.id, look))}

    def _pass(self, order: Order, link: OpenLink | None) -> dict[str, Any]:
        server = server_by_id(self._store, order.server_id or 0)
        kind = ActKind(order.kind)
        request = order.request
        reason = " ".join(str(request.get("reason") or "").split())[:_LONGEST_REASON]
        if not reason:
            raise Refused("Say in one line why; it is kept with what was done.")
        if str(request.get("typed_name") or "") != server.name:
            raise Refused(f"The name typed is not {server.name}; nothing was done.")
        service = str(request.get("service") or "")
        if (kind is ActKind.RESTART_SERVICE) != bool(service):
            raise Refused("Name one service to restart, and none to reboot.")
        affected = affected_by(server, list_servers(self._store))
        act = begin_act(
            self._store,
            order,
            kind,
            server,
            reason=reason,
            service=service,
            affected=affected,
        )
        passage = Passage(self._around(), act, server, self._patience_of(request))
        skips = " ".join(str(request.get("without_evidence") or "").split())[:_LONGEST_REASON]
        return passage.go(self._hands(server, link), skips_evidence=skips)

    def _patience_of(self, request: Any) -> Patience:
        asked = request.get("back_within_s")
        if not isinstance(asked, int | float) or not 1 <= asked <= _LONGEST_BACK_S:
            return self._patience
        return replace(self._patience, back_s=float(asked))

    def _go_on(self) -> None:
        """Runs on a worker at the start."""
        try:
            for act in open_acts(self._store):
                self._workers.submit(partial(self._go_on_with, act))
        except ConsoleError as error:
            log.warning("what was under way when the last engine ended: %s", error.sentence)

    def _go_on_with(self, act: GateAct) -> None:
        try:
            server = server_by_id(self._store, act.server_id)
        except UnknownServer:
            server = Server(id=act.server_id, name=act.server_name, address="nowhere.invalid")
        try:
            Passage(self._around(), act, server, self._patience).go_on()
        except ConsoleError as error:
            log.info("%s: %s", act.deed, error.sentence)

    def _around(self) -> Surroundings:
        return Surroundings(
            store=self._store,
            now=_now,
            wait=self._ends.wait,
            is_ending=self._ends.is_set,
            own_host=socket.gethostname(),
            reach=lambda server: self._hands(server, None),
            take_evidence=self._take_evidence,
            wake=self._wake,
            expect_away=self._expect_away,
        )

    def _take_evidence(self, act: GateAct, server: Server) -> tuple[int | None, str, bool]:
        found = take_evidence(
            self._store,
            server,
            why=f"before: {act.deed} ({act.reason})",
            asked_by=act.asked_by,
            within_s=self._patience.evidence_s,
            now=_now,
            wait=self._ends.wait,
        )
        return found.recording_id, found.words, found.ok

    def _wake(self, server_id: int) -> None:
        self._post(Said(lambda: self._try_now(server_id)))

    def _expect_away(self, server_id: int, is_away: bool) -> None:
        self._post(Said(lambda: self._roster.expect_away(server_id, is_away)))

    def _try_now(self, server_id: int) -> None:
        self._roster.try_now(server_id)

    def _hands(self, server: Server, link: OpenLink | None) -> Hands:
        if server.kind is ServerKind.THIS_MACHINE:
            return LocalHands()
        return RemoteHands(link, partial(self._connect, server))

    def _connect(self, server: Server) -> SshConnection:
        if self._ends.is_set():
            raise EngineEnds("The engine stops; the next one goes on with this.")
        try:
            route = route_to(server, {one.name: one for one in list_servers(self._store)})
        except UnknownJump as error:
            raise link_failure(FailureKind.JUMP_FAILED, error.sentence) from error
        return connect(server, jumps=route, known=known_keys(self._store), timeouts=_SHORT)


def _now() -> datetime:
    return datetime.now(UTC)
