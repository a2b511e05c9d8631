"""`noc-console server test`: the connection to a server, step by step."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.connection_trial import Trial, try_server
from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import as_typed, inert
from noc_console.errors import ConsoleError
from noc_console.fleet.failure import Failure
from noc_console.fleet.records import get_server
from noc_console.fleet.server import Server
from noc_console.links.ssh import Step
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_WORDS = {True: "ok", False: "FAILED", None: "-"}


class ConnectionFailed(ConsoleError):
    """A step did not work; the sentence says which and how to mend it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the server and the form."""
    parser.description = (
        "Test the connection to a server step by step: name, port, banner, host key,"
        " authentication, shell, probe. The engine that watches the store does it, or this program"
        " if there is none. Exits 1 if a step does not work."
    )
    parser.add_argument("name", metavar="NAME", help="the server")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Test the connection; each step is printed as it happens.

    Raises:
        ConnectionFailed: a step did not work.
        ConsoleError: there is no such server, or it could not be tested.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        server = get_server(store, arguments.name)
        trial = try_server(store, server, _be_silent if arguments.json else _print_step)
    if arguments.json:
        print(json.dumps(_as_json(server, trial)), flush=True)
    if trial.failure is not None:
        raise ConnectionFailed(f"{trial.sentence}{_advice(server, trial.failure)}")
    if not arguments.json:
        print(f"{trial.sentence} Tested by {inert(trial.tested_by)}.")
    return 0


def _be_silent(_step: Step) -> None:
    pass


def _print_step(step: Step) -> None:
    """Print a step; the sentence of one that failed is told at the end, as every failure is."""
    sentence = "" if step.ok is False else inert(step.sentence)
    print(f"{_WORDS[step.ok]:<8}{step.name:<16}{sentence}".rstrip(), flush=True)


def _advice(server: Server, failure: Failure) -> str:
    if not failure.is_host_key:
        return ""
    return f" `noc-console server trust {as_typed([server.name])}` asks you about it."


def _as_json(server: Server, trial: Trial) -> dict[str, Any]:
    return {
        "server": server.name,
        "at": iso(datetime.now(UTC)),
        "tested_by": trial.tested_by,
        "ok": trial.failure is None,
        "failure": None if trial.failure is None else trial.failure.kind.value,
        "sentence": trial.sentence,
        "steps": [
            {"name": step.name, "ok": step.ok, "sentence": step.sentence} for step in trial.steps
        ],
    }
