"""`noc-console engine`: watch the servers without a window, until SIGTERM or the time is over."""

import argparse
import logging

_LONGEST_S = 366 * 86_400
"""A year; clocks and timers do not take every number."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how long to run."""
    parser.add_argument(
        "--for", dest="run_for_s", type=_seconds, metavar="SECONDS", help="stop after this time"
    )
    parser.add_argument(
        "--with-parent",
        action="store_true",
        help="stop when standard input closes, as it does when the starting program ends",
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST_S:  # nor is "nan" any of these
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of seconds above 0, up to a year ({_LONGEST_S})"
        )
    return seconds


def run(arguments: argparse.Namespace) -> int:
    """Run the engine to its end; what it has to say goes to standard error."""
    from noc_console.engine.run import run_engine
    from noc_console.store.location import StoreLocation

    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # failures are told as sentences
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return run_engine(
        StoreLocation.parse(arguments.store),
        run_for_s=arguments.run_for_s,
        with_parent=arguments.with_parent,
    )
