"""Which audit and which servers a command is about, as typed."""

import argparse
from collections.abc import Iterable

from noc_console.audit.audit import Audit
from noc_console.audit.audit_records import get_audit, list_audits, servers_of
from noc_console.audit.month_records import NoSuchMonth, audit_of_month
from noc_console.cli.near_names import known_or_near
from noc_console.errors import ConsoleError
from noc_console.fleet.records import get_server, list_servers
from noc_console.fleet.server import Server
from noc_console.store.store import Store


class NobodyMeant(ConsoleError):
    """A choice that no server fits."""


def add_audit(parser: argparse.ArgumentParser, *, also: str = "") -> None:
    """Declare the audit, as a number or a month; `also` says what else it can be."""
    parser.add_argument(
        "audit",
        nargs="?",
        metavar="AUDIT",
        help=" ".join(("its number, or its month such as 2026-11 (default: the newest)", also)),
    )


def chosen_audit(store: Store, text: str | None) -> Audit:
    """Give the audit a person means: by number, by month, or the newest.

    Raises:
        ConsoleError: there is none.
    """
    if text is None:
        audits = list_audits(store)
        if not audits:
            raise NoSuchMonth("There is no audit yet; `noc-console audit run` begins this month's.")
        return audits[0]
    if text.isascii() and text.isdigit():
        return get_audit(store, int(text))
    return audit_of_month(store, text)


def chosen_servers(store: Store, names: Iterable[str], groups: Iterable[str]) -> list[Server]:
    """Give the servers of these names and groups; all of them where none is named.

    Raises:
        ConsoleError: there is no such server or group, or no server at all.
    """
    wanted_names, wanted_groups = list(names), list(groups)
    servers = list_servers(store)
    known = {group for one in servers for group in one.groups}
    for group in wanted_groups:
        known_or_near(group, known, "No server is in a group")
    found = {get_server(store, name).id for name in wanted_names}
    found |= {one.id for one in servers if set(one.groups) & set(wanted_groups)}
    chosen = [one for one in servers if one.id in found or not (wanted_names or wanted_groups)]
    if not chosen:
        raise NobodyMeant("There is no server to look at; `noc-console server add` adds one.")
    return chosen


def server_in(store: Store, one: Audit, name: str) -> int:
    """Give the id of a server by the name it had in an audit.

    Raises:
        ConsoleError: the audit has none of that name.
    """
    names = {row.server_name: row.server_id for row in servers_of(store, one.id)}
    return names[known_or_near(name, names, f"The audit of {one.month} has no server")]
