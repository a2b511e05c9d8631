"""Servers and failures as plain JSON values, for orders, states and exports. Pure."""

from collections.abc import Mapping
from typing import Any

from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.server import (
    Authentication,
    CheckKind,
    OutsideCheck,
    Server,
    ServerKind,
    Site,
)

_SERVER_TEXT = (
    "name",
    "address",
    "user",
    "key_file",
    "certificate_file",
    "notes",
    "brand",
    "partner",
)
_SERVER_LISTS = ("jumps", "groups", "expected_services")
_FAILURE_TEXT = (
    "sentence",
    "algorithm",
    "fingerprint",
    "known_fingerprint",
    "offered_key",
    "address",
)


def failure_to_json(failure: Failure) -> dict[str, Any]:
    """Give a failure as JSON values."""
    return {
        "kind": failure.kind.value,
        **{name: getattr(failure, name) for name in _FAILURE_TEXT},
        "same_key_as": list(failure.same_key_as),
        "port": failure.port,
    }


def failure_from_json(values: Mapping[str, Any]) -> Failure:
    """Give the failure that `failure_to_json` gave."""
    return Failure(
        kind=FailureKind(values["kind"]),
        same_key_as=tuple(values["same_key_as"]),
        port=values["port"],
        **{name: values[name] for name in _FAILURE_TEXT},
    )


def server_to_json(server: Server) -> dict[str, Any]:
    """Give a server as JSON values; it holds no secret."""
    return {
        "id": server.id,
        "kind": server.kind.value,
        "port": server.port,
        "authentication": server.authentication.value,
        "tick_s": server.tick_s,
        "allow_weak_algorithms": server.allow_weak_algorithms,
        **{name: getattr(server, name) for name in _SERVER_TEXT},
        **{name: list(getattr(server, name)) for name in _SERVER_LISTS},
        "checks": [
            {
                "kind": check.kind.value,
                "target": check.target,
                "service": check.service,
                "expect_text": check.expect_text,
                "expect_status": check.expect_status,
            }
            for check in server.checks
        ],
        "sites": [{"domain": site.domain, "customer": site.customer} for site in server.sites],
        "variables": dict(server.variables),
    }


def server_from_json(values: Mapping[str, Any]) -> Server:
    """Give the server that `server_to_json` gave.

    Raises:
        InvalidServer: its fields cannot be right.
    """
    texts: dict[str, Any] = {name: values[name] for name in _SERVER_TEXT}
    lists: dict[str, Any] = {name: tuple(values[name]) for name in _SERVER_LISTS}
    return Server(
        id=values["id"],
        kind=ServerKind(values["kind"]),
        port=values["port"],
        authentication=Authentication(values["authentication"]),
        tick_s=values["tick_s"],
        allow_weak_algorithms=values["allow_weak_algorithms"],
        **texts,
        **lists,
        checks=tuple(
            OutsideCheck(**(check | {"kind": CheckKind(check["kind"])}))
            for check in values["checks"]
        ),
        sites=tuple(Site(**site) for site in values["sites"]),
        variables=tuple(values["variables"].items()),
    )
