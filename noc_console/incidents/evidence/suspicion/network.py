"""Who holds the connections, and who asks the web server for what. Pure: no I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from noc_console.incidents.evidence.suspicion.finding import (
    ExhibitText,
    Finding,
    ShownLine,
    number_of,
    of_collector,
    shown,
    span_words,
)

MANY = 80
_PORTS = {
    "80": "web",
    "443": "web",
    "8080": "web",
    "25": "mail",
    "465": "mail",
    "587": "mail",
    "22": "SSH",
    "53": "DNS",
    "110": "POP3",
    "143": "IMAP",
    "993": "IMAP",
    "995": "POP3",
    "21": "FTP",
    "3306": "MySQL",
    "5432": "PostgreSQL",
}


@dataclass(slots=True)
class _Look:
    """One look at the connections: per port, and per (port, peer)."""

    total: float = 0.0
    ports: dict[str, float] = field(default_factory=dict)
    peers: dict[tuple[str, str], float] = field(default_factory=dict)
    lines: dict[tuple[str, str], list[ShownLine]] = field(default_factory=dict)
    half_open: float = 0.0
    half_open_line: ShownLine | None = None
    waiting: dict[str, ShownLine] = field(default_factory=dict)
    """By port: connections that the program has not accepted yet."""


def of_connections(exhibits: Sequence[ExhibitText]) -> list[Finding]:
    """Tell which peer, or which port, holds very many connections to this server."""
    looks = of_collector(exhibits, "connections")
    if not looks:
        return []
    read = [(look, _read(look)) for look in looks]
    first, before = read[0]
    last, after = max(read, key=lambda one: one[1].total)
    found = [*_of_peers(after), *_of_flood(after)]
    if after.total - before.total > MANY and not found:
        found += _of_ports(before, after, span_words(first, last))
    return found


def _of_peers(look: _Look) -> list[Finding]:
    found = []
    for (port, peer), count in look.peers.items():
        share = count / max(1.0, look.ports.get(port, count))
        if count < MANY or share < 0.3:
            continue
        service = _PORTS.get(port, "")
        what = f"port {port} ({service})" if service else f"port {port}"
        waiting = look.waiting.get(port)
        queue = f"; {_waiting_words(waiting)}" if waiting is not None else ""
        found.append(
            Finding(
                who=f"address {peer}",
                words=f"{peer} holds {count:,.0f} of {look.ports.get(port, count):,.0f} "
                f"connections to {what}{queue}",
                score=min(0.95, 0.35 + 0.35 * share + min(0.25, count / 2000.0)),
                lines=(*look.lines[(port, peer)][:3], *([waiting] if waiting else [])),
            )
        )
    return found


def _waiting_words(line: ShownLine) -> str:
    """Say how many wait: the line is `waiting-to-be-accepted 443 23 of 64`."""
    return f"{' '.join(line.text.split()[2:])} wait to be accepted"


def _of_flood(look: _Look) -> list[Finding]:
    if look.half_open < 2 * MANY or look.half_open < 0.5 * look.total:
        return []
    line = look.half_open_line
    return [
        Finding(
            who="half-open connections",
            words=f"{look.half_open:,.0f} of {look.total:,.0f} connections are half-open: "
            "a SYN flood, or a link that loses packets",
            score=0.9,
            lines=() if line is None else (line,),
        )
    ]


def _of_ports(before: _Look, after: _Look, span: str) -> list[Finding]:
    found = []
    for port, count in after.ports.items():
        grown = count - before.ports.get(port, 0.0)
        if grown > MANY:
            service = _PORTS.get(port, f"port {port}")
            lines = [lines[0] for (at, _), lines in after.lines.items() if at == port]
            found.append(
                Finding(
                    who=f"visitors of {service}",
                    words=f"connections to {service} {grown:+,.0f} in {span}, from many addresses",
                    score=min(0.7, 0.3 + grown / 2000.0),
                    lines=tuple(lines[:3]),
                )
            )
    return found


def _read(exhibit: ExhibitText) -> _Look:
    look = _Look()
    for place, line in exhibit.lines():
        words = line.split()
        match words:
            case ["total", count]:
                look.total = number_of(count)
            case ["state", "SYN-RECV", count]:
                look.half_open = number_of(count)
                look.half_open_line = shown(exhibit, place, line)
            case ["waiting-to-be-accepted", port, *_]:
                look.waiting[port] = shown(exhibit, place, line)
            case ["port", "in", port, count]:
                look.ports[port] = number_of(count)
            case ["peer", "in", port, peer, _state, count]:
                key = port, peer
                look.peers[key] = look.peers.get(key, 0.0) + number_of(count)
                look.lines.setdefault(key, []).append(shown(exhibit, place, line))
    return look


def of_requests(exhibits: Sequence[ExhibitText]) -> list[Finding]:
    """Tell which address asks for most of a busy log's last pages, and for what."""
    looks = of_collector(exhibits, "web-requests")
    if not looks:
        return []
    found = []
    for log, told in _logs(looks[-1]).items():
        total = told.get("requests", [(0.0, "", None)])[0][0]
        if total < 2 * MANY:
            continue
        asked = max(told.get("path", [(0.0, "", None)]), key=lambda one: one[0])
        for count, peer, line in told.get("from", []):
            share = count / total
            if share < 0.4:
                continue
            where = f", most often {asked[1]}" if asked[0] > 0.3 * total else ""
            lines = tuple(one for one in (line, asked[2]) if one is not None)
            found.append(
                Finding(
                    who=f"address {peer}",
                    words=f"{peer} made {share:.0%} of the last {total:,.0f} requests in {log}"
                    f"{where}",
                    score=0.2 + 0.2 * share,
                    lines=lines,
                )
            )
    return found


def _logs(
    exhibit: ExhibitText,
) -> Mapping[str, dict[str, list[tuple[float, str, ShownLine | None]]]]:
    """Give, by log, the counts of each kind: requests, from, path."""
    found: dict[str, dict[str, list[tuple[float, str, ShownLine | None]]]] = {}
    log = ""
    for place, line in exhibit.lines():
        kind, _, rest = line.partition(" ")
        if kind == "log":
            log = rest
            continue
        count, _, name = rest.partition(" ")
        if kind in {"requests", "from", "path"}:
            rows = found.setdefault(log, {}).setdefault(kind, [])
            rows.append((number_of(count), name, shown(exhibit, place, line)))
    return found
