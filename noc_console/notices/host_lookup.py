"""Where the hosts lead that support is reached by, asked of the name service within seconds.

Blocks: for a thread of its own. What does not answer in time is left out, which means not asked.
"""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import dns.exception
import dns.resolver

from noc_console.notices.route_hosts import MAIL, plain_address

WITHIN_S = 3.0
MOST_HOSTS = 20
_MOST_EXCHANGERS = 5


def look_up(
    hosts: Iterable[str],
    within_s: float = WITHIN_S,
    resolver: dns.resolver.Resolver | None = None,
) -> dict[str, frozenset[str]]:
    """Give for each host the addresses and names it leads to; `@example.org` asks for its mail.

    Without a `resolver` this machine's name servers are asked.
    """
    wanted = list(dict.fromkeys(hosts))[:MOST_HOSTS]
    try:
        resolver = resolver or dns.resolver.get_default_resolver()
    except dns.exception.DNSException:  # this machine names no name server
        return {}
    if not wanted:
        return {}
    asker = _Asker(resolver, time.monotonic() + within_s)
    with ThreadPoolExecutor(len(wanted)) as threads:
        found = threads.map(asker.led_to, wanted)
        return {host: led for host, led in zip(wanted, found, strict=True) if led}


class _Asker:
    """Asks until a moment of the monotonic clock; then nothing answers any more."""

    def __init__(self, resolver: dns.resolver.Resolver, until: float) -> None:
        self._resolver = resolver
        self._until = until

    def led_to(self, host: str) -> frozenset[str]:
        """Give what one host leads to; nothing where the name service gives no answer."""
        if not host.startswith(MAIL):
            return frozenset({host}) if _is_address(host) else self._addresses(host)
        domain = host.removeprefix(MAIL)
        exchangers = self._answers(domain, "MX")
        names = [one.split()[-1].rstrip(".").casefold() for one in exchangers][:_MOST_EXCHANGERS]
        found = [self._addresses(name) for name in names or [domain]]
        return frozenset(names).union(*found)

    def _addresses(self, host: str) -> frozenset[str]:
        told = [*self._answers(host, "A"), *self._answers(host, "AAAA")]
        return frozenset(map(plain_address, told))

    def _answers(self, name: str, kind: str) -> list[str]:
        left_s = self._until - time.monotonic()
        if left_s <= 0:
            return []
        try:
            return [str(one) for one in self._resolver.resolve(name, kind, lifetime=left_s)]
        except (dns.exception.DNSException, UnicodeError, OSError):
            return []


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
