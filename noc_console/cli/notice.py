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
    "approve": "approve a notice as its draft stands, as a second person",
    "trial": "mail one send of a notice to yourself, as it would go now",
    "send-due": "send what is due now; for a timer on a machine that is always on",
    "status": "show what waits, went, and needs a person",
    "ledger": "show or export all that befell a notice, or a month's promises",
    "now": "send the first word of downtime at once",
    "update": "tell customers how it goes, and when they hear again",
    "resolve": "tell customers that the work is done, or all is well again",
    "extend": "have announced work last longer, and tell whoever was told",
    "postpone": "move announced work to another start, and tell whoever was told",
    "cancel": "call announced work off, and tell whoever was told; or withdraw a draft",
    "retry": "decide about postings in doubt, failed, delayed, or due by hand",
    "setting": "show and set who approves, who is told, how fast mail goes; pause sending",
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
