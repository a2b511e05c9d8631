"""Servers from an Ansible inventory, in its INI or its YAML form.

Reads nothing but the folders with variables beside it. What says how a host is reached becomes the
server's fields; `noc_console` is what an export of ours adds; every other variable is kept as it
is. Secrets are never kept.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from noc_console.fleet.importing.ansible_fields import read_own_fields
from noc_console.fleet.importing.ansible_ini import read_ini
from noc_console.fleet.importing.ansible_yaml import read_yaml
from noc_console.fleet.importing.config_files import ReadText
from noc_console.fleet.importing.inventory import VAULT, Host, Inventory
from noc_console.fleet.importing.preview import FileNotRead, FileServer, FleetFile, file_server
from noc_console.fleet.importing.proxies import Hop, NotUnderstood, SshWords, parse_ssh_words
from noc_console.fleet.importing.vars_folders import read_vars_folders
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Authentication, InvalidServer, ServerKind

OWN = "noc_console"
"""The variable in which an export of ours keeps what Ansible has no words for."""

_ADDRESS = ("ansible_host", "ansible_ssh_host")
_PORT = ("ansible_port", "ansible_ssh_port")
_USER = ("ansible_user", "ansible_ssh_user")
_KEY = ("ansible_ssh_private_key_file", "ansible_private_key_file")
_FIELDS = {"address": _ADDRESS, "port": _PORT, "user": _USER, "key_file": _KEY}
_SSH_WORDS = ("ansible_ssh_common_args", "ansible_ssh_extra_args", "ansible_ssh_args")
_CONNECTION = "ansible_connection"
_OVER_SSH = frozenset({"", "ssh", "smart", "paramiko", "paramiko_ssh", "libssh"})
_USED = frozenset({*_ADDRESS, *_PORT, *_USER, *_KEY, *_SSH_WORDS, _CONNECTION, OWN})
_TEMPLATE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
MAX_VARIABLES = 200
MAX_VARIABLE_TEXT = 20_000


def read_inventory(text: str, path: Path, read_text: ReadText) -> FleetFile:
    """Give the servers of an inventory; `read_text` reads `group_vars` and `host_vars` beside it.

    Raises:
        FileNotRead: it cannot be read as one, with what to do.
    """
    file = path.name
    if text.startswith(VAULT):
        raise FileNotRead(
            f"{inert(file)} is encrypted; write it out with `ansible-vault decrypt` first."
        )
    if text.startswith("#!"):
        raise FileNotRead(
            f"{inert(file)} is a program; save what `ansible-inventory --list` prints."
        )
    inventory = Inventory(file)
    if _is_yaml(text, path):
        read_yaml(text, inventory)
    else:
        read_ini(text, inventory)
    read_vars_folders(path.parent, inventory, read_text)
    return FleetFile(
        servers=tuple(_Servers(inventory).all()), not_understood=tuple(inventory.strange)
    )


def is_used(variable: str) -> bool:
    """Whether a variable says how a host is reached, and so is no longer one of the server's."""
    return variable in _USED


def _is_yaml(text: str, path: Path) -> bool:
    if path.suffix.lower() in {".yml", ".yaml", ".json"}:
        return True
    lines = (line.strip() for line in text[:20_000].splitlines())
    first = next((line for line in lines if line and line[0] not in "#;"), "")
    return first == "---" or first.startswith("{") or bool(re.fullmatch(r"[\w.-]+:", first))


