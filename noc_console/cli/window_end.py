"""`noc-console window end`: record that the work is done now."""

import argparse

from noc_console.cli.window_run import add_arguments, record
from noc_console.incidents.windows.window_records import end_window

__all__ = ["add_arguments", "run"]


def run(arguments: argparse.Namespace) -> int:
    """Record it under the name of who types.

    Raises:
        ConsoleError: there is no such window, or it does not stand so that this can be.
    """
    return record(arguments, end_window, "ended")
