"""Sets a file beside the fleet: what is new, what changes, what is so already. Pure.

A server is known again by its name, then by another name the file has for it, then by its address,
port and user. So the same file taken in twice changes nothing, and nothing is there twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from noc_console.fleet.importing.preview import (
    Action,
    FileServer,
    FleetFile,
    ImportPreview,
    ImportRow,
    fewest_lines,
)
from noc_console.fleet.server import Server, ServerKind

_LONGEST_VALUE = 60
_WORDS = {
    "key_file": "key file",
    "certificate_file": "certificate file",
    "jumps": "jump servers",
    "expected_services": "services",
    "tick_s": "tick",
    "allow_weak_algorithms": "weak algorithms",
}

Matches = Mapping[int, Server]
"""The server of the fleet that an entry of the file is, by the entry's place in the file."""


def compare(found: FleetFile, fleet: Sequence[Server]) -> ImportPreview:
    """Give what would come of taking the file in; the fleet is all servers there are."""
    doubled = _doubled(found.servers)
    matches = _match(found.servers, fleet, doubled)
    names = _names_there(found.servers, matches)
    known = {server.name for server in fleet}
    known |= {names[entry.server.name] for entry in found.servers if not entry.refused}
    rows = []
    for place, entry in enumerate(found.servers):
        if place in doubled:
            rows.append(_skip(entry, "The file has this name a second time."))
        else:
            rows.append(_row(_renamed(entry, names), matches.get(place), known))
    return ImportPreview(rows=tuple(rows), not_understood=fewest_lines(found.not_understood))


def _doubled(entries: Sequence[FileServer]) -> frozenset[int]:
    seen: set[str] = set()
    doubled = set()
    for place, entry in enumerate(entries):
        if entry.server.name in seen:
            doubled.add(place)
        seen.add(entry.server.name)
    return frozenset(doubled)


def _match(
    entries: Sequence[FileServer], fleet: Sequence[Server], doubled: frozenset[int]
) -> dict[int, Server]:
    """Names first for all entries, so that no address takes a server that another entry names."""
    by_name = {server.name: server for server in fleet}
    matches: dict[int, Server] = {}
    taken: set[int] = set()

    def claim(place: int, server: Server | None) -> None:
        if server is not None and place not in matches and server.id not in taken:
            matches[place] = server
            taken.add(server.id)

    places = [place for place in range(len(entries)) if place not in doubled]
    for place in places:
        claim(place, by_name.get(entries[place].server.name))
    for place in places:
        for alias in entries[place].aliases:
            claim(place, by_name.get(alias))
    by_address = _by_address(server for server in fleet if server.id not in taken)
    for place in places:
        if place not in matches:
            near = by_address.get(_address(entries[place].server), [])
            same = [one for one in near if one.id not in taken and _same_user(entries[place], one)]
            claim(place, same[0] if len(same) == 1 else None)
    return matches


def _by_address(servers: Iterable[Server]) -> dict[tuple[str, int], list[Server]]:
    found: dict[tuple[str, int], list[Server]] = {}
    for server in servers:
        if server.kind is ServerKind.SSH:
            found.setdefault(_address(server), []).append(server)
    return found


def _address(server: Server) -> tuple[str, int]:
    return server.address.casefold(), server.port


def _same_user(entry: FileServer, server: Server) -> bool:
    return "user" not in entry.spoken or entry.server.user == server.user


def _names_there(entries: Sequence[FileServer], matches: Matches) -> dict[str, str]:
    """Give for each name of the file the one the server has, or will have, in the fleet."""
    names: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for place, entry in enumerate(entries):
        there = matches[place].name if place in matches else entry.server.name
        names.setdefault(entry.server.name, there)
        aliases |= dict.fromkeys(entry.aliases, there)
    return aliases | names


def _renamed(entry: FileServer, names: Mapping[str, str]) -> FileServer:
    """Let jumps and partner follow the names that servers have in the fleet."""
    server = entry.server
    jumps = tuple(names.get(name, name) for name in server.jumps)
    partner = names.get(server.partner, server.partner)
    if (jumps, partner) == (server.jumps, server.partner):
        return entry
    return replace(entry, server=replace(server, jumps=jumps, partner=partner))


def _row(entry: FileServer, before: Server | None, known: set[str]) -> ImportRow:
    if entry.refused:
        return _skip(entry, entry.refused)
    if before is None:
        return _new(entry, known)
    if before.kind is ServerKind.THIS_MACHINE and entry.server.kind is ServerKind.SSH:
        return _skip(entry, "This name belongs to the machine that an engine runs on.")
    after = merge(before, entry)
    notes = list(entry.notes)
    if entry.server.name != before.name:
        notes.append(f"The file calls it {entry.server.name}.")
    if after == before:
        return ImportRow(server=before, action=Action.SAME, notes=tuple(notes), before=before)
    notes = [*_differences(before, after), *notes, *_unknown_jumps(after, known)]
    return ImportRow(server=after, action=Action.UPDATE, notes=tuple(notes), before=before)


def _new(entry: FileServer, known: set[str]) -> ImportRow:
    if entry.server.kind is ServerKind.THIS_MACHINE:
        return _skip(entry, "A machine that an engine runs on is added by that engine.")
    notes = (*entry.notes, *_unknown_jumps(entry.server, known))
    return ImportRow(server=entry.server, action=Action.ADD, notes=notes)


def _skip(entry: FileServer, why: str) -> ImportRow:
    return ImportRow(server=entry.server, action=Action.SKIP, notes=(why, *entry.notes))


def merge(before: Server, entry: FileServer) -> Server:
    """Give the server with what the file says of it; all else stays as it is.

    Groups are added to, never taken away; a variable takes the file's value.
    """
    told = entry.server
    fields: dict[str, Any] = {name: getattr(told, name) for name in entry.spoken}
    if "groups" in fields:
        new = dict.fromkeys(group for group in told.groups if group not in before.groups)
        fields["groups"] = (*before.groups, *new)
    if "variables" in fields:
        fields["variables"] = _merged_variables(before.variables, told.variables)
    if before.kind is ServerKind.THIS_MACHINE:
        fields.pop("address", None)  # it is known by its host name, kept as its address
    fields.pop("kind", None)
    return replace(before, **fields)


def _merged_variables(
    before: tuple[tuple[str, str], ...], told: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    if set(told) <= set(before):
        return before
    return tuple((dict(before) | dict(told)).items())


def _differences(before: Server, after: Server) -> list[str]:
    told = []
    for field in Server.__dataclass_fields__:
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            word = _WORDS.get(field, field)
            told.append(f"{word}: {_shown(old)} → {_shown(new)}")
    return told


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        text = ", ".join(_item(one) for one in value)
    else:
        text = str(getattr(value, "value", value))
    text = text or "nothing"
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _item(value: Any) -> str:
    if isinstance(value, tuple):
        return "=".join(value)
    return str(getattr(value, "label", getattr(value, "domain", value)))


def _unknown_jumps(server: Server, known: set[str]) -> list[str]:
    unknown = [name for name in server.jumps if name not in known]
    return [f"It is reached through {name}, which is not in the fleet." for name in unknown]
