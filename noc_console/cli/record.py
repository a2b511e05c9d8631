"""`noc-console record`: have the flight recorder keep evidence of a server, or stop it."""

import argparse
import json
import time
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.moments import parse_span
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.fleet.records import get_server
from noc_console.incidents.evidence.evidence import Recording, RecordingState
from noc_console.incidents.evidence.evidence_export import recording_to_json
from noc_console.incidents.evidence.evidence_records import get_recording
from noc_console.incidents.evidence.recording_asking import ask_to_record, ask_to_stop, outcome_of
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_LONGEST_MINUTES = 24 * 60
_LOOK_EVERY_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the server and for how long."""
    parser.description = (
        "Record a server now: samples each second, processes, connections, mail queue, queries and"
        " logs, kept here and never on the server. The engine that watches the store does it. One"
        " that records already goes on for longer."
    )
    parser.add_argument("name", metavar="SERVER", help="the server")
    parser.add_argument(
        "--for",
        dest="span",
        metavar="SPAN",
        help="how long: 90s, 5m or 2h, a day at most (default: as set, 10 minutes)",
    )
    parser.add_argument("--reason", default="", metavar="WORDS", help="why, in one line")
    parser.add_argument("--stop", action="store_true", help="end the recording that goes on")
    parser.add_argument("--wait", action="store_true", help="wait until the recording has ended")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Ask the recorder; prints what came of it.

    Raises:
        ConsoleError: no engine watches, there is no such server, or the recorder refused.
    """
    if arguments.stop and arguments.span:
        raise UsageError("--stop ends a recording, so --for does not go with it.")
    minutes = None if arguments.span is None else _minutes(arguments.span)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        server = get_server(store, arguments.name)
        who, now = own_name(), datetime.now(UTC)
        if arguments.stop:
            order_id = ask_to_stop(store, server.id, asked_by=who, now=now)
        else:
            order_id = ask_to_record(
                store,
                server.id,
                asked_by=who,
                now=now,
                minutes=minutes,
                reason=arguments.reason,
            )
        recording_id, sentence = outcome_of(
            store, order_id, now=_now, clock=time.monotonic, wait=time.sleep
        )
        if not arguments.json:
            print(f"{inert(sentence)} `noc-console evidence show {recording_id}` shows it.")
        recording = (
            _wait_for_end(store, recording_id)
            if arguments.wait
            else get_recording(store, recording_id, _now())
        )
    if arguments.json:
        print(json.dumps(recording_to_json(recording)))
    elif arguments.wait:
        print(
            f"It ended: {inert(recording.ended_why)}. It holds {recording.exhibits} exhibits, "
            f"{recording.stored_bytes / 1e6:.1f} MB."
        )
    return 0


def _minutes(text: str) -> float:
    minutes = parse_span(text).total_seconds() / 60.0
    if minutes > _LONGEST_MINUTES:
        raise UsageError("A recording lasts a day at most; write --for as 90s, 5m or 2h.")
    return minutes


def _wait_for_end(store: Store, recording_id: int) -> Recording:
    recording = get_recording(store, recording_id, _now())
    while recording.state is RecordingState.RECORDING:
        time.sleep(_LOOK_EVERY_S)
        recording = get_recording(store, recording_id, _now())
    return recording


def _now() -> datetime:
    return datetime.now(UTC)
