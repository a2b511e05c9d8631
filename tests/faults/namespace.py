"""A host of its own on this machine: a network namespace at the other end of a veth pair."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="a network namespace needs root"
)
_numbers = itertools.count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A host at `address`; `enter` are the words that run a command on it."""

    name: str
    address: str
    here: str

    @property
    def enter(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name)

    def lose_packets(self) -> None:
        """Have whatever the host sends vanish, with nobody told: a firewall, a dead switch."""
        _ip("-n", self.name, "route", "add", "blackhole", f"{self.here}/32")

    def lose_no_more(self) -> None:
        _ip("-n", self.name, "route", "del", "blackhole", f"{self.here}/32")

    def pull_the_cable(self) -> None:
        _ip("-n", self.name, "link", "set", "eth9", "down")

    def plug_it_in(self) -> None:
        _ip("-n", self.name, "link", "set", "eth9", "up")


@contextmanager
def host() -> Iterator[Host]:
    """Make a host and remove it; addresses are those of RFC 2544, for tests of networks."""
    number = (os.getpid() * 8 + next(_numbers)) % 16000
    network, first = f"198.18.{number // 64}", number % 64 * 4
    here, there = f"{network}.{first + 1}", f"{network}.{first + 2}"
    name, link = f"noc-{os.getpid()}-{number}", f"noc{number}"
    _ip("netns", "add", name)
    try:
        _ip("link", "add", link, "type", "veth", "peer", "name", "eth9", "netns", name)
        _ip("addr", "add", f"{here}/30", "dev", link)
        _ip("link", "set", link, "up")
        for words in (("addr", "add", f"{there}/30", "dev", "eth9"), ("link", "set", "eth9", "up")):
            _ip("-n", name, *words)
        _ip("-n", name, "link", "set", "lo", "up")
        yield Host(name=name, address=there, here=here)
    finally:
        # sockets that linger would keep the namespace and its links for a while
        subprocess.run(["ip", "link", "del", link], check=False, capture_output=True)
        _ip("netns", "delete", name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
