"""What availability is promised: for all, and otherwise for a group, customer, server or service.

A setting of the store, the same for every desk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

SETTING = "availability.targets"
USUAL_PERCENT = 99.9
_ALL = "all"


class InvalidTarget(ConsoleError):
    """A target that cannot be."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Per cent by scope, such as `group:web`; `all` holds where nothing nearer does."""

    by_scope: Mapping[str, float] = field(default_factory=dict)

    def of(self, scope: str, further: Iterable[str] = ()) -> float:
        """Give the target of a scope; else the strictest of `further` scopes; else that of all."""
        if scope in self.by_scope:
            return self.by_scope[scope]
        found = [self.by_scope[one] for one in further if one in self.by_scope]
        return max(found) if found else self.by_scope.get(_ALL, USUAL_PERCENT)


def read_targets(store: Store) -> Targets:
    """Give the targets that people set."""
    return Targets(_checked(get_setting(store, SETTING, {})))


def put_target(store: Store, scope: str, percent: float | None) -> Targets:
    """Set one target; None takes it back. Gives all of them.

    Raises:
        InvalidTarget: it is no share of a whole.
    """
    if percent is not None and not 0.0 <= percent <= 100.0:
        raise InvalidTarget("A target lies between 0 and 100 %, such as 99.9.")
    known = dict(read_targets(store).by_scope)
    known.pop(scope, None)
    if percent is not None:
        known[scope] = percent
    put_setting(store, SETTING, known)
    return Targets(known)


def _checked(value: Any) -> dict[str, float]:
    """What another program wrote into the setting is not trusted to be a target."""
    if not isinstance(value, dict):
        return {}
    return {
        str(scope): float(percent)
        for scope, percent in value.items()
        if isinstance(percent, int | float) and 0.0 <= percent <= 100.0
    }
