"""What is not as it was signed, told with the names of servers. Pure: no I/O, no clock.

A seal holds rows by the numbers of their servers, for these never change; a person knows names.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]

_FINDING = re.compile(r"finding (\[.*\])", re.DOTALL)
_OF_SERVER = re.compile(r"((?:result|the evidence) of .*) on server (-?\d+)(: it is gone)?")
_DECISION = re.compile(r"decision (\d+)")


def with_names(
    broken: Iterable[str], servers: Iterable[Row], decisions: Iterable[Row]
) -> list[str]:
    """Give the same things, each with the name of its server, and a decision with what it is about.

    Names are those that stand there now: where one was changed too, its server is among `broken`.
    """
    names = {one["server_id"]: str(one["server_name"]) for one in servers}
    taken = {one["id"]: one for one in decisions}
    return [_named_or_as_it_is(one, names, taken) for one in broken]


def _named_or_as_it_is(thing: str, names: Mapping[int, str], decisions: Mapping[int, Row]) -> str:
    try:
        return _named(thing, names, decisions)
    except (ValueError, TypeError, RecursionError):  # a seal that somebody wrote says anything
        return thing


def _named(thing: str, names: Mapping[int, str], decisions: Mapping[int, Row]) -> str:
    if found := _FINDING.fullmatch(thing):
        server_id, check_id, item = json.loads(found[1])
        return f"finding {_what(check_id, item)} on {_server(server_id, names)}"
    if found := _OF_SERVER.fullmatch(thing):
        return f"{found[1]} on {_server(int(found[2]), names)}{found[3] or ''}"
    found = _DECISION.fullmatch(thing)
    one = decisions.get(int(found[1])) if found else None
    return thing if one is None else f"{thing} ({_about(one, names)})"


def _about(one: Row, names: Mapping[int, str]) -> str:
    what = _what(one["check_id"], one["item"]) or "all of it"
    where = f" on {_server(one['server_id'], names)}" if one["server_id"] else ""
    return f"{one['kind']}: {what}{where}"


def _what(check_id: object, item: object) -> str:
    return f"{check_id} {item}".strip()


def _server(server_id: int, names: Mapping[int, str]) -> str:
    name = names.get(server_id)
    return f"server {server_id}" if name is None else f"{name} (server {server_id})"
