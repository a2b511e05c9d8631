"""A question before something that a person may regret."""

import sys

from noc_console.cli.command_module import UsageError
from noc_console.cli.terminal_text import inert


def agrees(question: str, *, answer: str, instead: str) -> bool:
    """Ask on the terminal and tell whether exactly `answer` was typed.

    Raises:
        UsageError: there is no terminal to ask on; `instead` says what to give on the command line.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"There is no terminal to ask on; {instead}.")
    print(inert(question), file=sys.stderr)
    print(f"Type {inert(answer)} to agree: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == answer
