"""`noc-console incident`: what is done with incidents, a module for each act."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "open": "open an incident from alarms or servers",
    "note": "write a note into an incident's timeline",
    "update": "write down what customers are told, and when they hear again",
    "edit": "change title, severity, people, servers, cause or lessons",
    "resolve": "note that the service is back",
    "reopen": "open an incident again: it was not over",
    "close": "note that nothing more is due",
    "list": "list the incidents, the longest overdue first",
    "show": "show all that is known of one incident, with its timeline",
    "export": "write the post-mortem of an incident as HTML, PDF or Markdown",
}
"""Every act and what it does, in the order of `noc-console incident --help`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="incident_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.incident_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"incident_{name}")
