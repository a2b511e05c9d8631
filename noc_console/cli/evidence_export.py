"""`noc-console evidence export`: a recording as files in a folder."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from noc_console.incidents.evidence.evidence_export import export_recording
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the recording and the folder."""
    parser.add_argument("recording", type=int, metavar="RECORDING", help="its number")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder is made in this one")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Write the recording; exits 1 where an exhibit is damaged.

    Raises:
        ConsoleError: there is no such recording, or it cannot be written there.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        done = export_recording(store, arguments.recording, arguments.folder, datetime.now(UTC))
    if arguments.json:
        told = {"folder": str(done.folder), "exhibits": done.files, "damage": list(done.damage)}
        print(json.dumps(told))
    else:
        print(f"{done.sentence} `sha256sum -c SHA256SUMS` there checks them.")
        print(*done.damage, sep="\n", end="\n" * bool(done.damage))
    return 1 if done.damage else 0
