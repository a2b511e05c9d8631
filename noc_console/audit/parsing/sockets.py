"""Listening sockets as `ss -H -tulpn` prints them (ss(8) of iproute2). Pure: no I/O, no clock."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from noc_console.audit.parsing.parsed import (
    OutputNotUnderstood,
    Row,
    Table,
    number_of,
    numbered_lines,
)

_LEAST_FIELDS = 6
_PROCESS = re.compile(r'users:\(\("([^"]{1,64})",pid=(\d+)')
_PROTOCOLS = frozenset({"tcp", "udp"})


def read_sockets(output: bytes, options: Mapping[str, Any]) -> Table:  # noqa: ARG001 - has none
    """Give a row a socket: proto, address, port, scope (public, private, local), process, pid.

    A private address (RFC 1918, RFC 4193) is `private`; `*` and the unspecified ones are public.
    """
    rows = []
    for number, text in numbered_lines(output):
        parts = text.split(None, _LEAST_FIELDS)
        if len(parts) < _LEAST_FIELDS or parts[0] not in _PROTOCOLS:
            raise OutputNotUnderstood(f"Line {number} is no line of ss -H -tulpn.")
        address, _, port = parts[4].rpartition(":")
        address = address.strip("[]")
        found = _PROCESS.search(parts[6]) if len(parts) > _LEAST_FIELDS else None
        fields = {
            "proto": parts[0],
            "address": address,
            "port": number_of(port, "port"),
            "scope": _scope(address),
            "process": found[1] if found else "a process not shown",
            "pid": found[2] if found else "",
        }
        rows.append(Row(line=number, fields=fields))
    return Table(rows=tuple(rows))


def _scope(address: str) -> str:
    plain, _, zone = address.partition("%")
    plain = plain.strip("[]")
    if plain == "*":
        return "public"
    try:
        told = ipaddress.ip_address(plain)
    except ValueError as error:
        raise OutputNotUnderstood(f"{address[:60]!r} is no address.") from error
    if told.is_loopback or zone == "lo":
        return "local"
    if told.is_unspecified:
        return "public"
    return "private" if told.is_private or told.is_link_local else "public"
