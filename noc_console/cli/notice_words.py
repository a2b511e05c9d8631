"""`noc-console notice words`: words that are right though no dictionary has them."""

import argparse
import json
from contextlib import closing

from noc_console.cli.terminal_text import inert
from noc_console.notices.reading_through import add_known_words, known_words
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the words."""
    parser.add_argument("words", metavar="WORD", nargs="*", help="a word that is right")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Note the words that were given, and print all that are known for this store.

    Raises:
        ConsoleError: the store cannot be used.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if arguments.words:
            add_known_words(store, arguments.words)
        every = known_words(store)
    if arguments.json:
        print(json.dumps({"words": every}))
    else:
        print(*(map(inert, every) if every else ["None yet."]), sep="\n")
    return 0
