"""A small TOML file that is written whole, never half: settings and the layout of the window."""

import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from noc_console.errors import ConsoleError

# TOML 1.0 has the escapes of a JSON string for its basic strings; these two need one everywhere.
_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"'} | {
    code: f"\\u{code:04x}" for code in (*range(32), 127)
}


class FileNotKept(ConsoleError):
    """The file cannot be read or written; the sentence says which, and what holds meanwhile."""


def config_folder() -> Path:
    """Give where a person's settings belong: XDG Base Directory, or the system's own custom."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home())) / "noc-console"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "noc-console"
    chosen = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(chosen) if chosen else Path.home() / ".config") / "noc-console"


def read_toml(path: Path) -> dict[str, Any]:
    """Give what the file holds; nothing when there is none.

    Raises:
        FileNotKept: it cannot be read or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        raise FileNotKept(
            f"{path} cannot be read ({problem}); mend or delete it. The usual settings hold now."
        ) from problem


def write_toml(path: Path, tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Put tables of plain values into the file, all or nothing.

    Raises:
        FileNotKept: it cannot be written.
    """
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.write_text(as_toml(tables), encoding="utf-8")
        part.replace(path)
    except OSError as problem:
        raise FileNotKept(
            f"{path} cannot be written ({problem.strerror}); the change holds until you close the"
            " window."
        ) from problem


def as_toml(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Give the text of tables of plain values (TOML 1.0)."""
    blocks = [
        "\n".join(
            [f"[{_text(name)}]", *(f"{_text(key)} = {_value(one)}" for key, one in table.items())]
        )
        for name, table in tables.items()
    ]
    return "\n\n".join(blocks) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(_value(one) for one in value)}]"
    raise TypeError(f"a {type(value).__name__} cannot be kept")


def _text(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'
