"""`noc-console line set`: choose the lines of one value for a server, a group or all."""

import argparse
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from noc_console.cli.command_module import UsageError
from noc_console.cli.line_owner import add_owner, chosen_owner
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.health.line_records import choose_lines, load_book
from noc_console.health.line_words import cut_off_words, early_words
from noc_console.health.lines import Lines
from noc_console.health.measures import measure_of
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_NUMBERS = {
    "early": ("X", "warn from this value on"),
    "cut_off": ("X", "dangerous from this value on"),
    "early_minutes": ("N", "warn only when it lasts so many minutes"),
    "cut_off_minutes": ("N", "dangerous only when it lasts so many minutes"),
    "clear_minutes": ("N", "over only when it was well for so many minutes"),
    "hysteresis": ("SHARE", "well again only under this share of the line, 0.1 to 1"),
    "forecast_minutes": ("N", "warn when the cut-off is forecast within so many minutes; 0: never"),
    "forecast_from": ("X", "forecast only from this value on"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the key, for whom, and what lines have."""
    parser.description = (
        "Choose the lines of one value. What is not named stays as it holds now; the keys are those"
        " of `line list`, also of one thing: mount_used_percent:/backup."
    )
    parser.add_argument("key", metavar="KEY", help="what is measured, as `line list` shows it")
    add_owner(parser)
    for name, (metavar, words) in _NUMBERS.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, metavar=metavar, type=float, help=words)
    parser.add_argument(
        "--per-core", action=argparse.BooleanOptionalAction, help="the lines are for each core"
    )
    parser.add_argument(
        "--below", action=argparse.BooleanOptionalAction, help="dangerous is what is lower"
    )
    parser.add_argument("--off", action="store_true", help="never tell of this value")


def run(arguments: argparse.Namespace) -> int:
    """Choose the lines; an engine judges by them at once.

    Raises:
        ConsoleError: nothing is measured by the key, the lines cannot be right, or the store
            cannot be used; nothing was changed.
    """
    named = {
        name: value
        for name in (*_NUMBERS, "per_core", "below")
        if (value := getattr(arguments, name)) is not None
    }
    if not named and not arguments.off:
        raise UsageError("Say what to change, such as --early 0.7, or --off.")
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        chosen = chosen_owner(arguments, store)
        rule = chosen.line_set(load_book(store)).rule(arguments.key)
        before = Lines() if rule is None else rule.lines
        lines = Lines() if arguments.off else replace(before, **named)
        choose_lines(store, chosen.owner, {arguments.key: lines}, own_name(), datetime.now(UTC))
    measure = measure_of(arguments.key)
    if lines.is_silent or measure is None:
        print(f"{inert(arguments.key)} is never told of for {chosen.words}.")
    else:
        early, cut_off = early_words(lines, measure), cut_off_words(lines, measure)
        print(f"{inert(arguments.key)} for {chosen.words}: early {early}, cut-off {cut_off}.")
    return 0
