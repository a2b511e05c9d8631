"""Which servers the demo has, and what each is to show. Pure: no I/O, no clock."""

from dataclasses import dataclass, replace
from enum import Enum

from noc_console.cli.demo_fleet.machine import Demand, Hardware, calm, spiral
from noc_console.fleet.server import CheckKind, OutsideCheck, Site

LOOPBACK = "127.0.0.1"
JUMP = "gate-01"


class Part(Enum):
    """What happens to a server in the demo."""

    WELL = "well"
    SPIRAL = "load spiral"
    FREEZES = "stops answering"
    NEW_KEY = "changed host key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the demo's outside checks ask: the page server, and a port that never says a word."""

    pages: int
    mute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedServer:
    """One server of the demo. `login_shell` is sh where it is not installed."""

    name: str
    login_shell: str
    hardware: Hardware
    notes: str
    groups: tuple[str, ...]
    part: Part = Part.WELL
    brand: str = ""
    services: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    jump: str = ""
    partner: str = ""
    root_percent: int = 31
    sites_percent: int = 58
    booted_before_s: float = 12 * 86400.0

    @property
    def demand(self) -> Demand:
        """How much work arrives at it."""
        return spiral if self.part is Part.SPIRAL else calm


def planned_servers(units: tuple[str, ...]) -> tuple[PlannedServer, ...]:
    """Give the demo's servers, each with those services that init here can be asked for."""
    return tuple(
        replace(server, services=tuple(one for one in server.services if one in units))
        for server in _SERVERS
    )


def checks_of(server: PlannedServer, ports: Ports) -> tuple[OutsideCheck, ...]:
    """Give the outside checks of a server."""
    pages = f"http://{LOOPBACK}:{ports.pages}"
    match server.name:
        case "web-01":
            return (_page(f"{pages}/acme/", "Acme Bicycles", _if_asked(server, "nginx")),)
        case "web-03":
            return (_page(f"{pages}/tea/", "Tea House", ""),)
        case "mail-01":
            postfix = _if_asked(server, "postfix")
            return (OutsideCheck(kind=CheckKind.SMTP, target=str(ports.mute), service=postfix),)
    return ()


def _page(url: str, text: str, service: str) -> OutsideCheck:
    return OutsideCheck(kind=CheckKind.HTTP, target=url, expect_text=text, service=service)


def _if_asked(server: PlannedServer, service: str) -> str:
    """Give the service where init can be asked for it; else the check stands for itself."""
    return service if service in server.services else ""


def _hardware(cores: int, memory_gib: int, busy: float, memory: float) -> Hardware:
    gib = 1024**3
    return Hardware(
        cores=cores,
        memory_bytes=memory_gib * gib,
        swap_bytes=4 * gib,
        usual_busy=busy,
        usual_memory=memory,
    )


def _sites(customer: str, *domains: str) -> tuple[Site, ...]:
    return tuple(Site(domain=domain, customer=customer) for domain in domains)


_SERVERS = (
    PlannedServer(
        name="web-01",
        login_shell="bash",
        hardware=_hardware(4, 8, 0.3, 0.55),
        notes="All is well here: its page answers, its service runs.",
        groups=("web", "php"),
        brand="Northhost",
        services=("nginx", "ssh"),
        sites=_sites("Acme Bicycles", "acme.example", "shop.acme.example"),
        partner="web-02",
    ),
    PlannedServer(
        name="web-02",
        login_shell="fish",
        hardware=_hardware(4, 8, 0.36, 0.8),
        notes="A load spiral: the memory fills within half a minute (early, with a date), it swaps,"
        " and within two minutes the load is past the cut-off. After eight minutes it begins anew.",
        groups=("web", "php"),
        part=Part.SPIRAL,
        brand="Northhost",
        services=("nginx", "ssh"),
        sites=(
            *_sites("Birch Books", "birch.example"),
            *_sites("Dune Travel", "dune.example", "blog.dune.example"),
        ),
        partner="web-01",
        booted_before_s=3 * 86400.0,
    ),
    PlannedServer(
        name="web-03",
        login_shell="zsh",
        hardware=_hardware(8, 16, 0.22, 0.42),
        notes="Its machine is well, but its page says that the database is away: wrong answer.",
        groups=("web", "static"),
        brand="Southhost",
        services=("nginx", "ssh"),
        sites=_sites("Tea House", "tea.example"),
        root_percent=64,
        booted_before_s=91 * 86400.0,
    ),
    PlannedServer(
        name="mail-01",
        login_shell="dash",
        hardware=_hardware(2, 4, 0.25, 0.5),
        notes="Init says that the mail service runs, but its port takes connections and says"
        " nothing: running but not answering.",
        groups=("mail",),
        brand="Southhost",
        services=("postfix", "ssh"),
        root_percent=47,
        booted_before_s=40 * 86400.0,
    ),
    PlannedServer(
        name="db-01",
        login_shell="tcsh",
        hardware=_hardware(16, 64, 0.4, 0.71),
        notes=f"Reached through {JUMP}; its login shell is of the csh family.",
        groups=("db",),
        brand="Northhost",
        services=("mariadb", "ssh"),
        jump=JUMP,
        sites_percent=79,
        booted_before_s=200 * 86400.0,
    ),
    PlannedServer(
        name=JUMP,
        login_shell="busybox",
        hardware=_hardware(2, 2, 0.05, 0.3),
        notes="The jump server; its login shell is that of busybox.",
        groups=("edge",),
        services=("ssh",),
        booted_before_s=310 * 86400.0,
    ),
    PlannedServer(
        name="dns-01",
        login_shell="bash",
        hardware=_hardware(2, 4, 0.1, 0.35),
        notes="It freezes for a minute, sshd and all, then goes on for two; and again.",
        groups=("dns",),
        part=Part.FREEZES,
        brand="Southhost",
        services=("ssh",),
        booted_before_s=17 * 86400.0,
    ),
    PlannedServer(
        name="backup-01",
        login_shell="bash",
        hardware=_hardware(4, 8, 0.15, 0.4),
        notes="Its host key is not the accepted one, so nothing is sent to it. Here you may replace"
        " the key; on a real server ask its administrator first.",
        groups=("backup",),
        part=Part.NEW_KEY,
        sites_percent=82,
        booted_before_s=5 * 86400.0,
    ),
)

SERVICES = tuple(dict.fromkeys(name for server in _SERVERS for name in server.services))
"""Every service the demo's servers are to run, where init can be asked for it."""
