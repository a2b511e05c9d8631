"""Run the groups of measures and print each one's table: `python -m bench --only history`.

Exit status 0 also when a goal is missed: the table says so. 1 when something could not be measured.
"""

import argparse
import importlib
import os
import platform
import sys
import tempfile
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

from bench import table
from bench.measure import Measure
from noc_console.errors import ConsoleError

GROUPS = (
    "sampling",
    "server_side",
    "figure_size",
    "history",
    "judging",
    "alarms",
    "links",
    "window",
    "slices",
    "telling",
    "availability",
    "recorder",
    "time_machine",
    "answers",
    "composing",
    "first_word",
    "notices",
    "audit_run",
)
"""Modules of this package; each has `run(folder, quick)`, which gives its measures."""


def main() -> int:
    """Measure what was asked for; gives the exit status."""
    arguments = _arguments()
    at = datetime.now(UTC)
    print(f"{at:%Y-%m-%d %H:%M} UTC, {_machine()}\n", flush=True)
    groups: dict[str, list[Measure]] = {}
    failed = []
    for group in arguments.only or GROUPS:
        started_s = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix=f"noc-bench-{group}-") as folder:
                run = importlib.import_module(f"bench.{group}").run
                groups[group] = run(Path(folder), quick=arguments.quick)
        except (ConsoleError, OSError, RuntimeError, ValueError) as error:
            traceback.print_exc()
            print(f"== {group}\nNot measured: {error}\n", flush=True)
            failed.append(group)
        else:
            print(table.printed(group, groups[group]), flush=True)
            print(f"  ({time.monotonic() - started_s:.0f} s)\n", flush=True)
    print(table.summed_up([one for some in groups.values() for one in some]))
    if arguments.json:
        table.write_json(arguments.json, at, _machine(), groups)
    if failed:
        print(f"Not measured: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=GROUPS, metavar="GROUP", help=", ".join(GROUPS)
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds, within four minutes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    return parser.parse_args()


def _machine() -> str:
    python = platform.python_version()
    return f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, Python {python}"


if __name__ == "__main__":
    sys.exit(main())
