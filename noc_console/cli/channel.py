"""`noc-console channel`: where notices are posted, a module for each act."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "add": "add a place where notices are posted",
    "list": "list the channels and how the last test of each went",
    "kinds": "list the kinds of channel and what each can be set to",
    "edit": "change a channel; what is not named stays as it is",
    "remove": "post on a channel no more",
    "test": "prove a channel's login and rights without posting",
    "preview": "show what a channel would make of a notice",
}
"""Every act and what it does, in the order of `noc-console channel --help`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="channel_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.channel_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"channel_{name}")
