"""Counts the calls a thread makes, ours and into libraries: work in a unit no machine stretches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class CallCount:
    """How many functions this thread has called since `counting` began."""

    def __init__(self) -> None:
        self._calls = 0

    def __call__(self) -> float:
        """Give the count so far."""
        return self._calls

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count within."""
        before = sys.getprofile()
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(before)

    def _note(self, _frame: FrameType, event: str, _what: Any) -> None:
        if event in ("call", "c_call"):
            self._calls += 1
