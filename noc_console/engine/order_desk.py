"""Orders: what a person at a desk asked for, claimed, carried out, closed with what came of it."""

import logging
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from noc_console.engine import audit_work, flight_recorder, gate
from noc_console.engine.events import Event, Said
from noc_console.engine.flight_recorder import FlightRecorder
from noc_console.engine.roster import Roster
from noc_console.engine.testing import ConnectionTester
from noc_console.engine.trials import TRIALS, try_for_order
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.fleet.asking import (
    ACCEPT_HOST_KEY,
    REFRESH_NOW,
    REPLACE_HOST_KEY,
    TEST_CONNECTION,
)
from noc_console.fleet.host_keys import accept_key, replace_key
from noc_console.fleet.inert import inert
from noc_console.store.orders import Order, OrderState, claim, close
from noc_console.store.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 8


class OrderDesk:
    """Claims waiting orders and carries them out on workers; their effects go through `post`."""

    def __init__(
        self,
        store: Store,
        engine_id: int,
        roster: Roster,
        post: Callable[[Event], None],
        flight: FlightRecorder,
    ) -> None:
        """Carry out orders in the name of engine `engine_id`."""
        self._store = store
        self._engine_id = engine_id
        self._roster = roster
        self._flight = flight
        self._post = post
        self._workers = Workers("order", AT_ONCE)
        self._tester = ConnectionTester(store)
        self._late: deque[tuple[Order, OrderState, dict[str, Any]]] = deque()
        self._gate = gate.Gate(store, roster, post, self._carry_out)
        self._audits = audit_work.AuditWork(store, roster, post, self._carry_out)

    def take_waiting(self) -> None:
        """Claim every waiting order and have it carried out; on the store's thread."""
        while (order := claim(self._store, self._engine_id, datetime.now(UTC))) is not None:
            self._post(Said(partial(self._begin, order)))

    def close_late(self) -> None:
        """Close the orders that the store did not let us close in time; on the store's thread.

        Raises:
            ConsoleError: it does not yet.
        """
        while self._late:
            order, state, outcome = self._late[0]
            close(self._store, order.id, state, outcome, datetime.now(UTC))
            self._late.popleft()

    def close(self) -> None:
        """Begin no more; what a worker still does is left undone and its order fails."""
        self._workers.stop()
        self._gate.close()
        self._audits.close()

    def _begin(self, order: Order) -> None:
        """Runs on the conductor's thread."""
        if order.kind == TEST_CONNECTION:
            routes = self._roster.servers()
            self._start(order, lambda: self._tester.test(order, routes))
        elif order.kind in {ACCEPT_HOST_KEY, REPLACE_HOST_KEY}:
            self._start(order, lambda: self._decide_key(order))
        elif order.kind == REFRESH_NOW:
            found = self._roster.try_now(order.server_id or 0)
            self._start(order, lambda: _refreshed(found=found))
        elif order.kind in gate.KINDS:
            self._gate.begin(order)
        elif order.kind in audit_work.KINDS:
            self._audits.begin(order)
        elif order.kind in flight_recorder.KINDS:
            self._start(order, self._flight.begin_order(order))
        elif order.kind in TRIALS:
            self._start(order, lambda: try_for_order(self._store, order))
        else:
            self._start(order, lambda: _not_known(order))

    def _start(self, order: Order, work: Callable[[], dict[str, Any]]) -> None:
        self._workers.submit(lambda: self._carry_out(order, work))

    def _carry_out(self, order: Order, work: Callable[[], dict[str, Any]]) -> None:
        """Runs on a worker: whatever happens, the order is closed with a sentence."""
        try:
            outcome = work()
        except ConsoleError as error:
            self._close(order, OrderState.FAILED, {"sentence": error.sentence})
        except Exception:  # a bug in one order must not end the worker
            log.exception("order %s (%s) met a bug", order.id, order.kind)
            sentence = (
                f"The engine met a bug while it tried to {order.kind}; its log has the details."
            )
            self._close(order, OrderState.FAILED, {"sentence": sentence})
        else:
            self._close(order, OrderState.DONE, outcome)

    def _close(self, order: Order, state: OrderState, outcome: dict[str, Any]) -> None:
        try:
            close(self._store, order.id, state, outcome, datetime.now(UTC))
        except ConsoleError:
            self._late.append((order, state, outcome))

    def _decide_key(self, order: Order) -> dict[str, Any]:
        request = order.request
        decide = accept_key if order.kind == ACCEPT_HOST_KEY else replace_key
        decide(
            self._store,
            address=str(request["address"]),
            port=int(request["port"]),
            key_line=str(request["key"]),
            accepted_by=order.asked_by,
            now=datetime.now(UTC),
        )
        self._post(Said(self._roster.try_waiting))
        return {}


class OrderRefused(ConsoleError):
    """An order that cannot be carried out."""


def _refreshed(*, found: bool) -> dict[str, Any]:
    if not found:
        raise OrderRefused("This server is not watched here; it may have been deleted meanwhile.")
    return {}


def _not_known(order: Order) -> dict[str, Any]:
    raise OrderRefused(
        f"This engine does not know how to {inert(order.kind, 60)}; update it and ask again."
    )
