"""`noc-console window`: scheduled maintenance, a module for each act."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "add": "enter a window; what is odd about it is said",
    "list": "list what is planned, what goes on and what was",
    "show": "show one window with its occurrences and how they went",
    "edit": "change what is planned; what is not named stays",
    "postpone": "move the next occurrence; the others stay",
    "check": "proof-read a window that is entered, or one that is only planned",
    "slot": "find the quietest times for work on some servers",
    "start": "record that the work began now",
    "extend": "record that the work goes on; alarms stay mute for longer",
    "end": "record that the work is done; alarms speak again",
    "cancel": "call a window off, or its next occurrence only",
}
"""Every act and what it does, in the order of `noc-console window --help`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="window_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.window_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"window_{name}")
