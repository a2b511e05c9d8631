"""`noc-console demo`: the console on throw-away servers of its own, all gone at its end."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from noc_console.errors import ConsoleError

_STATE = "state"
"""The folder of logs in the demo's folder."""


class DemoNotHere(ConsoleError):
    """The demo's servers need what this system does not have."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the window's program takes, and the keeper of the servers."""
    from noc_console.cli import desk

    desk.add_arguments(parser)
    parser.add_argument(
        "--keep-servers-in",
        metavar="FOLDER",
        type=Path,
        help="be the child process that keeps the throw-away servers in this folder",
    )


def run(arguments: argparse.Namespace) -> int:
    """Start the servers, run the window's program on their store, end all of them.

    Raises:
        ConsoleError: sshd is missing, or the window's program cannot start.
    """
    if sys.platform != "linux":
        raise DemoNotHere("The demo's servers need Linux; start `noc-console` on your own store.")
    if arguments.keep_servers_in is not None:
        return _keep(arguments.keep_servers_in)
    from noc_console.cli import desk
    from noc_console.cli.demo_fleet.own_fleet import OwnFleet

    desk.choose_platform(off_screen=arguments.off_screen is not None)
    print("Starting throw-away servers; they are gone when the demo ends.", flush=True)
    fleet = OwnFleet()
    try:
        fleet.start()
        arguments.store = str(fleet.store)
        with _settings_in(fleet.folder):
            return desk.run(arguments)
    finally:
        _keep_bugs_of(fleet.folder)
        fleet.stop()


def _keep(folder: Path) -> int:
    from noc_console.cli.demo_fleet.keeper import keep

    try:
        keep(folder)
    except ConsoleError as failure:
        print(failure.sentence, flush=True)  # the demo reads it and says it
        return 1
    return 0


def _keep_bugs_of(folder: Path) -> None:
    """Put the demo's log of bugs, if there is one, where it outlives the demo."""
    from noc_console.cli.bug_log import state_folder

    for log in (folder / _STATE).glob("noc-console/bugs.log"):
        kept = state_folder() / "bugs-of-demo.log"
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept.write_bytes(log.read_bytes())
        print(f"The demo met a bug; what it logged is now in {kept}.", file=sys.stderr)


@contextmanager
def _settings_in(folder: Path) -> Iterator[None]:
    """Keep the window's settings, layout and logs in the demo's folder, not in the person's own."""
    own = {"XDG_CONFIG_HOME": "settings", "XDG_STATE_HOME": _STATE}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update({name: str(folder / below) for name, below in own.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
