"""What holds for every file: short enough to read, named for what it does, free of leftovers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("noc_console", "tests", "packaging", "bench", "docs", "requirements", "resources", ".ci")
TEXT_KINDS = {".py", ".sh", ".md", ".toml", ".txt", ".in", ".json", ".yaml", ".svg", ".awk", ""}
CODE_KINDS = {".py", ".sh"}
MAX_LINES = 450
NOT_OURS = {".git", ".coverage"}  # what tools leave at the root
EMPTY_NAMES = {
    *("util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"),
    *("handler", "handlers", "base", "data", "info", "tmp"),
}
# Written in two halves, so that this file does not hold them itself.
MARKS = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + "X:|HA" + "CK:)")  # not the end of MASTODON
LEFTOVERS = [
    *("/wo" + "rk/", "/opt/" + "pypi", "/opt/" + "wheels", ".py" + "env/", "../sha" + "red"),
    *("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "proxy.go" + "lang.org"),
    "issues " + "show",
]
IN_SHORT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


def _files() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name not in NOT_OURS)
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


FILES = sorted(_files())


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix in CODE_KINDS], ids=_named)
def test_a_file_of_code_can_be_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".py"], ids=_named)
def test_a_module_has_a_name_that_says_something(path):
    parts = {part.removeprefix("test_") for part in path.relative_to(ROOT).with_suffix("").parts}

    assert not parts & EMPTY_NAMES


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.suffix == ".py" and "noc_console" in p.parts], ids=_named
)
def test_a_class_has_a_name_that_says_something(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]

    empty = [name for name in classes if IN_SHORT.findall(name)[-1].lower() in EMPTY_NAMES]

    assert empty == []


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix in TEXT_KINDS], ids=_named)
def test_a_file_holds_no_leftover_and_nothing_of_the_machine_it_was_written_on(path):
    text = path.read_bytes().decode("utf-8", errors="replace")

    assert MARKS.findall(text) + [word for word in LEFTOVERS if word in text] == []
