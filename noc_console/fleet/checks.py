"""Outside checks as written: `kind:target` to a check, and a check to the place it asks.

Pure: no I/O, no clock. Ports and hosts are written as in a URL (RFC 3986 section 3.2): an IPv6
address stands in brackets.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from noc_console.fleet.server import CheckKind, InvalidServer, OutsideCheck

HTTP_CODES = range(100, 600)
"""Codes a page may be expected to answer with (RFC 9110, section 15)."""
_PAGES = {CheckKind.HTTP: 80, CheckKind.HTTPS: 443}
_HOST = re.compile(r"\[[0-9A-Fa-f:.%]+\]|[^\s\[\]:/@?#]+")
_PORT = re.compile(r"[0-9]{1,5}")
_KINDS = ", ".join(kind.value for kind in CheckKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a check asks. `path` is a page's path and query, or the name asked of a DNS server."""

    host: str
    port: int
    path: str = ""


def parse_check(text: str) -> OutsideCheck:
    """Give the check written as `smtp:25`, `tcp:db.example:5432`, `dns:53/example.com`, `http:/`.

    Raises:
        InvalidServer: with what to write instead.
    """
    text = text.strip()
    word, found, target = text.partition(":")
    if found and target.startswith("//"):
        target = text
    elif target.startswith(("http://", "https://")) and word.lower() in {"http", "https"}:
        word = target.partition(":")[0]
    try:
        kind = CheckKind(word.lower())
    except ValueError:
        raise InvalidServer(
            f"{text!r} is no check; write kind:target, with one of these kinds: {_KINDS}."
        ) from None
    check = OutsideCheck(kind=kind, target=target)
    refuse_impossible(check)
    return check


def refuse_impossible(check: OutsideCheck) -> None:
    """Pass only a check that can be made: the one rule for every way to write one.

    Raises:
        InvalidServer: with what to write instead.
    """
    place_of(check, "localhost")
    if check.expect_status and check.expect_status not in HTTP_CODES:
        raise InvalidServer(
            f"The code expected of {check.label!r} is none; write a number from "
            f"{HTTP_CODES[0]} to {HTTP_CODES[-1]}, or leave it out."
        )


def place_of(check: OutsideCheck, address: str) -> Place:
    """Give where a check asks, the server's `address` standing in where it names no host.

    Raises:
        InvalidServer: the target is none, with what to write instead.
    """
    target = check.target.strip()
    if not target:
        raise InvalidServer(f"Give the {check.kind.value} check a port, or a page for http.")
    if check.kind in _PAGES:
        return _page(check.kind, target, address)
    where, slash, name = target.partition("/")
    if check.kind is CheckKind.DNS:
        if not name or " " in name:
            raise InvalidServer(f"Write {check.label!r} as dns:53/example.com.")
    elif slash:
        raise InvalidServer(f"Write {check.label!r} without a slash: only http and https have one.")
    host, port = _host_and_port(where, check.label)
    return Place(host=host or address, port=port, path=name)


def _page(kind: CheckKind, target: str, address: str) -> Place:
    if "://" in target:
        return _url(kind, target)
    where, _, rest = target.partition("/")
    host, port = _host_and_port(where, f"{kind.value}:{target}") if where else ("", _PAGES[kind])
    return Place(host=host or address, port=port, path=_path(f"/{rest}"))


def _url(kind: CheckKind, target: str) -> Place:
    try:
        parts: SplitResult = urlsplit(target)
        host, port = parts.hostname or "", parts.port or _PAGES[kind]
    except ValueError:
        host, port = "", 0
    if not host or parts.scheme != kind.value or parts.username is not None:
        raise InvalidServer(
            f"{target!r} is no address of a page; write it as {kind.value}://www.example.com/page."
        )
    query = f"?{parts.query}" if parts.query else ""
    return Place(host=host, port=port, path=_path((parts.path or "/") + query))


def _path(path: str) -> str:
    if not path.isprintable() or " " in path:
        raise InvalidServer(f"{path!r} holds a space or a control character; write it as %20.")
    return path


def _host_and_port(where: str, label: str) -> tuple[str, int]:
    host, _, port = where.rpartition(":")
    if host and not _HOST.fullmatch(host):
        raise InvalidServer(f"{label!r} names no host; write host:port, an IPv6 one as [::1]:25.")
    if not _PORT.fullmatch(port) or not 1 <= int(port) <= 65535:
        raise InvalidServer(f"{label!r} names no port; write a number from 1 to 65535.")
    return host.strip("[]"), int(port)
