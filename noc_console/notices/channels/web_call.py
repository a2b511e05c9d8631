"""One HTTP request to a channel, bounded, and in words what went wrong. Blocks.

A redirect is never followed: a secret goes only to the address a person gave. What a channel says
is a stranger's text: bounded, made inert, and freed of our own secret before it is told.
"""

import json
import logging
import os
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

import certifi
import httpx

from noc_console.fleet.inert import inert
from noc_console.notices.channels.channel import BeforeHandingOver, PostFailed

logging.getLogger("httpx").setLevel(logging.WARNING)

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
WHOLE_S = 60.0
MOST_BYTES = 4 * 1024 * 1024
LOGIN_PAUSE_S = 900.0
"""A login that is refused again and again gets an account locked."""

_SAID_LENGTH = 200
_LONGEST_PAUSE_S = 6 * 3600.0
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_TRY_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a channel answered."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether it did what was asked."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Give what the body says; None where it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


Explain = Callable[[Answer], PostFailed | None]
"""Gives the failure of an answer that a channel's own rules know better; None where they do not."""


def explain_nothing(_answer: Answer) -> PostFailed | None:
    """Leave it to what HTTP says."""
    return None


def has_missing_status(answer: Answer) -> bool:
    """Whether HTTP says that there is no such thing."""
    return answer.status in {404, 410}


class WebCall:
    """How one channel is asked over HTTP. Owned by one thread."""

    def __init__(
        self,
        who: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        secrets: tuple[str, ...] = (),
        explain: Explain = explain_nothing,
        is_missing: Callable[[Answer], bool] = has_missing_status,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Ask at this address; `who` begins each sentence, `secrets` are never repeated."""
        self.who = who
        self._address = address.rstrip("/")
        self._headers = {"User-Agent": "noc-console", "Accept": "application/json"} | dict(
            headers or {}
        )
        self._secrets = tuple(one for one in secrets if len(one) > 3)
        self._explain = explain
        self._is_missing = is_missing
        self._now = now

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Ask for something; the answer may be a 404, every other refusal fails.

        Raises:
            PostFailed: there is no good answer.
        """
        return self.send("GET", path, params=params, may_be_missing=True)

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        form: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        before: BeforeHandingOver | None = None,
        may_be_missing: bool = False,
        may_lead: bool = False,
    ) -> Answer:
        """Send one request. With `before`, which is called just ahead of it, it is the one after
        which the channel may have the posting. With `may_lead` a redirect is an answer.

        Raises:
            PostFailed: no good answer; in doubt where the channel may have taken it.
        """
        url = path if path.startswith(("http://", "https://")) else self._address + path
        if before is not None:
            before()
        with self._failures(is_handing_over=before is not None):
            answer = self._exchange(
                method,
                url,
                params=params,
                json=json,
                data=form,
                headers=self._headers | dict(headers or {}),
            )
        if answer.is_good or (may_be_missing and self._is_missing(answer)):
            return answer
        if may_lead and 300 <= answer.status < 400:
            return answer
        raise self._refusal(answer, is_handing_over=before is not None)

    def expect(self, answer: Answer, kind: type[Any]) -> Any:
        """Give an answer's JSON, which must be an object or a list.

        Raises:
            PostFailed: it is something else.
        """
        found = answer.json()
        if not isinstance(found, kind):
            raise PostFailed(
                f"{self.who} answers with something else than its interface should; check the "
                "address in the channel's settings."
            )
        return found

    def _exchange(self, method: str, url: str, **request: Any) -> Answer:
        ends_s = time.monotonic() + WHOLE_S
        body = bytearray()
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, verify=_trust()) as client,
            client.stream(method, url, **request) as answer,
        ):
            for part in answer.iter_bytes():
                body += part
                if len(body) > MOST_BYTES or time.monotonic() > ends_s:
                    raise httpx.ReadTimeout("the answer has no end")
            return Answer(status=answer.status_code, headers=answer.headers, body=bytes(body))

    @contextmanager
    def _failures(self, *, is_handing_over: bool) -> Iterator[None]:
        try:
            yield
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise PostFailed(
                f"{self.who} has an address that cannot be asked; correct it in its settings.",
                is_final=True,
            ) from error
        except (httpx.HTTPError, OSError) as error:
            is_sent = not isinstance(error, _NOT_SENT)
            in_doubt = is_handing_over and is_sent
            doubt = "; nobody knows whether it took the posting" if in_doubt else ""
            raise PostFailed(
                f"{self.who} {_trouble(error)}{doubt}.", is_in_doubt=in_doubt
            ) from error

    def _refusal(self, answer: Answer, *, is_handing_over: bool) -> PostFailed:
        known = self._explain(answer)
        if known is not None:
            known.is_in_doubt = known.is_in_doubt and is_handing_over
            return known
        status, said = answer.status, self.said(answer)
        told = f" ({said})" if said else ""
        if status == 401:
            return PostFailed(
                f"{self.who} refuses the login{told}; give its secret again with `noc-console "
                "channel edit`.",
                pause_s=LOGIN_PAUSE_S,
            )
        if status == 403:
            return PostFailed(
                f"{self.who} does not allow that{told}; give the account the right to post.",
                pause_s=LOGIN_PAUSE_S,
            )
        if status in _TRY_LATER or status == 503:
            return PostFailed(
                f"{self.who} asks us to come back later (HTTP {status}){told}.",
                pause_s=self.pause_of(answer),
            )
        if status >= 500:
            doubt = "; nobody knows whether it took the posting" if is_handing_over else ""
            return PostFailed(
                f"{self.who} has an error of its own (HTTP {status}){told}{doubt}.",
                is_in_doubt=is_handing_over,
            )
        if 300 <= status < 400:
            where = inert(answer.headers.get("location", "elsewhere"), 120)
            return PostFailed(
                f"{self.who} sends us to {where}; correct the address in its settings.",
                is_final=True,
            )
        return PostFailed(f"{self.who} refuses that (HTTP {status}){told}.", is_final=True)

    def said(self, answer: Answer) -> str:
        """Give what a channel said of a refusal, inert and without our secret."""
        words = _said(answer.json())
        for one in self._secrets:
            words = words.replace(one, "****")
        return inert(words, _SAID_LENGTH).rstrip(". ")

    def pause_of(self, answer: Answer) -> float:
        """Give for how many seconds a channel wants peace (RFC 9110, section 10.2.3)."""
        after = answer.headers.get("retry-after", "")
        reset = answer.headers.get("x-rate-limit-reset", "")
        pause_s = 60.0
        if after.isdecimal():
            pause_s = float(after)
        elif after:
            try:
                pause_s = (parsedate_to_datetime(after) - self._now()).total_seconds()
            except (ValueError, TypeError):
                pause_s = 60.0
        elif reset.isdecimal():
            pause_s = float(reset) - self._now().timestamp()
        return min(max(pause_s, 1.0), _LONGEST_PAUSE_S)


