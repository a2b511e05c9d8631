"""A whole month of audit on servers of different make, then the next one with changes.

`python -m bench.audit_month --debian FOLDER [--other NAME=FOLDER ...] --out FOLDER`, as root.
Every deed is the program's own command, as a person types it: run, agree, decide, sign,
countersign, report, verify, diff. FOLDERs are debootstrap folders (see bench.planted).
"""

import argparse
import getpass
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from bench.loopback import empty_store, is_watched, links_up, running_engine, wait_until
from bench.month_hosts import MonthHost
from noc_console.cli.main import main as program
from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server, Site
from noc_console.store.settings import put_setting
from noc_console.store.store import Store
from tests.audit.planted.faults import FAULTS
from tests.audit.planted.later_faults import LATER_FAULTS
from tests.sshd import make_key

FIRST, SECOND = "2026-10", "2026-11"
_GONE = "gone12"
_WELL = ("clean12", "plain12", "sudo12", "debian13", "ubuntu22")
"""Servers on which nothing is planted: what they have is what is agreed."""
_OF_THE_MACHINE = (
    *("load1", "iowait_percent", "steal_percent", "mem_used_percent", "swap_used_percent"),
    *("swap_in_bytes_per_s", "oom_kills_seen", "pressure_memory_full_percent"),
    *("pressure_io_full_percent", "link_latency_ms"),
)
"""What all servers show of the one busy machine they are: nothing is told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """How one server is made, and what is planted on it: the faults of some checks."""

    name: str
    group: str
    steps: tuple[str, ...] = ()
    is_misused: bool = False
    account: str = "root"
    login: str = "/bin/bash"
    has_sudo: bool = False

    @property
    def plant(self) -> list[str]:
        """Give the lines of shell that plant its faults."""
        some = LATER_FAULTS if self.is_misused else FAULTS
        return [one.made_by for one in some if self.is_misused or one.check[:3] in self.steps]


MAKES = (
    Make(name="clean12", group="web"),
    Make(name="open12", group="web", steps=("FW-", "SVC", "KRN")),
    Make(name="users12", group="web", steps=("USR",)),
    Make(name="logs12", group="web", steps=("LGG", "CRN")),
    Make(name="files12", group="shared", steps=("FIL", "PRC", "BRK")),
    Make(name="shop12", group="shared", steps=("WEB", "HST", "FIL")),
    Make(name="mail12", group="mail", is_misused=True),
    Make(name="old12", group="web", steps=("UPD",)),
    Make(name="plain12", group="customer", account="watch"),
    Make(name="sudo12", group="customer", account="watch", has_sudo=True),
    Make(name="rbash12", group="customer", account="watch", login="/bin/rbash"),
)
MENDED = {
    "open12": "nft -f - <<X\ntable inet filter {\n chain input { type filter hook input priority 0;"
    " policy drop; iif lo accept; }\n}\nX\npkill -f IO::Socket",
    "files12": "rm -rf /etc/open /opt/rootsh /opt/lost; chmod 1777 /tmp; chmod 640 /etc/shadow",
    "logs12": "rm -f /etc/cron.d/own; chmod 640 /var/log/mail.log",
}
"""What was mended between both months."""
NEW = {
    "clean12": "echo 'toor:x:0:0::/root:/bin/bash' >>/etc/passwd",
    "shop12": "mkdir -p /var/www/shop/uploads; echo '<?php eval($_POST[1]);' "
    ">/var/www/shop/uploads/b.php",
}
"""What was new in the second."""


class Console:
    """The program's own commands, each typed by a person."""

    def __init__(self, store: Path) -> None:
        """Work on a store."""
        self._store = store

    def says(
        self, *words: str, by: str = "ann", may_fail: bool = False, room: str = "audit"
    ) -> str:
        """Run a command and give what it prints.

        Raises:
            RuntimeError: it failed, and may not.
        """
        out, wrong = StringIO(), StringIO()
        os.environ["LOGNAME"] = by
        with redirect_stdout(out), redirect_stderr(wrong):
            code = program(["--store", str(self._store), room, *words])
        if code and not may_fail:
            raise RuntimeError(f"{room} {' '.join(words)}: {out.getvalue()}{wrong.getvalue()}")
        return out.getvalue() + wrong.getvalue() * may_fail

    def json(self, *words: str) -> Any:
        """Give what a command says as JSON."""
        return json.loads(self.says(*words, "--json", may_fail=False))


