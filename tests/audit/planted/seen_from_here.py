"""What is planted for checks that ask nothing of the server: names, certificates, ports, history.

Real name servers, TLS ports and a history in a store, all on loopback.
"""

import dataclasses
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.finding import CheckResult
from noc_console.audit.judging import judge
from noc_console.audit.outside.asker import Asker
from noc_console.engine import audit_outside
from noc_console.engine.audit_looks import look
from noc_console.fleet.records import add_server
from noc_console.fleet.server import CheckKind, OutsideCheck, Server, Site
from noc_console.health.measures import CHECK_LATENCY
from noc_console.store.history import History, Reading
from noc_console.store.location import StoreLocation
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import Store, open_store
from tests import tls_servers
from tests.audit.judged import around
from tests.audit.planted.faults import Fault
from tests.name_server import NameServer
from tests.tls_servers import Authority, TlsPort

_LISTED = "8.8.4.4"
"""Looked up in a list of our own; nobody is asked anything at it."""
_NAMES = {
    ("4.4.8.8.in-addr.arpa", "PTR"): ["mail.gone.example."],
    ("4.4.8.8.list.example", "A"): ["127.0.0.3"],
    ("open.example", "A"): [_LISTED],
    ("open.example", "TXT"): ['"v=spf1 +all"'],
    ("open.example", "MX"): ["10 mail.gone.example."],
    ("open.example", "NS"): ["ns.gone.example."],
    ("open.example", "SOA"): ["ns.gone.example. root.gone.example. 7 1 1 1 1"],
    ("moved.example", "A"): ["203.0.113.9"],
}
_DAYS = 31
_STEP = timedelta(minutes=30)
_A_DAY = 48

SEEN_FAULTS = (
    Fault("FW-05", "tcp/{redis}", "a port that must not be open answers"),
    Fault("TLS-01", "ended.example:{ended}", "its certificate ended yesterday"),
    Fault("TLS-01", "other.example:{other}", "its certificate is for another name"),
    Fault("TLS-01", "self.example:{self}", "its certificate is signed by itself"),
    Fault("TLS-01", "soon.example:{soon}", "its certificate ends in three days"),
    Fault("TLS-02", "pop3 {pop3}", "passwords go in the clear: no TLS is offered"),
    Fault("DNS-01", f"{_LISTED} list.example", "the address is on a block list"),
    Fault("DNS-02", _LISTED, "the name of the address does not lead back"),
    Fault("DNS-03", "open.example", "everybody may send mail for the domain"),
    Fault("DNS-04", "open.example mail.gone.example", "mail goes to a name without an address"),
    Fault("DNS-05", "moved.example elsewhere", "the domain leads to another server"),
    Fault("DNS-06", "open.example ns.gone.example", "its name server has no address"),
    Fault("PERF-01", "load1", "four hours a night over the cut-off"),
    Fault("PERF-02", "iowait_percent", "four hours a night it waits for its disk"),
    Fault("PERF-03", "mem_used_percent", "memory at 98 %"),
    Fault("PERF-04", "kills", "programs were killed for want of memory"),
    Fault("PERF-05", "mount_used_percent:/home", "full within days"),
    Fault("PERF-06", "pressure_io_full_percent", "it stands still for its disk"),
    Fault("PERF-07", f"{CHECK_LATENCY}:https:/", "a site answers after nine seconds"),
    Fault("PERF-08", "", "five of six figures are missing: nobody watched"),
    Fault("PERF-09", "{restart}", "it restarted outside a window"),
    Fault("TIM-03", "clock_offset_s", "its clock is 90 s off"),
)
"""`made_by` says what was made; in braces is what only the run knows."""


