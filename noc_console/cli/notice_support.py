"""`noc-console notice support`: how support is reached, for each brand."""

import argparse
import json
from contextlib import closing

from noc_console.cli.terminal_text import inert
from noc_console.notices.support_routes import parse_route, put_routes, read_routes, route_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare whose, and the ways."""
    parser.add_argument(
        "routes", metavar="KIND:WORDS", nargs="*", help="such as 'phone:+49 30 1234567'"
    )
    parser.add_argument("--brand", default="", help="of this brand only (default: of all)")
    parser.add_argument("--clear", action="store_true", help="take them away")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Set the ways that were given, and print those that hold: new notices begin with them.

    Raises:
        ConsoleError: one of them cannot be; nothing was changed.
    """
    routes = [parse_route(one) for one in arguments.routes]
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if routes or arguments.clear:
            put_routes(store, arguments.brand, routes)
        held = read_routes(store, arguments.brand)
    if arguments.json:
        told = [{"kind": one.kind.value, "words": one.words, "host": one.host} for one in held]
        print(json.dumps({"brand": arguments.brand, "routes": told}))
    elif held:
        print(*(inert(route_text(one)) for one in held), sep="\n")
    else:
        print("None is set; give two, such as phone:+49 30 1234567 page:https://example.org/help.")
    return 0
