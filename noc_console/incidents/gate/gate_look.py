"""Reading how a server stands: the script that is sent, and its output as a `Snapshot`.

No I/O but the program's own files, no clock. Any bytes give what could be read, never an exception.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import Enum

from noc_console.fleet.inert import inert
from noc_console.incidents.gate.gate import Snapshot
from noc_console.incidents.gate.gate_comparison import FAILED, RUNNING
from noc_console.resource import resource

MAX_BYTES = 256 * 1024
MOST = 2000
"""Lines of one kind that are taken."""

HIGHEST_PORT = 32767
"""Above begin the ports that programs are given at random (ip_local_port_range)."""

HIGHEST_UDP_PORT = 1023
"""A UDP port above it is more often a question of this server than a service."""


class LookPart(Enum):
    """What is looked at, each with its own deadline; the most valuable first."""

    MACHINE = "machine"
    MOUNTS = "mounts"
    PORTS = "ports"
    SERVICES = "services"
    SESSIONS = "sessions"


DEADLINES_S: Mapping[LookPart, float] = {
    LookPart.MACHINE: 8.0,
    LookPart.MOUNTS: 5.0,
    LookPart.PORTS: 8.0,
    LookPart.SERVICES: 20.0,
    LookPart.SESSIONS: 5.0,
}

_NOT_REAL = re.compile(
    r"autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|dev(pts|tmpfs)|efivarfs|fusectl|hugetlbfs"
    r"|mqueue|nsfs|overlay|proc|pstore|ramfs|rpc_pipefs|securityfs|squashfs|sysfs|tmpfs|tracefs"
    r"|fuse\.(lxcfs|snapfuse)"
)
_OF_A_PERSON = re.compile(r"^(user@|user-runtime-dir@)|@\d+-")
"""Units that come and go with logins and connections."""

_ESCAPED = re.compile(r"\\([0-7]{3})")


def look_script(part: LookPart) -> bytes:
    """Give the script that looks at one part."""
    return b"part=%s\n%s" % (part.value.encode(), resource("gate", "look.sh").read_bytes())


def is_whole(part: LookPart, output: bytes) -> bool:
    """Whether a part was told to its end."""
    return output.rstrip().endswith(b"end " + part.value.encode())


def with_part(look: Snapshot, part: LookPart, output: bytes) -> Snapshot:
    """Give a look with one part added, as its script told it."""
    lines = [line.split(" ") for line in output.decode("utf-8", "replace").splitlines()]
    return _READERS[part](look, lines)


def without_part(look: Snapshot, part: LookPart, why: str) -> Snapshot:
    """Give a look in which one part is missing, and why."""
    return replace(look, missing=(*look.missing, f"{part.value}: {inert(why, 200)}"))


_Lines = Iterable[list[str]]


def _machine(look: Snapshot, lines: _Lines) -> Snapshot:
    said: dict[str, str] = {}
    programs = []
    for words in lines:
        if words[0] == "has" and len(words) == 2:
            programs.append(inert(words[1], 40))
        elif len(words) >= 2:
            said.setdefault(words[0], words[1])
    return replace(
        look,
        boot_id=inert(said.get("boot", ""), 64),
        booted_at_s=_whole(said.get("btime")),
        uptime_s=_figure(said.get("uptime")),
        kernel=inert(said.get("kernel", ""), 80),
        load1=_figure(said.get("load")),
        processes=_whole(said.get("processes")),
        init=inert(said.get("init", ""), 20),
        user_id=_whole(said.get("user")),
        programs=tuple(programs[:20]),
    )


def _mounts(look: Snapshot, lines: _Lines) -> Snapshot:
    found = [
        inert(_ESCAPED.sub(lambda code: chr(int(code[1], 8)), words[2]), 200)
        for words in lines
        if len(words) == 3 and words[0] == "mount" and _is_real(words[1], words[2])
    ]
    return replace(look, mounts=tuple(dict.fromkeys(found[:MOST])))


def _is_real(kind: str, point: str) -> bool:
    return _NOT_REAL.fullmatch(kind) is None or point == "/"


def _ports(look: Snapshot, lines: _Lines) -> Snapshot:
    found: dict[str, None] = {}
    for words in lines:
        if len(words) != 3 or words[0] != "port" or words[1] not in {"tcp", "udp"}:
            continue
        number = _hexadecimal(words[2])
        highest = HIGHEST_PORT if words[1] == "tcp" else HIGHEST_UDP_PORT
        if number is not None and 0 < number <= highest:
            found[f"{words[1]}:{number}"] = None
    return replace(look, ports=tuple(list(found)[:MOST]))


def _services(look: Snapshot, lines: _Lines) -> Snapshot:
    found: dict[str, str] = {}
    for words in lines:
        if len(words) != 4 or words[0] != "service" or len(found) >= MOST:
            continue
        name = inert(words[3], 120).removesuffix(".service")
        is_script = words[1] == "code"
        word = _BY_CODE.get(words[2], "") if is_script else _word_of(words[1], words[2])
        if word and not _OF_A_PERSON.search(name):
            found[name] = word
    return replace(look, services=found)


_BY_CODE = {"0": RUNNING, "1": FAILED, "2": FAILED, "3": "stopped"}
"""LSB 5.0, 22.2: 1 and 2 are dead with a pid or lock file left."""


def _word_of(active: str, sub: str) -> str:
    """Give one word for systemd's two; none for what neither runs nor should."""
    if active == "failed":
        return FAILED
    if active in {"active", "reloading"}:
        return "done" if sub == "exited" else RUNNING
    return "starting" if active == "activating" else "stopped" if active == "inactive" else ""


def _sessions(look: Snapshot, lines: _Lines) -> Snapshot:
    found = [inert(words[1], 40) for words in lines if words[0] == "session" and len(words) == 2]
    return replace(look, sessions=tuple(found[:MOST]))


_READERS: Mapping[LookPart, Callable[[Snapshot, _Lines], Snapshot]] = {
    LookPart.MACHINE: _machine,
    LookPart.MOUNTS: _mounts,
    LookPart.PORTS: _ports,
    LookPart.SERVICES: _services,
    LookPart.SESSIONS: _sessions,
}


def _figure(text: str | None) -> float | None:
    if text is None or not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,9})?", text, re.ASCII):
        return None
    return float(text)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 15 else None


def _hexadecimal(text: str) -> int | None:
    return int(text, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", text) else None
