"""`noc-console audit agreed`: what is agreed for servers, groups and all."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "list": "list what is agreed, for all, groups and servers",
    "add": "agree to something, with a reason",
    "end": "note that a line holds no longer",
    "propose": "list what an audit found beside it, or agree to all of that",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="agreed_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.agreed_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"audit_agreed_{name}")
