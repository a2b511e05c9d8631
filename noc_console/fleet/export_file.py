"""Writes the fleet to a file that is whole at any moment: the old one, or the new one."""

from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from noc_console.fleet.exporting import to_csv, to_yaml
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.fleet.whole_file import NotWritten, write_whole

__all__ = ["ExportForm", "NotWritten", "form_of", "write_export"]

_YAML = frozenset({".yaml", ".yml"})


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
    write_whole(path, content)
    count = "1 server is" if len(servers) == 1 else f"{len(servers)} servers are"
    return f"{count} written to {inert(str(path))}."
