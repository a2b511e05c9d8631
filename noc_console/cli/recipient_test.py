"""`noc-console recipient test`: a real message, by the engine that lives on the store or else here.

The engine goes first: it is the one that must find the secrets and reach the channel.
"""

import argparse
import json
import socket
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from noc_console.cli.asked_of_engine import have_done
from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.errors import ConsoleError
from noc_console.health.delivery.delivery_trial import TEST_DELIVERY, send_test
from noc_console.health.delivery.recipient import Recipient
from noc_console.health.delivery.recipient_records import get_recipient
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.store.heartbeat import living_engine
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_WORDS = {True: "ok", False: "FAILED"}


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
        ok, sentence = have_done(store, TEST_DELIVERY, {"recipient_id": one.id}, note)
        tested_by = f"the engine on {engine.host} (process {engine.pid})"
    return _Trial(tested_by=tested_by, ok=ok, sentence=sentence, steps=tuple(steps))


def _be_silent(_step: SendStep) -> None:
    pass


def _print_step(step: SendStep) -> None:
    """Print a step; the sentence of one that failed is told at the end, as every failure is."""
    sentence = inert(step.sentence) if step.ok else ""
    print(f"{_WORDS[step.ok]:<8}{step.name:<16}{sentence}".rstrip(), flush=True)
