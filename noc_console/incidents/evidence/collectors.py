"""What the flight recorder collects: the catalogue in resources/collectors, and its script.

A collector is data: a command, what it needs to be there, how long and how much it may take, how
often, and how soon it is left out when a server gets sicker.
"""

import shlex
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

from noc_console.resource import resource

MAX_BYTES = 512 * 1024
"""No collector may give more: a stream that sends more unasked is closed."""


class Sickness(IntEnum):
    """How much a server can still be asked."""

    EARLY = 0
    SICK = 1
    """Past a cut-off, or slow to answer: what is asked is thinned."""
    WITHOUT_FORK = 2
    """It starts no process any more: only what the shell itself can read is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """One thing that is collected. The most valuable has the lowest `order`.

    `sick_every_s` is the pace while the server is sick; 0 leaves it out then. `needs` are programs
    that must be there, `when` a shell test that must hold.
    """

    name: str
    title: str
    order: int
    every_s: float
    sick_every_s: float
    deadline_s: int
    max_bytes: int
    needs: tuple[str, ...]
    when: str
    forks: bool
    only_without_fork: bool
    command: str

    def __post_init__(self) -> None:
        """Refuse what would not be bounded."""
        if not 0 < self.deadline_s <= 30 or not 0 < self.max_bytes <= MAX_BYTES:
            raise ValueError(f"{self.name} is not bounded")

    def pace_s(self, sickness: Sickness) -> float | None:
        """Give the seconds between two times; None where it is not asked at all."""
        if sickness is Sickness.WITHOUT_FORK:
            return None if self.forks else self.sick_every_s
        if self.only_without_fork:
            return None
        if sickness is Sickness.SICK:
            return self.sick_every_s or None
        return self.every_s


@cache
def collectors() -> tuple[Collector, ...]:
    """Give the catalogue, the most valuable first."""
    found: list[Collector] = []
    for path in sorted(resource("collectors").glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [_collector(one) for one in content["collector"]]
    return tuple(sorted(found, key=lambda one: (one.order, one.name)))


def _collector(told: Mapping[str, Any]) -> Collector:
    return Collector(
        name=told["name"],
        title=told["title"],
        order=told["order"],
        every_s=float(told["every_s"]),
        sick_every_s=float(told["sick_every_s"]),
        deadline_s=told["deadline_s"],
        max_bytes=told["max_bytes"],
        needs=tuple(told["needs"]) if "needs" in told else (),
        when=told.get("when", ""),
        forks=told.get("forks", True),
        only_without_fork=told.get("only_without_fork", False),
        command=told["command"].strip("\n"),
    )


def title_of(name: str) -> str:
    """Give what a collector of that name is called; its name where the catalogue has it not."""
    return next((one.title for one in collectors() if one.name == name), name)


def loop_script(chosen: Sequence[Collector], nonce: str) -> bytes:
    """Give the script of the recorder's loop for some collectors, for a server's /bin/sh.

    `nonce` is in each of its markers: nothing that a server prints looks like one by chance.
    """
    cases = "".join(_case(one) for one in chosen)
    may_fork = "yes" if any(one.forks for one in chosen) else "no"
    head = (
        f"nonce={shlex.quote(nonce)}\nmay_fork={may_fork}\n"
        f"choose() {{\ncase $1 in\n{cases}*) return 1 ;;\nesac\n}}\n"
    )
    loop = resource("collectors", "loop.sh").read_text(encoding="utf-8")
    return head.encode() + loop.encode()


def ask_line(sequence: int, collector: Collector) -> bytes:
    """Give the line that asks the loop for one collector."""
    return f"collect {sequence} {collector.name}\n".encode("ascii")


def _case(one: Collector) -> str:
    words = {
        "needs": " ".join(one.needs),
        "when": one.when,
        "forks": "yes" if one.forks else "no",
        "deadline": str(one.deadline_s),
        "bytes": str(one.max_bytes),
        "command": one.command,
    }
    told = "\n".join(f"{name}={shlex.quote(value)}" for name, value in words.items())
    return f"{one.name})\n{told}\n;;\n"
