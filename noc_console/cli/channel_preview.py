"""`noc-console channel preview`: what a channel would make of a notice, counted as it counts."""

import argparse

from noc_console.cli import notice_preview


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the channel, and what `notice preview` takes too."""
    parser.add_argument("channel", metavar="NAME", help="which channel, or a kind of one")
    parser.add_argument("notice", metavar="FILE|ID", help="a notice file, or a notice's number")
    parser.add_argument("--send", metavar="SEND", help="such as 'day before' (default: the first)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(language="", zone="", words="", form="channel")


def run(arguments: argparse.Namespace) -> int:
    """Print it; nothing is sent.

    Raises:
        ConsoleError: there is no such notice, channel or send, or the template cannot be used.
    """
    return notice_preview.run(arguments)
