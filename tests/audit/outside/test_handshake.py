"""A port's certificate is seen with each of its faults, by real handshakes."""

import socket
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.outside.handshake import Talk, is_for, look_at
from tests import tls_servers
from tests.tls_servers import Authority, TlsPort

GENEROUS_S = 30.0


@pytest.fixture
def authority(tmp_path, monkeypatch):
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def port_with():
    opened = []

    def give(certificate=None, talk=(), **more):
        opened.append(TlsPort(certificate, talk, **more))
        return opened[-1].port

    yield give
    for one in opened:
        one.close()


def seen(port, name="shop.example", talk=Talk.TLS):
    return look_at("127.0.0.1", port, name, talk, GENEROUS_S)


def test_a_certificate_that_holds_is_told_with_its_names_and_end(authority, port_with):
    port = port_with(authority.issue(["shop.example", "*.shop.example"]))

    shown = seen(port)

    assert (shown.state, shown.chain, shown.is_for_name) == ("shown", "well", True)
    assert (shown.issuer, shown.names) == ("Test Authority", ("shop.example", "*.shop.example"))
    assert shown.until_s > 0
    assert shown.protocol.startswith("TLSv1")


def test_each_fault_of_a_certificate_is_told_by_itself(authority, port_with, monkeypatch):
    ended = seen(port_with(authority.issue(["shop.example"], days=-3)))
    assert (ended.state, ended.chain, ended.is_for_name) == ("shown", "expired", True)

    other = seen(port_with(authority.issue(["other.example"])))
    assert (other.chain, other.is_for_name) == ("well", False)

    own = seen(port_with(authority.issue(["shop.example"], is_self_signed=True)))
    assert (own.chain, own.is_for_name) == ("self-signed", True)

    port = port_with(authority.issue(["shop.example"]))
    monkeypatch.delenv("SSL_CERT_FILE")
    assert seen(port).chain == "incomplete"


def test_a_port_without_tls_of_today_is_refused(authority, port_with):
    assert seen(port_with(talk=(b"HTTP/1.1 400 Bad Request\r\n\r\n",))).state == "refused"


@pytest.mark.parametrize(
    ("talk", "words"),
    [(Talk.SMTP, tls_servers.SMTP), (Talk.IMAP, tls_servers.IMAP), (Talk.POP3, tls_servers.POP3)],
)
def test_tls_that_begins_after_words_is_seen(authority, port_with, talk, words):
    port = port_with(authority.issue(["mail.example"]), words)

    shown = seen(port, "mail.example", talk)

    assert (shown.state, shown.chain, shown.is_for_name) == ("shown", "well", True)


@pytest.mark.parametrize(
    ("talk", "words"),
    [(Talk.SMTP, tls_servers.SMTP_PLAIN), (Talk.POP3, tls_servers.POP3_PLAIN)],
)
def test_mail_that_offers_no_tls_is_plain(port_with, talk, words):
    assert seen(port_with(talk=words), talk=talk).state == "plain"


def test_a_closed_port_and_a_silent_one_are_told_apart(port_with):
    with socket.socket() as taken:  # and nobody listens
        taken.bind(("127.0.0.1", 0))
        assert seen(taken.getsockname()[1]).state == "closed"

    silent = look_at("127.0.0.1", port_with(), "shop.example", Talk.SMTP, 0.3)
    assert silent.state == "silent"


def test_a_stranger_who_never_ends_his_line_is_left(port_with):
    assert seen(port_with(talk=(b"2" * 100_000,)), talk=Talk.SMTP).state == "silent"


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("shop.example", "SHOP.example.", True),
        ("*.shop.example", "www.shop.example", True),
        ("*.shop.example", "shop.example", False),
        ("*.shop.example", "a.b.shop.example", False),
        ("*.example", "shop.example", False),
        ("192.0.2.1", "192.0.2.1", True),
        ("shop.example", "", False),
        ("*", "shop", False),
    ],
)
def test_a_name_is_covered_as_browsers_hold_it(pattern, name, fits):
    assert is_for(pattern, name) is fits


@given(pattern=st.text(max_size=20), name=st.text(max_size=20))
def test_any_name_is_covered_or_not(pattern, name):
    assert is_for(pattern, name) in {True, False}


def test_only_what_is_newer_than_1_1_counts_as_tls(authority, port_with):
    certificate = authority.issue(["shop.example"])
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        port = port_with(certificate, newest=ssl.TLSVersion.TLSv1_1)

    assert seen(port).state == "refused"
