"""`noc-console server export`: the servers as CSV or YAML, without secrets."""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from noc_console.cli.terminal_text import inert
from noc_console.fleet.export_file import ExportForm, form_of, write_export
from noc_console.fleet.records import list_servers
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the form and where it goes."""
    parser.add_argument(
        "--format",
        choices=[form.value for form in ExportForm],
        help="a CSV table or an Ansible inventory in YAML (default: as FILE is called, or csv)",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "file", nargs="?", metavar="FILE", type=Path, help="a file (default: standard output)"
    )
    where.add_argument("--out", metavar="FILE", type=Path, help="the same")


def run(arguments: argparse.Namespace) -> int:
    """Write the servers.

    Raises:
        ConsoleError: the file cannot be written, or the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        servers = list_servers(store)
    named: Path | None = arguments.file or arguments.out
    out = named.expanduser() if named else None
    form = ExportForm(arguments.format) if arguments.format else form_of(out)
    if out is not None:
        print(write_export(out, form, servers))
    elif sys.stdout.isatty():
        print(*(inert(line) for line in form.text_of(servers).splitlines()), sep="\n")
    else:
        sys.stdout.write(form.text_of(servers))
    return 0
