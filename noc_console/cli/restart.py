"""`noc-console restart`: one service of a server through the gate."""

import argparse

from noc_console.cli.gate_words import add_words, carry_out
from noc_console.incidents.gate.gate import ActKind


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the server, the service and what the gate asks."""
    parser.description = (
        "Restart a service of a server through the gate: evidence first, a reason, the server's"
        " name, then before and after compared. Only services that are expected on the server or"
        " that it lists itself. Exits 1 unless all is well."
    )
    parser.add_argument("name", metavar="SERVER", help="the server")
    parser.add_argument("service", metavar="SERVICE", help="the service, as systemctl names it")
    add_words(parser)


def run(arguments: argparse.Namespace) -> int:
    """Restart the service.

    Raises:
        ConsoleError: it was not done, or not all is well; the sentence says which.
    """
    return carry_out(arguments, ActKind.RESTART_SERVICE, arguments.service)
