"""What a bulk edit changes on each of many servers; what is None or empty stays as it is.

Pure: no Qt, no I/O, no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from noc_console.fleet.server import Authentication, Server, ServerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """Only fields that are set change. Words are added and removed, never replaced as a list."""

    add_groups: tuple[str, ...] = ()
    remove_groups: tuple[str, ...] = ()
    add_services: tuple[str, ...] = ()
    remove_services: tuple[str, ...] = ()
    user: str | None = None
    port: int | None = None
    authentication: Authentication | None = None
    key_file: str | None = None
    jumps: tuple[str, ...] | None = None
    tick_s: int | None = None
    brand: str | None = None
    notes_line: str = ""
    """A line added at the end of the notes."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return self == BulkChange()

    def apply(self, server: Server) -> Server:
        """Give the server with the change; how it is reached stays for this machine.

        Raises:
            InvalidServer: the changed server cannot be right.
        """
        changed = replace(
            server,
            groups=_with(server.groups, self.add_groups, self.remove_groups),
            expected_services=_with(
                server.expected_services, self.add_services, self.remove_services
            ),
            tick_s=self.tick_s or server.tick_s,
            brand=_or(self.brand, server.brand),
            notes=_with_line(server.notes, self.notes_line),
        )
        return self._reached(changed) if server.kind is ServerKind.SSH else changed

    def _reached(self, server: Server) -> Server:
        jumps = server.jumps if self.jumps is None else self.jumps
        return replace(
            server,
            user=_or(self.user, server.user),
            port=self.port or server.port,
            authentication=self.authentication or server.authentication,
            key_file=_or(self.key_file, server.key_file),
            jumps=tuple(name for name in jumps if name != server.name),
        )


def changed_servers(change: BulkChange, servers: Iterable[Server]) -> tuple[Server, ...]:
    """Give those servers that the change makes different, changed.

    Raises:
        InvalidServer: one of them could not be right; the sentence names it.
    """
    pairs = ((server, change.apply(server)) for server in servers)
    return tuple(after for before, after in pairs if after != before)


def words_in(servers: Sequence[Server], field: str) -> tuple[str, ...]:
    """Give the groups or services that the servers have, sorted: what can be removed."""
    return tuple(sorted({word for server in servers for word in getattr(server, field)}))


def _or(wanted: str | None, before: str) -> str:
    return before if wanted is None else wanted


def _with(
    before: tuple[str, ...], added: tuple[str, ...], removed: tuple[str, ...]
) -> tuple[str, ...]:
    kept = (word for word in (*before, *added) if word not in removed)
    return tuple(dict.fromkeys(kept))


def _with_line(before: str, line: str) -> str:
    if not line:
        return before
    return f"{before.rstrip()}\n{line}" if before.strip() else line
