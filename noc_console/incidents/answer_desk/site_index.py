"""Finds the servers of a customer by what a caller says: a site, a mail address, a name.

Pure: no I/O, no clock. Made once for a fleet (seconds for a million sites, off the window's
thread); then each question is answered in milliseconds.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from noc_console.fleet.server import Server, Site

MOST_FOUND = 20
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?([^/:?#\s]+)")
_LEAST_LABELS = 2
_PUNYCODE = "xn--"


class FoundBy(Enum):
    """How well what was asked for fits."""

    SITE = "the site"
    PARENT = "a domain above it"
    CUSTOMER = "the customer"
    SERVER = "the server"
    PART = "a part of its name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A site or server that fits; `site` is None where only the server was named."""

    server: Server
    site: Site | None
    by: FoundBy


class SiteIndex:
    """The sites, customers and servers of one fleet, to be asked from any thread."""

    def __init__(self, servers: Sequence[Server]) -> None:
        """Take the fleet in."""
        self._servers = tuple(servers)
        self._by_domain: dict[str, list[tuple[int, int]]] = {}
        self._by_customer: dict[str, list[tuple[int, int]]] = {}
        self._by_name = {one.name.casefold(): place for place, one in enumerate(self._servers)}
        for place, server in enumerate(self._servers):
            for number, site in enumerate(server.sites):
                self._by_domain.setdefault(plain_host(site.domain), []).append((place, number))
                if site.customer:
                    key = site.customer.casefold()
                    self._by_customer.setdefault(key, []).append((place, number))
        self._customers = _Words(list(self._by_customer))
        self._domains = _Words(list(self._by_domain))

    def find(self, asked: str) -> list[Hit]:
        """Give what fits, the best first, at most `MOST_FOUND`; nothing where nothing does.

        A site is looked for as it is, then by the domains above it; else a customer's whole name, a
        server's, and after them parts of sites' and customers' names.
        """
        text = " ".join(asked.split())
        if not text:
            return []
        if found := self._site(text):
            return found[:MOST_FOUND]
        whole = [*self._customer(text), *self._server(text)]
        seen = {(hit.server.id, hit.site) for hit in whole}
        parts = [hit for hit in self._part(text) if (hit.server.id, hit.site) not in seen]
        return [*whole, *parts][:MOST_FOUND]

    def _site(self, text: str) -> list[Hit]:
        for place, host in enumerate(hosts_of(text)):
            if at := self._by_domain.get(host):
                return list(self._hits(at, FoundBy.PARENT if place else FoundBy.SITE))
        return []

    def _customer(self, text: str) -> list[Hit]:
        return list(self._hits(self._by_customer.get(text.casefold(), ()), FoundBy.CUSTOMER))

    def _server(self, text: str) -> list[Hit]:
        place = self._by_name.get(text.casefold())
        if place is None:
            return []
        return [Hit(server=self._servers[place], site=None, by=FoundBy.SERVER)]

    def _part(self, text: str) -> list[Hit]:
        part = text.casefold()
        found: list[tuple[int, int]] = []
        for words, places in (
            (self._customers, self._by_customer),
            (self._domains, self._by_domain),
        ):
            for word in words.holding(part, MOST_FOUND):
                found += places[word]
                if len(found) >= MOST_FOUND:
                    break
        return list(self._hits(dict.fromkeys(found), FoundBy.PART))

    def _hits(self, places: Iterable[tuple[int, int]], by: FoundBy) -> Iterator[Hit]:
        for place, number in places:
            server = self._servers[place]
            yield Hit(server=server, site=server.sites[number], by=by)


class _Words:
    """Many words joined into one text: to look for a part of one is one search in it."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._text = "\n".join(words)
        self._starts: list[int] = []
        start = 0
        for word in words:
            self._starts.append(start)
            start += len(word) + 1

    def holding(self, part: str, most: int) -> Iterator[str]:
        """Give the words that hold a part, each once."""
        at, given = 0, 0
        while given < most and (at := self._text.find(part, at)) >= 0:
            place = bisect_right(self._starts, at) - 1
            yield self._words[place]
            given += 1
            at = self._starts[place] + len(self._words[place]) + 1


def hosts_of(text: str) -> tuple[str, ...]:
    """Give the domains a text may mean, the nearest first: the host itself, then those above it.

    `https://www.shop.example.org/cart` and `anna@www.shop.example.org` give `www.shop.example.org`,
    `shop.example.org` and `example.org`. A text without a dot is no domain.
    """
    found = _HOST.match(text.casefold().strip())
    labels = plain_host(found[1]).split(".") if found else []
    return tuple(
        ".".join(labels[first:]) for first in range(max(len(labels) - _LEAST_LABELS + 1, 0))
    )


def plain_host(domain: str) -> str:
    """Give a domain in the one form in which it is compared: small letters, no punycode."""
    host = domain.strip(". ").casefold()
    if _PUNYCODE not in host:
        return host
    try:
        return host.encode("ascii").decode("idna").casefold()
    except UnicodeError:
        return host
