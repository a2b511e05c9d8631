"""Writes a file that is whole at any moment: the old one, or the new one."""

import os
import tempfile
from pathlib import Path

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert


class NotWritten(ConsoleError):
    """The file could not be written; what was there is as it was."""


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in the place of an older one, all of it or nothing.

    Raises:
        NotWritten: what was there is as it was.
    """
    try:
        _replace(path.resolve(), content)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "there can be no such path"
        raise NotWritten(
            f"{inert(str(path))} cannot be written ({why}); choose another place."
        ) from error


def _replace(path: Path, content: bytes) -> None:
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:50]}.")
    written = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
