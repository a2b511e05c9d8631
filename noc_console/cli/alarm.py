"""`noc-console alarm`: list the alarms, and take note of, claim, shelve and latch them."""

import argparse

from noc_console.cli.alarm_act import ACTS, AlarmAct
from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "list": "list the alarms, the most pressing first",
    "show": "show one alarm and all that befell it",
    **{name: act.what for name, act in ACTS.items()},
}
"""Every act and what it does, in the order of `noc-console alarm --help`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="alarm_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.alarm_command).run(arguments)


def _load(name: str) -> Command:
    return AlarmAct(ACTS[name]) if name in ACTS else load_command(f"alarm_{name}")
