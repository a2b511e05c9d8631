"""`noc-console evidence verify`: whether recordings are as they were stored."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.terminal_text import inert
from noc_console.incidents.evidence.evidence import Verification
from noc_console.incidents.evidence.evidence_records import list_recordings, verify_recording
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which recordings."""
    parser.add_argument("recording", type=int, nargs="?", metavar="RECORDING", help="its number")
    parser.add_argument("--all", action="store_true", help="every recording")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Check the hashes; exits 1 where one is wrong.

    Raises:
        ConsoleError: there is no such recording, or the store cannot be used.
    """
    if (arguments.recording is None) != arguments.all:
        raise UsageError("Name one recording, or give --all.")
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        numbers = (
            [one.id for one in list_recordings(store, now, limit=1_000_000)]
            if arguments.all
            else [arguments.recording]
        )
        found = [verify_recording(store, number, now) for number in numbers]
    if arguments.json:
        print(json.dumps({"recordings": [_to_json(one) for one in found]}))
    else:
        for one in found:
            print(*_lines(one), sep="\n")
        if not found:
            print("Nothing is recorded, so there is nothing to check.")
    return 0 if all(one.is_whole for one in found) else 1


def _to_json(one: Verification) -> dict[str, object]:
    return {
        "recording": one.recording_id,
        "is_whole": one.is_whole,
        "exhibits": one.exhibits,
        "digest": one.digest,
        "damage": list(one.damage),
    }


def _lines(one: Verification) -> list[str]:
    word = "whole" if one.is_whole else "DAMAGED"
    head = f"Recording {one.recording_id}: {word}, {one.exhibits} exhibits, SHA-256 {one.digest}"
    return [head, *(f"  {inert(sentence)}" for sentence in one.damage)]
