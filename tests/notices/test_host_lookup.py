"""Where support's hosts lead is asked of a name server, and waited for within bounds."""

import socket
import threading
import time

import dns.message
import dns.resolver
import dns.rrset
import pytest

from noc_console.notices.host_lookup import look_up

GENEROUS_S = 30.0
ANSWERS = {
    ("status.example.", "A"): "192.0.2.7",
    ("status.example.", "AAAA"): "2001:db8::7",
    ("mail.example.", "MX"): "10 mx.example.",
    ("mx.example.", "A"): "192.0.2.25",
    ("bare.example.", "A"): "192.0.2.80",
}


class NameServer(threading.Thread):
    """A name server on loopback that knows a few names and is silent about one."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))

    def run(self):
        while True:
            words, peer = self.socket.recvfrom(4096)
            if not words:
                return
            question = dns.message.from_wire(words)
            asked = question.question[0]
            if asked.name.to_text() == "silent.example.":
                continue
            reply = dns.message.make_response(question)
            kind = dns.rdatatype.to_text(asked.rdtype)
            if told := ANSWERS.get((asked.name.to_text(), kind)):
                reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, told))
            self.socket.sendto(reply.to_wire(), peer)


@pytest.fixture
def resolver():
    server = NameServer()
    server.start()
    asking = dns.resolver.Resolver(configure=False)
    asking.nameservers = ["127.0.0.1"]
    asking.port = server.socket.getsockname()[1]
    yield asking
    server.socket.sendto(b"", server.socket.getsockname())
    server.join()
    server.socket.close()


def test_a_host_leads_to_its_addresses_and_mail_to_its_exchangers(resolver):
    hosts = ["status.example", "@mail.example", "@bare.example", "none.example", "192.0.2.9"]

    assert look_up(hosts, GENEROUS_S, resolver) == {
        "status.example": frozenset({"192.0.2.7", "2001:db8::7"}),
        "@mail.example": frozenset({"mx.example", "192.0.2.25"}),
        "@bare.example": frozenset({"192.0.2.80"}),
        "192.0.2.9": frozenset({"192.0.2.9"}),
    }


def test_a_silent_name_server_is_waited_for_no_longer_than_said(resolver):
    begun = time.monotonic()

    assert look_up(["silent.example", "@silent.example"], 0.5, resolver) == {}
    assert time.monotonic() - begun < GENEROUS_S


def test_nothing_is_asked_for_no_host():
    assert look_up([]) == {}
