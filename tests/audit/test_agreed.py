from dataclasses import replace

import pytest

from noc_console.audit.agreed import InvalidAgreed, OwnerKind, agreed_for, propose
from noc_console.audit.agreed_records import agree, end_agreed, list_agreed
from noc_console.audit.check import Rule
from noc_console.audit.decision import Decision, DecisionKind
from noc_console.audit.finding import Finding, Result, Severity
from noc_console.fleet.server import Server
from noc_console.store.changes import ChangeSignal
from tests.audit.asking import check
from tests.conftest import NOW

WEB1 = Server(id=1, name="web1", address="192.0.2.1", groups=("web",))
MAIL = Server(id=2, name="mail", address="192.0.2.2")


def agree_on(store, kind, owner, *values):
    return agree(store, kind, owner, values, reason="as built", by="ann", now=NOW)


def test_lines_of_all_and_of_a_group_hold_for_a_server(any_store):
    agree_on(any_store, OwnerKind.ALL, "", ("port", "tcp/22"))
    agree_on(any_store, OwnerKind.GROUP, "web", ("port", "tcp/443"))
    agree_on(any_store, OwnerKind.SERVER, "2", ("port", "tcp/25"))
    lines = list_agreed(any_store)
    web, mail = agreed_for(WEB1, lines), agreed_for(MAIL, lines)

    assert [web.holds("port", f"tcp/{one}") for one in (22, 443, 25)] == [True, True, False]
    assert [mail.holds("port", f"tcp/{one}") for one in (22, 443, 25)] == [True, False, True]
    assert not web.holds("service", "tcp/22")


def test_a_star_stands_for_anything_and_nothing_else_does(any_store):
    agree_on(any_store, OwnerKind.ALL, "", ("setuid file", "/opt/*/bin/su.do"))
    holds = agreed_for(WEB1, list_agreed(any_store)).holds

    assert holds("setuid file", "/opt/a/bin/su.do")
    assert not holds("setuid file", "/opt/a/bin/suXdo")
    assert not holds("setuid file", "/home/x/opt/a/bin/su.do")


def test_the_same_is_agreed_once_and_a_line_that_ended_stays(any_store):
    signal = ChangeSignal(any_store)
    signal.poll()
    [line] = agree_on(any_store, OwnerKind.ALL, "", ("port", "tcp/22"), ("port", "tcp/22"))
    assert "agreed" in signal.poll()
    assert agree_on(any_store, OwnerKind.ALL, "", ("port", "tcp/22")) == []
    ended = end_agreed(any_store, line.id, by="bob", now=NOW)

    assert list_agreed(any_store) == []
    assert list_agreed(any_store, with_ended=True) == [ended]
    assert (ended.ended_by, ended.ended_at) == ("bob", NOW)
    with pytest.raises(InvalidAgreed, match="is agreed now"):
        end_agreed(any_store, line.id, by="bob", now=NOW)
    signal.close()


@pytest.mark.parametrize(
    ("kind", "value", "reason", "words"),
    [
        ("colour", "red", "why", "cannot be agreed"),
        ("port", "", "why", "in 1 to 500"),
        ("port", "a\x1bb", "why", "in 1 to 500"),
        ("port", "**", "why", "checks nothing"),
        ("network", "0.0.0.0/0", "why", "checks nothing"),
        ("network", "::/0", "why", "checks nothing"),
        ("port", "tcp/1", "  ", "why"),
    ],
)
def test_what_cannot_be_agreed_is_refused_and_nothing_is_written(store, kind, value, reason, words):
    with pytest.raises(InvalidAgreed, match=words):
        agree(
            store,
            OwnerKind.ALL,
            "",
            [("port", "tcp/22"), (kind, value)],
            reason=reason,
            by="ann",
            now=NOW,
        )
    assert list_agreed(store) == []


PORTS = check(
    "FW-01",
    "ss",
    item="{proto}/{port}",
    rules=(Rule(result=Result.FAIL, where=(("item", "not agreed", "port"),), sentence="x"),),
)
OWNERS = replace(PORTS, id="WD-01", rules=())


def finding(check_id, item):
    return Finding(
        check_id=check_id,
        item=item,
        result=Result.FAIL,
        severity=Severity.HIGH,
        sentence=f"{item} is not agreed.",
    )


def decided(number, kind, item="tcp/25"):
    return Decision(
        id=number,
        audit_id=1,
        server_id=1,
        check_id="FW-01",
        item=item,
        kind=kind,
        reason="x",
        until=None,
        owner="",
        by="ann",
        at=NOW,
    )


def proposed(items, decisions=(), agreed=None):
    found = propose(
        {"FW-01": PORTS, "WD-01": OWNERS},
        [(1, finding("FW-01", item)) for item in items] + [(1, finding("WD-01", "/x"))],
        decisions,
        agreed or {},
    )
    return [(one.kind, one.value) for one in found]


def test_what_an_audit_found_beside_the_agreed_is_proposed():
    assert proposed(["tcp/25", "tcp/25"]) == [("port", "tcp/25")]


def test_what_is_to_be_mended_is_not_proposed_unless_that_was_taken_back():
    mended = [decided(1, DecisionKind.TASK)]

    assert proposed(["tcp/25"], mended) == []
    assert proposed(["tcp/25"], [*mended, decided(2, DecisionKind.ACCEPTED)]) == [
        ("port", "tcp/25")
    ]


@pytest.mark.parametrize("item", ["tcp/*", "", "  ", "a\nb", "x" * 600])
def test_a_servers_words_never_become_a_pattern_or_a_line_that_cannot_be_read(item):
    assert proposed([item]) == []


@pytest.mark.parametrize(
    ("value", "is_agreed"),
    [
        ("203.0.113.0/24", True),
        ("203.0.113.7", True),
        ("203.0.112.0/22", False),
        ("203.0.114.0/24", False),
        ("2001:db8:a::/48", True),
        ("2001:db9::/48", False),
        ("pc.office.example", True),
        ("pc.elsewhere.example", False),
        ("\x1b[2J", False),
    ],
)
def test_what_lies_inside_an_agreed_network_is_agreed(store, value, is_agreed):
    told = ("203.0.113.0/24", "2001:db8::/32", "*.office.example")
    agree_on(store, OwnerKind.ALL, "", *(("network", one) for one in told))

    assert agreed_for(WEB1, list_agreed(store)).holds("network", value) is is_agreed
