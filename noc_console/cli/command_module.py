"""A command is a module of this folder with `add_arguments(parser)` and `run(arguments) -> int`.

It is imported only when it was named, so that `status` is quick and only `desk` and `screenshot`
load Qt. A command of commands, such as `server`, has a module for each: `server_add`.
"""

import argparse
import importlib
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Protocol, cast

from noc_console.cli.terminal_text import inert
from noc_console.errors import ConsoleError

_STORE_TOO = "--store WHERE may stand here too; `noc-console --help` tells of it."


class UsageError(ConsoleError):
    """Words of the command line that do not go together; exits 2, as argparse does."""


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


class CommandParser(argparse.ArgumentParser):
    """Reads a command's own words when that command was named, not before."""

    load: Callable[[], Command] | None = None

    def declare(self) -> None:
        """Load the command and declare its words, unless that was done."""
        load, self.load = self.load, None
        if load is not None:
            load().add_arguments(self)

    def error(self, message: str) -> NoReturn:
        """Say a usage error in one line; the whole usage is long and hides it."""
        self.exit(2, f"{inert(message)}; `{self.prog} --help` tells what can be given.\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Declare the words first."""
        self.declare()
        return super().parse_known_args(args, namespace)


def add_commands(
    parser: argparse.ArgumentParser,
    commands: Mapping[str, str],
    *,
    dest: str,
    load: Callable[[str], Command],
    required: bool = False,
) -> None:
    """Declare commands and what each does; `load(name)` gives the module of the one named."""
    choices = parser.add_subparsers(
        dest=dest,
        metavar="COMMAND",
        parser_class=CommandParser,
        title="commands",
        required=required,
    )
    for name, what in commands.items():
        description = f"{what[0].upper()}{what[1:]}."
        added = choices.add_parser(name, help=what, description=description, epilog=_STORE_TOO)
        added.load = lambda name=name: load(name)
