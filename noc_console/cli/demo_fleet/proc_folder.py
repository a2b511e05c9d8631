"""A folder that stands in for /proc, all of whose files change at once."""

from collections.abc import Mapping
from itertools import cycle
from pathlib import Path


class ProcFolder:
    """Two folders behind one link: the hidden one is written, then the link points to it.

    A reader that is in the midst of them has most of one moment and the rest of the next, as with
    the kernel's own; never half a file.
    """

    def __init__(self, link: Path) -> None:
        """Write behind this link; it is there after the first `write`."""
        self._link = link
        self._sides = cycle([_Side(link.with_name(f"{link.name}.{side}")) for side in "ab"])

    def write(self, files: Mapping[str, str]) -> None:
        """Show exactly these files, by their paths below the folder."""
        side = next(self._sides)
        for name, text in files.items():
            side.put(name, text)
        for name in side.written.keys() - files.keys():
            side.take_away(name)
        turned = self._link.with_name(f"{self._link.name}.next")
        turned.symlink_to(side.folder.name)
        turned.replace(self._link)


class _Side:
    """One of the two folders, and what was written into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: dict[str, str] = {}
        self._paths: dict[str, Path] = {}

    def put(self, name: str, text: str) -> None:
        """Write a file that is new or changed."""
        if self.written.get(name) == text:
            return
        path = self._paths.get(name)
        if path is None:
            path = self._paths[name] = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.written[name] = text

    def take_away(self, name: str) -> None:
        """Remove a file, and its folder when that was the last one."""
        path = self._paths.pop(name)
        del self.written[name]
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
