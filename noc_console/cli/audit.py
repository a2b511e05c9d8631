"""`noc-console audit`: what is checked each month, and what is found, decided and signed."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "list": "list the audits, the newest month first",
    "checks": "list the catalogue of checks",
    "parse": "judge the saved output of a check",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="audit_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.audit_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"audit_{name}")
