"""In what turn tests run, so that no core waits for the last of them.

Slow tests wait more than they work, the others work. Three workers of five begin with the modules
of slow tests, the longest first, while the others work; where most are slow, all do. Who has
nothing left steals from who has most (`--dist worksteal`, which gives each worker an equal part of
the list to begin with).
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

import pytest

USUAL_TIMEOUT_S = 120.0
One = TypeVar("One")


def in_turn(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """Give the tests in the order in which workers should have them."""
    modules = [list(module) for _, module in groupby(items, lambda one: one.path)]
    parts = shared_out(modules, workers, slowness, has_servers)
    return [one for part in parts for one in part]


def shared_out(
    modules: Sequence[Sequence[One]],
    workers: int,
    cost: Callable[[Sequence[One]], float],
    stays_whole: Callable[[Sequence[One]], bool],
) -> list[list[One]]:
    """Give each worker's part: what costs most first and to few, and as many to each.

    What is stolen is taken from the end of a part: what should stay whole comes before the rest.
    """
    slow = sorted((module for module in modules if cost(module)), key=cost, reverse=True)
    whole = [module for module in modules if not cost(module) and stays_whole(module)]
    rest = [
        one for module in modules if not cost(module) and not stays_whole(module) for one in module
    ]
    count = sum(map(len, modules))
    beginners = max(1, 3 * workers // 5) if 2 * sum(map(len, slow)) < count else workers
    parts: list[list[One]] = [[] for _ in range(workers)]
    for number, module in enumerate(slow):
        parts[number % beginners].extend(module)
    for number, module in enumerate(whole):
        parts[-1 - number % workers].extend(module)
    enough = -(-count // workers)
    for part in parts:
        missing = max(0, enough - len(part))
        part.extend(rest[:missing])
        rest = rest[missing:]
    parts[-1].extend(rest)
    return parts


def slowness(tests: Sequence[pytest.Item]) -> float:
    """Give how long a module's slow tests may take: who asks for more time takes more.

    The longest counts, and all of them where that is equal.
    """
    times_s = [_timeout_s(one) for one in tests if one.get_closest_marker("slow") is not None]
    return max(times_s, default=0.0) + sum(times_s) / 1000


def has_servers(tests: Sequence[pytest.Item]) -> bool:
    """Whether a module's tests share what is started once a module, and again by who steals some.

    pytest tells the scope of a test's fixtures nowhere else.
    """
    return any(
        fixture[-1].scope in {"module", "class"}
        for one in tests
        for fixture in getattr(one, "_fixtureinfo").name2fixturedefs.values()  # noqa: B009
    )


def _timeout_s(test: pytest.Item) -> float:
    marker = test.get_closest_marker("timeout")
    return float(marker.args[0]) if marker is not None and marker.args else USUAL_TIMEOUT_S


def may_hold(text: str, expression: str) -> bool:
    """Whether a module may have a test that `-m` asks for; only marks with `or` are looked for."""
    marks = expression.split(" or ")
    if not all(mark.isidentifier() for mark in marks):
        return True
    return any(f"mark.{mark}" in text for mark in marks)
