"""Where people are logged in from: `last` (wtmp) and the sessions that are open now, by network.

Pure: no I/O, no clock. Lines `POWER<tab>name<tab>root or admin` before tell who can become root.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from noc_console.audit.logins.network import network_of
from noc_console.audit.logins.panel import AccountKind
from noc_console.audit.parsing.parsed import (
    OutputNotUnderstood,
    Row,
    Table,
    Value,
    number_of,
    numbered_lines,
)

CONSOLE = "console"
"""The network of a login at the machine itself, or at the console a provider shows in a browser."""

_LAST = re.compile(
    r"(?P<user>\S+) +(?P<tty>\S+) +(?:(?P<from>\S+) +)?"
    r"(?P<when>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d \d{4})(?P<rest> .*)?"
)
"""`last -F -w -i` of util-linux, and `wtmpdb last` as its manual page shows it."""
_NO_PERSON = re.compile(r"(?:reboot|shutdown|runlevel) |\S+ begins |\s")
_HERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - what `last` prints for no address
_OPEN_FIELDS = 6
_DAY_S = 86_400


def read_last(output: bytes, options: Mapping[str, Any]) -> Table:  # noqa: ARG001 - has none
    """Give a row a login of the system's own record: user, kind, tty, network, when.

    Sums: logins. Boots and changes of the run level are none; a line without a name is not either.
    """
    kinds, lines = _with_power(output)
    rows = []
    for number, text in lines:
        if _NO_PERSON.match(text):
            continue
        found = _LAST.fullmatch(text)
        if found is None:
            raise OutputNotUnderstood(f"Line {number} is no line of last -F -w -i.")
        told = found["from"] or ""
        fields: dict[str, Value] = {
            "user": found["user"],
            "kind": _kind(kinds, found["user"]),
            "tty": found["tty"],
            "network": CONSOLE if told in _HERE or told.startswith(":") else network_of(told),
            "when": found["when"],
        }
        rows.append(Row(line=number, fields=fields))
    return Table(rows=tuple(rows), sums={"logins": len(rows)} if lines or kinds else {})


def read_open_logins(output: bytes, options: Mapping[str, Any]) -> Table:  # noqa: ARG001 - has none
    """Give a row a session of sshd that is open.

    Fields: user, kind, network, address, days, open_for (in words), tty, is_own.

    A line is `OPEN`, user, address and port, seconds, terminal, and whether it is the one that asks
    (yes, no). `is_own` is true for all of the network that one comes from. Sums: sessions.
    """
    kinds, lines = _with_power(output)
    told = [
        (number, text.split("\t")) for number, text in lines if text.partition("\t")[0] != "SEEN"
    ]
    for number, parts in told:
        if parts[0] != "OPEN" or len(parts) != _OPEN_FIELDS:
            raise OutputNotUnderstood(f"Line {number} is not of the form this check knows.")
    if not any(text == "SEEN" for _, text in lines):
        return Table()
    own = {_network(parts[2]) for _, parts in told if parts[5] == "yes"}
    return Table(
        rows=tuple(_open_row(number, parts, kinds, own) for number, parts in told),
        sums={"sessions": len(told)},
    )


def _open_row(number: int, parts: list[str], kinds: Mapping[str, str], own: set[str]) -> Row:
    _, user, address, seconds, tty, _ = parts
    network = _network(address)
    age_s = number_of(seconds, "age of a session")
    fields: dict[str, Value] = {
        "user": user,
        "kind": _kind(kinds, user),
        "network": network,
        "address": address,
        "days": age_s // _DAY_S,
        "open_for": _in_words(age_s),
        "tty": tty,
        "is_own": network in own,
    }
    return Row(line=number, fields=fields)


def _in_words(age_s: int) -> str:
    for length_s, unit in ((_DAY_S, "days"), (3600, "hours"), (60, "minutes")):
        if age_s >= 2 * length_s:
            return f"{age_s // length_s:,} {unit}"
    return f"{age_s} seconds"


def _network(address: str) -> str:
    """Give the network of an address with a port behind it, as ss(8) prints it."""
    return network_of(address.rpartition(":")[0].strip("[]"))


def _with_power(output: bytes) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """Part who can become root from the other lines."""
    kinds: dict[str, str] = {}
    lines = []
    for number, text in _no_spaces_behind(output):
        tag, _, rest = text.partition("\t")
        if tag == "POWER":
            name, _, kind = rest.partition("\t")
            kinds[name] = AccountKind.ROOT.value if kind == "root" else AccountKind.ADMIN.value
        else:
            lines.append((number, text))
    return kinds, lines


def _no_spaces_behind(output: bytes) -> Iterator[tuple[int, str]]:
    return ((number, text.rstrip(" ")) for number, text in numbered_lines(output))


def _kind(kinds: Mapping[str, str], user: str) -> str:
    root = AccountKind.ROOT.value
    return root if user == "root" else kinds.get(user, AccountKind.ACCOUNT.value)
