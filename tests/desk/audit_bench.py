"""The page of audits on a store with servers, for tests: filled, opened and gone through."""

from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from noc_console.audit.audit_records import (
    open_audit,
    put_collected,
)
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Family, Step
from noc_console.audit.decision_records import decisions_of
from noc_console.audit.finding import CheckResult, Finding, Result, Severity
from noc_console.desk.audit.audit_page import AuditPage
from noc_console.desk.audit.matrix import FIRST_STEP, STEPS
from noc_console.fleet.records import add_servers
from noc_console.fleet.server import Server
from tests.desk.page_bench import NOW, PageBench
from tests.desk.qt_life import end, wait_until

KEY = Qt.Key
MONTH = f"{NOW.astimezone():%Y-%m}"


@contextmanager
def audit_bench(folder):
    """Give a store with four servers: web1 in no group, web2 and web3 in web, mail1 in mail."""
    bench = PageBench(folder / "store")
    groups = {"web2": ("web",), "web3": ("web",), "mail1": ("mail",)}
    more = [Server(name=one, address="10.0.0.2", groups=some) for one, some in groups.items()]
    bench.live.servers = [bench.server, *add_servers(bench.store, more, NOW)]
    try:
        yield bench
    finally:
        bench.close()


@contextmanager
def opened_pages(bench):
    """Give a way to open the page; it is closed at the end."""
    opened = []

    def make(width=1200):
        page = AuditPage(bench.context, lambda: NOW)
        opened.append(page)
        page.resize(width, 640)
        page.show()
        settle(bench, page)
        return page

    try:
        yield make
    finally:
        end(*opened)


def settle(bench, page):
    """Wait until the page has all it shows."""
    wait_until(lambda: bench.pool.is_idle and page.is_settled)


def named(bench, name):
    """Give the server of a name."""
    return next(one for one in bench.live.servers if one.name == name)


def failed(*items, check_id="FW-01", came_to=Result.FAIL, evidence=b""):
    """Give what a check came to, with a finding for each item."""
    evidence = evidence or b"udp  UNCONN 0 0 127.0.0.1:323\ntcp  LISTEN 0 80 0.0.0.0:3306\n"
    return CheckResult(
        check_id=check_id,
        result=came_to,
        why="",
        findings=tuple(
            Finding(
                check_id=check_id,
                item=item,
                result=came_to,
                severity=Severity.CRITICAL,
                sentence=f"{item} is open to all and not agreed.",
                marks=(2,),
            )
            for item in items
        ),
        at=NOW,
        took_ms=4,
        cpu_ms=None,
        evidence=evidence,
        sha256="a" * 64,
        raw_bytes=len(evidence),
    )


def begin(bench, *names, month=MONTH):
    """Begin an audit of some servers."""
    servers = [named(bench, one) for one in names]
    return open_audit(bench.store, month, servers, catalogue="c" * 64, by="ann", now=NOW)


def collect(bench, audit, name, *results, now=NOW):
    """Write results, and a pass for every other check of the same two steps."""
    told = {one.check_id for one in results}
    others = [
        failed(check_id=one.id, came_to=Result.PASS)
        for one in load_catalogue().checks.values()
        if one.step in {Step.FIREWALL, Step.USERS} and one.id not in told
    ]
    put_collected(
        bench.store,
        audit.id,
        named(bench, name).id,
        [*results, *others],
        family=Family.DEBIAN,
        system="Debian 12",
        cpu_ms=9,
        now=now,
    )


def three_servers(bench):
    """Give an audit in which two servers have the same finding, and web2 one more."""
    audit = begin(bench, "web1", "web2", "web3", "mail1")
    deploy = failed("deploy", check_id="USR-01")
    collect(bench, audit, "web2", failed("tcp/3306", "tcp/6379"), deploy)
    collect(bench, audit, "web3", failed("tcp/3306"))
    collect(bench, audit, "mail1", failed(came_to=Result.PASS))
    return audit


def names(page):
    """Give the names of the rows that are shown."""
    return [one.name for one in page.checklist.model.rows]


def choose(page, name, step=Step.FIREWALL):
    """Choose a cell."""
    place = names(page).index(name)
    column = FIRST_STEP + STEPS.index(step)
    page.checklist.matrix.setCurrentIndex(page.checklist.model.index(place, column))


def press(widget, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key."""
    QTest.keyClick(widget, key, modifier)


def go_into(bench, page, name, step=Step.FIREWALL):
    """Open a cell; gives its findings."""
    choose(page, name, step)
    page.checklist.open_cell()
    settle(bench, page)
    return page.checklist.findings


def lines(findings):
    """Give check, item and server of each line."""
    return [(one.key[1], one.key[2], one.server_name) for one in findings.model.rows]


def decided(bench, audit):
    """Give what was decided, in order."""
    return [(one.check_id, one.item, one.kind) for one in decisions_of(bench.store, audit.id)]


def reread(bench, page):
    """Read what moved."""
    page.chosen.feed.read_now()
    settle(bench, page)
