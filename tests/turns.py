"""In what turn tests run, so that no core waits for the last of them.

Slow tests wait more than they work, the others work. Three workers of five begin with the modules
of slow tests, the longest first, while the others work; who has nothing left steals from who has
most (`--dist worksteal`, which gives each worker an equal part of the list to begin with).
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TypeVar

import pytest

USUAL_TIMEOUT_S = 120.0
One = TypeVar("One")


def in_turn(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """Give the tests in the order in which workers should have them."""
    parts = shared_out(
        [list(module) for _, module in groupby(items, lambda one: one.path)], workers, slowness
    )
    return [one for part in parts for one in part]


def shared_out(
    modules: Iterable[Sequence[One]], workers: int, cost: Callable[[Sequence[One]], float]
) -> list[list[One]]:
    """Give each worker's part: what costs most first and to few, and as many to each."""
    ordered = sorted(modules, key=cost, reverse=True)
    slow = [module for module in ordered if cost(module)]
    parts: list[list[One]] = [[] for _ in range(workers)]
    for number, module in enumerate(slow):
        parts[number % max(1, 3 * workers // 5)].extend(module)
    rest = [one for module in ordered[len(slow) :] for one in module]
    enough = -(-sum(map(len, ordered)) // workers)
    for part in parts:
        missing = max(0, enough - len(part))
        part.extend(rest[:missing])
        rest = rest[missing:]
    parts[-1].extend(rest)
    return parts


def slowness(tests: Sequence[pytest.Item]) -> float:
    """Give how much a module's slow tests may take: one that asks for more time takes more."""
    return sum(_timeout_s(one) for one in tests if one.get_closest_marker("slow") is not None)


def _timeout_s(test: pytest.Item) -> float:
    marker = test.get_closest_marker("timeout")
    return float(marker.args[0]) if marker is not None and marker.args else USUAL_TIMEOUT_S


def may_hold(text: str, expression: str) -> bool:
    """Whether a module of tests may have one that `-m` asks for; only a lone mark is looked for."""
    return not expression.isidentifier() or f"mark.{expression}" in text
