"""What a server is to us: how it is reached, what is expected on it, whose sites it carries.

Pure: no I/O, no clock.
"""

import re
from dataclasses import dataclass, field
from enum import Enum

from noc_console.errors import ConsoleError

_UNIT = re.compile(r"[A-Za-z0-9:_.@\\-]{1,255}")
MAX_NAME_LENGTH = 120
DEFAULT_TICK_S = 5


class InvalidServer(ConsoleError):
    """A server's fields that cannot be right; the sentence names the field and the mend."""


class ServerKind(Enum):
    """How readings come: over SSH, or from the machine the engine runs on."""

    SSH = "ssh"
    THIS_MACHINE = "this machine"


class Authentication(Enum):
    """How we prove who we are. Secrets themselves are in the OS keyring or the agent only."""

    AGENT = "agent"
    KEY_FILE = "key file"
    PASSWORD = "password"
    KEYBOARD_INTERACTIVE = "keyboard-interactive"


class CheckKind(Enum):
    """What an outside check speaks."""

    TCP = "tcp"
    HTTP = "http"
    HTTPS = "https"
    SMTP = "smtp"
    IMAP = "imap"
    POP3 = "pop3"
    FTP = "ftp"
    DNS = "dns"
    SSH = "ssh"
    MYSQL = "mysql"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideCheck:
    """A port or page that must answer from outside.

    `target` is a port ("25"), `host:port`, a URL for HTTP(S), or for DNS `port/name` or
    `host:port/name`. Without a host the server's address is asked. `service` names the expected
    unit whose outside view this is, or is empty. `expect_status` 0 means any code below 400.
    """

    kind: CheckKind
    target: str
    service: str = ""
    expect_text: str = ""
    expect_status: int = 0

    @property
    def label(self) -> str:
        """`kind:target`, as written on the command line; the check's name everywhere."""
        if self.kind in {CheckKind.HTTP, CheckKind.HTTPS}:
            return self.target if "://" in self.target else f"{self.kind.value}:{self.target}"
        return f"{self.kind.value}:{self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A customer's domain on a server."""

    domain: str
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server we look after. `id` is 0 until the store has given one."""

    id: int = 0
    name: str
    kind: ServerKind = ServerKind.SSH
    address: str = ""
    port: int = 22
    user: str = ""
    authentication: Authentication = Authentication.AGENT
    key_file: str = ""
    certificate_file: str = ""
    jumps: tuple[str, ...] = ()
    """Names of the servers to go through, nearest to us first."""
    groups: tuple[str, ...] = ()
    notes: str = ""
    expected_services: tuple[str, ...] = ()
    checks: tuple[OutsideCheck, ...] = ()
    brand: str = ""
    sites: tuple[Site, ...] = ()
    partner: str = ""
    """Name of the server that takes over for this one; empty when there is none."""
    tick_s: int = DEFAULT_TICK_S
    allow_weak_algorithms: bool = False
    variables: tuple[tuple[str, str], ...] = field(default=())
    """Host variables an import brought and we do not use; an export gives them back."""

    def __post_init__(self) -> None:
        """Refuse what cannot be right.

        Raises:
            InvalidServer: with the field and what to write instead.
        """
        if not self.name.strip() or len(self.name) > MAX_NAME_LENGTH:
            raise InvalidServer(f"Give the server a name of 1 to {MAX_NAME_LENGTH} characters.")
        if not self.name.isprintable():
            raise InvalidServer("The name holds a control character; type it again without it.")
        if self.kind is ServerKind.SSH and not self.address.strip():
            raise InvalidServer(f"{self.name}: give a host name or an IP address.")
        if not 1 <= self.port <= 65535:  # RFC 6335 section 6
            raise InvalidServer(f"{self.name}: the port must be between 1 and 65535.")
        if not 1 <= self.tick_s <= 3600:  # an hour: beyond it nothing is live
            raise InvalidServer(f"{self.name}: the tick must be between 1 and 3600 seconds.")
        for unit in self.expected_services:
            if not _UNIT.fullmatch(unit):
                raise InvalidServer(
                    f"{self.name}: {unit!r} is no service name; write it as systemctl shows it."
                )
