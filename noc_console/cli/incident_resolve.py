"""`noc-console incident resolve`: note that the service is back."""

import argparse

from noc_console.cli.incident_move import add_arguments, move
from noc_console.incidents.incident.incident_records import resolve_incident

__all__ = ["add_arguments", "run"]


def run(arguments: argparse.Namespace) -> int:
    """Note it.

    Raises:
        ConsoleError: it does not go with how the incident stands; the sentence says why.
    """
    return move(arguments, resolve_incident, "resolved")
