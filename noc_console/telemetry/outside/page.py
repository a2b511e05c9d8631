"""A page over HTTP or HTTPS: its code, a text that must be on it, its certificate."""

import functools
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from noc_console.fleet.checks import Place, place_of
from noc_console.fleet.server import CheckKind, OutsideCheck
from noc_console.telemetry.outside.talk import NoAnswer, WrongAnswer, expiry_of, said, talk_to

logging.getLogger("httpx").setLevel(logging.WARNING)
"""Each request would be a line of the engine's log, twice a minute and page."""

MAX_BODY_BYTES = 1024 * 1024
MAX_REDIRECTS = 5
_HEADERS = {"User-Agent": "noc-console", "Accept": "*/*", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page gave: one sentence, and when its certificate expires."""

    detail: str
    certificate_expires_at: datetime | None


class CertificateRefused(WrongAnswer):
    """The page's certificate is not valid for its name, or no more."""

    def __init__(self, sentence: str, expires_at: datetime | None) -> None:
        """Keep when it expires or expired, where it could be read."""
        super().__init__(sentence)
        self.expires_at = expires_at


async def ask_page(check: OutsideCheck, address: str) -> Page:
    """Ask for a page, following redirects on its own host only.

    A certificate must be valid for the host a URL names. Where the target names none there is no
    name to compare, and only the date is read.

    Raises:
        NoAnswer: it closes the connection without a word.
        WrongAnswer: it answers with another code or text, or a certificate nobody accepts.
        httpx.HTTPError, httpx.InvalidURL: it does not answer, or not in HTTP, or cannot be asked.
    """
    place = place_of(check, address)
    named = "://" in check.target
    host = f"[{place.host}]" if ":" in place.host else place.host
    url = httpx.URL(f"{check.kind.value}://{host}:{place.port}{place.path}")
    tls = verifying() if named else unverified()
    whole_check_is_bounded = httpx.Timeout(None)
    async with httpx.AsyncClient(
        verify=tls, trust_env=False, timeout=whole_check_is_bounded, headers=_HEADERS
    ) as client:
        for _ in range(MAX_REDIRECTS):
            page = await _get(client, url, check)
            if isinstance(page, Page):
                return page
            url = page
    raise WrongAnswer(f"It redirects more than {MAX_REDIRECTS} times.")


async def _get(client: httpx.AsyncClient, url: httpx.URL, check: OutsideCheck) -> Page | httpx.URL:
    """Give the page, or where to look instead."""
    try:
        async with client.stream("GET", url) as response:
            elsewhere = _own_redirect(response, check.expect_status)
            if elsewhere is not None:
                return elsewhere
            _check_status(response.status_code, check.expect_status)
            if check.expect_text:
                await _check_text(response, check.expect_text)
            return Page(
                detail=f"It answered HTTP {response.status_code}.",
                certificate_expires_at=_expires_at(response.extensions),
            )
    except httpx.RemoteProtocolError as error:
        if "without sending a response" in str(error):  # httpx has no type of its own for it
            raise NoAnswer("It closed the connection without a word.") from error
        raise
    except httpx.ConnectError as error:
        refused = _certificate_error(error)
        if refused is None:
            raise
        raise CertificateRefused(
            f"Nobody can trust its certificate: {said(refused.verify_message)}; renew it, or check "
            "which one the server shows.",
            await _shown_expiry(url),
        ) from error


def _own_redirect(response: httpx.Response, expected: int) -> httpx.URL | None:
    target = response.next_request
    if target is None or expected == response.status_code:
        return None
    is_page = target.url.scheme in {CheckKind.HTTP.value, CheckKind.HTTPS.value}
    return target.url if is_page and target.url.host == response.url.host else None


def _check_status(status: int, expected: int) -> None:
    if expected and status != expected:
        raise WrongAnswer(f"It answered HTTP {status}, and {expected} was expected.")
    if not expected and status >= 400:
        raise WrongAnswer(f"It answered HTTP {status}, and a code below 400 was expected.")


async def _check_text(response: httpx.Response, text: str) -> None:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > MAX_BODY_BYTES:
            break
    if text not in body[:MAX_BODY_BYTES].decode(response.encoding or "utf-8", "replace"):
        raise WrongAnswer(f"The page does not hold the text {said(text)}.")


def _expires_at(extensions: Mapping[str, Any]) -> datetime | None:
    return expiry_of(extensions["network_stream"].get_extra_info("ssl_object"))


def _certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error


async def _shown_expiry(url: httpx.URL) -> datetime | None:
    place = Place(host=url.host, port=url.port or 443)
    try:
        async with talk_to(place, unverified()) as talk:
            return talk.certificate_expires_at
    except OSError:
        return None


@functools.cache
def verifying() -> ssl.SSLContext:
    """Give TLS as browsers do it, with the system's authorities."""
    return ssl.create_default_context()


@functools.cache
def unverified() -> ssl.SSLContext:
    """Give TLS that reads a certificate without judging it; nothing secret is ever sent."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