def at(found: Any, *path: str) -> Any:
    """Give what stands at a path of names in an answer; None where it is formed otherwise."""
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def words_at(found: Any, *path: str) -> str:
    """Give the text or the number at a path, as text; empty where there is none."""
    there = at(found, *path)
    is_plain = isinstance(there, str | int) and not isinstance(there, bool)
    return str(there) if is_plain else ""


def number_at(found: Any, *path: str) -> int:
    """Give the whole number at a path; 0 where there is none."""
    words = words_at(found, *path)
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 19 else 0


def rows_at(found: Any, *path: str) -> list[dict[str, Any]]:
    """Give the objects of the list at a path; none where it is formed otherwise."""
    there = at(found, *path)
    return [one for one in there if isinstance(one, dict)] if isinstance(there, list) else []


def _trust() -> ssl.SSLContext:
    """Give whom this machine trusts, read anew each hour: to read it takes longer than to ask."""
    return _read_trust(os.environ.get("SSL_CERT_FILE", ""), int(time.monotonic() // 3600))


@lru_cache(maxsize=2)
def _read_trust(_file: str, _hour: int) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:  # a machine without a store of its own
        context.load_verify_locations(certifi.where())
    return context


def _trouble(error: Exception) -> str:
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    for one in causes:
        if isinstance(one, ssl.SSLCertVerificationError):
            return f"shows a certificate that is not valid ({inert(one.verify_message, 120)})"
    if isinstance(error, httpx.TimeoutException):
        return "did not answer in time"
    for one in reversed(causes):
        if isinstance(one, OSError) and one.strerror:
            return f"cannot be reached ({inert(one.strerror, 120)})"
    if isinstance(error, httpx.ConnectError):
        return "cannot be reached"
    return "ended the connection before it answered"


_SPEAKING = ("detail", "message", "error_description", "error", "errors", "title")


def _said(found: Any, depth: int = 3) -> str:
    """Give the words of a refusal wherever the usual interfaces put them."""
    if isinstance(found, str):
        return found
    if depth == 0:
        return ""
    if isinstance(found, list):
        return "; ".join(filter(None, (_said(one, depth - 1) for one in found[:3])))
    if isinstance(found, dict):
        for name in _SPEAKING:
            if name in found and (words := _said(found[name], depth - 1)):
                return words
    return ""
