import contextlib
import socket
from dataclasses import replace

import pytest

from noc_console.audit.agreed import OwnerKind, agreed_for
from noc_console.audit.agreed_records import agree, list_agreed
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Family, Privilege
from noc_console.audit.comparing import Around
from noc_console.audit.judging import judge
from noc_console.audit.lifetimes import shipped_lifetimes
from noc_console.engine.audit_looks import CannotLook, look
from noc_console.engine.audit_ports import NoOutside, try_ports
from noc_console.fleet.server import Server, ServerKind
from tests.conftest import NOW
from tests.sshd import free_port

PORTS = load_catalogue().checks["FW-05"]


@pytest.fixture
def listening():
    """Give two ports that answer."""
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        yield one.getsockname()[1], other.getsockname()[1]


def test_each_port_is_open_or_closed_and_nothing_is_sent(listening):
    closed = free_port()

    assert try_ports(socket.AF_INET, "127.0.0.1", [*listening, closed], 10.0) == {
        listening[0]: "open",
        listening[1]: "open",
        closed: "closed",
    }


def test_a_port_that_drops_what_it_gets_is_silent():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, contextlib.ExitStack() as held:
        for _ in range(8):  # its queue is full then, and Linux answers no more
            sock = held.enter_context(socket.socket())
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
        port = full.getsockname()[1]

        assert try_ports(socket.AF_INET, "127.0.0.1", [port], 0.5) == {port: "silent"}


def test_what_answers_and_must_not_is_found_and_what_is_agreed_is_not(store, listening):
    login, risky = listening
    server = Server(id=1, name="web1", address="127.0.0.1", port=login)
    agree(
        store,
        OwnerKind.ALL,
        "",
        [("port", f"tcp/{login}")],
        reason="ssh",
        by="ann",
        now=NOW,
    )
    check = replace(PORTS, limits={"risky": [risky]})
    around = Around(
        now=NOW,
        server="web1",
        family=Family.OTHER,
        agreed=agreed_for(server, list_agreed(store)),
        before=None,
        lifetimes=shipped_lifetimes(),
    )
    result = judge(check, look(store, check, server, NOW), around)

    assert [one.item for one in result.findings if one.result.needs_decision] == [f"tcp/{risky}"]


def test_a_server_that_is_not_seen_from_here_says_so(store):
    closed = free_port()
    own = Server(id=1, name="own", kind=ServerKind.THIS_MACHINE)
    behind = Server(id=2, name="db", address="127.0.0.1", jumps=("gate",))
    away = Server(id=3, name="away", address="127.0.0.1", port=closed)

    for server, words in ((own, "own machine"), (behind, "through gate"), (away, "says nothing")):
        with pytest.raises(NoOutside, match=words):
            look(store, PORTS, server, NOW)


def test_a_look_that_this_version_does_not_know_is_said(store):
    strange = replace(PORTS, commands={Family.OTHER: "moon phase"})

    for check in (strange, replace(PORTS, privilege=Privilege.STORE)):
        with pytest.raises(CannotLook, match="does not know how"):
            look(store, check, Server(id=1, name="web1", address="127.0.0.1"), NOW)
