"""The `noc-console` command: its words, and what a person sees when one fails.

Guarantee: an expected failure is one sentence on standard error and exit 1; a usage error exits 2;
a bug is logged to a file with a reference, told in one sentence, and exits 1 without a traceback.
Each subcommand imports what it needs when it runs, so that `status` is quick and loads no Qt.
"""

import argparse
from collections.abc import Sequence

from noc_console import __version__


def build_parser() -> argparse.ArgumentParser:
    """Give the whole command line."""
    parser = argparse.ArgumentParser(prog="noc-console", description="A desktop NOC console.")
    parser.add_argument("--version", action="version", version=__version__)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    build_parser().parse_args(arguments)
    return 0
