"""`noc-console audit report`: an audit as HTML, PDF, CSV or JSON, or signed in one file."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from noc_console.cli.audit_choice import add_audit, chosen_audit
from noc_console.cli.terminal_text import inert
from noc_console.errors import ConsoleError
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

if TYPE_CHECKING:
    from noc_console.audit.report import AuditReport

_FORMS = (".html", ".pdf", ".csv", ".json", ".zip")
_BUNDLE = _FORMS[-1]


class UnknownForm(ConsoleError):
    """A file's name that ends in no form of report."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the audit, what of it, and the file."""
    add_audit(parser)
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help=f"ends in {', '.join(_FORMS)}; .zip is the signed audit itself, whole",
    )
    parser.add_argument("--server", metavar="NAME", default="", help="only this server")
    parser.add_argument("--group", metavar="G", default="", help="only servers of this group")
    parser.add_argument(
        "--customer", metavar="NAME", default="", help="only servers with sites of this customer"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the report.

    Raises:
        ConsoleError: there is no such audit or server, or the file cannot be written.
    """
    from noc_console.audit.catalogue import checks_folder, load_catalogue
    from noc_console.audit.report_reading import read_report
    from noc_console.cli.audit_proof import write_bundle

    if arguments.out.suffix not in _FORMS:
        raise UnknownForm(
            f"{inert(str(arguments.out))} ends in no form of report; write {', '.join(_FORMS)}."
        )
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        audit = chosen_audit(store, arguments.audit)
        if arguments.out.suffix == _BUNDLE:
            _refuse_part(arguments)
            write_bundle(store, audit.id, arguments.out)
            print(arguments.out)
            return 0
        report = read_report(
            store,
            audit.id,
            load_catalogue(checks_folder(store.location)),
            datetime.now(UTC),
            server=arguments.server,
            group=arguments.group,
            customer=arguments.customer,
        )
    _write(report, arguments.out)
    print(arguments.out)
    return 0


def _refuse_part(arguments: argparse.Namespace) -> None:
    if arguments.server or arguments.group or arguments.customer:
        raise UnknownForm(
            f"A {_BUNDLE} holds the whole audit, as it was signed; leave out --server, --group and "
            "--customer, or write another form."
        )


def _write(report: "AuditReport", path: Path) -> None:
    from noc_console.audit.report_document import as_csv, as_html, as_json
    from noc_console.fleet.whole_file import write_whole

    if path.suffix == ".pdf":
        _write_pdf(as_html(report), path, f"Audit of {report.audit.month}, {report.of}")
        return
    forms = {
        ".html": lambda: as_html(report),
        ".csv": lambda: as_csv(report),
        ".json": lambda: json.dumps(as_json(report), indent=1),
    }
    write_whole(path, forms[path.suffix]().encode())


def _write_pdf(html: str, path: Path, title: str) -> None:
    from noc_console.cli.desk import choose_platform

    choose_platform(off_screen=True)
    from noc_console.desk.pdf import application_for_pictures, write_pdf

    application = application_for_pictures()
    write_pdf(html, path, title)
    application.processEvents()
