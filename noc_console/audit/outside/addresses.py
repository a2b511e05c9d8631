"""What the world holds of a server's address: its name, and whether it is on a block list.

Blocks: for a worker. Lines of fields parted by tabs, as a check reads them.
"""

import ipaddress
from collections.abc import Iterator

from noc_console.audit.outside.asker import Asker, Told

_REFUSED = ipaddress.ip_network("127.255.255.0/24")
"""What lists answer to those they do not serve, such as public resolvers: it says nothing."""
_LISTED = ipaddress.ip_network("127.0.0.0/8")
_TEST = "2.0.0.127"
"""A list that works has this entry (RFC 5782, section 5)."""


def name_of_address(asker: Asker, address: str) -> Iterator[str]:
    """Give the name of an address: `PTR<tab>address<tab>name<tab>state`.

    The state is well (the name leads back to the address), other (it leads elsewhere), none or
    unknown.
    """
    found = asker.name_of(address)
    if found.told is not Told.SOME:
        state = "unknown" if found.told is Told.UNKNOWN else "none"
        yield f"PTR\t{address}\t-\t{state}"
        return
    for name in found.values[:2]:
        host = name.rstrip(".")
        back = asker.addresses(host)
        if back.told is Told.UNKNOWN:
            state = "unknown"
        else:
            state = "well" if _is_among(address, back.values) else "other"
        yield f"PTR\t{address}\t{host[:255]}\t{state}"


def block_list(asker: Asker, address: str, zone: str) -> str:
    """Give whether an IPv4 address is on a list.

    `LIST<tab>zone<tab>address<tab>state<tab>code<tab>why`. The state is listed, clean, refused (the
    list does not answer our resolver), dead (it has not even its test entry, or answers with what
    is no code) or unknown.
    """
    asked = f"{_turned(address)}.{zone}"
    found = asker.ask(asked, "A")
    if found.told is Told.UNKNOWN:
        return _list_line(zone, address, "unknown")
    for code in found.values:
        told = ipaddress.ip_address(code)
        if told in _REFUSED:
            return _list_line(zone, address, "refused", code)
        if told not in _LISTED:  # a zone whose domain was sold answers for every name
            return _list_line(zone, address, "dead", code)
    if found.told is Told.SOME:
        why = asker.ask(asked, "TXT").values
        return _list_line(zone, address, "listed", " ".join(found.values[:4]), " ".join(why[:2]))
    return _list_line(zone, address, _state_of_list(asker, zone))


def _state_of_list(asker: Asker, zone: str) -> str:
    """Give whether a list that does not have an address has anything at all."""
    test = asker.ask(f"{_TEST}.{zone}", "A")
    if test.told is Told.UNKNOWN:
        return "unknown"
    if any(ipaddress.ip_address(one) in _REFUSED for one in test.values):
        return "refused"
    return "clean" if test.values else "dead"


def _list_line(zone: str, address: str, state: str, code: str = "-", why: str = "-") -> str:
    words = " ".join(why.split())[:300] or "-"
    return f"LIST\t{zone}\t{address}\t{state}\t{code}\t{words}"


def _turned(address: str) -> str:
    """Give an address as lists have it: turned round (RFC 5782)."""
    return ".".join(reversed(address.split(".")))


def _is_among(address: str, values: tuple[str, ...]) -> bool:
    sought = ipaddress.ip_address(address)
    return any(ipaddress.ip_address(one) == sought for one in values)
