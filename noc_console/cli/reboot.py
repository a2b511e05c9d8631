"""`noc-console reboot`: a server through the reboot gate."""

import argparse

from noc_console.cli.command_module import UsageError
from noc_console.cli.gate_words import add_words, carry_out
from noc_console.incidents.gate.gate import ActKind

_UNITS_S = {"s": 1.0, "m": 60.0, "h": 3600.0}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the server and what the gate asks."""
    parser.description = (
        "Reboot a server through the gate: tells who is affected and what is recorded, has the"
        " evidence taken first, asks why and for the server's name, watches it go and come back,"
        " and compares before and after. Exits 1 unless all is well. Ctrl+C ends the following,"
        " not the reboot."
    )
    parser.add_argument("name", metavar="SERVER", help="the server")
    parser.add_argument(
        "--within",
        metavar="SPAN",
        help="how long it may stay away, such as 90s, 20m or 1h (default: 20m)",
    )
    add_words(parser)


def run(arguments: argparse.Namespace) -> int:
    """Reboot the server.

    Raises:
        ConsoleError: it was not done, or not all is well; the sentence says which.
    """
    return carry_out(arguments, ActKind.REBOOT, within_s=_span_s(arguments.within))


def _span_s(text: str | None) -> float | None:
    if text is None:
        return None
    number, unit = text.strip()[:-1], text.strip()[-1:]
    if unit not in _UNITS_S or not number.isdigit() or not 1 <= int(number) <= 14_400:
        raise UsageError(f"{text!r} is no span; write --within as 90s, 20m or 1h.")
    return int(number) * _UNITS_S[unit]
