"""Reads a file with servers from the disk, within bounds, as the kind it is."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from noc_console.fleet.importing.ansible import read_inventory
from noc_console.fleet.importing.csv_table import read_table
from noc_console.fleet.importing.file_kind import FileKind, guess_kind
from noc_console.fleet.importing.openssh import read_openssh
from noc_console.fleet.importing.preview import FileNotRead, FleetFile
from noc_console.fleet.inert import inert

MAX_BYTES = 64 * 1024 * 1024
"""Several times the largest fleet; more would stop the program for minutes."""

SYSTEM_CONFIG = Path("/etc/ssh/ssh_config")
_HEAD = 20_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """What was read. `columns`, `first_row` and `mapping` are those of a table, else empty."""

    kind: FileKind
    found: FleetFile
    columns: tuple[str, ...] = ()
    first_row: tuple[str, ...] = ()
    mapping: Mapping[str, str]


def read_servers(
    path: Path,
    kind: FileKind | None = None,
    mapping: Mapping[str, str] | None = None,
    *,
    ssh_folder: Path | None = None,
) -> ReadFile:
    """Give the servers of a file; its kind and, of a table, the columns are guessed when None.

    An OpenSSH config may include others, from `ssh_folder` (your own `~/.ssh` when None). For your
    own one what the system's says holds too, as it does for `ssh`.

    Raises:
        FileNotRead: with what to do.
    """
    text = told_text(path)
    if "\0" in text:
        raise FileNotRead(
            f"{inert(str(path))} is no text file; choose an OpenSSH config, an Ansible inventory "
            "or a table (CSV)."
        )
    chosen = kind or guess_kind(path, text[:_HEAD])
    if chosen is FileKind.CSV:
        table = read_table(text, path.name, mapping)
        return ReadFile(
            kind=chosen,
            found=table.found,
            columns=table.columns,
            first_row=table.first_row,
            mapping=table.mapping,
        )
    if chosen is FileKind.OPENSSH:
        own_folder = Path("~/.ssh").expanduser()
        is_own = path.resolve() == (own_folder / "config").resolve()
        found = read_openssh(
            path, read_text, ssh_folder or own_folder, SYSTEM_CONFIG if is_own else None
        )
    else:
        found = read_inventory(text, path, read_text)
    return ReadFile(kind=chosen, found=found, mapping={})


def read_text(path: Path) -> str:
    """Give the text of a file.

    Raises:
        OSError: it cannot be read.
        FileNotRead: it is no file, or too large.
    """
    if not path.is_file():
        path.stat()  # says why, unless it is something else than a file
        raise FileNotRead(f"{inert(str(path))} is no file; choose a file.")
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise FileNotRead(
            f"{inert(str(path))} is larger than {MAX_BYTES >> 20} MB; split it into parts."
        )
    return decode(content)


def told_text(path: Path) -> str:
    """Give the text of a file a person named.

    Raises:
        FileNotRead: it cannot be read, with what to do.
    """
    try:
        return read_text(path)
    except (OSError, ValueError) as error:  # ValueError: the path itself cannot be one
        why = getattr(error, "strerror", None) or "there can be no such path"
        raise FileNotRead(
            f"{inert(str(path))} cannot be read ({why}); choose another file."
        ) from error


def decode(content: bytes) -> str:
    """Give the text of bytes: Unicode with or without its mark, else as Windows writes it."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    head = content[:_HEAD]
    if head[1::2].count(0) > len(head) // 3:
        return content.decode("utf-16-le", "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
