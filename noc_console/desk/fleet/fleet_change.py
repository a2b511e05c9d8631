"""What is different between two lists of servers, and what is looked for and sorted by in each.

Pure: no Qt, no I/O, no clock. Of 50,000 servers it takes some tenths of a second: call it off the
GUI thread.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noc_console.fleet.server import Server

_WORD = 10**18
"""Sorts words after every number of 18 digits."""
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchText:
    """A server's words in lower case, each between two line ends, so that whole ones are found."""

    words: str
    """Name, address, groups and brand."""
    name: str
    groups: str
    sites: str
    customers: str

    @classmethod
    def of(cls, server: Server) -> "SearchText":
        """Give the words of a server."""
        sites = server.sites
        return cls(
            words=_lines((server.name, server.address, *server.groups, server.brand)),
            name=_lines((server.name,)),
            groups=_lines(server.groups),
            sites=_lines(site.domain for site in sites),
            customers=_lines(dict.fromkeys(site.customer for site in sites)),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FleetChange:
    """How to come from one list of servers to another."""

    gone: tuple[int, ...]
    """Ids of servers that are no longer there."""
    changed: tuple[tuple[Server, SearchText], ...]
    """Servers that are new or have other fields."""
    ids: NDArray[np.int64]
    """Ids of all servers that are there now, and the place of each by name and by groups."""
    name_ranks: NDArray[np.int32]
    group_ranks: NDArray[np.int32]

    def parts(self, size: int) -> Iterator["FleetChange"]:
        """Give the same change in steps that each take a moment only, to be taken in order."""
        nobody = np.empty(0, dtype=np.int64)
        nothing = np.empty(0, dtype=np.int32)
        for first in range(0, max(len(self.changed), 1), size):
            is_last = first + size >= len(self.changed)
            yield FleetChange(
                gone=self.gone if first == 0 else (),
                changed=self.changed[first : first + size],
                ids=self.ids if is_last else nobody,
                name_ranks=self.name_ranks if is_last else nothing,
                group_ranks=self.group_ranks if is_last else nothing,
            )


def fleet_change(before: Mapping[int, Server], after: Sequence[Server]) -> FleetChange:
    """Give what changed; `before` holds servers by their id."""
    there = {server.id for server in after}
    return FleetChange(
        gone=tuple(server_id for server_id in before if server_id not in there),
        changed=tuple(
            (server, SearchText.of(server))
            for server in after
            if (known := before.get(server.id)) is not server and known != server
        ),
        ids=np.array([server.id for server in after], dtype=np.int64),
        name_ranks=ranks([natural(server.name) for server in after]),
        group_ranks=ranks([natural(", ".join(server.groups)) for server in after]),
    )


def natural(text: str) -> list[tuple[int, str]]:
    """Give a key that sorts as people count: web2 before web10, whatever the case."""
    parts = _DIGITS.split(text.casefold())
    return [(int(part[:18]), "") if part.isdecimal() else (_WORD, part) for part in parts if part]


def ranks(keys: Sequence[list[tuple[int, str]]]) -> NDArray[np.int32]:
    """Give each key's place among all; equal keys have one place."""
    places: dict[tuple[tuple[int, str], ...], int] = {}
    place = np.zeros(len(keys), dtype=np.int32)
    for at in sorted(range(len(keys)), key=keys.__getitem__):
        place[at] = places.setdefault(tuple(keys[at]), len(places))
    return place


def _lines(words: Iterable[str]) -> str:
    found = "\n".join(word for word in words if word).lower()
    return f"\n{found}\n" if found else ""
