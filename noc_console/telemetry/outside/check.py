"""One outside check, from the question to its result."""

import asyncio
import errno
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx

from noc_console.errors import ConsoleError
from noc_console.fleet.checks import place_of
from noc_console.fleet.inert import inert
from noc_console.fleet.server import CheckKind, InvalidServer, OutsideCheck
from noc_console.telemetry.outside.databases import greet_mysql, greet_postgresql
from noc_console.telemetry.outside.greetings import (
    greet_ftp,
    greet_imap,
    greet_pop3,
    greet_smtp,
    greet_ssh,
)
from noc_console.telemetry.outside.name_server import ask_name_server
from noc_console.telemetry.outside.page import CertificateRefused, ask_page, unverified
from noc_console.telemetry.outside.talk import NoAnswer, Talk, WrongAnswer, said, talk_to
from noc_console.telemetry.service import CheckResult, Outside

TIMEOUT_S = 10.0
TLS_PORTS = frozenset({465, 990, 993, 995})
"""Ports on which mail and FTP speak TLS from the first byte (RFC 8314; IANA)."""

_GREETINGS: Mapping[CheckKind, Callable[[Talk], Awaitable[str]]] = {
    CheckKind.SMTP: greet_smtp,
    CheckKind.FTP: greet_ftp,
    CheckKind.POP3: greet_pop3,
    CheckKind.IMAP: greet_imap,
    CheckKind.SSH: greet_ssh,
    CheckKind.MYSQL: greet_mysql,
    CheckKind.POSTGRESQL: greet_postgresql,
}
_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL}


_EXPECTED = (ConsoleError, OSError, UnicodeError, httpx.HTTPError, httpx.InvalidURL)
_NOT_FOUND = "Its name is not found; check the name and our DNS."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    outside: Outside
    detail: str
    expires_at: datetime | None = None


async def run_check(
    check: OutsideCheck, address: str, *, now: datetime, timeout_s: float = TIMEOUT_S
) -> CheckResult:
    """Ask once, and give what was seen; no failure of the other side raises.

    `address` is the server's; the latency is that of a right answer, from the look-up of the name
    to the last word we wait for.
    """
    began_s = time.perf_counter()
    try:
        async with asyncio.timeout(timeout_s):
            seen = await _ask(check, address)
    except TimeoutError:
        seen = _Seen(
            outside=Outside.NO_ANSWER, detail=f"It did not answer within {timeout_s:g} seconds."
        )
    except _EXPECTED as error:
        seen = _failed(error)
    answers = seen.outside is Outside.ANSWERS
    return CheckResult(
        label=check.label,
        service=check.service,
        outside=seen.outside,
        at=now,
        latency_ms=(time.perf_counter() - began_s) * 1000 if answers else None,
        detail=inert(seen.detail),
        certificate_expires_at=seen.expires_at,
    )


async def _ask(check: OutsideCheck, address: str) -> _Seen:
    if check.kind in {CheckKind.HTTP, CheckKind.HTTPS}:
        page = await ask_page(check, address)
        return _Seen(
            outside=Outside.ANSWERS,
            detail=page.detail,
            expires_at=page.certificate_expires_at,
        )
    place = place_of(check, address)
    if check.kind is CheckKind.DNS:
        return _heard(check, await ask_name_server(place))
    tls = unverified() if place.port in TLS_PORTS and check.kind in _GREETINGS else None
    async with talk_to(place, tls) as talk:
        if check.kind in _GREETINGS:
            words = await _GREETINGS[check.kind](talk)
        else:
            words = await talk.line() if check.expect_text else ""
        return _heard(check, words, talk.certificate_expires_at)


def _heard(check: OutsideCheck, words: str, expires_at: datetime | None = None) -> _Seen:
    if check.expect_text not in words:
        raise WrongAnswer(
            f"It answered {said(words)}, and {said(check.expect_text)} was expected in it."
        )
    detail = f"It answered {said(words)}." if words else "It accepts connections."
    return _Seen(outside=Outside.ANSWERS, detail=detail, expires_at=expires_at)


def _failed(error: Exception) -> _Seen:
    causes = list(_causes(error))
    for cause in causes:
        for kind, outside, sentence in _SEEN_AS:
            if isinstance(cause, kind):
                return _Seen(
                    outside=outside,
                    detail=sentence or str(cause),
                    expires_at=getattr(cause, "expires_at", None),
                )
    if any(isinstance(cause, OSError) and cause.errno in _UNREACHABLE for cause in causes):
        return _Seen(outside=Outside.NO_ANSWER, detail="No route leads to it.")
    return _Seen(outside=Outside.NO_ANSWER, detail=f"It gave no answer: {said(str(error))}.")


_SEEN_AS: tuple[tuple[type[Exception], Outside, str], ...] = (
    (CertificateRefused, Outside.WRONG_ANSWER, ""),
    (WrongAnswer, Outside.WRONG_ANSWER, ""),
    (NoAnswer, Outside.NO_ANSWER, ""),
    (InvalidServer, Outside.NOT_CHECKED, ""),
    (httpx.InvalidURL, Outside.NOT_CHECKED, "The check's address cannot be asked; edit it."),
    (ssl.SSLEOFError, Outside.NO_ANSWER, "It closed the connection without a word."),
    (ssl.SSLError, Outside.WRONG_ANSWER, "It does not speak TLS as we do; check its TLS set-up."),
    (socket.gaierror, Outside.NO_ANSWER, _NOT_FOUND),
    (UnicodeError, Outside.NO_ANSWER, _NOT_FOUND),  # a host that cannot be written in IDNA
    (ConnectionRefusedError, Outside.REFUSED, "It refuses the connection: nothing listens there."),
    (ConnectionResetError, Outside.NO_ANSWER, "It cut the connection before it answered."),
    (httpx.RemoteProtocolError, Outside.WRONG_ANSWER, "It does not answer in HTTP."),
)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give an error and what led to it, through groups too."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _causes(one)
    deeper = error.__cause__ or error.__context__
    if deeper is not None:
        yield from _causes(deeper)
