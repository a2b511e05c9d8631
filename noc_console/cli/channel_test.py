"""`noc-console channel test`: login and rights, by the engine that lives on the store or else here.

The engine goes first: it is the one that must find the secrets and reach the channel.
"""

import argparse
import json
import socket
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime

from noc_console.cli.asked_of_engine import have_done
from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import inert
from noc_console.errors import ConsoleError
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.notices.channel_records import get_channel
from noc_console.notices.channel_trial import TEST_CHANNEL, try_channel
from noc_console.notices.channels.channel import Channel
from noc_console.store.heartbeat import living_engine
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_WORDS = {True: "ok", False: "FAILED"}


class ChannelNotWell(ConsoleError):
    """A step of the test did not work; the sentence says how to mend it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which and the form."""
    parser.add_argument("name", metavar="NAME", help="which channel")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Test the channel; each step is printed as it happens.

    Raises:
        ChannelNotWell: a step did not work.
        ConsoleError: there is no such channel, or nobody could test it.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        channel = get_channel(store, arguments.name)
        steps: list[SendStep] = []

        def tell(step: SendStep) -> None:
            steps.append(step)
            if not arguments.json:
                _print_step(step)

        ok, sentence, who = _try(store, channel, tell)
    if arguments.json:
        said = {
            "channel": channel.name,
            "at": iso(datetime.now(UTC)),
            "tested_by": who,
            "ok": ok,
            "sentence": sentence,
            "steps": [asdict(step) for step in steps],
        }
        print(json.dumps(said), flush=True)
    if not ok:
        raise ChannelNotWell(sentence)
    if not arguments.json:
        print(f"{inert(sentence)} Tested by {inert(who)}.")
    return 0


def _try(store: Store, channel: Channel, tell: Tell) -> tuple[bool, str, str]:
    engine = living_engine(store, datetime.now(UTC))
    if engine is None:
        who = f"this program on {socket.gethostname()}, for no engine is running"
        return (*try_channel(store, channel, tell), who)
    ok, sentence = have_done(store, TEST_CHANNEL, {"channel_id": channel.id}, tell)
    return ok, sentence, f"the engine on {engine.host} (process {engine.pid})"


def _print_step(step: SendStep) -> None:
    """Print a step; the sentence of one that failed is told at the end, as every failure is."""
    sentence = inert(step.sentence) if step.ok else ""
    print(f"{_WORDS[step.ok]:<8}{step.name:<16}{sentence}".rstrip(), flush=True)
