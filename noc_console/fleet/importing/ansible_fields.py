"""What Ansible has no words for, in the one variable that our own export adds. Pure."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from noc_console.fleet.importing.cells import check_from_json, check_to_json
from noc_console.fleet.server import Authentication, InvalidServer, Server, ServerKind, Site

_TEXTS = ("name", "certificate_file", "notes", "brand", "partner", "address", "user", "key_file")
_LISTS = ("jumps", "groups", "expected_services")
_DEFAULT = Server(name="x", address="x")


def write_own_fields(server: Server, besides: Mapping[str, Any]) -> dict[str, Any]:
    """Give as plain values what differs from a new server's, and what is given besides."""
    told: dict[str, Any] = {
        "kind": server.kind.value,
        "authentication": server.authentication.value,
        "certificate_file": server.certificate_file,
        "jumps": list(server.jumps),
        "notes": server.notes,
        "expected_services": list(server.expected_services),
        "checks": [check_to_json(check) for check in server.checks],
        "brand": server.brand,
        "sites": [[site.domain, site.customer] for site in server.sites],
        "partner": server.partner,
        "tick_s": server.tick_s,
        "allow_weak_algorithms": server.allow_weak_algorithms,
    }
    usual = {"kind": ServerKind.SSH.value, "tick_s": _DEFAULT.tick_s}
    always = {"authentication"}
    return {
        **{
            name: value
            for name, value in told.items()
            if name in always or (value and value != usual.get(name))
        },
        **besides,
    }


def read_own_fields(text: str) -> dict[str, Any]:
    """Give the fields that `write_own_fields` wrote, from their JSON.

    Raises:
        InvalidServer: they are not written so.
    """
    if not text:
        return {}
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise InvalidServer("Its variable noc_console is not written as an export writes it.")
    return {name: _field(name, value) for name, value in told.items()}


def _field(name: str, value: Any) -> Any:
    reader = _READERS.get(name)
    try:
        if reader is not None:
            return reader(value)
    except (TypeError, ValueError):
        pass
    raise InvalidServer(f"Its variable noc_console has no such {name}; correct it.")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(one) for one in value)


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        raise TypeError
    pairs = [_texts(one) for one in value]
    return tuple((name, told) for name, told in pairs)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(_LISTS, _texts),
    "kind": ServerKind,
    "authentication": Authentication,
    "checks": lambda value: tuple(check_from_json(one) for one in value),
    "sites": lambda value: tuple(Site(domain=name, customer=told) for name, told in _pairs(value)),
    "tick_s": _whole,
    "allow_weak_algorithms": _truth,
    "variables": _pairs,
}
