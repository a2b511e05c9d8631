"""`noc-console contact`: to whom notices go by mail, a module for each act."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "add": "add an address that notices go to",
    "edit": "change what is known of an address; what is not named stays as it is",
    "list": "list the contacts, or the customers nobody is known for",
    "remove": "send notices to an address no more",
    "returned": "list what came back: bounces, delays, absence notes, who wants no more",
    "mailbox": "show, set, test or read the mailbox that bounces come to",
    "import": "take contacts in from a CSV table, after a look at what would come of it",
}
"""Every act and what it does, in the order of `noc-console contact --help`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="contact_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.contact_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"contact_{name}")
