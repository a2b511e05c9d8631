"""The folders `group_vars` and `host_vars` beside an Ansible inventory.

As in Ansible's DataLoader.find_vars_files: of `name`, `name.yml`, `name.yaml` and `name.json` the
first that is there; a folder stands for all files in it, by name.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from noc_console.fleet.importing.ansible_yaml import read_variables
from noc_console.fleet.importing.config_files import ReadText
from noc_console.fleet.importing.inventory import NO_VAULT, VAULT, Inventory
from noc_console.fleet.importing.preview import MAX_SERVERS, FileNotRead

_ENDINGS = ("", ".yml", ".yaml", ".json")
MAX_FILES = MAX_SERVERS
MAX_DEPTH = 5


def read_vars_folders(folder: Path, inventory: Inventory, read_text: ReadText) -> None:
    """Add to the inventory what the folders say of its groups and hosts; tell what cannot be."""
    reader = _FolderReader(inventory, read_text)
    groups, hosts = inventory.groups, inventory.hosts
    reader.read(folder / "group_vars", list(groups), lambda name: groups[name].folder_variables)
    reader.read(folder / "host_vars", list(hosts), lambda name: hosts[name].variables)


class _FolderReader:
    def __init__(self, inventory: Inventory, read_text: ReadText) -> None:
        self._inventory = inventory
        self._read_text = read_text
        self._files = 0

    def read(
        self, folder: Path, names: list[str], variables_of: Callable[[str], dict[str, str]]
    ) -> None:
        """Read what one folder says of these names."""
        there = {path.name: path for path in self._listed(folder)}
        if not there:
            return
        for name in names:
            found = next((there[name + end] for end in _ENDINGS if name + end in there), None)
            for path in self._files_of(found, MAX_DEPTH) if found else ():
                self._take(path, variables_of(name))

    def _listed(self, folder: Path) -> list[Path]:
        try:
            return sorted(folder.iterdir()) if folder.is_dir() else []
        except OSError as error:
            self._inventory.tell(0, "", f"It cannot be read: {error.strerror}.", str(folder))
            return []

    def _files_of(self, path: Path, depth: int) -> Iterator[Path]:
        if not path.is_dir():
            yield path
        elif depth:
            for inside in self._listed(path):
                is_hidden = inside.name.startswith(".") or inside.name.endswith("~")
                if not is_hidden and (inside.is_dir() or inside.suffix in _ENDINGS):
                    yield from self._files_of(inside, depth - 1)

    def _take(self, path: Path, variables: dict[str, str]) -> None:
        self._files += 1
        file = f"{path.parent.name}/{path.name}"
        if self._files > MAX_FILES:
            if self._files == MAX_FILES + 1:
                why = f"More than {MAX_FILES} files hold variables; the rest is left out."
                self._inventory.tell(0, "", why, file)
            return
        try:
            text = self._read_text(path)
            if text.startswith(VAULT):
                self._inventory.tell(0, "", NO_VAULT, file)
            else:
                read_variables(text, file, self._inventory, variables)
        except OSError as error:
            self._inventory.tell(0, "", f"It cannot be read: {error.strerror}.", file)
        except FileNotRead as failure:
            self._inventory.tell(0, "", failure.sentence, file)
