"""Where a status page lies: a folder of this machine, or one of a server over SFTP.

Each file is swapped in as a whole, so a visitor never gets half of one.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert

if TYPE_CHECKING:  # the window previews without SSH
    from noc_console.links.files import RemoteFiles


class FolderFailed(ConsoleError):
    """The page's folder cannot be used; the files in it are whole."""


class PageFolder(Protocol):
    """A folder with the files of a page, by their path in it."""

    def read(self, path: str, max_bytes: int) -> bytes | None:
        """Give a file, or None where there is none."""

    def write(self, path: str, content: bytes) -> None:
        """Put a file there, all of it or nothing."""

    def create(self, path: str, content: bytes) -> bool:
        """Write a file that is not there yet; false where it is."""

    def remove(self, path: str) -> None:
        """Take a file away; one that is not there is no failure."""

    def make_folder(self, path: str) -> None:
        """Make a folder in it that is not there yet."""


class LocalFolder:
    """A folder of this machine."""

    def __init__(self, folder: str) -> None:
        """Use this folder, which must be there."""
        self._folder = Path(folder)

    def read(self, path: str, max_bytes: int) -> bytes | None:
        """Give a file, or None where there is none."""
        with self._failures(path):
            try:
                with (self._folder / path).open("rb") as file:
                    content = file.read(max_bytes + 1)
            except FileNotFoundError:
                return None
        if len(content) > max_bytes:
            raise FolderFailed(f"{self._folder / path} is far too large to be ours; move it away.")
        return content

    def write(self, path: str, content: bytes) -> None:
        """Put a file there, readable by the web server, all of it or nothing."""
        place = self._folder / path
        with self._failures(path):
            number, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name[:60]}.")
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                    Path(name).chmod(0o644)
                Path(name).replace(place)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    def create(self, path: str, content: bytes) -> bool:
        """Write a file that is not there yet; false where it is."""
        with self._failures(path):
            try:
                with (self._folder / path).open("xb") as file:
                    file.write(content)
            except FileExistsError:
                return False
        return True

    def remove(self, path: str) -> None:
        """Take a file away; one that is not there is no failure."""
        with self._failures(path):
            (self._folder / path).unlink(missing_ok=True)

    def make_folder(self, path: str) -> None:
        """Make a folder in it that is not there yet."""
        with self._failures(path), contextlib.suppress(FileExistsError):
            (self._folder / path).mkdir(mode=0o755)

    @contextmanager
    def _failures(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = inert(error.strerror or "it failed", 100)
            raise FolderFailed(
                f"{inert(str(self._folder / path), 200)} cannot be used ({why}); check the folder, "
                "its rights and the space there."
            ) from error


class RemoteFolder:
    """A folder of a server, over SFTP."""

    def __init__(self, files: RemoteFiles, folder: str) -> None:
        """Use this folder, which must be there."""
        self._files = files
        self._folder = folder.rstrip("/")

    def read(self, path: str, max_bytes: int) -> bytes | None:
        """Give a file, or None where there is none."""
        return self._files.read(f"{self._folder}/{path}", max_bytes)

    def write(self, path: str, content: bytes) -> None:
        """Put a file there, all of it or nothing."""
        self._files.write(f"{self._folder}/{path}", content)

    def create(self, path: str, content: bytes) -> bool:
        """Write a file that is not there yet; false where it is."""
        return self._files.create(f"{self._folder}/{path}", content)

    def remove(self, path: str) -> None:
        """Take a file away; one that is not there is no failure."""
        self._files.remove(f"{self._folder}/{path}")

    def make_folder(self, path: str) -> None:
        """Make a folder in it that is not there yet."""
        self._files.make_folder(f"{self._folder}/{path}")
