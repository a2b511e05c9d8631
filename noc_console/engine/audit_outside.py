"""A server's certificates and its domains' names, looked at from the engine. On a worker.

The first word of such a check's command is `tls` or `names`, the second what is looked at.
"""

import ipaddress
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from noc_console.audit.check import Check, Family
from noc_console.audit.judging import RawOutcome
from noc_console.audit.outside.addresses import block_list, name_of_address
from noc_console.audit.outside.asker import Asker, is_public
from noc_console.audit.outside.domains import (
    mail_goes_to,
    mail_policy,
    name_servers,
    site_points_to,
)
from noc_console.audit.outside.handshake import Shown, Talk, look_at
from noc_console.engine.audit_ports import NoOutside
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server, ServerKind
from noc_console.links.port import resolve
from noc_console.store.store import Store

AT_ONCE = 8
MOST_DOMAINS = 50
"""Domains of a server that are looked at; a site changes it with the limit `most`."""
_NAME_WITHIN_S = 5.0
_MAIL_PORTS = {
    25: Talk.SMTP,
    587: Talk.SMTP,
    465: Talk.TLS,
    143: Talk.IMAP,
    993: Talk.TLS,
    110: Talk.POP3,
    995: Talk.TLS,
}
_One = TypeVar("_One")


def look_at_tls(store: Store, check: Check, server: Server, now: datetime) -> RawOutcome:  # noqa: ARG001 - as all looks
    """Give a line a port that shows a certificate, of its sites or of its mail.

    Raises:
        ConsoleError: the server cannot be seen from here, or its name is not known.
    """
    started_s = time.monotonic()
    _, what = check.commands[Family.OTHER].split()
    lines = _tls_of_sites(check, server) if what == "sites" else _tls_of_mail(check, server)
    return RawOutcome.of_lines(check, lines, took_s=time.monotonic() - started_s, at=now)


def look_at_names(store: Store, check: Check, server: Server, now: datetime) -> RawOutcome:  # noqa: ARG001 - as all looks
    """Give lines of what the name service has of a server's address, or of the domains on it.

    Raises:
        ConsoleError: this machine names no name server, or the server's address is not known.
    """
    started_s = time.monotonic()
    _, what = check.commands[Family.OTHER].split()
    asker = Asker(within_s=check.deadline_s)
    if what in {"lists", "address"}:
        lines = _of_address(asker, check, server, what)
    else:
        lines = _of_domains(asker, check, server, what)
    return RawOutcome.of_lines(check, lines, took_s=time.monotonic() - started_s, at=now)


def _tls_of_sites(check: Check, server: Server) -> list[str]:
    """Ask the server itself for each of its sites, where it can be reached directly."""
    domains, of = _domains(check, server)
    ports = [int(one) for one in check.limits.get("ports", (443,))]
    at = _own_address(server) if domains and _is_direct(server) else ""
    places = [(domain, port) for domain in domains for port in ports]
    shown = _each(places, lambda place: look_at(at or place[0], place[1], place[0]))
    lines = [
        _tls_line(f"{domain}:{port}", domain, one)
        for (domain, port), one in zip(places, shown, strict=True)
    ]
    return [*lines, f"SEEN\t{len(domains)}\t{of - len(domains)}"] if lines else []


def _tls_of_mail(check: Check, server: Server) -> list[str]:
    _see_direct(server)
    at = _own_address(server)
    name = _mail_name(server, at, check.deadline_s)
    places = [(int(port), Talk(talk)) for port, talk in _mail_ports(check)]
    shown = _each(places, lambda place: look_at(at, place[0], name, place[1]))
    lines = [
        _tls_line(f"{talk.value} {port}", name, one)
        for (port, talk), one in zip(places, shown, strict=True)
        if one.state != "closed"
    ]
    return [*lines, f"SEEN\t{len(lines)}\t0"]


def _mail_ports(check: Check) -> Iterator[tuple[int, str]]:
    """Give ports and what is spoken there: the usual ones, or `port talk` of the limit `ports`."""
    for one in check.limits.get("ports", ()) or [f"{p} {t.value}" for p, t in _MAIL_PORTS.items()]:
        port, _, talk = str(one).partition(" ")
        yield int(port), talk


