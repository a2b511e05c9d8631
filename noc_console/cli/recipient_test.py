"""`noc-console recipient test`: a real message, by the engine that lives on the store or else here.

The engine goes first: it is the one that must find the secrets and reach the channel.
"""

import argparse
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.engine.delivery_trial import TEST_DELIVERY, send_test
from noc_console.errors import ConsoleError
from noc_console.health.delivery.recipient import Recipient
from noc_console.health.delivery.recipient_records import get_recipient
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.store import orders
from noc_console.store.heartbeat import living_engine
from noc_console.store.location import StoreLocation
from noc_console.store.orders import OrderState
from noc_console.store.store import Store, open_store

_WORDS = {True: "ok", False: "FAILED"}
_POLL_S = 0.1
_TAKEN_WITHIN_S = 10.0
_DONE_WITHIN_S = 150.0
"""Longer than every step's time-out together."""


class MessageNotSent(ConsoleError):
    """The test did not go; the sentence says at which step, and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    tested_by: str
    ok: bool
    sentence: str
    steps: tuple[SendStep, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare who and the form."""
    parser.add_argument("name", metavar="NAME", help="who is to get the test")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Send the test; each step is printed as it happens.

    Raises:
        MessageNotSent: a step did not work.
        ConsoleError: there is nobody of that name, or nobody could send it.
    """
    tell = _be_silent if arguments.json else _print_step
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        trial = _try(store, get_recipient(store, arguments.name), tell)
    if arguments.json:
        said = asdict(trial) | {"recipient": arguments.name, "at": iso(datetime.now(UTC))}
        print(json.dumps(said), flush=True)
    if not trial.ok:
        raise MessageNotSent(trial.sentence)
    if not arguments.json:
        print(f"{inert(trial.sentence)} Sent by {inert(trial.tested_by)}.")
    return 0


def _try(store: Store, one: Recipient, tell: Tell) -> _Trial:
    steps: list[SendStep] = []

    def note(step: SendStep) -> None:
        steps.append(step)
        tell(step)

    engine = living_engine(store, datetime.now(UTC))
    if engine is None:
        ok, sentence = send_test(store, one, own_name(), note)
        tested_by = f"this program on {socket.gethostname()}, for no engine is running"
    else:
        ok, sentence = _have_sent(store, one, note)
        tested_by = f"the engine on {engine.host} (process {engine.pid})"
    return _Trial(tested_by=tested_by, ok=ok, sentence=sentence, steps=tuple(steps))


def _have_sent(store: Store, one: Recipient, tell: Tell) -> tuple[bool, str]:
    seen, started_s = 0, time.monotonic()
    with _placed(store, one) as order_id:
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
        raise MessageNotSent(
            f"The engine has not taken the test up within {_TAKEN_WITHIN_S:.0f} seconds; look at "
            "`noc-console status`, then try again."
        )
    if waited_s > _DONE_WITHIN_S or living_engine(store, datetime.now(UTC)) is None:
        raise MessageNotSent("The engine ended before the test was done; try again.")


@contextmanager
def _placed(store: Store, one: Recipient) -> Iterator[int]:
    """Place the order; withdraw it when we leave before it is closed, as on Ctrl+C."""
    order_id = orders.place(
        store,
        TEST_DELIVERY,
        request={"recipient_id": one.id},
        asked_by=own_name(),
        now=datetime.now(UTC),
    )
    try:
        yield order_id
    finally:
        orders.cancel(store, order_id, datetime.now(UTC))


def _be_silent(_step: SendStep) -> None:
    pass


def _print_step(step: SendStep) -> None:
    """Print a step; the sentence of one that failed is told at the end, as every failure is."""
    sentence = inert(step.sentence) if step.ok else ""
    print(f"{_WORDS[step.ok]:<8}{step.name:<16}{sentence}".rstrip(), flush=True)