@contextmanager
def looked_at(folder: Path) -> Iterator[tuple[dict[str, list[CheckResult]], dict[str, str]]]:
    """Give what each of these checks came to, and the words in braces, while all of it stands."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    now -= timedelta(minutes=now.minute % 30)  # a restart is told to five minutes
    with ExitStack() as around_it:
        store = open_store(StoreLocation.parse(str(folder / "store")))
        around_it.callback(store.close)
        names = NameServer(_NAMES)
        around_it.callback(names.close)
        authority = Authority(folder)
        around_it.enter_context(patch.dict(os.environ, {"SSL_CERT_FILE": str(authority.file)}))
        around_it.enter_context(
            patch.object(
                audit_outside,
                "Asker",
                lambda **_: Asker(names.resolver(), names.port, within_s=60.0),
            )
        )
        ports = _ports(authority, around_it)
        words = {name: str(port) for name, port in ports.items()}
        restarted = now - timedelta(days=2, hours=3)
        words["restart"] = f"{restarted:%Y-%m-%dT%H:%MZ}"
        yield _results(store, ports, restarted, now), words


def _ports(authority: Authority, around_it: ExitStack) -> dict[str, int]:
    made = {
        "ended": TlsPort(authority.issue(["ended.example"], days=-1)),
        "other": TlsPort(authority.issue(["shop.example"])),
        "self": TlsPort(authority.issue(["self.example"], is_self_signed=True)),
        "soon": TlsPort(authority.issue(["soon.example"], days=3)),
        "pop3": TlsPort(talk=tls_servers.POP3_PLAIN),
        "login": TlsPort(),
        "redis": TlsPort(),
    }
    for one in made.values():
        around_it.callback(one.close)
    return {name: one.port for name, one in made.items()}


def _results(
    store: Store, ports: dict[str, int], restarted: datetime, now: datetime
) -> dict[str, list[CheckResult]]:
    here = Server(id=1, name="web1", address="127.0.0.1", port=ports["login"])
    found: dict[str, list[CheckResult]] = {}

    def ask(check_id: str, server: Server, **limits: object) -> None:
        check = load_catalogue().check(check_id)
        check = dataclasses.replace(check, limits={**check.limits, **limits})
        outcome = look(store, check, server, now)
        found.setdefault(check_id, []).append(judge(check, outcome, around(now=now)))

    def sites(*domains: str) -> tuple[Site, ...]:
        return tuple(Site(domain=one) for one in domains)

    ask("FW-05", here, risky=[ports["redis"]])
    for name in ("ended", "other", "self", "soon"):
        of_one = dataclasses.replace(here, sites=sites(f"{name}.example"))
        ask("TLS-01", of_one, ports=[ports[name]])
    ask("TLS-02", here, ports=[f"{ports['pop3']} pop3"])
    listed = dataclasses.replace(
        here, address=_LISTED, sites=sites("open.example", "moved.example")
    )
    ask("DNS-01", listed, lists=["list.example"])
    for number in range(2, 7):
        ask(f"DNS-{number:02}", listed)
    page = OutsideCheck(kind=CheckKind.HTTPS, target="/")
    watched = add_server(
        store,
        Server(name="web2", address="192.0.2.1", checks=(page,)),
        now - timedelta(days=60),
    )
    _write_history(store, watched, restarted, now)
    for number in range(1, 10):
        ask(f"PERF-{number:02}", watched)
    ask("TIM-03", watched)
    return found


def _write_history(store: Store, server: Server, restarted: datetime, now: datetime) -> None:
    """Write a month with bad nights, a figure each half hour: the rest counts as not watched."""
    history = History(store)
    often = _DAYS * _A_DAY
    for number in range(often):
        at = now - _STEP * (often - number)
        history.append([Reading(server.id, to_ms(at), _figures(number, often, at, restarted))], at)
    history.seal(now + timedelta(hours=2))


def _figures(number: int, often: int, at: datetime, restarted: datetime) -> dict[str, float]:
    is_night = number % _A_DAY < 8
    up_s = (at - restarted).total_seconds()
    return {
        "cores": 4.0,
        "load1": 16.0 if is_night else 0.5,
        "iowait_percent": 70.0 if is_night else 1.0,
        "mem_used_percent": 98.5,
        "oom_kills": 2.0 if number > often // 2 else 0.0,
        "mount_used_percent:/home": 92.0 - (often - number) / _A_DAY * 0.9,
        "pressure_io_full_percent": 60.0 if is_night else 0.0,
        f"{CHECK_LATENCY}:https:/": 9000.0 if is_night else 100.0,
        "uptime_s": up_s if up_s >= 0 else 9_000_000 + number * 1800.0,
        "clock_offset_s": -90.0 if number % _A_DAY == 0 else 0.0,
    }
