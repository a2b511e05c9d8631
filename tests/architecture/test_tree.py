"""What holds for every file: short enough to read, named for what it does, free of leftovers.

A test looks at every file and names those that break its rule: a test a file took longer to begin
than to look.
"""

import re
from collections import Counter

from tests.architecture.source import PROGRAM, ROOT, files, named, names_of, text_of

TEXT_KINDS = {".py", ".sh", ".md", ".toml", ".txt", ".in", ".json", ".yaml", ".svg", ".awk", ""}
CODE_KINDS = {".py", ".sh"}
MAX_LINES = 450
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


def found_in(kinds, look):
    """Give what is wrong with each file of some kinds; there are many of them."""
    looked_at = [path for path in files() if path.suffix in kinds]
    assert len(looked_at) > 500, "the files were not found"
    return {named(path): wrong for path in looked_at if (wrong := look(path))}


def test_a_file_of_code_can_be_read_in_one_sitting():
    def too_long(path):
        lines = len(text_of(path).splitlines())
        return lines if lines > MAX_LINES else 0

    assert found_in(CODE_KINDS, too_long) == {}


def test_a_module_of_tests_has_a_name_of_its_own():
    """Of two of one name pytest reads the first; alone, each of them passes."""
    names = [path.name for path in files() if path.name.startswith("test_")]

    assert len(names) > 300
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_a_module_has_a_name_that_says_something():
    def empty(path):
        parts = path.relative_to(ROOT).with_suffix("").parts
        return {part.removeprefix("test_") for part in parts} & EMPTY_NAMES

    assert found_in({".py"}, empty) == {}


def test_a_class_has_a_name_that_says_something():
    def empty(path):
        if not path.is_relative_to(PROGRAM):
            return []
        classes = names_of(path).classes
        return [name for name in classes if IN_SHORT.findall(name)[-1].lower() in EMPTY_NAMES]

    assert found_in({".py"}, empty) == {}


def test_a_file_holds_no_leftover_and_nothing_of_the_machine_it_was_written_on():
    def left(path):
        text = text_of(path)
        return MARKS.findall(text) + [word for word in LEFTOVERS if word in text]

    assert found_in(TEXT_KINDS, left) == {}
