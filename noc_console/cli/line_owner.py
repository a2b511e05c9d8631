"""For whom lines are: a server by its name, a group, or all servers, as the commands say it."""

import argparse
from dataclasses import dataclass

from noc_console.cli.command_module import UsageError
from noc_console.cli.near_names import known_or_near
from noc_console.cli.terminal_text import inert
from noc_console.fleet.records import get_server, list_servers
from noc_console.fleet.server import Server
from noc_console.health.line_book import ALL, LineBook, LineSet, Owner
from noc_console.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An owner, how it is called, and the server that stands for it in the line book."""

    owner: Owner
    words: str
    server: Server

    def line_set(self, book: LineBook) -> LineSet:
        """Give the lines that hold for it."""
        return book.line_set(self.server)


def add_owner(parser: argparse.ArgumentParser) -> None:
    """Declare the three ways to say it."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="one server")
    parser.add_argument("--group", metavar="G", help="all servers of a group")
    parser.add_argument("--all", action="store_true", help="all servers")


def chosen_owner(arguments: argparse.Namespace, store: Store) -> Chosen:
    """Give whom the words mean.

    Raises:
        UsageError: they mean nobody, or more than one.
        ConsoleError: there is no such server or group.
    """
    ways = (arguments.name is not None, arguments.group is not None, arguments.all)
    if sum(ways) != 1:
        raise UsageError("Say for whom: the NAME of a server, --group G, or --all.")
    if arguments.name is not None:
        server = get_server(store, arguments.name)
        return Chosen(owner=Owner.server(server.id), words=inert(server.name), server=server)
    anybody = Server(name="any", address="any")
    if arguments.all:
        return Chosen(owner=ALL, words="all servers", server=anybody)
    groups = {group for server in list_servers(store) for group in server.groups}
    known_or_near(arguments.group, groups, "There is no group called")
    return Chosen(
        owner=Owner.group(arguments.group),
        words=f"group {inert(arguments.group)}",
        server=Server(name="any", address="any", groups=(arguments.group,)),
    )
