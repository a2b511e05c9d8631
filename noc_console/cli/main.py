"""The `noc-console` command: its words, and what a person sees when one fails.

A command is a module of this folder with `add_arguments(parser)` and `run(arguments) -> int`. It is
imported only when it was named, so that `status` is quick and only `desk` and `screenshot` load Qt.

Guarantee: an expected failure is one sentence on standard error and exit 1; a usage error exits 2;
a bug is logged to a file with a reference, told in one sentence, and exits 1 without a traceback.
"""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any, Protocol, cast

from noc_console import __version__
from noc_console.errors import ConsoleError

COMMANDS = {
    "desk": "open the window",
    "status": "show every server as it stands, the worst first",
    "server": "add, change, show, remove, test, import and export servers",
    "history": "print what one server told over a stretch of time",
    "engine": "watch the servers without a window",
    "demo": "show the console on throw-away servers of its own",
    "screenshot": "draw one page of the window into a picture",
    "store": "check the store or back it up",
    "probe": "read this machine with the probe that servers run, or read the saved output of one",
    "version": "say which version this is",
}
"""Every command and what it does, in the order of `noc-console --help`."""

DEFAULT_COMMAND = "desk"
EXIT_FAILED = 1
EXIT_INTERRUPTED = 128 + signal.SIGINT
EXIT_NOBODY_READS = 128 + 13  # SIGPIPE, which Windows does not name


class Command(Protocol):
    """What a module of this folder gives."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's own words; `--store` is declared for all."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it and give the exit code. `arguments.store` is what `--store` said, or None.

        Raises:
            ConsoleError: with the sentence to show.
        """


def load_command(name: str) -> Command:
    """Import the module of one command."""
    return cast("Command", importlib.import_module(f"noc_console.cli.{name}"))


class _CommandParser(argparse.ArgumentParser):
    """Reads a command's own words when that command was named, not before."""

    command: str | None = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Declare the words first."""
        if self.command:
            load_command(self.command).add_arguments(self)
            self.command = None
        return super().parse_known_args(args, namespace)


def build_parser() -> argparse.ArgumentParser:
    """Give the whole command line."""
    parser = argparse.ArgumentParser(
        prog="noc-console",
        description="Every server live over SSH. Without a command the window opens.",
        parents=[_store_parser()],
    )
    parser.add_argument("--version", action="version", version=f"noc-console {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", parser_class=_CommandParser, title="commands"
    )
    for name, what in COMMANDS.items():
        commands.add_parser(name, help=what, description=_sentence(what)).command = name
    return parser


def _store_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument(
        "--store",
        metavar="WHERE",
        help="a folder or a postgresql+psycopg:// URL, before or after the command"
        " (default: NOC_CONSOLE_STORE, else your own data folder)",
    )
    return parser


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line; `--store` may stand anywhere in it. Exits 2 on a usage error."""
    common, rest = _store_parser().parse_known_args(list(words))
    arguments = build_parser().parse_args(rest or [DEFAULT_COMMAND])
    if arguments.command is None:
        arguments = build_parser().parse_args([*rest, DEFAULT_COMMAND])
    arguments.store = common.store
    return arguments


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal of another encoding must not stop us
            stream.reconfigure(errors="backslashreplace")
    arguments = parse(sys.argv[1:] if words is None else words)
    try:
        code = load_command(arguments.command).run(arguments)
        sys.stdout.flush()
    except ConsoleError as failure:
        print(failure.sentence, file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else exit complains
        return EXIT_NOBODY_READS
    except Exception as bug:  # noqa: BLE001 - the last place: every bug is logged and told
        from noc_console.cli.bug_log import tell_of_bug

        print(tell_of_bug(bug), file=sys.stderr)
        return EXIT_FAILED
    return code
