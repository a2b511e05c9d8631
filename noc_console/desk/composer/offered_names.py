"""The names of a fleet that the composer offers while one types. Pure; for a thread of its own:
a large fleet has hundreds of thousands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from noc_console.fleet.server import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedNames:
    """Each sorted, without doubles."""

    servers: tuple[str, ...]
    groups: tuple[str, ...]
    services: tuple[str, ...]
    customers: tuple[str, ...]


def offered_names(servers: Sequence[Server]) -> OfferedNames:
    """Give the names of servers, groups, expected services and customers."""
    return OfferedNames(
        servers=tuple(sorted(one.name for one in servers)),
        groups=tuple(sorted({group for one in servers for group in one.groups})),
        services=tuple(sorted({name for one in servers for name in one.expected_services})),
        customers=tuple(sorted({site.customer for one in servers for site in one.sites} - {""})),
    )
