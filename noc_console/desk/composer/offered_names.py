"""The names of a fleet that the composer offers while one types: a large one has hundreds of
thousands. For a thread of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from noc_console.desk.widgets.names_edit import folded_names
from noc_console.fleet.server import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Names, and as they are compared."""

    names: Sequence[str]
    folded: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedNames:
    """Each sorted, without doubles."""

    servers: Offer
    groups: Offer
    services: Offer
    customers: Offer


def offered_names(servers: Sequence[Server]) -> OfferedNames:
    """Give the names of servers, groups, expected services and customers."""
    return OfferedNames(
        servers=_offer(one.name for one in servers),
        groups=_offer(group for one in servers for group in one.groups),
        services=_offer(name for one in servers for name in one.expected_services),
        customers=_offer(site.customer for one in servers for site in one.sites),
    )


def _offer(names: Iterable[str]) -> Offer:
    """What has a line break in it is no name that can be typed into a line."""
    told = sorted(one for one in set(names) if one and "\n" not in one)
    return Offer(names=told, folded=folded_names(told))
