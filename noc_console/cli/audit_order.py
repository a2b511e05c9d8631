"""An order about an audit placed and followed to its end, with an engine of our own where none is.

Ctrl+C withdraws it: what was collected stays.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.own_engine import OwnEngine
from noc_console.errors import ConsoleError
from noc_console.store import orders
from noc_console.store.heartbeat import living_engine
from noc_console.store.orders import Order
from noc_console.store.store import Store

_POLL_S = 0.2
_ENGINE_WITHIN_S = 60.0

Tell = Callable[[Mapping[str, Any]], None]


class NoEngine(ConsoleError):
    """No engine does what was asked."""


@contextmanager
def some_engine(store: Store) -> Iterator[None]:
    """Have an engine watch meanwhile: the one there is, or one of our own.

    Raises:
        NoEngine: ours did not begin.
    """
    if living_engine(store, datetime.now(UTC)) is not None:
        yield
        return
    own = OwnEngine(store.location)
    own.start()
    try:
        ends_s = time.monotonic() + _ENGINE_WITHIN_S
        while living_engine(store, datetime.now(UTC)) is None:
            if not own.is_running or time.monotonic() > ends_s:
                raise NoEngine(
                    f"An engine of our own did not begin: {own.last_words or 'it said nothing'}"
                )
            time.sleep(_POLL_S)
        yield
    finally:
        own.stop()


def follow(store: Store, order_id: int, tell: Tell) -> Order:
    """Wait for an order's end and give it; each step of progress is told once.

    Raises:
        NoEngine: nobody watches any more.
    """
    seen, alone_since_s = 0, None
    try:
        while True:
            order = orders.get(store, order_id)
            for step in order.progress[seen:]:
                tell(step)
            seen = len(order.progress)
            if order.state.is_closed:
                return order
            if living_engine(store, datetime.now(UTC)) is not None:
                alone_since_s = None
            elif alone_since_s is None:
                alone_since_s = time.monotonic()
            elif time.monotonic() - alone_since_s > _ENGINE_WITHIN_S:
                raise NoEngine(
                    "The engine ended before this was done; the next engine goes on with a run "
                    "by itself (`noc-console engine`)."
                )
            time.sleep(_POLL_S)
    except KeyboardInterrupt:
        orders.cancel(store, order_id, datetime.now(UTC))
        raise
