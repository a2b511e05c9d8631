"""`noc-console evidence`: list, show, export, verify and keep what the flight recorder recorded."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "list": "list the recordings, the newest first",
    "show": "show one recording: its suspects, its exhibits, or one of them",
    "export": "write a recording into a folder, with hashes that anybody can check",
    "verify": "check that recordings are as they were stored",
    "keep": "keep a recording for good, or let it go again when its time is over",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="evidence_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.evidence_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"evidence_{name}")
