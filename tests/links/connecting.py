"""Connecting in a test: one call that must work, one that must fail, and a port that is no sshd."""

import os
import socket
import struct
import threading
from contextlib import closing, contextmanager

import pytest

from noc_console.fleet.server import Server
from noc_console.links.ssh import LinkFailure, connect
from tests.links.conftest import QUICK, knowing
from tests.promised import assert_promised


def no_secret(_name, _kind):
    return None


def open_to(sshd, *, server=None, known=None, **options):
    return closing(
        connect(
            server or sshd.server(),
            known=known or knowing(sshd.host_key_line),
            secrets=options.pop("secrets", no_secret),
            timeouts=QUICK,
            **options,
        )
    )


def failure_of(sshd, **options):
    with pytest.raises(LinkFailure) as caught, open_to(sshd, **options):
        pass
    assert_promised(caught.value.failure)
    return caught.value.failure


def refusal_at(port, address="127.0.0.1"):
    with pytest.raises(LinkFailure) as caught:
        connect(
            Server(name="web", address=address, port=port, user="root"),
            known=knowing(),
            secrets=no_secret,
            timeouts=QUICK,
        )
    assert_promised(caught.value.failure)
    return caught.value.failure


@contextmanager
def listener(talk):
    """A port that talks as a hostile or sick server does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def serve():
            server.settimeout(0.1)
            while not stop.is_set():
                try:
                    sock, _ = server.accept()
                except TimeoutError:
                    continue
                with sock:
                    try:
                        talk(sock, stop)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            thread.join()


def hang(_sock, stop):
    stop.wait(30)


def shout(sock, stop):
    while not stop.is_set():
        sock.sendall(b"x" * 1000)


def shout_lines(sock, stop):
    while not stop.is_set():
        sock.sendall(b"hello\r\n" * 100)


def drip(sock, stop):
    while not stop.wait(0.1):
        sock.sendall(b"x")


def speak_garbage(sock, stop):
    sock.sendall(b"\xff\xfe\x00\x1b[2J\n" * 3)
    stop.wait(30)


def speak_http(sock, _stop):
    sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def reset(sock, _stop):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hello_then_nothing(sock, stop):
    sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    stop.wait(30)


def hello_then_garbage(sock, _stop):
    sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n" + os.urandom(5000))


def assert_no_login_was_tried(sshd):
    assert "Accepted" not in sshd.log
    assert "userauth" not in sshd.log
    assert "Failed" not in sshd.log
