"""`noc-console handover`: what one shift hands to the next, given and taken by name."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "page": "show what is to be handed over now; this is done without a word too",
    "give": "hand the shift over, with all that stands on the page",
    "accept": "take a shift that was given",
    "list": "list the handovers, the newest first",
    "show": "show a handover as it was given",
    "export": "write the page of now, or an earlier handover, as HTML or PDF",
}
"""Every act and what it does, in the order of `noc-console handover --help`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    parser.add_argument("--json", dest="json_first", action="store_true", help="print JSON")
    add_commands(parser, COMMANDS, dest="handover_command", load=_load)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named, or show the page, and give the exit code."""
    return _load(arguments.handover_command or "page").run(arguments)


def _load(name: str) -> Command:
    return load_command(f"handover_{name}")
