"""On what a way to reach support depends, and whether that is among what a notice disrupts. Pure.

A mail address depends on its domain's mail server, a link on its host, a telephone on neither.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from ipaddress import ip_address

from noc_console.fleet.server import Server
from noc_console.incidents.answer_desk.site_index import hosts_of, plain_host
from noc_console.notices.notice import Route, RouteKind

_MAIL = re.compile(r"[^\s@<>/:]+@([\w-]+(?:\.[\w-]+)+)")
_LINK = re.compile(r"(?:https?://)?(?:[^/@\s]*@)?(\[[0-9A-Fa-f:.]+\]|[^/:?#\s]+)", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s()/.-]*\d[\d\s()/.-]*")
_LEAST_DIGITS = 3
MAIL = "@"
"""Begins the name of a host that stands for what takes its mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """What a way depends on. `on` names what the notice disrupts of it; empty means nothing."""

    route: Route
    hosts: tuple[str, ...]
    on: str = ""
    is_looked_up: bool = True
    """Whether every host was asked where it leads."""


def hosts_of_route(route: Route) -> tuple[str, ...]:
    """Give the hosts a way depends on; none for a telephone or what names no host.

    `@example.org` stands for what takes the mail of a domain.
    """
    found = []
    if route.host:
        found.append(plain_host(route.host))
    words = route.words.strip()
    if (mail := _MAIL.fullmatch(words.removeprefix("mailto:"))) is not None:
        found.append(f"{MAIL}{plain_host(mail[1])}")
    elif _is_link(route, words) and (link := _LINK.match(words)) is not None:
        found.append(plain_host(link[1].strip("[]")))
    return tuple(dict.fromkeys(found))


def is_readable(route: Route) -> bool:
    """Whether the words are what a way of this kind needs: a number, an address, a link."""
    words = route.words.strip()
    if route.kind is RouteKind.PHONE:
        is_number = _PHONE.fullmatch(words.removeprefix("tel:")) is not None
        return is_number and sum(letter.isdigit() for letter in words) >= _LEAST_DIGITS
    if route.kind is RouteKind.EMAIL:
        return _MAIL.fullmatch(words.removeprefix("mailto:")) is not None
    if route.kind is RouteKind.PAGE:
        return bool(hosts_of_route(route))
    return bool(words)


@dataclass(frozen=True, slots=True)
class FleetHosts:
    """Under which names the servers of a fleet are reached: made once, then asked in no time."""

    addresses: Mapping[str, tuple[int, ...]]
    """By the addresses and names of the servers themselves, their ids."""
    sites: Mapping[str, tuple[int, ...]]
    names: Mapping[int, str]

    def first_of(
        self, found: Mapping[str, tuple[int, ...]], hosts: Iterable[str], ids: Set[int]
    ) -> str:
        """Name the first server of `ids` that one of the hosts belongs to; empty for none."""
        for host in hosts:
            for server_id in found.get(host, ()):
                if server_id in ids:
                    return self.names[server_id]
        return ""


def fleet_hosts(servers: Sequence[Server]) -> FleetHosts:
    """Give the names of a whole fleet: one pass over all its sites."""
    addresses: dict[str, tuple[int, ...]] = {}
    sites: dict[str, tuple[int, ...]] = {}
    for server in servers:
        for name in {plain_address(one) for one in (server.address, server.name) if one}:
            addresses[name] = (*addresses.get(name, ()), server.id)
        for site in server.sites:
            host = plain_host(site.domain)
            sites[host] = (*sites.get(host, ()), server.id)
    return FleetHosts(addresses, sites, {one.id: one.name for one in servers})


def dependence(
    route: Route, fleet: FleetHosts, disrupted: Set[int], led_to: Mapping[str, frozenset[str]]
) -> Dependence:
    """Tell whether a way depends on one of the servers that are disrupted, given by their ids."""
    hosts = hosts_of_route(route)
    on = ""
    for host in hosts:
        name = host.removeprefix(MAIL)
        reached = [plain_address(one) for one in (name, *sorted(led_to.get(host, ())))]
        on = on or fleet.first_of(fleet.addresses, reached, disrupted)
        is_elsewhere = name != host and host in led_to  # its mail is known to be taken elsewhere
        if not on and not is_elsewhere:
            on = fleet.first_of(fleet.sites, hosts_of(name), disrupted)
    return Dependence(
        route=route,
        hosts=hosts,
        on=on,
        is_looked_up=bool(on) or all(host in led_to for host in hosts),
    )


def plain_address(address: str) -> str:
    """Give an IP address in the one form in which it is compared; a name in small letters."""
    bare = address.strip().strip("[]").partition("%")[0]
    try:
        return str(ip_address(bare))
    except ValueError:
        return address.strip().rstrip(".").casefold()


def _is_link(route: Route, words: str) -> bool:
    if route.kind is RouteKind.PHONE or " " in words:
        return False
    return "://" in words or (route.kind in {RouteKind.PAGE, RouteKind.CHAT} and "." in words)
