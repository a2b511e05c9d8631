"""What the engine sees of a server's certificates and names becomes the answers of the checks."""

import dataclasses
import socket

import pytest

from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.judging import judge
from noc_console.audit.outside.asker import Asker
from noc_console.engine import audit_outside
from noc_console.engine.audit_looks import look
from noc_console.engine.audit_ports import NoOutside
from noc_console.fleet.server import Server, ServerKind, Site
from tests import tls_servers
from tests.audit.judged import around, found
from tests.conftest import NOW
from tests.name_server import NameServer
from tests.tls_servers import Authority, TlsPort

PUBLIC = "8.8.4.4"
"""Looked up in lists of our own only; nobody is asked anything at it."""
RECORDS = {
    ("4.4.8.8.in-addr.arpa", "PTR"): ["mail.example."],
    ("mail.example", "A"): [PUBLIC],
    ("4.4.8.8.list.example", "A"): ["127.0.0.3"],
    ("shop.example", "A"): [PUBLIC],
    ("shop.example", "MX"): ["10 mail.example."],
    ("shop.example", "TXT"): ['"v=spf1 mx -all"'],
    ("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=reject"'],
    ("shop.example", "NS"): ["ns.example."],
    ("ns.example", "A"): ["127.0.0.1"],
    ("shop.example", "SOA"): ["ns.example. root.example. 7 1 1 1 1"],
    ("xn--bcher-kva.example", "A"): ["203.0.113.9"],
}
SITES = (Site(domain="www.Shop.example"), Site(domain="bücher.example"))


@pytest.fixture
def names(monkeypatch):
    server = NameServer(RECORDS | {("www.shop.example", "A"): [PUBLIC]})
    monkeypatch.setattr("noc_console.audit.outside.asker.WITHIN_S", 30.0)
    monkeypatch.setattr(
        audit_outside, "Asker", lambda **_: Asker(server.resolver(), server.port, within_s=60.0)
    )
    yield server
    server.close()


@pytest.fixture
def authority(tmp_path, monkeypatch):
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    monkeypatch.setattr("noc_console.audit.outside.handshake.WITHIN_S", 30.0)
    return made


def judged(store, check_id, server, **limits):
    check = load_catalogue().checks[check_id]
    check = dataclasses.replace(check, limits={**check.limits, **limits})
    outcome = look(store, check, server, NOW)
    return judge(check, outcome, around())


def server_at(address, **more):
    return Server(id=1, name="web1", address=address, sites=SITES, **more)


def test_the_names_of_domains_and_address_are_judged(store, names):
    server = server_at(PUBLIC)

    assert found(judged(store, "DNS-01", server, lists=["list.example", "none.example"])) == {
        f"{PUBLIC} list.example": "fail",
        f"{PUBLIC} none.example": "info",
    }
    assert found(judged(store, "DNS-02", server)) == {PUBLIC: "pass"}
    assert found(judged(store, "DNS-03", server)) == {
        "shop.example": "pass",
        "xn--bcher-kva.example": "warn",
    }
    assert found(judged(store, "DNS-04", server)) == {
        "shop.example mail.example": "pass",
        "xn--bcher-kva.example -": "info",
    }
    assert found(judged(store, "DNS-05", server)) == {
        "www.shop.example here": "pass",
        "xn--bcher-kva.example elsewhere": "warn",
    }
    assert found(judged(store, "DNS-06", server))["shop.example ns.example"] == "pass"


def test_no_more_domains_than_the_limit_are_looked_at_and_that_is_said(store, names):
    result = judged(store, "DNS-05", server_at(PUBLIC), most=1)

    assert found(result) == {"www.shop.example here": "pass", "": "info"}
    assert "left out: 1 " in result.findings[-1].sentence


def test_a_private_address_is_on_no_list(store, names):
    for check_id in ("DNS-01", "DNS-02"):
        assert judged(store, check_id, server_at("10.0.0.7")).result.value == "not applicable"


def test_a_server_without_sites_has_no_domains(store, names):
    bare = Server(id=1, name="web1", address=PUBLIC)

    for check_id in ("DNS-03", "DNS-04", "DNS-05", "DNS-06", "TLS-01"):
        assert judged(store, check_id, bare).result.value == "not applicable"


def test_the_certificates_of_sites_are_asked_of_the_server_itself(store, authority):
    opened = TlsPort(authority.issue(["www.shop.example"]))
    try:
        result = judged(store, "TLS-01", server_at("127.0.0.1"), ports=[opened.port])
    finally:
        opened.close()

    assert found(result) == {
        f"www.shop.example:{opened.port}": "pass",
        f"xn--bcher-kva.example:{opened.port}": "fail",
    }
    assert "is for www.shop.example, not for" in result.findings[1].sentence


def test_the_certificates_of_mail_are_for_the_servers_name(store, authority):
    whole = TlsPort(authority.issue(["localhost"]), tls_servers.SMTP)
    plain = TlsPort(talk=tls_servers.POP3_PLAIN)
    ports = [f"{whole.port} smtp", f"{plain.port} pop3"]
    try:
        result = judged(store, "TLS-02", server_at("localhost"), ports=ports)
    finally:
        whole.close()
        plain.close()

    assert found(result) == {f"smtp {whole.port}": "pass", f"pop3 {plain.port}": "warn"}


def test_where_no_mail_port_is_open_there_is_nothing_to_judge(store, names):
    with socket.socket() as taken:  # and nobody listens
        taken.bind(("127.0.0.1", 0))
        ports = [f"{taken.getsockname()[1]} smtp"]

        result = judged(store, "TLS-02", server_at("127.0.0.1"), ports=ports)

    assert result.result.value == "not applicable"


def test_a_server_behind_another_has_no_outside_here(store):
    behind = server_at("10.0.0.7", jumps=("gate",))
    here = Server(id=1, name="desk", kind=ServerKind.THIS_MACHINE)

    for server in (behind, here):
        with pytest.raises(NoOutside):
            judged(store, "TLS-02", server)
