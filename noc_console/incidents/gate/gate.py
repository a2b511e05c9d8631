"""The reboot gate's values: what was asked, how a server stood before and after, who is affected.

Pure: no I/O, no clock. Text that servers told is inert already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from noc_console.fleet.server import Server


class ActKind(Enum):
    """What can be done to a server from the console; nothing else changes one."""

    REBOOT = "reboot"
    RESTART_SERVICE = "restart service"


class ActState(Enum):
    """How far it is. `SENT` is written before the command leaves: from then on it may be done."""

    PREPARING = "preparing"
    SENT = "sent"
    GONE = "gone"
    BACK = "back"
    DONE = "done"
    FAILED = "failed"
    NOT_KNOWN = "not known"

    @property
    def is_closed(self) -> bool:
        """Whether nothing more comes of it."""
        return self in {ActState.DONE, ActState.FAILED, ActState.NOT_KNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """How a server stood at one moment. None where it could not be had; `missing` says why.

    `boot_id` is the kernel's own (random(4)), empty where unknown; `booted_at_s` is the kernel's
    `btime`. Services are those that run or failed, by name, with a word for each.
    """

    at: datetime
    boot_id: str = ""
    booted_at_s: int | None = None
    uptime_s: float | None = None
    kernel: str = ""
    load1: float | None = None
    processes: int | None = None
    sessions: tuple[str, ...] | None = None
    services: Mapping[str, str] | None = None
    mounts: tuple[str, ...] | None = None
    ports: tuple[str, ...] | None = None
    init: str = ""
    user_id: int | None = None
    programs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Who feels it when a server goes away."""

    customers: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    reached_through: tuple[str, ...] = ()
    """Servers that are reached through this one."""
    partner: str = ""

    @property
    def words(self) -> str:
        """One line that says it."""
        parts = [
            counted(len(self.customers), "customer"),
            f"{counted(len(self.sites), 'site')}",
        ]
        if self.reached_through:
            parts.append(f"{counted(len(self.reached_through), 'server')} reached through it")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the comparison; `is_well` None where it cannot be judged."""

    title: str
    before: str
    after: str
    is_well: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened on the way; `ok` None while it is under way."""

    at: datetime
    words: str
    ok: bool | None = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAct:
    """One reboot or restart: who, when, why, the evidence, how it went, what it came to."""

    id: int
    order_id: int
    kind: ActKind
    server_id: int
    server_name: str
    service: str
    asked_by: str
    asked_at: datetime
    reason: str
    affected: Affected
    evidence_id: int | None
    evidence_words: str
    """What came of the evidence, or who went without and why."""
    command: str
    state: ActState
    steps: tuple[Step, ...] = ()
    before: Snapshot | None = None
    after: Snapshot | None = None
    findings: tuple[Finding, ...] = field(default=())
    is_well: bool | None = None
    sentence: str = ""
    sent_at: datetime | None = None
    gone_at: datetime | None = None
    back_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def deed(self) -> str:
        """What was asked, in words."""
        if self.kind is ActKind.REBOOT:
            return f"reboot {self.server_name}"
        return f"restart {self.service} on {self.server_name}"


def affected_by(server: Server, servers: Iterable[Server]) -> Affected:
    """Give who feels it when `server` is away; `servers` is the whole fleet."""
    return Affected(
        customers=tuple(sorted({site.customer for site in server.sites if site.customer})),
        sites=tuple(sorted({site.domain for site in server.sites})),
        reached_through=tuple(one.name for one in servers if server.name in one.jumps),
        partner=server.partner,
    )


def sudo_entry(server: Server) -> str:
    """Give the name under which the keyring holds a server's sudo password.

    With the number: a server that is added later under the same name is never given it.
    """
    return f"{server.name} ({server.id})"


def may_restart(service: str, server: Server, listed: Iterable[str]) -> bool:
    """Whether a service is one that is expected on the server, or that the server itself lists."""
    if service.startswith("-"):
        return False
    names = {service, f"{service}.service", service.removesuffix(".service")}
    return bool(names & {*server.expected_services, *listed})


def counted(count: int, noun: str) -> str:
    """Give `1 site`, `2 sites`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def some_of(names: Sequence[str], most: int = 6) -> str:
    """Give names in one line, the rest counted."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
