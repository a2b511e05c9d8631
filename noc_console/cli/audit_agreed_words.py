"""How agreed lines are said on a terminal and in JSON, and whose they are, as typed."""

import argparse
from collections.abc import Mapping
from typing import Any

from noc_console.audit.agreed import ALL, AgreedLine, OwnerKind
from noc_console.cli.audit_words import instant
from noc_console.cli.near_names import known_or_near
from noc_console.fleet.records import get_server, list_servers
from noc_console.store.store import Store


def add_owner(parser: argparse.ArgumentParser) -> None:
    """Declare for whom a line holds."""
    owner = parser.add_mutually_exclusive_group()
    owner.add_argument("--server", metavar="NAME", help="for this server")
    owner.add_argument("--group", metavar="G", help="for the servers of this group")


def owner_of(store: Store, arguments: argparse.Namespace) -> tuple[OwnerKind, str]:
    """Give for whom a line holds; for all where nobody is named.

    Raises:
        ConsoleError: there is no such server or group.
    """
    if arguments.server:
        return OwnerKind.SERVER, str(get_server(store, arguments.server).id)
    if arguments.group:
        known = {group for one in list_servers(store) for group in one.groups}
        return OwnerKind.GROUP, known_or_near(arguments.group, known, "No server is in a group")
    return OwnerKind.ALL, ALL


def server_names(store: Store) -> dict[str, str]:
    """Give the names of servers by their ids as text."""
    return {str(one.id): one.name for one in list_servers(store)}


def owner_words(one: AgreedLine, names: Mapping[str, str]) -> str:
    """Give for whom a line holds, in words."""
    if one.owner_kind is OwnerKind.ALL:
        return "all servers"
    if one.owner_kind is OwnerKind.GROUP:
        return f"group {one.owner}"
    return names.get(one.owner, f"a deleted server ({one.owner})")


def line_as_json(one: AgreedLine, names: Mapping[str, str]) -> dict[str, Any]:
    """Give one line."""
    return {
        "id": one.id,
        "for": one.owner_kind.value,
        "owner": owner_words(one, names) if one.owner_kind is OwnerKind.SERVER else one.owner,
        "kind": one.kind,
        "value": one.value,
        "reason": one.reason,
        "by": one.by,
        "at": instant(one.at),
        "ended_by": one.ended_by or None,
        "ended_at": instant(one.ended_at),
    }
