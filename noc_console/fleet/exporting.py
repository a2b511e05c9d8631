"""The fleet as a CSV table or as an Ansible inventory in YAML; an import reads both back. Pure.

Nothing is lost on the way, and no secret is in it: servers hold none, and a variable that is called
like one is left out.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from noc_console.fleet.importing.ansible import OWN, is_used
from noc_console.fleet.importing.ansible_fields import write_own_fields
from noc_console.fleet.importing.cells import (
    guarded,
    write_checks,
    write_list,
    write_pairs,
    write_sites,
)
from noc_console.fleet.importing.csv_table import EXPORTED_COLUMNS
from noc_console.fleet.importing.inventory import ALL, UNGROUPED
from noc_console.fleet.importing.proxies import Hop
from noc_console.fleet.importing.secret_words import is_secret
from noc_console.fleet.server import Server, ServerKind

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def to_csv(servers: Iterable[Server]) -> str:
    """Give a table (RFC 4180), a row a server; no cell can become a formula of a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(EXPORTED_COLUMNS)
    for server in servers:
        cells = _cells(server)
        writer.writerow([guarded(cells[column]) for column in EXPORTED_COLUMNS])
    return out.getvalue()


def _cells(server: Server) -> dict[str, str]:
    texts = ("name", "address", "user", "key_file", "certificate_file", "brand", "partner", "notes")
    return {
        **{name: getattr(server, name) for name in texts},
        "kind": server.kind.value,
        "port": str(server.port),
        "authentication": server.authentication.value,
        "jumps": write_list(server.jumps),
        "groups": write_list(server.groups),
        "expected_services": write_list(server.expected_services),
        "checks": write_checks(server.checks),
        "sites": write_sites(server.sites),
        "tick_s": str(server.tick_s),
        "allow_weak_algorithms": "yes" if server.allow_weak_algorithms else "no",
        "variables": write_pairs(_without_secrets(server.variables)),
    }


def to_yaml(servers: Sequence[Server]) -> str:
    """Give an inventory that Ansible can use; what it has no words for is in `noc_console`."""
    keys = _keys(servers)
    by_name = {server.name: server for server in servers}
    groups: dict[str, dict[str, Any]] = {}
    hosts: dict[str, Any] = {}
    for server in servers:
        key = keys[server.name]
        hosts[key] = _host(server, key, by_name)
        for group in server.groups:
            if _is_group(group):
                groups.setdefault(group, {"hosts": {}})["hosts"][key] = {}
    inventory: dict[str, Any] = {"hosts": hosts}
    if groups:
        inventory["children"] = {name: groups[name] for name in sorted(groups)}
    told = yaml.dump(
        {ALL: inventory}, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=100
    )
    return str(told)


def _keys(servers: Sequence[Server]) -> dict[str, str]:
    """Give the inventory's name of each server: its own, or one that is no range and no port."""
    keys = {server.name: server.name for server in servers if _is_key(server.name)}
    number = 0
    for server in servers:
        if server.name not in keys:
            number += 1
            while f"server-{number}" in keys:
                number += 1
            keys[server.name] = f"server-{number}"
    return keys


def _is_key(name: str) -> bool:
    return _PLAIN_KEY.fullmatch(name) is not None


def _is_group(name: str) -> bool:
    return _is_key(name) and name not in {ALL, UNGROUPED}


def _host(server: Server, key: str, by_name: Mapping[str, Server]) -> dict[str, Any]:
    own: dict[str, Any] = {} if key == server.name else {"name": server.name}
    texts = {
        "address": ("ansible_host", server.address),
        "user": ("ansible_user", server.user),
        "key_file": ("ansible_ssh_private_key_file", server.key_file),
    }
    told: dict[str, Any] = {"ansible_port": server.port}
    for field, (variable, value) in texts.items():
        if value and _is_plain(value):
            told[variable] = value
        elif value:
            own[field] = value
    if server.jumps:
        told |= _way(server, by_name)
    if server.kind is ServerKind.THIS_MACHINE:
        told["ansible_connection"] = "local"
    if server.groups != tuple(sorted({group for group in server.groups if _is_group(group)})):
        own["groups"] = list(server.groups)
    variables, strange = _variables(server)
    if strange:
        own["variables"] = strange
    return {**told, **variables, OWN: write_own_fields(server, own)}


def _is_plain(value: str) -> bool:
    """Whether Ansible takes a value as it is: as no template, and not as encrypted."""
    return "{{" not in value and "{%" not in value and not value.startswith("$ANSIBLE_VAULT")


def _way(server: Server, by_name: Mapping[str, Server]) -> dict[str, str]:
    """Give the words of ssh with which Ansible goes the same way, where the way is known."""
    hops = []
    for name in server.jumps:
        jump = by_name.get(name)
        if jump is None or not re.fullmatch(r"[\w.:-]+", jump.address + jump.user):
            return {}
        hops.append(Hop(host=jump.address, user=jump.user, port=jump.port).text)
    return {"ansible_ssh_common_args": f"-o ProxyJump={','.join(hops)}"}


def _variables(server: Server) -> tuple[dict[str, Any], list[list[str]]]:
    """Give the variables as Ansible holds them, and those that would not come back the same."""
    names = [name for name, _ in server.variables]
    plain: dict[str, Any] = {}
    strange: list[list[str]] = []
    for name, value in _without_secrets(server.variables):
        is_ours = is_used(name) or not _is_key(name) or names.count(name) > 1
        if is_ours or strange or value.startswith("$ANSIBLE_VAULT"):
            strange.append([name, value])
        else:
            plain[name] = _structure(value)
    return plain, strange


def _structure(text: str) -> Any:
    """Give a value that was written as JSON as what it is, where that reads back the same."""
    if not text.startswith(("{", "[")):
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    same = json.dumps(value, ensure_ascii=False) == text
    return value if same and _is_simple(value, 20) else text


def _is_simple(value: Any, depth: int) -> bool:
    if depth == 0 or isinstance(value, float):
        return False
    if isinstance(value, dict):
        return all(_is_simple(one, depth - 1) for one in value.values())
    if isinstance(value, list):
        return all(_is_simple(one, depth - 1) for one in value)
    return not isinstance(value, int) or abs(value) < 10**17


def _without_secrets(variables: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in variables if not is_secret(pair[0])]
