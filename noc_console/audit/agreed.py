"""What is agreed for a server: its ports, services, admins, keys. Pure: no I/O, no clock.

A line of a group holds for its servers, one of all for every server. Only a person writes a line.
"""

import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from noc_console.audit.check import Check
from noc_console.audit.decision import Decision, DecisionKind
from noc_console.audit.finding import Finding
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server

ALL = ""
"""The owner of the lines that hold for every server."""
MAX_VALUE = 500
MAX_REASON = 500
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class InvalidAgreed(ConsoleError):
    """A line that cannot be agreed; the sentence says what to write."""


class AgreedKind(Enum):
    """What can be agreed; checks compare with one of these by its word."""

    PORT = "port"
    """Such as `tcp/443`."""
    SERVICE = "service"
    ADMIN = "admin"
    ACCOUNT = "account"
    KEY = "key"
    """A fingerprint, such as `SHA256:…`."""
    REPOSITORY = "repository"
    BACKUP_PATH = "backup path"
    JOB = "job"
    MODULE = "module"
    SETUID_FILE = "setuid file"
    OPEN_DIRECTORY = "open directory"
    ELSEWHERE = "elsewhere"
    """A site's domain that leads to another address by intent, such as a CDN's."""
    NETWORK = "network"
    """From where people log in, such as `203.0.113.0/24`; what lies inside it is agreed too."""


class OwnerKind(Enum):
    """For whom a line holds, the widest first."""

    ALL = "all"
    GROUP = "group"
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedLine:
    """One thing agreed. `owner` is a server's id as text, a group's name, or `ALL`.

    In a `value` a `*` stands for anything. `ended_at` is None while it holds.
    """

    id: int
    owner_kind: OwnerKind
    owner: str
    kind: str
    value: str
    reason: str
    by: str
    at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None

    def holds_for(self, server: Server) -> bool:
        """Whether it holds for a server now."""
        if self.ended_at is not None:
            return False
        if self.owner_kind is OwnerKind.ALL:
            return True
        if self.owner_kind is OwnerKind.GROUP:
            return self.owner in server.groups
        return self.owner == str(server.id)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is agreed for one server, inherited lines included."""

    exact: frozenset[tuple[str, str]] = frozenset()
    patterns: Mapping[str, tuple[re.Pattern[str], ...]] = field(default_factory=dict)
    networks: tuple[_Network, ...] = ()

    def holds(self, kind: str, value: str) -> bool:
        """Whether a value, such as `tcp/443`, is agreed as one of a kind, such as `port`."""
        if (kind, value) in self.exact:
            return True
        if kind == AgreedKind.NETWORK.value and self._lies_inside(value):
            return True
        return any(one.fullmatch(value) for one in self.patterns.get(kind, ()))

    def _lies_inside(self, value: str) -> bool:
        told = _network(value)
        return told is not None and any(
            one.version == told.version
            and int(one.network_address) <= int(told.network_address)
            and int(told.broadcast_address) <= int(one.broadcast_address)
            for one in self.networks
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something found that may be agreed for a server, and why it is proposed."""

    server_id: int
    kind: str
    value: str
    why: str


def agreed_for(server: Server, lines: Iterable[AgreedLine]) -> Agreed:
    """Give what is agreed for a server."""
    exact: set[tuple[str, str]] = set()
    patterns: dict[str, list[re.Pattern[str]]] = {}
    for one in lines:
        if not one.holds_for(server):
            continue
        if "*" in one.value:
            parts = (re.escape(part) for part in one.value.split("*"))
            patterns.setdefault(one.kind, []).append(re.compile(".*".join(parts), re.DOTALL))
        else:
            exact.add((one.kind, one.value))
    told = (_network(value) for kind, value in exact if kind == AgreedKind.NETWORK.value)
    return Agreed(
        frozenset(exact),
        {kind: tuple(some) for kind, some in patterns.items()},
        tuple(one for one in told if one is not None),
    )


def _network(value: str) -> _Network | None:
    """Give a network, or that of one address; None where the value is neither."""
    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None


def check_line(kind: str, value: str, reason: str) -> tuple[str, str]:
    """Give the value and the reason as they are kept.

    Raises:
        InvalidAgreed: the kind is not known, the value or the reason is none.
    """
    if kind not in {one.value for one in AgreedKind}:
        known = ", ".join(one.value for one in AgreedKind)
        raise InvalidAgreed(f"{kind!r} cannot be agreed; what can is: {known}.")
    value, reason = value.strip(), " ".join(reason.split())
    if not value or len(value) > MAX_VALUE or not value.isprintable():
        raise InvalidAgreed(f"Write what is agreed in 1 to {MAX_VALUE} characters, in one line.")
    if not value.strip("*") or (kind == AgreedKind.NETWORK.value and value.endswith("/0")):
        raise InvalidAgreed("A line that agrees to everything checks nothing; write what is meant.")
    if not reason or len(reason) > MAX_REASON:
        raise InvalidAgreed(f"Say in one line, of at most {MAX_REASON} characters, why.")
    return value, reason


def propose(
    checks: Mapping[str, Check],
    findings: Iterable[tuple[int, Finding]],
    decisions: Sequence[Decision],
    agreed: Mapping[int, Agreed],
    *,
    server_ids: Collection[int] | None = None,
) -> list[Proposal]:
    """Give what an audit found beside what is agreed: for a person to look through and agree.

    What was decided to be mended is not proposed: it is to go, not to stay.
    """
    newest = {
        (one.server_id, one.check_id, one.item): one.kind
        for one in sorted(decisions, key=lambda one: one.id)
    }
    found: dict[tuple[int, str, str], Proposal] = {}
    for server_id, finding in findings:
        check = checks.get(finding.check_id)
        kind = _compared_with(check) if check is not None else ""
        decided = newest.get((server_id, finding.check_id, finding.item))
        if (
            not kind
            or not _may_be_agreed(finding.item)
            or (server_ids is not None and server_id not in server_ids)
            or decided in {DecisionKind.FIXED, DecisionKind.TASK}
            or agreed.get(server_id, Agreed()).holds(kind, finding.item)
        ):
            continue
        found.setdefault(
            (server_id, kind, finding.item),
            Proposal(server_id=server_id, kind=kind, value=finding.item, why=finding.sentence),
        )
    return list(found.values())


def _may_be_agreed(item: str) -> bool:
    """Whether an item can be a line as it is; a `*` from a server must not become a pattern."""
    return bool(item.strip()) and len(item) <= MAX_VALUE and item.isprintable() and "*" not in item


def _compared_with(check: Check) -> str:
    """Give the kind a check compares its items with; empty where it compares none."""
    names = {"item", *({check.item[1:-1]} if _ONE_FIELD.fullmatch(check.item) else ())}
    for rule in check.rules:
        for name, how, wanted in rule.where:
            if name in names and how in {"agreed", "not agreed"}:
                return str(wanted)
    return ""


_ONE_FIELD = re.compile(r"\{\w+\}")
