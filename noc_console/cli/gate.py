"""`noc-console gate`: what was rebooted and restarted from here, why, and what came of it."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.gate_words import act_as_json, print_step
from noc_console.cli.moments import parse_moment
from noc_console.cli.terminal_text import Column, inert, table
from noc_console.errors import ConsoleError
from noc_console.fleet.records import get_server
from noc_console.incidents.gate.gate import GateAct
from noc_console.incidents.gate.gate_records import acts_between, get_act
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_COLUMNS = (
    Column(title="ID", is_number=True),
    Column(title="When"),
    Column(title="What", shrinks_to=20),
    Column(title="By", shrinks_to=6, drop_at=1),
    Column(title="Came to"),
    Column(title="Reason", is_sentence=True, shrinks_to=12, drop_at=0),
)
_CAME_TO = {True: "all well", False: "not all well", None: ""}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to list or show."""
    parser.description = (
        "List what was rebooted and restarted from here, the newest first; with a number, show all"
        " that was seen of one: each step, the evidence, before and after."
    )
    parser.add_argument("number", nargs="?", type=int, metavar="ID", help="show this one")
    parser.add_argument("--server", metavar="NAME", help="only those of this server")
    parser.add_argument(
        "--since", default="90d", metavar="WHEN", help="from when on (default: 90d)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the list, or one.

    Raises:
        ConsoleError: there is no such server or number.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if arguments.number is not None:
            try:
                acts = [get_act(store, arguments.number)]
            except LookupError:
                raise ConsoleError(
                    f"Nothing of the number {arguments.number} passed the gate; `noc-console gate`"
                    " lists what did."
                ) from None
        else:
            only = [get_server(store, arguments.server).id] if arguments.server else None
            acts = acts_between(store, parse_moment(arguments.since, now), now, only)[::-1]
    if arguments.json:
        print(json.dumps([act_as_json(act) for act in acts]))
    elif arguments.number is not None:
        _show(acts[0])
    else:
        rows = [_row(act) for act in acts]
        print(*table(_COLUMNS, rows, shutil.get_terminal_size().columns), sep="\n")
    return 0


def _row(act: GateAct) -> tuple[str, ...]:
    return (
        str(act.id),
        f"{act.asked_at.astimezone():%Y-%m-%d %H:%M %Z}",
        inert(act.deed),
        inert(act.asked_by),
        _CAME_TO[act.is_well] or act.state.value,
        inert(act.reason),
    )


def _show(act: GateAct) -> None:
    print(f"{inert(act.deed)}, asked by {inert(act.asked_by)}: {inert(act.reason)}")
    print(f"Affected: {act.affected.words}")
    print(f"Evidence: {inert(act.evidence_words) or 'none'}")
    for step in act.steps:
        print_step(step.at, step.words, step.ok)
    for finding in act.findings:
        print(f"  {finding.title}: {inert(finding.before)} -> {inert(finding.after)}")
    print(inert(act.sentence) or f"It is {act.state.value}.")
