"""Something a person asks of the engine, followed to its end: each step is told as it happens."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.store import orders
from noc_console.store.heartbeat import living_engine
from noc_console.store.orders import OrderState
from noc_console.store.store import Store

_POLL_S = 0.1
_TAKEN_WITHIN_S = 10.0
_DONE_WITHIN_S = 150.0
"""Longer than every step's time-out together."""


class NotAnswered(ConsoleError):
    """The engine did not take it up, or ended before it was done."""


def have_done(store: Store, kind: str, request: Mapping[str, Any], tell: Tell) -> tuple[bool, str]:
    """Have the living engine do something; gives whether it went well, and its sentence.

    Raises:
        NotAnswered: the engine does not take it up or ended meanwhile.
    """
    seen, started_s = 0, time.monotonic()
    with _placed(store, kind, request) as order_id:
        while True:
            order = orders.get(store, order_id)
            for row in order.progress[seen:]:
                tell(SendStep(name=row["name"], ok=row["ok"], sentence=row["sentence"]))
            seen = len(order.progress)
            if order.state.is_closed:
                break
            _refuse_late(store, order.state, time.monotonic() - started_s)
            time.sleep(_POLL_S)
    outcome = order.outcome or {}
    sentence = str(outcome.get("sentence") or "The test was withdrawn.")
    return order.state is OrderState.DONE and bool(outcome.get("ok")), sentence


def _refuse_late(store: Store, state: OrderState, waited_s: float) -> None:
    if state is OrderState.WAITING and waited_s > _TAKEN_WITHIN_S:
        raise NotAnswered(
            f"The engine has not taken the test up within {_TAKEN_WITHIN_S:.0f} seconds; look at "
            "`noc-console status`, then try again."
        )
    if waited_s > _DONE_WITHIN_S or living_engine(store, datetime.now(UTC)) is None:
        raise NotAnswered("The engine ended before the test was done; try again.")


@contextmanager
def _placed(store: Store, kind: str, request: Mapping[str, Any]) -> Iterator[int]:
    """Place the order; withdraw it when we leave before it is closed, as on Ctrl+C."""
    order_id = orders.place(
        store, kind, request=dict(request), asked_by=own_name(), now=datetime.now(UTC)
    )
    try:
        yield order_id
    finally:
        orders.cancel(store, order_id, datetime.now(UTC))
