"""Finds servers by their names and ids, in a fleet too large to be gone through by each key. Pure.

A composer asks for the same few again and again: the last answer is kept.
"""

from collections.abc import Mapping, Sequence

from noc_console.fleet.server import Server


class KnownServers:
    """The servers of a fleet as it was when the composer was opened."""

    def __init__(self, servers: Sequence[Server]) -> None:
        """Know these."""
        self._servers = servers
        self._ids: tuple[tuple[str, ...], Mapping[str, int]] = ((), {})
        self._names: tuple[tuple[int, ...], Mapping[int, str]] = ((), {})

    def ids_of(self, names: tuple[str, ...]) -> Mapping[str, int]:
        """Give the ids of those names that are a server's."""
        if self._ids[0] != names:
            wanted = set(names)
            found = {one.name: one.id for one in self._servers if one.name in wanted}
            self._ids = (names, found)
        return self._ids[1]

    def names_of(self, ids: tuple[int, ...]) -> Mapping[int, str]:
        """Give the names of those ids that are a server's."""
        if self._names[0] != ids:
            wanted = set(ids)
            self._names = (ids, {one.id: one.name for one in self._servers if one.id in wanted})
        return self._names[1]
