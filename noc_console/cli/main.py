"""The `noc-console` command: its words, and what a person sees when one fails.

Guarantee: an expected failure is one sentence on standard error and exit 1; a usage error exits 2;
a bug is logged to a file with a reference, told in one sentence, and exits 1 without a traceback.
"""

import argparse
import errno
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from noc_console import __version__
from noc_console.cli.command_module import CommandParser, UsageError, add_commands, load_command
from noc_console.cli.terminal_text import inert
from noc_console.errors import ConsoleError

COMMANDS = {
    "desk": "open the window",
    "status": "show every server as it stands, the worst first",
    "server": "add, change, show, remove, test, import and export servers",
    "line": "show and choose early lines and cut-offs",
    "alarm": "list alarms, acknowledge, claim, shelve and latch them",
    "recipient": "say who is told of alarms that nobody takes up, test it, see what was sent",
    "history": "print what one server told over a stretch of time",
    "timeline": "tell what happened to one server, whoever wrote it down",
    "record": "record a server: keep evidence of what happens on it now",
    "evidence": "list, show, export and check what was recorded",
    "reboot": "reboot a server: evidence first, watched go and come, compared",
    "restart": "restart a service of a server, with evidence and a comparison",
    "incident": "open, follow, tell, close and write up incidents",
    "answer": "tell a caller which server they are on, how it stands and what was said",
    "handover": "show, give and take what one shift hands to the next",
    "notice": "compose, check, preview and send what customers are told",
    "channel": "add, change, test and remove the places where notices are posted",
    "contact": "add, change, list, import and remove the addresses that notices go to",
    "window": "plan, begin, end and check scheduled maintenance",
    "availability": "tell how long servers, services, groups and customers were up",
    "gate": "list what was rebooted and restarted from here, and what came of it",
    "audit": "ask, judge, decide and sign what is checked each month",
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
EXIT_USAGE = 2
EXIT_INTERRUPTED = 128 + signal.SIGINT
EXIT_NOBODY_READS = 128 + 13  # SIGPIPE, which Windows does not name
_DISK_FAILS = {errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EROFS}


def build_parser() -> argparse.ArgumentParser:
    """Give the whole command line."""
    parser = CommandParser(
        prog="noc-console",
        description="Every server live over SSH. Without a command the window opens.",
        parents=[_store_parser()],
    )
    parser.add_argument("--version", action="version", version=f"noc-console {__version__}")
    add_commands(parser, COMMANDS, dest="command", load=load_command)
    return parser


def _store_parser() -> argparse.ArgumentParser:
    parser = CommandParser(prog="noc-console", add_help=False, allow_abbrev=False)
    parser.add_argument(
        "--store",
        metavar="WHERE",
        help="a folder or a postgresql+psycopg:// URL, before or after the command"
        " (default: NOC_CONSOLE_STORE, else your own data folder)",
    )
    return parser


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
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal of another encoding must not stop us
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = parse(sys.argv[1:] if words is None else words)
        code = load_command(arguments.command).run(arguments)
        sys.stdout.flush()
    except UsageError as failure:
        print(inert(failure.sentence), file=sys.stderr)
        return EXIT_USAGE
    except ConsoleError as failure:
        print(inert(failure.sentence), file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else exit complains
        return EXIT_NOBODY_READS
    except Exception as bug:  # noqa: BLE001 - the last place: every bug is logged and told
        print(_no_room(bug) or _told(bug), file=sys.stderr)
        return EXIT_FAILED
    return code


def _open_closed_streams() -> None:
    """Put nothing in the place of a stream that was closed for us (`>&-`): Python has None."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - as long as we live


def _no_room(failure: Exception) -> str:
    """Say that what we print or write goes to a disk that takes nothing; empty for all else."""
    if not isinstance(failure, OSError) or failure.errno not in _DISK_FAILS:
        return ""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else exit complains
    return f"What was to be told cannot be written: {failure.strerror}; see where it is to go."


def _told(bug: Exception) -> str:
    from noc_console.cli.bug_log import tell_of_bug

    return tell_of_bug(bug)
