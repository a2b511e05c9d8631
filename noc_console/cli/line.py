"""`noc-console line`: the early lines and cut-offs of servers and groups, a module for each act."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "list": "show which lines hold, and whose they are",
    "set": "choose the lines of one value",
    "reset": "take chosen lines back",
    "profile": "choose the profile whose lines hold where nobody chose others",
}
"""Every act and what it does, in the order of `noc-console line --help`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="line_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.line_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"line_{name}")
