"""`noc-console incident reopen`: note that it was not over."""

import argparse

from noc_console.cli.incident_move import add_arguments, move
from noc_console.incidents.incident.incident_records import reopen_incident

__all__ = ["add_arguments", "run"]


def run(arguments: argparse.Namespace) -> int:
    """Note it.

    Raises:
        ConsoleError: it does not go with how the incident stands; the sentence says why.
    """
    return move(arguments, reopen_incident, "open again")
