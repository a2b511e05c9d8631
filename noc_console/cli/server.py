"""`noc-console server`: what is done with the servers of the fleet, a module for each act."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "add": "add a server",
    "edit": "change what is known of a server; what is not named stays as it is",
    "list": "list the servers by name",
    "show": "show all that is known of one server",
    "remove": "take servers out of the fleet",
    "restore": "bring removed servers back",
    "import": "add servers from an OpenSSH config, an Ansible inventory or a CSV table",
    "export": "print the servers as CSV or YAML",
    "test": "test the connection to a server step by step",
    "trust": "accept the host key that a server offers",
    "sudo": "keep the password that sudo asks on a server in your keyring",
}
"""Every act and what it does, in the order of `noc-console server --help`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="server_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.server_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"server_{name}")
