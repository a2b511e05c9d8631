"""`noc-console audit parse CHECK FILE`: the parser and the rules of a check on saved output.

For servers one may not log in to, and for trying a check of one's own.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from noc_console.audit.agreed import Agreed
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.check import Check, Family
from noc_console.audit.comparing import Around
from noc_console.audit.finding import CheckResult
from noc_console.audit.judging import RawOutcome, judge
from noc_console.audit.lifetimes import shipped_lifetimes
from noc_console.cli.terminal_text import inert
from noc_console.errors import ConsoleError
from noc_console.store.location import StoreLocation

_MOST_READ = 64 * 1024 * 1024


class UnreadableOutput(ConsoleError):
    """A file of saved output that cannot be read."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the check, the file and what is known beside it."""
    parser.add_argument("check", metavar="CHECK", help="the id of a check, such as FW-01")
    parser.add_argument("file", metavar="FILE", help="its saved output; - is the standard input")
    parser.add_argument(
        "--family",
        choices=[one.value for one in Family],
        default=Family.DEBIAN.value,
        help="whose command printed it (default: debian)",
    )
    parser.add_argument(
        "--exit-status", type=int, metavar="N", help="how the command ended (default: well)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print what the output comes to; nothing is agreed, no month is before it. Exits 0."""
    check = load_catalogue(checks_folder(StoreLocation.parse(arguments.store))).check(
        arguments.check
    )
    now = datetime.now(UTC)
    result = judge(
        check,
        _outcome(check, _read(arguments.file), arguments.exit_status, now),
        Around(
            now=now,
            server="saved output",
            family=Family(arguments.family),
            agreed=Agreed(),
            before=None,
            lifetimes=shipped_lifetimes(),
        ),
    )
    print(
        json.dumps(_told(result), indent=2, ensure_ascii=False) if arguments.json else _text(result)
    )
    return 0


def _outcome(check: Check, output: bytes, status: int | None, now: datetime) -> RawOutcome:
    return RawOutcome(
        check_id=check.id,
        output=output,
        exit_status=check.exits[0] if status is None else status,
        is_whole=len(output) <= _MOST_READ,
        is_missing=(),
        took_ms=0,
        cpu_ms=None,
        at=now,
        why="",
    )


def _read(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(_MOST_READ + 1)
        with Path(name).open("rb") as file:
            return file.read(_MOST_READ + 1)
    except OSError as error:
        raise UnreadableOutput(f"{name} cannot be read: {error.strerror}.") from error


def _text(result: CheckResult) -> str:
    why = f": {inert(result.why)}" if result.why else ""
    lines = [f"{result.check_id}: {result.result.value}{why}"]
    lines += [f"  {one.result.value:<12}  {inert(one.sentence)}" for one in result.findings]
    return "\n".join(lines)


def _told(result: CheckResult) -> dict[str, object]:
    return {
        "check": result.check_id,
        "result": result.result.value,
        "why": result.why,
        "sha256": result.sha256,
        "bytes": result.raw_bytes,
        "findings": [
            {
                "item": one.item,
                "result": one.result.value,
                "severity": one.severity.value,
                "sentence": one.sentence,
                "lines": list(one.marks),
            }
            for one in result.findings
        ],
    }
