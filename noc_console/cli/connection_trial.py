"""A connection tested from the command line: by the engine that lives on the store, or else here.

The engine may stand where servers can be reached and keys lie, so it goes first.
"""

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.who import own_name
from noc_console.engine.testing import run_test
from noc_console.errors import ConsoleError
from noc_console.fleet.asking import TEST_CONNECTION
from noc_console.fleet.failure import Failure
from noc_console.fleet.records import list_servers
from noc_console.fleet.serial import failure_from_json, server_to_json
from noc_console.fleet.server import Server, ServerKind
from noc_console.links.ssh import Step
from noc_console.store import orders
from noc_console.store.heartbeat import living_engine
from noc_console.store.orders import Order, OrderState
from noc_console.store.store import Store

POLL_S = 0.1
TAKEN_WITHIN_S = 10.0
DONE_WITHIN_S = 180.0
"""Longer than every step's time-out together, jumps included."""

HOST_KEY = "host key"


class NotTested(ConsoleError):
    """The test could not be made or was not finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a test came to. `failure` is None where every step that was wanted worked."""

    tested_by: str
    steps: tuple[Step, ...]
    failure: Failure | None
    sentence: str


class _KeySeen(Exception):
    """Stops a test before anything is sent to the server."""


def try_server(
    store: Store,
    server: Server,
    on_step: Callable[[Step], None],
    *,
    up_to_host_key: bool = False,
    ask_for: tuple[str, ...] = (),
) -> Trial:
    """Test the connection to a server; each step is told to `on_step` as it happens.

    `up_to_host_key` ends it before a login where we test it ourselves; `ask_for` are host key
    algorithms to ask for first where none is known.

    Raises:
        NotTested: an engine took the order and did not finish it, or there is nothing to test.
    """
    if server.kind is ServerKind.THIS_MACHINE:
        raise NotTested(
            f"{server.name} is the machine an engine runs on; it is read without SSH, so there is "
            "no connection and no host key."
        )
    engine = living_engine(store, datetime.now(UTC))
    if engine is None:
        return _try_here(store, server, on_step, ask_for, up_to_host_key=up_to_host_key)
    tested_by = f"the engine on {engine.host} (process {engine.pid})"
    return _have_tried(store, server, on_step, ask_for, tested_by)


def _try_here(
    store: Store,
    server: Server,
    on_step: Callable[[Step], None],
    ask_for: tuple[str, ...],
    *,
    up_to_host_key: bool,
) -> Trial:
    steps: list[Step] = []

    def tell(step: Step) -> None:
        steps.append(step)
        on_step(step)
        if up_to_host_key and step.name == HOST_KEY and step.ok:
            raise _KeySeen

    tested_by = f"this program on {socket.gethostname()}"
    try:
        outcome = run_test(
            store,
            server,
            {one.name: one for one in list_servers(store)},
            ask_for=ask_for,
            on_step=tell,
        )
    except _KeySeen:
        return Trial(tested_by=tested_by, steps=tuple(steps), failure=None, sentence="")
    return Trial(
        tested_by=tested_by,
        steps=tuple(steps),
        failure=outcome.failure,
        sentence=outcome.sentence,
    )


def _have_tried(
    store: Store,
    server: Server,
    on_step: Callable[[Step], None],
    ask_for: tuple[str, ...],
    tested_by: str,
) -> Trial:
    steps: list[Step] = []
    with _placed(store, server, ask_for) as order_id:
        for order in _followed(store, order_id):
            for row in order.progress[len(steps) :]:
                steps.append(Step(name=row["name"], ok=row["ok"], sentence=row["sentence"]))
                on_step(steps[-1])
    outcome: Mapping[str, Any] = order.outcome or {}
    if order.state is not OrderState.DONE:
        raise NotTested(str(outcome.get("sentence") or "The test was cancelled."))
    failure = outcome["failure"]
    return Trial(
        tested_by=tested_by,
        steps=tuple(steps),
        failure=None if failure is None else failure_from_json(failure),
        sentence=str(outcome["sentence"]),
    )


@contextmanager
def _placed(store: Store, server: Server, ask_for: tuple[str, ...]) -> Iterator[int]:
    """Place the order; withdraw it when we leave before it is closed, as on Ctrl+C."""
    order_id = orders.place(
        store,
        TEST_CONNECTION,
        server_id=server.id or None,
        request={"server": server_to_json(server), "ask_for": list(ask_for)},
        asked_by=own_name(),
        now=datetime.now(UTC),
    )
    try:
        yield order_id
    finally:
        orders.cancel(store, order_id, datetime.now(UTC))


def _followed(store: Store, order_id: int) -> Iterator[Order]:
    """Give the order again and again as it goes on, the last time when it is closed.

    Raises:
        NotTested: nobody takes it up, or who took it up is gone.
    """
    started_s = time.monotonic()
    while True:
        order = orders.get(store, order_id)
        yield order
        if order.state.is_closed:
            return
        waited_s = time.monotonic() - started_s
        if order.state is OrderState.WAITING and waited_s > TAKEN_WITHIN_S:
            raise NotTested(
                f"The engine has not taken the test up within {TAKEN_WITHIN_S:.0f} seconds; look "
                "at `noc-console status`, then try again."
            )
        if waited_s > DONE_WITHIN_S or living_engine(store, datetime.now(UTC)) is None:
            raise NotTested("The engine ended before the test was done; try again.")
        time.sleep(POLL_S)