class _Servers:
    """Makes servers of hosts, and of the servers that they are reached through."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._told: set[tuple[str, str]] = set()
        self._variables: dict[str, dict[str, str]] = {}
        self._by_address: dict[str, list[str]] = {}
        self._jump_servers: dict[str, FileServer] = {}

    def all(self) -> list[FileServer]:
        """Give the servers in the order of the file, and after them those only jumped through."""
        for name, host in self._inventory.hosts.items():
            self._variables[name] = self._inventory.variables_of(host)
            address = self._variables[name].get(_ADDRESS[0]) or name
            self._by_address.setdefault(address, []).append(name)
        made = [self._server(name, host) for name, host in self._inventory.hosts.items()]
        return [one for one in made if one is not None] + list(self._jump_servers.values())

    def _server(self, name: str, host: Host) -> FileServer | None:
        groups = self._inventory.groups_of(host)
        variables = self._variables_left(name, host)
        try:
            own = read_own_fields(self._variables[name].get(OWN, ""))
            called = own.pop("name", name)
            spoken, refused = self._connection(name, own)
            own["groups"] = tuple(dict.fromkeys((*own.get("groups", ()), *groups)))
            own["variables"] = (*variables, *own.get("variables", ()))
            spoken |= {field: value for field, value in own.items() if value != ()}
            assumed = {"authentication": Authentication.KEY_FILE} if "key_file" in spoken else {}
            return file_server(called, spoken, assumed=assumed, refused=refused)
        except InvalidServer as failure:
            self._inventory.tell(host.line, name, failure.sentence)
            return None

    def _connection(self, name: str, own: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """Give the fields that say how a host is reached, and why it cannot be, if so."""
        spoken: dict[str, Any] = {}
        try:
            if own.get("kind") is not ServerKind.THIS_MACHINE:
                self._refuse_other_ways(name)
            self._take_connection(name, spoken)
            if "jumps" not in own:
                self._take_ssh_words(name, spoken)
        except NotUnderstood as failure:
            return spoken, str(failure)
        return spoken, ""

    def _refuse_other_ways(self, name: str) -> None:
        connection = self._first(name, (_CONNECTION,))
        if connection not in _OVER_SSH:
            raise NotUnderstood(f"It is reached by {connection}, not over SSH.")

    def _take_connection(self, name: str, spoken: dict[str, Any]) -> None:
        for field, variables in _FIELDS.items():
            value = self._first(name, variables)
            if value:
                spoken[field] = _port(value) if field == "port" else value

    def _take_ssh_words(self, name: str, spoken: dict[str, Any]) -> None:
        words = self._ssh_words(name)
        for field in ("user", "port", "key_file"):
            if getattr(words, field):
                spoken.setdefault(field, getattr(words, field))
        if words.hops is not None:
            spoken["jumps"] = tuple(self._name_of(hop, name) for hop in words.hops)

    def _first(self, name: str, variables: tuple[str, ...]) -> str:
        """Give the value of the first of these variables that is set, its templates filled in."""
        told = self._variables[name]
        for variable in variables:
            if told.get(variable):
                return self._filled(name, variable, told[variable])
        return ""

    def _filled(self, name: str, variable: str, value: str) -> str:
        known = {
            **self._variables[name],
            "inventory_hostname": name,
            "inventory_hostname_short": name.partition(".")[0],
        }
        for _ in range(5):  # a variable may name another
            if "{{" not in value or len(value) > MAX_VARIABLE_TEXT:
                break
            value = str(_TEMPLATE.sub(lambda found: known.get(found[1], found[0]), value))
        if "{{" in value or "{%" in value:
            self._tell_once(name, f"{variable}={value}", "This template cannot be filled in.")
            raise NotUnderstood(f"Its {variable} is a template that cannot be filled in.")
        return value

    def _ssh_words(self, name: str) -> SshWords:
        text = " ".join(
            self._filled(name, variable, self._variables[name][variable])
            for variable in _SSH_WORDS
            if self._variables[name].get(variable)
        )
        if not text:
            return SshWords()
        words = parse_ssh_words(text)
        for strange in words.strange:
            self._tell_once(name, strange, "This argument of ssh is not followed here.")
        return words

    def _tell_once(self, name: str, text: str, why: str) -> None:
        if (text, why) not in self._told:
            self._told.add((text, why))
            self._inventory.tell(self._inventory.hosts[name].line, text, why)

    def _name_of(self, hop: Hop, wanted_by: str) -> str:
        """Give the name of the server that a hop is; if it is none of the file's, make it one."""
        for name in (hop.host, *self._by_address.get(hop.host, [])):
            if name in self._variables and self._is_as(name, hop):
                if name == wanted_by:
                    raise NotUnderstood("It is reached through itself.")
                return name
        name = hop.host if hop.host not in self._variables else hop.text
        if name in self._jump_servers and not _is_same(self._jump_servers[name], hop):
            name = hop.text
        if name not in self._jump_servers:
            spoken: dict[str, Any] = {"address": hop.host, "port": hop.port or 22}
            if hop.user:
                spoken["user"] = hop.user
            try:
                self._jump_servers[name] = file_server(
                    name, spoken, notes=[f"{wanted_by} is reached through it."]
                )
            except InvalidServer as failure:
                raise NotUnderstood(f"Its jump server cannot be kept: {failure}") from None
        return name

    def _is_as(self, name: str, hop: Hop) -> bool:
        told = self._variables[name]
        user = told.get(_USER[0]) or told.get(_USER[1], "")
        port = told.get(_PORT[0]) or told.get(_PORT[1]) or "22"
        return hop.user in {"", user} and (not hop.port or str(hop.port) == port)

    def _variables_left(self, name: str, host: Host) -> tuple[tuple[str, str], ...]:
        left = [pair for pair in self._variables[name].items() if pair[0] not in _USED]
        size = sum(len(variable) + len(value) for variable, value in left)
        if len(left) > MAX_VARIABLES or size > MAX_VARIABLE_TEXT:
            why = "There is more than a server keeps; its variables are left out."
            self._inventory.tell(host.line, f"{len(left)} variables of {name}", why)
            return ()
        return tuple(left)


def _is_same(server: FileServer, hop: Hop) -> bool:
    return (server.server.user, server.server.port) == (hop.user, hop.port or 22)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 5 or not 1 <= int(text) <= 65535:
        raise NotUnderstood(f"Its port, {text!r}, is no number from 1 to 65535.")
    return int(text)
