import contextlib
import os
import socket
import subprocess
import threading
import time

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.links import port
from noc_console.links.transport import HOST_KEY_ALGORITHMS, LinkTransport
from tests.links.connecting import (
    drip,
    failure_of,
    hang,
    hello_then_garbage,
    hello_then_nothing,
    listener,
    refusal_at,
    reset,
    shout,
    shout_lines,
    speak_garbage,
    speak_http,
)
from tests.sshd import free_port


def test_a_port_nobody_listens_on_refuses():
    failure = refusal_at(free_port())

    assert failure.kind is FailureKind.REFUSED


def test_a_name_nobody_knows_is_said():
    assert refusal_at(22, "no-such-name.invalid").kind is FailureKind.NAME_NOT_FOUND


def test_a_name_server_that_never_answers_is_not_waited_for(monkeypatch):
    """The one broken part: the system's own question for a name."""
    is_over = threading.Event()
    monkeypatch.setattr(port.socket, "getaddrinfo", lambda *_, **__: is_over.wait(60) and [])

    failure = refusal_at(22, "web.example.com")
    is_over.set()

    assert failure.kind is FailureKind.NAME_NOT_FOUND
    assert "was not found within 3 s" in failure.sentence


@pytest.mark.parametrize(
    ("talk", "kind", "words"),
    [
        (hang, FailureKind.NOT_SSH, "says no SSH hello"),
        (shout, FailureKind.NOT_SSH, "lines without end"),
        (shout_lines, FailureKind.NOT_SSH, "lines without end"),
        (drip, FailureKind.NOT_SSH, "lines without end"),
        (speak_garbage, FailureKind.NOT_SSH, "something else than SSH (\N{REPLACEMENT CHARACTER}"),
        (speak_http, FailureKind.NOT_SSH, "something else than SSH (HTTP/1.1 400 Bad Request)"),
        (reset, FailureKind.REFUSED, "before it says hello"),
        (hello_then_nothing, FailureKind.TIMED_OUT, "overloaded"),
        (hello_then_garbage, FailureKind.CONNECTION_LOST, "key exchange"),
    ],
)
def test_a_port_that_is_no_sshd_ends_in_time_with_one_sentence(talk, kind, words):
    started_s = time.monotonic()
    with listener(talk) as port:
        failure = refusal_at(port)

    assert failure.kind is kind, failure.sentence
    assert words in failure.sentence
    assert time.monotonic() - started_s < 15


def test_a_peer_that_hung_up_before_our_banner_closed_the_connection():
    ours, theirs = socket.socketpair()
    theirs.close()
    transport = LinkTransport(ours, host_key_algorithms=HOST_KEY_ALGORITHMS, weak=False)

    with pytest.raises(EOFError):
        transport.greet(5)

    assert transport.was_closed_by_peer


def test_a_frozen_sshd_ends_in_time(sshd):
    sshd.pause()
    started_s = time.monotonic()
    try:
        failure = failure_of(sshd)
    finally:
        sshd.resume()

    assert failure.kind in {FailureKind.NOT_SSH, FailureKind.TIMED_OUT}
    assert time.monotonic() - started_s < 15


def the_only_one_let_in(sshd):
    """Give a connection that sshd greeted; it may still count the one that looked for its port."""
    ends_s = time.monotonic() + 60
    while time.monotonic() < ends_s:
        sock = socket.create_connection((sshd.address, sshd.port), 60)
        with contextlib.suppress(ConnectionResetError):
            if sock.recv(4) == b"SSH-":
                return sock
        sock.close()
    raise RuntimeError(f"sshd greeted nobody: {sshd.log}")


def test_when_the_limit_of_connections_is_reached_the_sentence_says_so(unstarted):
    unstarted.options = {"MaxStartups": "1:100:1", "LoginGraceTime": "120"}
    sshd = unstarted.start()
    with the_only_one_let_in(sshd):
        failure = failure_of(sshd)

    assert failure.kind is FailureKind.REFUSED
    assert "MaxStartups" in failure.sentence


@pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root")
def test_a_host_that_drops_every_packet_ends_in_time():
    subprocess.run(["ip", "route", "add", "blackhole", "192.0.2.77/32"], check=False)
    subprocess.run(["ip", "route", "replace", "192.0.2.78/32", "dev", "lo"], check=True)
    started_s = time.monotonic()
    try:
        unroutable = refusal_at(22, "192.0.2.77")
    finally:
        subprocess.run(["ip", "route", "del", "blackhole", "192.0.2.77/32"], check=True)
        subprocess.run(["ip", "route", "del", "192.0.2.78/32"], check=True)

    assert unroutable.kind in {FailureKind.UNREACHABLE, FailureKind.TIMED_OUT}
    assert time.monotonic() - started_s < 10
