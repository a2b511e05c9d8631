"""Writes the fleet to a file that is whole at any moment: the old one, or the new one."""

import os
import tempfile
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from noc_console.errors import ConsoleError
from noc_console.fleet.exporting import to_csv, to_yaml
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server

_YAML = frozenset({".yaml", ".yml"})


class NotWritten(ConsoleError):
    """The file could not be written; what was there is as it was."""


class ExportForm(Enum):
    """The forms of an export."""

    CSV = "csv"
    YAML = "yaml"

    def text_of(self, servers: Sequence[Server]) -> str:
        """Give the servers in this form."""
        return to_csv(servers) if self is ExportForm.CSV else to_yaml(servers)


def form_of(path: Path | None) -> ExportForm:
    """Give the form that a file's name asks for: YAML for `.yaml` and `.yml`, else CSV."""
    is_yaml = path is not None and path.suffix.lower() in _YAML
    return ExportForm.YAML if is_yaml else ExportForm.CSV


def write_export(path: Path, form: ExportForm, servers: Sequence[Server]) -> str:
    """Write the servers and give the sentence about it.

    A table begins with the mark of UTF-8, without which spreadsheets misread it.

    Raises:
        NotWritten: what was there is as it was.
    """
    content = form.text_of(servers).encode("utf-8-sig" if form is ExportForm.CSV else "utf-8")
    try:
        _replace(path.resolve(), content)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "there can be no such path"
        raise NotWritten(
            f"{inert(str(path))} cannot be written ({why}); choose another place."
        ) from error
    count = "1 server is" if len(servers) == 1 else f"{len(servers)} servers are"
    return f"{count} written to {inert(str(path))}."


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
