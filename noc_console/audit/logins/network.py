"""The network an address counts as: the same place from one login to the next. Pure."""

import ipaddress
from functools import lru_cache

_LENGTHS = {4: 24, 6: 48}
"""What providers give one customer, or take his address of the day from."""


@lru_cache(maxsize=8_192)
def network_of(address: str) -> str:
    """Give an IPv4 /24 or an IPv6 /48; a name stays as it is."""
    try:
        told = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(told, ipaddress.IPv6Address) and told.ipv4_mapped is not None:
        told = told.ipv4_mapped
    return str(ipaddress.ip_network((told, _LENGTHS[told.version]), strict=False))


def are_alike(one: str, other: str) -> bool:
    """Whether two networks are of one family, so that one place would show as one network."""
    return (":" in one) == (":" in other)
