"""The YAML form of an Ansible inventory: groups with `hosts`, `vars` and `children`. Pure.

As Ansible's own `yaml` inventory plugin reads it, but what it would stop at is told and left out.
What `ansible-inventory --list` prints is another form: there groups list names, and `_meta` holds
what is said of each host.
"""

from noc_console.fleet.importing.bounded_yaml import (
    Items,
    Node,
    Pairs,
    Scalar,
    TooLarge,
    entries,
    read_nodes,
    text_of,
)
from noc_console.fleet.importing.host_ranges import NoRange, expand_hosts
from noc_console.fleet.importing.inventory import ALL, NO_VAULT, Inventory
from noc_console.fleet.importing.preview import FileNotRead
from noc_console.fleet.importing.secret_words import HIDDEN
from noc_console.fleet.inert import inert

_META = "_meta"
_VAULT = "__ansible_vault"
_UNSAFE = "__ansible_unsafe"
"""How Ansible's JSON wraps what was encrypted, and what is no template."""
MAX_STEPS = 2_000_000
"""Groups, hosts and variables walked, aliases each time: a small file can name them without end."""


def read_yaml(text: str, inventory: Inventory) -> None:
    """Add to the inventory what the text says.

    Raises:
        FileNotRead: it is no YAML, or beyond bounds.
    """
    root = read_nodes(text, inventory.file)
    if root is None:
        return
    if not isinstance(root, Pairs):
        raise FileNotRead(
            f"{inert(inventory.file)} is no inventory: at its top there must be groups, such as "
            "`all:`."
        )
    try:
        reader = _YamlReader(inventory)
        if any(name == _META for name, _ in entries(root)):
            reader.read_list(root)
        else:
            reader.read(root)
    except TooLarge:
        raise FileNotRead(
            f"{inert(inventory.file)} makes more of its aliases than any inventory holds."
        ) from None


def read_variables(text: str, file: str, inventory: Inventory, variables: dict[str, str]) -> None:
    """Add to the variables what a file of nothing else says.

    Raises:
        FileNotRead: it is no YAML, or beyond bounds.
    """
    root = read_nodes(text, file)
    if root is not None:
        try:
            _YamlReader(inventory, file).take(variables, root, file)
        except TooLarge:
            raise FileNotRead(
                f"{inert(file)} makes more of its aliases than any file holds."
            ) from None


class _YamlReader:
    def __init__(self, inventory: Inventory, file: str = "") -> None:
        self._inventory = inventory
        self._file = file
        self._steps = 0
        self._walked: set[tuple[str, int]] = set()

    def read(self, root: Pairs) -> None:
        """Take the groups at the top."""
        for name, body in entries(root):
            self._group(name, body, (), root.line)

    def read_list(self, root: Pairs) -> None:
        """Take the groups at the top, which list their hosts and children, and then `_meta`."""
        for name, body in entries(root):
            if name != _META:
                self._listed_group(name, body)
        for name, body in entries(root):
            for key, value in self._pairs_of(body, name) if name == _META else ():
                if key == "hostvars":
                    self._host_variables(value)

    def _listed_group(self, name: str, body: Node) -> None:
        parts = [("hosts", body)] if isinstance(body, Items) else self._pairs_of(body, name)
        self._inventory.group(name)
        for key, value in parts:
            if key == "vars":
                self.take(self._inventory.group(name).variables, value, f"{name}: vars")
            elif key in {"hosts", "children"} and isinstance(value, Items):
                for member in value.items:
                    self._listed_member(key, text_of(member), name, member.line)
            else:
                self._tell(value.line, f"{name}: {key}", "A group has hosts, vars and children.")

    def _listed_member(self, key: str, member: str, group: str, line: int) -> None:
        self._count()
        if key == "hosts":
            self._inventory.host(member, group, line)
        elif member in {group, ALL}:
            self._tell(line, member, "A group cannot be a child of itself.")
        else:
            self._inventory.group(member).parents[group] = None

    def _host_variables(self, node: Node) -> None:
        for name, body in self._pairs_of(node, "hostvars"):
            if name in self._inventory.hosts:
                self.take(self._inventory.hosts[name].variables, body, name)
            else:
                self._tell(body.line, name, "No group lists this host.")

    def _group(self, name: str, body: Node, above: tuple[str, ...], line: int) -> None:
        self._count()
        group = self._inventory.group(name)
        if name in above or (above and name == ALL):
            self._tell(line, name, "A group cannot be a child of itself.")
            return
        if above:
            group.parents[above[-1]] = None
        if (name, id(body)) in self._walked:
            return  # an alias of what was read already
        self._walked.add((name, id(body)))
        for key, value in self._pairs_of(body, name):
            if key == "vars":
                self.take(group.variables, value, f"{name}: vars")
            elif key in {"hosts", "children"}:
                self._members(key, value, (*above, name))
            else:
                self._tell(value.line, f"{name}: {key}", "A group has hosts, vars and children.")

    def _members(self, key: str, value: Node, above: tuple[str, ...]) -> None:
        for name, body in self._pairs_of(value, f"{above[-1]}: {key}"):
            if key == "hosts":
                self._hosts(name, body, above[-1])
            else:
                self._group(name, body, above, body.line)

    def _hosts(self, text: str, body: Node, group: str) -> None:
        try:
            names, port = expand_hosts(text)
        except NoRange as failure:
            self._tell(body.line, text, str(failure))
            return
        variables: dict[str, str] = {"ansible_port": str(port)} if port else {}
        self.take(variables, body, text)
        for name in names:
            self._count()
            self._inventory.host(name, group, body.line).variables |= variables

    def take(self, variables: dict[str, str], body: Node, where: str) -> None:
        """Take variables with their values."""
        for name, value in self._pairs_of(body, where):
            self._count()
            if _is_encrypted(value):
                self._tell(value.line, f"{name}={HIDDEN}", NO_VAULT)
                continue
            self._inventory.take(variables, name, _told(value), value.line, self._file)

    def _pairs_of(self, node: Node, where: str) -> list[tuple[str, Node]]:
        """Give the entries of a mapping; a single word is a name without anything below it."""
        if isinstance(node, Pairs):
            return list(entries(node))
        if isinstance(node, Items):
            self._tell(node.line, where, "Here names are listed; write each with a colon after it.")
        elif text_of(node) and where.endswith((": hosts", ": children")):
            return [(node.value, Scalar(line=node.line, value="", is_plain=True))]
        elif text_of(node):
            self._tell(node.line, f"{where}: {node.value}", "Here must be names with values.")
        return []

    def _count(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TooLarge

    def _tell(self, line: int, text: str, why: str) -> None:
        self._inventory.tell(line, text, why, self._file)


def _is_encrypted(value: Node) -> bool:
    if isinstance(value, Scalar):
        return "vault" in value.tag
    return isinstance(value, Pairs) and any(key == _VAULT for key, _ in entries(value))


def _told(value: Node) -> str:
    wrapped = list(entries(value)) if isinstance(value, Pairs) and len(value.items) == 1 else []
    return text_of(wrapped[0][1] if wrapped and wrapped[0][0] == _UNSAFE else value)
