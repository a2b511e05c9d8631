"""`noc-console recipient`: who is told of alarms nobody takes up, a module for each act."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "add": "add somebody to be told of alarms that nobody takes up",
    "edit": "change how somebody is told; what is not named stays as it is",
    "list": "list who is told, in their order",
    "remove": "tell somebody no more",
    "test": "send a test message, told step by step",
    "mail-server": "show or set the mail server that takes our messages",
    "log": "list the messages and what came of each",
    "again": "send a message again that is in doubt or was given up",
    "leave": "leave a message as it is that is in doubt or was given up",
}
"""Every act and what it does, in the order of `noc-console recipient --help`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="recipient_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.recipient_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"recipient_{name.replace('-', '_')}")
