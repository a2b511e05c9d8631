"""Orders: what a person at a desk asked for, claimed, carried out, closed with what came of it."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from noc_console.engine.events import Event, Said
from noc_console.engine.roster import Roster
from noc_console.engine.testing import ConnectionTester
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.fleet.host_keys import accept_key, replace_key
from noc_console.store.orders import Order, OrderState, claim, close
from noc_console.store.store import Store

log = logging.getLogger(__name__)

TEST_CONNECTION = "test connection"
ACCEPT_HOST_KEY = "accept host key"
REPLACE_HOST_KEY = "replace host key"
REFRESH_NOW = "refresh now"
TESTS_AT_ONCE = 4


class OrderDesk:
    """Claims waiting orders and carries them out on workers; their effects go through `post`."""

    def __init__(
        self, store: Store, engine_id: int, roster: Roster, post: Callable[[Event], None]
    ) -> None:
        """Carry out orders in the name of engine `engine_id`."""
        self._store = store
        self._engine_id = engine_id
        self._roster = roster
        self._post = post
        self._workers = Workers("order", TESTS_AT_ONCE)
        self._tester = ConnectionTester(store)

    def take_waiting(self) -> None:
        """Claim every waiting order and have a worker carry it out; on the conductor's thread."""
        while (order := claim(self._store, self._engine_id, datetime.now(UTC))) is not None:
            self._begin(order)

    def close(self) -> None:
        """Begin no more; what a worker still does is taken up again by the next engine."""
        self._workers.stop()

    def _begin(self, order: Order) -> None:
        if order.kind == TEST_CONNECTION:
            routes = self._roster.servers()
            self._workers.submit(
                lambda: self._carry_out(order, lambda: self._tester.test(order, routes))
            )
        elif order.kind in {ACCEPT_HOST_KEY, REPLACE_HOST_KEY}:
            self._workers.submit(lambda: self._carry_out(order, lambda: self._decide_key(order)))
        elif order.kind == REFRESH_NOW and order.server_id is not None:
            self._roster.try_now(order.server_id)
            self._close(order, OrderState.DONE, {})
        else:
            sentence = f"This engine does not know how to {order.kind}; update it and ask again."
            self._close(order, OrderState.FAILED, {"sentence": sentence})

    def _carry_out(self, order: Order, work: Callable[[], dict[str, Any]]) -> None:
        """Runs on a worker: whatever happens, the order is closed with a sentence."""
        try:
            outcome = work()
        except ConsoleError as error:
            self._close(order, OrderState.FAILED, {"sentence": error.sentence})
        except Exception:
            log.exception("order %s (%s) met a bug", order.id, order.kind)
            sentence = (
                f"The engine met a bug while it tried to {order.kind}; its log has the details."
            )
            self._close(order, OrderState.FAILED, {"sentence": sentence})
        else:
            self._close(order, OrderState.DONE, outcome)

    def _close(self, order: Order, state: OrderState, outcome: dict[str, Any]) -> None:
        close(self._store, order.id, state, outcome, datetime.now(UTC))

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
