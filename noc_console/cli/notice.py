"""`noc-console notice`: what customers are told, a module for each act."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "new": "begin a notice from nothing, a file, a window, an incident or another notice",
    "edit": "change what a notice says",
    "list": "list the notices, the newest first",
    "show": "show one notice, or write it as a file",
    "check": "tell which of the seven things are missing, and what the proof-reader says",
    "preview": "show what a channel would show",
    "template": "list, show and change the templates and the prepared texts",
    "support": "show and set how support is reached",
    "blackout": "show and set the times in which no work is to be planned",
    "words": "show and add words that are right though no dictionary has them",
}
"""Every act and what it does, in the order of `noc-console notice --help`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="notice_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.notice_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"notice_{name.replace('-', '_')}")
