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

_DIGITS = re.compile(r"[0-9]+")
_PLACES = 9
_LONGEST_KEY = 160
"""Names beyond it sort as if they ended there: numpy gives each key the room of the longest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchText:
    """A server's words in lower case, each between two line ends, so that whole ones are found."""

    everything: str = ""
    """Name, address, groups, brand, sites and customers."""
    name: str = ""
    groups: str = ""
    sites: str = ""
    customers: str = ""

    @classmethod
    def of(cls, server: Server) -> "SearchText":
        """Give the words of a server."""
        sites = _lines(site.domain for site in server.sites)
        customers = _lines(dict.fromkeys(site.customer for site in server.sites))
        others = _lines((server.name, server.address, *server.groups, server.brand))
        return cls(
            everything=f"{others}{sites}{customers}",
            name=_lines((server.name,)),
            groups=_lines(server.groups),
            sites=sites,
            customers=customers,
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


def natural(text: str) -> str:
    """Give a key that sorts as people count: web2 before web10, whatever the case."""
    return _DIGITS.sub(lambda found: found[0].zfill(_PLACES), text.casefold())[:_LONGEST_KEY]


def ranks(keys: Sequence[str]) -> NDArray[np.int32]:
    """Give each key's place among all; equal keys have one place.

    numpy sorts text without holding the interpreter: a sort by Python would stop the window.
    """
    _, places = np.unique(np.array(keys, dtype=np.str_), return_inverse=True)
    return places.astype(np.int32)


def _lines(words: Iterable[str]) -> str:
    found = "\n".join(word for word in words if word).lower()
    return f"\n{found}\n" if found else ""
