"""`noc-console availability`: how long servers, services, groups and customers were up."""

import argparse
import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from noc_console.cli.command_module import UsageError

if TYPE_CHECKING:
    from noc_console.incidents.availability.availability_report import Report, Scope
    from noc_console.store.store import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the range, of what, and the form."""
    parser.add_argument(
        "--from",
        dest="first",
        default="",
        metavar="WHEN",
        help="2026, 2026-Q3, 2026-10, 2026-10-05 or 2026-10-05T14:30 (default: this month)",
    )
    parser.add_argument(
        "--to", dest="last", default="", metavar="WHEN", help="as --from; a day is in it as a whole"
    )
    parser.add_argument("--zone", metavar="ZONE", help="such as Europe/Berlin (default: our own)")
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument("--server", default="", metavar="NAME", help="one server, with its services")
    scope.add_argument("--group", default="", metavar="G", help="the servers of a group")
    scope.add_argument("--customer", default="", metavar="C", help="a customer's servers")
    scope.add_argument("--service", default="", metavar="S", help="a service on every server")
    parser.add_argument("--services", action="store_true", help="the services of each server too")
    parser.add_argument(
        "--set-target",
        type=_percent,
        metavar="PERCENT",
        help="promise this to what is named, else to all; 'none' takes it back",
    )
    marking = parser.add_mutually_exclusive_group()
    marking.add_argument(
        "--mark-not-watched",
        nargs=2,
        metavar=("FROM", "TO"),
        help="with --server and --reason: what was seen then is wrong and counts for nothing",
    )
    marking.add_argument(
        "--take-back", type=int, metavar="MARK", help="let a mark count no more, by its number"
    )
    parser.add_argument("--reason", default="", metavar="WORDS", help="why it was seen wrongly")
    parser.add_argument(
        "--only-service", default="", metavar="S", help="mark only this service of the server"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON, each span in it")
    form.add_argument("--csv", action="store_true", help="print CSV")
    form.add_argument("--html", type=Path, metavar="FILE", help="write a report")
    form.add_argument("--pdf", type=Path, metavar="FILE", help="write a report")


def run(arguments: argparse.Namespace) -> int:
    """Print or write the report.

    Raises:
        ConsoleError: the range or the name is not known, or the store cannot be used.
    """
    from noc_console.incidents.availability.availability_report import Scope, make_report
    from noc_console.incidents.report_range import parse_range
    from noc_console.incidents.wall_time import own_zone
    from noc_console.store.location import StoreLocation
    from noc_console.store.store import open_store

    now = datetime.now(UTC)
    wanted = parse_range(arguments.first, arguments.last, arguments.zone or own_zone(), now)
    scope = Scope(
        server=arguments.server,
        group=arguments.group,
        customer=arguments.customer,
        service=arguments.service,
        with_services=arguments.services,
    )
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if arguments.set_target is not None:
            _set_target(store, scope, arguments.set_target)
        if arguments.mark_not_watched is not None:
            _mark(store, arguments, wanted.zone, now)
        if arguments.take_back is not None:
            _take_back(store, arguments.take_back, now)
        report = make_report(store, wanted, now, scope)
    _tell(report, arguments)
    return 0


def _tell(report: "Report", arguments: argparse.Namespace) -> None:
    from noc_console.cli.availability_lines import as_lines
    from noc_console.incidents.availability.availability_document import as_csv, as_html, as_json

    if arguments.json:
        print(json.dumps(as_json(report)))
    elif arguments.csv:
        print(as_csv(report), end="")
    elif arguments.html is not None:
        from noc_console.fleet.whole_file import write_whole

        write_whole(arguments.html, as_html(report).encode())
        print(arguments.html)
    elif arguments.pdf is not None:
        _write_pdf(report, arguments.pdf)
        print(arguments.pdf)
    else:
        print(*as_lines(report, shutil.get_terminal_size().columns), sep="\n")


def _write_pdf(report: "Report", path: Path) -> None:
    from noc_console.cli.desk import choose_platform

    choose_platform(off_screen=True)
    from noc_console.desk.pdf import application_for_pictures, write_pdf
    from noc_console.incidents.availability.availability_document import as_html

    application = application_for_pictures()
    write_pdf(as_html(report), path, f"Availability, {report.range.title}")
    application.processEvents()


def _set_target(store: "Store", scope: "Scope", percent: float) -> None:
    from noc_console.fleet.records import get_server
    from noc_console.incidents.availability.targets import put_target

    if scope.server:
        key = f"server:{get_server(store, scope.server).id}"
    else:
        key = next(
            (
                f"{kind}:{name}"
                for kind, name in (
                    ("group", scope.group),
                    ("customer", scope.customer),
                    ("service", scope.service),
                )
                if name
            ),
            "all",
        )
    put_target(store, key, None if percent < 0 else percent)


def _mark(store: "Store", arguments: argparse.Namespace, zone: str, now: datetime) -> None:
    from noc_console.cli.who import own_name
    from noc_console.fleet.records import get_server
    from noc_console.incidents.availability.mark_records import Mark, put_mark
    from noc_console.incidents.report_range import parse_range

    if not arguments.server:
        raise UsageError("Name the server with --server; a mark is of one server.")
    first, last = arguments.mark_not_watched
    span = parse_range(first, last, zone, now)
    mark = Mark(
        server_id=get_server(store, arguments.server).id,
        service=arguments.only_service,
        started_at=span.start,
        ended_at=span.end,
        reason=arguments.reason.strip(),
        marked_by=own_name(),
        marked_at=now,
    )
    put_mark(store, mark)


def _take_back(store: "Store", number: int, now: datetime) -> None:
    from noc_console.cli.who import own_name
    from noc_console.incidents.availability.mark_records import take_back

    take_back(store, number, own_name(), now)


def _percent(words: str) -> float:
    if words == "none":
        return -1.0
    try:
        percent = float(words.removesuffix("%"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words!r} is no share, such as 99.9") from None
    if not 0.0 <= percent <= 100.0:
        raise UsageError("A target lies between 0 and 100 %, such as 99.9.")
    return percent
