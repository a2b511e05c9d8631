"""`noc-console version`."""

import argparse
import platform

from noc_console import __version__


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing."""


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - as above
    """Print the version, and what it runs on, for a report."""
    print(f"noc-console {__version__} (Python {platform.python_version()}, {platform.system()})")
    return 0
