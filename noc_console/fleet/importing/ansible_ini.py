"""The INI form of an Ansible inventory: sections of hosts, of variables and of children. Pure.

As Ansible's own `ini` inventory plugin reads it, but a line it would stop at is told and left out.
"""

import ast
import re
import shlex

from noc_console.fleet.importing.host_ranges import NoRange, expand_hosts
from noc_console.fleet.importing.inventory import ALL, UNGROUPED, Inventory

_SECTION = re.compile(r"\[([^:\]]+)(?::(\w+))?\]\s*(?:#.*)?")
_GROUP = re.compile(r"([^:\[\]#]+?)\s*(?:#.*)?")
_KINDS = ("hosts", "children", "vars")


def read_ini(text: str, inventory: Inventory) -> None:
    """Add to the inventory what the text says.

    Raises:
        FileNotRead: it names more hosts than any fleet has.
    """
    group, kind = UNGROUPED, "hosts"
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line.startswith("[") and not _is_address(line):
            group, kind = _section(line, number, inventory)
        elif kind == "hosts":
            _hosts(line, number, group, inventory)
        elif kind == "children":
            _child(line, number, group, inventory)
        elif kind == "vars":
            _variable(line, number, group, inventory)
        else:
            inventory.tell(number, line, "It stands under a section that is not understood.")


def _is_address(line: str) -> bool:
    """Whether a line begins with an IPv6 address in brackets, not with a section."""
    return re.match(r"\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]", line) is not None


def _section(line: str, number: int, inventory: Inventory) -> tuple[str, str]:
    found = _SECTION.fullmatch(line)
    kind = (found[2] or "hosts") if found else ""
    if found is None or kind not in _KINDS:
        why = "A section is [group], [group:vars] or [group:children]; this one is left out."
        inventory.tell(number, line, why)
        return "", ""
    name = found[1].strip()
    inventory.group(name)
    return name, kind


def _hosts(line: str, number: int, group: str, inventory: Inventory) -> None:
    try:
        words = _words(line)
        names, port = expand_hosts(words[0])
    except NoRange as failure:
        inventory.tell(number, line, str(failure))
        return
    variables: dict[str, str] = {"ansible_port": str(port)} if port else {}
    for word in words[1:]:
        name, is_set, value = word.partition("=")
        if is_set and name:
            inventory.take(variables, name, _value(value), number)
        else:
            inventory.tell(number, word, "A host's variables are written as name=value.")
    for name in names:
        inventory.host(name, group, number).variables |= variables


def _words(line: str) -> list[str]:
    if not set(line) & set("\"'\\#"):
        return line.split()
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        raise NoRange("A quote is opened and not closed.") from None
    if not words:
        raise NoRange("It names no host.")
    return words


def _child(line: str, number: int, group: str, inventory: Inventory) -> None:
    found = _GROUP.fullmatch(line)
    if found is None or found[1] == ALL or found[1] == group:
        inventory.tell(number, line, "It is no name of a group that can be a child of this one.")
        return
    inventory.group(found[1]).parents[group] = None


def _variable(line: str, number: int, group: str, inventory: Inventory) -> None:
    name, is_set, value = line.partition("=")
    if not is_set or not name.strip():
        inventory.tell(number, line, "A group's variables are written as name=value.")
        return
    inventory.take(inventory.group(group).variables, name.strip(), _value(value.strip()), number)


def _value(text: str) -> str:
    """Give a value as Ansible takes it: a Python literal if it is one, so without its quotes."""
    if text[:1] not in {"'", '"'} and not ("#" in text and text[:1].isdigit()):
        return text
    try:
        return str(ast.literal_eval(text[:1000]))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
