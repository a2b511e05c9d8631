"""Until when software is looked after by those who make it: the table of ends of life.

The table is `resources/end_of_life.json`, made from endoflife.date (MIT); it is as old as it says.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from noc_console.resource import resource

_TOO_OLD = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """Ends of life by product and by the branch of its version, such as `php` and `8.2`."""

    ends: Mapping[str, Mapping[str, date]]
    as_of: date

    def end_of(self, product: str, version: str) -> date | None:
        """Give the last day on which a version is looked after; None where that is not known.

        The longest branch that the version begins with holds: 8.2 for 8.2.36, 12 for 12.9.
        """
        branches = self.ends.get(product, {})
        parts = version.split(".")
        for length in range(len(parts), 0, -1):
            end = branches.get(".".join(parts[:length]))
            if end is not None:
                return end
        return None

    def is_old(self, today: date) -> bool:
        """Whether the table itself is so old that its silence says little."""
        return today - self.as_of > _TOO_OLD


@cache
def shipped_lifetimes() -> Lifetimes:
    """Give the table that is shipped."""
    told = json.loads(resource("end_of_life.json").read_text(encoding="utf-8"))
    return Lifetimes(
        ends={
            product: {branch: date.fromisoformat(end) for branch, end in branches.items()}
            for product, branches in told["ends"].items()
        },
        as_of=date.fromisoformat(told["as_of"]),
    )
