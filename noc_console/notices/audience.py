"""Whom a notice is for: the servers it disrupts, their sites, and whose these are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from noc_console.fleet.server import Server, Site
from noc_console.notices.notice import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """What a notice disrupts, as the fleet is now."""

    servers: tuple[Server, ...]
    sites: tuple[Site, ...]
    customers: tuple[str, ...]
    """The names of whose sites they are, each once, as they are first written."""
    sites_of_nobody: int = 0
    """So many of the sites have no customer in the fleet: nobody can be written to for them."""

    @property
    def server_names(self) -> tuple[str, ...]:
        """The names of its servers."""
        return tuple(one.name for one in self.servers)

    @property
    def server_ids(self) -> frozenset[int]:
        """The ids of its servers."""
        return frozenset(one.id for one in self.servers)


def audience(notice: Notice, servers: Sequence[Server]) -> Audience:
    """Give whom a notice is for, from the whole fleet.

    Servers named and servers of the groups; where none is, those on which the named customers
    have a site. Named customers narrow the sites to theirs.
    """
    wanted = {name.casefold() for name in notice.customers}
    disrupted = covered(notice, servers)
    sites = tuple(
        site
        for server in disrupted
        for site in server.sites
        if not wanted or site.customer.casefold() in wanted
    )
    known: dict[str, str] = {}
    for site in sites:
        if site.customer:
            known.setdefault(site.customer.casefold(), site.customer)
    for name in notice.customers:  # also one without a site may be told
        known.setdefault(name.casefold(), name)
    return Audience(
        servers=disrupted,
        sites=sites,
        customers=tuple(known.values()),
        sites_of_nobody=sum(not site.customer for site in sites),
    )


def covered(notice: Notice, servers: Sequence[Server]) -> tuple[Server, ...]:
    """Give the servers a notice is about."""
    ids, groups = set(notice.servers), set(notice.groups)
    if ids or groups:
        return tuple(one for one in servers if one.id in ids or not groups.isdisjoint(one.groups))
    wanted = {name.casefold() for name in notice.customers}
    return tuple(
        one for one in servers if wanted and any(s.customer.casefold() in wanted for s in one.sites)
    )
