"""`noc-console notice ledger`: all that befell a notice, or the promises of a month."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from noc_console.cli.command_module import UsageError
from noc_console.cli.moments import iso
from noc_console.cli.notice_outcome import posting_json, posting_lines
from noc_console.cli.terminal_text import inert
from noc_console.fleet.whole_file import write_whole
from noc_console.incidents.report_range import parse_range
from noc_console.incidents.times import local_text, span_text
from noc_console.incidents.wall_time import own_zone
from noc_console.notices.ledger import Ledger, PromiseMonth, put_target, read_ledger, read_promises
from noc_console.notices.ledger_report import (
    ledger_csv,
    ledger_html,
    month_json,
    promise_json,
    promises_csv,
    promises_html,
)
from noc_console.notices.promises import Outcome
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

EXIT_NOT_WHOLE = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which notice or which range, and the form."""
    parser.add_argument("notice", metavar="ID", type=int, nargs="?", help="one notice's ledger")
    parser.add_argument(
        "--from", dest="first", default="", metavar="WHEN", help="promises from: 2026-12, 2026-Q4"
    )
    parser.add_argument("--to", dest="last", default="", metavar="WHEN", help="as --from")
    parser.add_argument("--zone", metavar="ZONE", help="of the range (default: our own)")
    parser.add_argument(
        "--set-target",
        metavar="MINUTES",
        type=int,
        help="in how many minutes a first word shall come; 0: 10 as is usual",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument(
        "--out", type=Path, metavar="FILE", help="write a file that ends in .html, .pdf or .csv"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print or write it; exit 1 when the ledger is not as it was written.

    Raises:
        ConsoleError: there is no such notice or range, or the file cannot be written.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if arguments.set_target is not None:
            put_target(store, arguments.set_target)
        if arguments.notice is not None:
            return _tell_ledger(read_ledger(store, arguments.notice, now), arguments)
        zone = arguments.zone or own_zone()
        reported = parse_range(arguments.first, arguments.last, zone, now)
        month = read_promises(store, reported, now)
    if arguments.out is not None:
        title = f"Promises, {reported.title}"
        _write(arguments.out, promises_html(month), promises_csv(month), title)
        print(f"Written: {inert(str(arguments.out))}")
    elif arguments.json:
        print(json.dumps(month_json(month)))
    else:
        print(*_month_lines(month), sep="\n")
    return 0


def _tell_ledger(ledger: Ledger, arguments: argparse.Namespace) -> int:
    if arguments.out is not None:
        title = f"Ledger of notice {ledger.stored.id}"
        _write(arguments.out, ledger_html(ledger), ledger_csv(ledger), title)
        print(f"Written: {inert(str(arguments.out))}")
    elif arguments.json:
        print(json.dumps(_ledger_json(ledger)))
    else:
        print(*_ledger_lines(ledger), sep="\n")
    return 0 if ledger.is_whole else EXIT_NOT_WHOLE


def _write(path: Path, html: str, table: str, title: str) -> None:
    ending = path.suffix.lower()
    if ending in {".html", ".htm"}:
        write_whole(path, html.encode())
    elif ending == ".csv":
        write_whole(path, table.encode("utf-8-sig"))
    elif ending == ".pdf":
        from noc_console.cli.desk import choose_platform

        choose_platform(off_screen=True)
        from noc_console.desk.pdf import application_for_pictures, write_pdf

        application_for_pictures()
        write_pdf(html, path, title)
    else:
        raise UsageError(f"{path.name} says no form; let its name end in .html, .pdf or .csv.")


def _ledger_json(ledger: Ledger) -> dict[str, Any]:
    return {
        "notice": ledger.stored.id,
        "state": ledger.stored.state.value,
        "is_whole": ledger.is_whole,
        "head": ledger.head,
        "versions": [
            {
                "number": one.number,
                "sha256": one.sha256,
                "change": one.change,
                "frozen": {"at": iso(one.frozen_at), "by": one.frozen_by},
                "approved": None
                if one.approved_at is None
                else {"at": iso(one.approved_at), "by": one.approved_by},
                "one_person": one.is_one_person,
            }
            for one in ledger.versions
        ],
        "postings": [posting_json(one, ledger.counts.get(one.id)) for one in ledger.postings],
        "promises": [promise_json(one) for one in ledger.promises],
        "events": [
            {
                "number": one.number,
                "at": iso(one.at),
                "by": one.by,
                "kind": one.kind.value,
                "words": one.words,
                "details": dict(one.details),
                "sha256": one.sha256,
            }
            for one in ledger.events
        ],
    }


def _ledger_lines(ledger: Ledger) -> list[str]:
    stored = ledger.stored
    lines = [f"Notice {stored.id}: {inert(stored.notice.title)} ({stored.state.value})"]
    for one in ledger.versions:
        approved = (
            f"approved by {inert(one.approved_by)}{' alone' if one.is_one_person else ''}"
            if one.approved_at
            else "NOT APPROVED"
        )
        lines.append(
            f"Version {one.number}, frozen by {inert(one.frozen_by)}, {approved}, "
            f"SHA-256 {one.sha256}"
        )
    lines += posting_lines(ledger.postings, ledger.counts, {}) or ["Nothing went anywhere yet."]
    lines += [
        f"Promise: {one.kind.value} {local_text(one.promised_at)}: {one.outcome.value}"
        for one in ledger.promises
    ]
    lines += [
        f"{one.number:>4}  {local_text(one.at)}  {inert(one.by)}: {inert(one.words)}"
        for one in ledger.events
    ]
    whole = "as it was written" if ledger.is_whole else "NOT AS IT WAS WRITTEN"
    return [*lines, f"The ledger is {whole}; its head is {ledger.head}."]


def _month_lines(month: PromiseMonth) -> list[str]:
    kept = "none can be judged" if month.kept is None else f"{month.kept * 100:.1f} % kept"
    counts = ", ".join(f"{month.count(one)} {one.value}" for one in Outcome)
    lines = [f"{month.range.title}: {kept} ({counts})"]
    lines += [
        f"{local_text(one.promised_at)}  {one.kind.value:<12} {one.outcome.value:<13} "
        f"notice {one.notice_id}: {inert(one.title)}"
        for one in month.promises
    ]
    half, nearly_all = month.half_within, month.nearly_all_within
    if half is None or nearly_all is None:
        return [*lines, "First word: no downtime was told of."]
    lines.append(
        f"First word: half of {len(month.first_words)} within {span_text(half)}, 95 of 100 within "
        f"{span_text(nearly_all)}; target {span_text(month.target)}"
    )
    return lines
