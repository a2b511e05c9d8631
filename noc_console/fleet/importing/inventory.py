"""An Ansible inventory as it is read: groups, hosts and what is said of each.

The precedence is Ansible's: `all`, then groups from the outermost in, those of one depth by
`ansible_group_priority` and then by name, and last the host itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from noc_console.fleet.importing.preview import MAX_SERVERS, FileNotRead, Line
from noc_console.fleet.importing.secret_words import HIDDEN, WHY, is_secret, without_secrets
from noc_console.fleet.inert import inert

ALL = "all"
UNGROUPED = "ungrouped"
VAULT = "$ANSIBLE_VAULT"
NO_VAULT = "What Ansible Vault encrypted cannot be read."
_PRIORITY = "ansible_group_priority"


@dataclass(slots=True)
class Group:
    """One group; `parents` are those it is a child of.

    `folder_variables` are those of `group_vars`, which count over all that the inventory says.
    """

    variables: dict[str, str] = field(default_factory=dict)
    folder_variables: dict[str, str] = field(default_factory=dict)
    parents: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Host:
    """One host, the line that first names it, the groups that name it, its own variables."""

    line: int
    groups: dict[str, None] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)


class Inventory:
    """All that an inventory says; built by the readers of its two forms."""

    def __init__(self, file: str) -> None:
        """Start empty."""
        self.file = file
        self.strange: list[Line] = []
        self.groups: dict[str, Group] = {ALL: Group(), UNGROUPED: Group()}
        self.hosts: dict[str, Host] = {}
        self._merged: dict[frozenset[str], Mapping[str, str]] = {}
        self._above: dict[str, frozenset[str]] = {}
        self._depths: dict[str, int] = {ALL: 0}

    def group(self, name: str) -> Group:
        """Give a group, made when it is new."""
        return self.groups.setdefault(name, Group())

    def host(self, name: str, group: str, line: int) -> Host:
        """Give a host, made when it is new, and let it be in a group.

        Raises:
            FileNotRead: there are more than any fleet has.
        """
        host = self.hosts.setdefault(name, Host(line=line))
        host.groups[group] = None
        if len(self.hosts) > MAX_SERVERS:
            raise FileNotRead(
                f"{inert(self.file)} names more than {MAX_SERVERS} hosts; split it into parts."
            )
        return host

    def take(
        self, variables: dict[str, str], name: str, value: str, line: int, file: str = ""
    ) -> None:
        """Set a variable, unless it holds a secret."""
        if is_secret(name):
            self.tell(line, f"{name}={HIDDEN}", WHY, file)
        elif value.startswith(VAULT):
            self.tell(line, f"{name}={HIDDEN}", NO_VAULT, file)
        else:
            variables[name] = value

    def tell(self, line: int, text: str, why: str, file: str = "") -> None:
        """Tell a line that is not understood, of the inventory itself or of a file beside it."""
        told = Line(file=file or self.file, number=line, text=without_secrets(text), why=why)
        self.strange.append(told)

    def groups_of(self, host: Host) -> tuple[str, ...]:
        """Give the groups a host is in, by itself or through their children, by name."""
        found: set[str] = set()
        for group in host.groups:
            found |= self._with_above(group)
        return tuple(sorted(found - {ALL, UNGROUPED}))

    def variables_of(self, host: Host) -> dict[str, str]:
        """Give what holds for a host: its own variables over those of its groups."""
        direct = frozenset(host.groups) - {ALL, UNGROUPED} or frozenset({UNGROUPED})
        if direct not in self._merged:
            self._merged[direct] = self._merge(direct)
        return {**self._merged[direct], **host.variables}

    def _merge(self, direct: frozenset[str]) -> Mapping[str, str]:
        names = {ALL}
        for group in direct:
            names |= self._with_above(group)
        depths = {name: self._depth(name) for name in names}

        def order(name: str) -> tuple[int, int, str]:
            priority = self.group(name).variables.get(_PRIORITY, "1")
            return depths[name], int(priority) if _is_small(priority) else 1, name

        merged: dict[str, str] = {}
        inwards = sorted(names, key=order)
        for name in inwards:
            merged |= self.group(name).variables
        for name in inwards:
            merged |= self.group(name).folder_variables
        merged.pop(_PRIORITY, None)
        return merged

    def _with_above(self, name: str) -> frozenset[str]:
        if name not in self._above:
            found = {name}
            left = [name]
            while left:
                for parent in self.group(left.pop()).parents:
                    if parent not in found:
                        found.add(parent)
                        left.append(parent)
            self._above[name] = frozenset(found)
        return self._above[name]

    def _depth(self, name: str) -> int:
        """Give how far below `all` a group is; in a circle, which Ansible refuses, any number."""
        if name not in self._depths:
            self._depths[name] = 0
            above = [self._depth(parent) for parent in self.group(name).parents]
            self._depths[name] = 1 + max(above, default=0)
        return self._depths[name]


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6
