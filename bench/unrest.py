"""Something to measure: CPU that comes and goes, memory taken and given back, and traffic.

Traffic goes over a pair of interfaces of its own between here and a network namespace, because
loopback is no part of a server's totals. Everything is gone afterwards.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

INTERFACE = "truth0"
HERE, THERE = "198.51.100.1", "198.51.100.2"  # TEST-NET-2, RFC 5737
PORT = 9999

_BURN = """
import itertools, time
for share in itertools.cycle((0.1, 0.6, 0.3, 0.9, 0.0, 0.45)):
    until = time.monotonic() + 7
    while (now := time.monotonic()) < until:
        while time.monotonic() < now + 0.1 * share:
            pass
        time.sleep(0.1 * (1 - share))
"""
_FILL = """
import time
while True:
    held = bytearray(b"x") * (256 * 1024 * 1024)
    time.sleep(15)
    del held
    time.sleep(10)
"""
_SEND = """
import itertools, socket, sys, time
mine, other, port, per_s = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((mine, port))  # what arrives is dropped unread; the interface counts it all the same
for share in itertools.cycle((1, 3, 2, 5, 1)):
    until = time.monotonic() + 11
    while time.monotonic() < until:
        for _ in range(per_s * share // 20):
            try:
                sock.sendto(b"x" * 1000, (other, port))
            except OSError:
                pass
        time.sleep(0.05)
"""


def may_make_traffic() -> bool:
    """Whether interfaces and namespaces can be made: by root on Linux."""
    return sys.platform == "linux" and os.geteuid() == 0


@contextmanager
def unrest() -> Iterator[None]:
    """Stir this machine."""
    with ExitStack() as stack:
        stack.enter_context(_running(sys.executable, "-c", _BURN))
        stack.enter_context(_running(sys.executable, "-c", _FILL))
        if may_make_traffic():
            inside = stack.enter_context(_namespace())
            away = (*inside, sys.executable, "-c", _SEND, THERE, HERE, str(PORT), "800")
            stack.enter_context(_running(*away))
            stack.enter_context(
                _running(sys.executable, "-c", _SEND, HERE, THERE, str(PORT), "300")
            )
        yield


@contextmanager
def _running(*command: str) -> Iterator[int]:
    process = subprocess.Popen(command)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


@contextmanager
def _namespace() -> Iterator[tuple[str, ...]]:
    """Give the words that run a command at the other end of `INTERFACE`."""
    name = f"noc-truth-{os.getpid()}"
    inside = ("ip", "netns", "exec", name)
    _ip("netns", "add", name)
    try:
        _ip("link", "add", INTERFACE, "type", "veth", "peer", "name", "truth1", "netns", name)
        _ip("addr", "add", f"{HERE}/30", "dev", INTERFACE)
        _ip("link", "set", INTERFACE, "up")
        _ip("-n", name, "addr", "add", f"{THERE}/30", "dev", "truth1")
        _ip("-n", name, "link", "set", "truth1", "up")
        yield inside
    finally:
        # sockets that linger would keep the namespace and its links for a while
        subprocess.run(["ip", "link", "del", INTERFACE], check=False, capture_output=True)
        _ip("netns", "delete", name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
