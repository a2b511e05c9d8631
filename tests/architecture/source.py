"""The project's files as the tests of this folder read them: each once, and parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "noc_console"
FOLDERS = ("noc_console", "tests", "packaging", "bench", "docs", "requirements", "resources", ".ci")
NOT_OURS = {".git", ".coverage"}  # what tools leave at the root


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a module calls its classes, and what stands in its code: names, and what it imports."""

    classes: tuple[str, ...]
    used: frozenset[str]


@cache
def files() -> tuple[Path, ...]:
    """Give every file of the project, in order."""
    return tuple(sorted(_files()))


def named(path: Path) -> str:
    """Give a file's place within the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    """Give a file's text; what is no UTF-8 in it is replaced."""
    return path.read_bytes().decode("utf-8", errors="replace")


@cache
def names_of(path: Path) -> Names:
    """Give the names of a module."""
    classes, used = [], set()
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.ClassDef):
            classes.append(node.name)
        elif isinstance(node, ast.Name):
            used.add(node.id)
        elif isinstance(node, ast.ImportFrom):
            used |= {alias.name for alias in node.names}
    return Names(classes=tuple(classes), used=frozenset(used))


def _files() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name not in NOT_OURS)
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
