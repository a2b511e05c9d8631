"""Questions to the name service within a time, with each way of not answering told apart.

Blocks: for a worker. Thread-safe: several questions may be asked at once.
"""

import ipaddress
import time
from dataclasses import dataclass
from enum import Enum

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.reversename

from noc_console.errors import ConsoleError

WITHIN_S = 4.0
"""What one question may take; a resolver that is busy answers within two."""
ALL_WITHIN_S = 60.0
"""What all questions of one check may take."""
_TRIES = 2
_LOST_AT_MOST = 3
"""Questions without an answer, when none was ever answered, after which no more are asked."""
DNS_PORT = 53


class NoResolver(ConsoleError):
    """This machine names no name server."""


class Told(Enum):
    """How a question was answered."""

    SOME = "some"
    NONE = "none"
    """The name is there, without a record of this kind."""
    GONE = "gone"
    """There is no such name."""
    UNKNOWN = "unknown"
    """Nobody answered, or with a failure: nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was told of a name: records as text, empty unless there are some."""

    told: Told
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What one name server itself says of a domain: whether it answers for it, and its serial."""

    told: Told
    is_own: bool = False
    serial: int = 0


class Asker:
    """Asks the resolver of this machine, or another; name servers themselves on `port`."""

    def __init__(
        self,
        resolver: dns.resolver.Resolver | None = None,
        port: int = DNS_PORT,
        within_s: float = ALL_WITHIN_S,
    ) -> None:
        """Ask nothing yet; after `within_s` from now nothing is asked any more.

        Raises:
            NoResolver: this machine names no name server.
        """
        try:
            self._resolver = resolver or dns.resolver.Resolver()
        except (dns.exception.DNSException, OSError) as error:
            raise NoResolver(
                "This machine names no name server, so no name can be looked up; see its network."
            ) from error
        self._port = port
        self._ends_s = time.monotonic() + within_s
        self._is_heard = False
        self._lost = 0

    def ask(self, name: str, kind: str) -> Answer:
        """Give what the name service has of a name, such as its `MX`."""
        left_s = self._ends_s - time.monotonic()
        if left_s <= 0 or self._is_in_vain:
            return Answer(told=Told.UNKNOWN)
        try:
            found = self._resolver.resolve(name, kind, lifetime=min(WITHIN_S, left_s), search=False)
        except dns.resolver.NXDOMAIN:
            self._is_heard = True
            return Answer(told=Told.GONE)
        except dns.resolver.NoAnswer:
            self._is_heard = True
            return Answer(told=Told.NONE)
        except dns.exception.Timeout:
            self._lost += 1
            return Answer(told=Told.UNKNOWN)
        except (dns.exception.DNSException, UnicodeError, OSError, ValueError):
            return Answer(told=Told.UNKNOWN)
        self._is_heard = True
        return Answer(told=Told.SOME, values=tuple(_text(one) for one in found))

    @property
    def _is_in_vain(self) -> bool:
        """Whether nobody answers here at all: a run over a whole fleet must not wait for that."""
        return not self._is_heard and self._lost >= _LOST_AT_MOST

    def addresses(self, name: str) -> Answer:
        """Give the IPv4 and IPv6 addresses of a name."""
        both = [self.ask(name, "A"), self.ask(name, "AAAA")]
        values = tuple(value for one in both for value in one.values)
        if values:
            return Answer(told=Told.SOME, values=values)
        if any(one.told is Told.UNKNOWN for one in both):
            return Answer(told=Told.UNKNOWN)
        return both[0]

    def name_of(self, address: str) -> Answer:
        """Give the names an address has (PTR)."""
        try:
            return self.ask(str(dns.reversename.from_address(address)), "PTR")
        except (dns.exception.DNSException, ValueError):
            return Answer(told=Told.UNKNOWN)

    def ask_itself(self, address: str, domain: str) -> OwnWords:
        """Ask one name server for a domain's SOA, without recursion: has it the domain itself?"""
        try:
            question = dns.message.make_query(domain, "SOA")
        except (dns.exception.DNSException, UnicodeError):
            return OwnWords(told=Told.UNKNOWN)
        question.flags &= ~dns.flags.RD
        for _ in range(_TRIES):
            if time.monotonic() >= self._ends_s:
                break
            try:
                answer, _over_tcp = dns.query.udp_with_fallback(
                    question, address, WITHIN_S / _TRIES, self._port, ignore_unexpected=True
                )
            except dns.exception.Timeout:
                continue
            except (dns.exception.DNSException, OSError, ValueError):
                return OwnWords(told=Told.UNKNOWN)
            return _own_words(answer)
        return OwnWords(told=Told.UNKNOWN)


def _own_words(answer: dns.message.Message) -> OwnWords:
    serials = [
        one.serial
        for records in answer.answer
        if records.rdtype == dns.rdatatype.SOA
        for one in records
    ]
    is_own = answer.rcode() == dns.rcode.NOERROR and bool(answer.flags & dns.flags.AA)
    return OwnWords(
        told=Told.SOME, is_own=is_own and bool(serials), serial=serials[0] if serials else 0
    )


def _text(record: object) -> str:
    """Give a record as text; the parts of a TXT record are one text (RFC 7208, section 3.3)."""
    parts = getattr(record, "strings", None)
    if parts is not None:
        return b"".join(parts).decode("utf-8", "replace")
    return str(record)


def above(name: str) -> list[str]:
    """Give a name and those above it, as far as two labels: `a.b.example`, `b.example`."""
    labels = name.rstrip(".").split(".")
    return [".".join(labels[place:]) for place in range(max(1, len(labels) - 1))]


def is_public(address: str) -> bool:
    """Whether the world can reach an address, so that its lists and names are about it."""
    try:
        told = ipaddress.ip_address(address)
    except ValueError:
        return False
    return told.is_global and not told.is_multicast


def seconds_left(ends_s: float) -> float:
    """Give the seconds until a moment of the monotonic clock; never less than a moment."""
    return max(0.05, ends_s - time.monotonic())