def main() -> int:
    """Do both months; prints what came of each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--debian", type=Path, required=True)
    parser.add_argument("--other", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--out", type=Path, required=True)
    told = parser.parse_args()
    out = told.out.resolve()
    out.mkdir(parents=True)
    with ExitStack() as around:
        hosts = around.enter_context(_running(out / "hosts", told.debian, told.other))
        store = around.enter_context(closing(_fleet(out / "store", hosts)))
        console = Console(out / "store")
        for key in _OF_THE_MACHINE:
            console.says("set", key, "--all", "--off", room="line")
        around.enter_context(running_engine(out / "store"))
        wait_until(lambda: is_watched(store), 60, "an engine")
        wait_until(lambda: links_up(store) >= len(hosts) - 1, 180, "the links")
        keys = {name: str(make_key(out / name)) for name in ("ann", "bob")}
        _month(console, FIRST, out, keys)
        for lines in (MENDED, NEW):
            for host in hosts:
                if host.name in lines:
                    host.does(lines[host.name])
        _month(console, SECOND, out, keys)
        print(console.says("diff", FIRST, SECOND))
    return 0


def _month(console: Console, month: str, out: Path, keys: dict[str, str]) -> None:
    print(f"== {month}", flush=True)
    started_s = time.monotonic()
    said = console.says("run", "--month", month, "--heavy-now", may_fail=True)
    (out / f"run-{month}.txt").write_text(said)
    print("\n".join(said.splitlines()[-4:]), f"\n{time.monotonic() - started_s:.0f} s", flush=True)
    handed_over = ["--accept", f"as handed over for {month}"]
    for name in _WELL:
        console.says("agreed", "propose", month, "--server", name, *handed_over, may_fail=True)
    _decide(console, month)
    bundle = out / f"{month}.zip"
    print(console.says("sign", month, "--key", keys["ann"]).splitlines()[-1])
    said = console.says("countersign", month, "--key", keys["bob"], "--out", str(bundle), by="bob")
    print(said.splitlines()[-1])
    for form in ("pdf", "html", "csv", "json"):
        console.says("report", month, "--out", str(out / f"{month}.{form}"))
    console.says("report", month, "--customer", "Shop Ltd", "--out", str(out / f"{month}-shop.pdf"))
    print(console.says("verify", month).splitlines()[-1])
    print("\n".join(console.says("verify", str(bundle)).splitlines()[2:3]))


def _decide(console: Console, month: str) -> None:
    """Decide what stands against signing, as an auditor would, until nothing does."""
    day = datetime.now(UTC).date()
    found = console.json("show", month)
    decided = 0
    for check_id, severities in sorted(_wanted(found).items()):
        if severities & {"critical", "high"}:
            words = ["task", "--owner", "bob", "--until", f"{day + timedelta(days=7)}"]
        else:
            words = ["accepted", "--reason", "Known; goes with the next rebuild."]
            words += ["--until", f"{day + timedelta(days=90)}"]
        console.says("decide", check_id, *words, "--audit", month)
        decided += 1
    why = ["answered", "--reason", "Not to be had in this bench; looked at by hand."]
    console.says("decide", "all", *why, "--audit", month, may_fail=True)
    for words_against in _against(console, month):
        console.says("decide", words_against, *why, "--audit", month, may_fail=True)
    left = list(_against(console, month))
    print(f"{decided} checks decided; {len(left)} things still stand against signing: {left[:5]}")


def _wanted(found: Any) -> dict[str, set[str]]:
    wanted: dict[str, set[str]] = {}
    for server in found["servers"]:
        for check in server["checks"]:
            for one in check["findings"]:
                if one["result"] in {"fail", "warn"}:
                    wanted.setdefault(check["check"], set()).add(one["severity"])
    return wanted


def _against(console: Console, month: str) -> Iterator[str]:
    """Give the checks and steps that want a reason, as `sign` says it."""
    lines = _refusals(console, month)
    steps = {one.split("“")[1].split("”")[0] for one in lines if one.startswith("No check looked")}
    yield from sorted(steps | {one.split(" ")[0] for one in lines if " on " in one})


def _refusals(console: Console, month: str) -> list[str]:
    nobody = ["--key", "/nonexistent"]
    said = console.says("sign", month, *nobody, "--json", may_fail=True)
    return list(json.loads(said)["against"]) if said.startswith("{") else []


@contextmanager
def _running(folder: Path, debian: Path, others: Sequence[str]) -> Iterator[list[MonthHost]]:
    hosts = []
    try:
        for number, make in enumerate(MAKES, start=1):
            host = MonthHost(
                folder,
                debian,
                make.name,
                number,
                plant=make.plant,
                account=make.account,
                login=make.login,
                has_sudo=make.has_sudo,
            )
            hosts.append(host.start())
        for number, other in enumerate(others, start=len(MAKES) + 1):
            name, _, lower = other.partition("=")
            hosts.append(MonthHost(folder, Path(lower), name, number).start())
        yield hosts
    finally:
        for host in hosts:
            host.stop()


def _fleet(folder: Path, hosts: Sequence[MonthHost]) -> Store:
    store = empty_store(folder, hosts)
    put_setting(store, "audit.heavy_load", 1000.0)  # all servers are this one busy machine
    put_setting(store, "audit.heavy_at_once", 6)
    groups = {make.name: make.group for make in MAKES}
    shop = (Site(domain="shop.example", customer="Shop Ltd"),)
    servers = [
        one.server((groups.get(one.name, "other"),), shop if one.name == "shop12" else ())
        for one in hosts
    ]
    servers.append(Server(name=_GONE, address="127.0.1.250", port=9, user=getpass.getuser()))
    add_servers(store, servers, datetime.now(UTC))
    return store


if __name__ == "__main__":
    raise SystemExit(main())