def _mail_name(server: Server, address: str, within_s: float) -> str:
    """Give the name under which mail programs know the server; empty where it has none."""
    if not _is_address(server.address):
        return _ascii(server.address)
    found = Asker(within_s=within_s).name_of(address).values
    return found[0].rstrip(".") if found else ""


def _tls_line(where: str, name: str, one: Shown) -> str:
    fits = ("yes" if one.is_for_name else "no") if name else "unknown"
    fields = [where, name or "-", one.state, one.chain, fits, str(one.until_s)]
    told = [one.issuer, " ".join(one.names[:6]) or "no name", one.protocol]
    return "\t".join(["TLS", *fields, *(_plain(each) for each in told)])


def _of_address(asker: Asker, check: Check, server: Server, what: str) -> list[str]:
    addresses = sorted({address for address in _addresses(server) if is_public(address)})
    if what == "address":
        return [line for one in addresses for line in name_of_address(asker, one)]
    # few lists hold IPv6 addresses: not being on them says nothing
    some = [one for one in addresses if ":" not in one]
    places = [(one, str(zone)) for one in some for zone in check.limits["lists"]]
    return _each(places, lambda place: block_list(asker, *place))


def _of_domains(asker: Asker, check: Check, server: Server, what: str) -> list[str]:
    domains, of = _domains(check, server)
    if not domains:
        return []
    ours = _addresses(server) if what == "sites" else []
    looks: dict[str, Callable[[str], Iterable[str]]] = {
        "policy": lambda one: mail_policy(asker, _bare(one)),
        "mail": lambda one: mail_goes_to(asker, _bare(one)),
        "servers": lambda one: name_servers(asker, _bare(one)),
        "sites": lambda one: site_points_to(asker, one, ours),
    }
    found = _each(domains, lambda one: list(looks[what](one)))
    lines = dict.fromkeys(line for some in found for line in some)
    return [*lines, f"SEEN\t{len(domains)}\t{of - len(domains)}"]


def _domains(check: Check, server: Server) -> tuple[list[str], int]:
    """Give the domains to look at, and of how many."""
    every = list(dict.fromkeys(filter(None, (_ascii(one.domain) for one in server.sites))))
    return every[: int(check.limits.get("most", MOST_DOMAINS))], len(every)


def _ascii(domain: str) -> str:
    """Give a domain as DNS has it (RFC 5891); empty where it is none."""
    try:
        told = domain.strip().rstrip(".").encode("idna").decode("ascii").casefold()
    except UnicodeError:
        return ""
    return told if told and not set(told) & set(" \t\n/:@") else ""


def _bare(domain: str) -> str:
    """Give a domain as mail has it: without the `www` of its site."""
    return domain.removeprefix("www.") if domain.count(".") > 1 else domain


def _addresses(server: Server) -> list[str]:
    if server.kind is ServerKind.THIS_MACHINE and not server.address:
        raise NoOutside(f"{server.name} is the engine's own machine, and no address is entered.")
    return list(dict.fromkeys(str(one[0]) for _, one in resolve(server, _NAME_WITHIN_S)))


def _own_address(server: Server) -> str:
    """Give the address to ask: IPv4 where there is one, for this machine may have no IPv6."""
    return min(_addresses(server), key=lambda one: ":" in one)


def _is_direct(server: Server) -> bool:
    return server.kind is not ServerKind.THIS_MACHINE and not server.jumps


def _see_direct(server: Server) -> None:
    if not _is_direct(server):
        raise NoOutside(
            f"{server.name} cannot be seen from outside here; look from a machine that may reach "
            "it directly."
        )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _each(places: Sequence[_One], look: Callable[[_One], "_Given"]) -> list["_Given"]:
    if not places:
        return []
    with ThreadPoolExecutor(min(AT_ONCE, len(places)), "audit-outside") as threads:
        return list(threads.map(look, places))


_Given = TypeVar("_Given")


def _plain(text: str) -> str:
    return inert(" ".join(text.split()), 200) or "-"
