"""What docs/faults.md promises a person to see, to be held against what is truly said."""

import re
from functools import cache
from pathlib import Path

from noc_console.errors import ConsoleError
from noc_console.fleet.failure import Failure

PAGE = Path(__file__).parents[1] / "docs" / "faults.md"
_ROW = re.compile(r"^\| [^|]+ \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)


def assert_promised(failure: Failure | ConsoleError) -> None:
    """Fail where the page lacks the sentence of a failure."""
    assert_said(failure.sentence)


def assert_said(said: str) -> None:
    """Fail where the page lacks a sentence; `…` on the page stands for anything."""
    assert any(one.match(said) for one in _patterns()), f"docs/faults.md does not have: {said}"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    sentences = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    return tuple(re.compile(re.escape(one).replace("…", ".+?") + r"\Z") for one in sentences)
