"""How one server's frames are laid out, learnt from one frame. Pure: no I/O, no clock.

From tick to tick the same words stand at the same places and only figures move. A layout is a
pattern of the whole frame: what must be the same stands in it as it is, and its groups hold the
figures that `parse` would read. Names of interfaces are groups too, so that servers with as many
share a pattern: to make one costs as much as reading hundreds of frames.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from sys import intern

from noc_console.fleet.inert import inert
from noc_console.telemetry.counted import MAX_PARTS, counted_disks, is_counted_interface
from noc_console.telemetry.parse import AVERAGE, CPU_TIMES, PRESSURES, SOCKETS

MEMORY = ("MemTotal:", "MemAvailable:", "SwapTotal:", "SwapFree:")

# no word can be read in two ways, so nothing is tried twice, whatever a server sends
_WORD = "[!-~]++"
_NAME = f"({_WORD})"
_WHOLE = "([0-9]{1,19}+)"
"""Below 2**64. What is written otherwise, or is larger, is left to `parse`."""

_POINTED = "([0-9.]{1,20}+)"
_BEGIN, _BREAK, _END = " ++", " ++", " *+\n"

Groups = tuple[bytes, ...]
Pick = Callable[[Sequence[bytes]], Groups]


class Unlike(Exception):
    """A frame is laid out in a way that is not followed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Counters of one kind: of which parts, and how many figures each part has."""

    name: str
    parts: tuple[str, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Numbers are those of the pattern's groups, from 0 on. Equal for servers that look alike.

    The first and the last group are the frame's sequence.
    """

    pattern: str
    names: tuple[tuple[str, int], ...]
    """Words that must be the same."""
    pointed: tuple[tuple[str, int], ...]
    """Metrics that are told with a point."""
    plain: tuple[tuple[str, int], ...]
    """Metrics that are whole numbers as they stand."""
    tasks: tuple[int, int]
    """Running, and all."""
    memory: tuple[int, ...]
    """Of what `MEMORY` names."""
    boot: int | None
    kinds: tuple[tuple[Kind, tuple[int, ...]], ...]


def layout_of(text: str) -> Layout:
    """Give the layout of a frame that `frame` found well formed and `parse` understood.

    Raises:
        Unlike: it is not one of those that are followed.
    """
    finder = _Finder()
    section = ""
    for line in text.split("\n")[1:-2]:
        if line[0] == "@":
            section = line[3:] if line[1] == "+" else ""
            finder.pattern.append(f"{re.escape(line)}\n")
        else:
            finder.take(section, line.split())
    return finder.layout()


@dataclass(slots=True)
class _Finder:
    """What was found of a layout so far."""

    pattern: list[str] = field(default_factory=lambda: ["@frame ([0-9]++)\n"])
    groups: int = 1
    words: list[str] = field(default_factory=list)
    """The patterns of the words of the line that is taken."""
    names: list[tuple[str, int]] = field(default_factory=list)
    pointed: dict[str, int] = field(default_factory=dict)
    plain: dict[str, int] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    tasks: tuple[int, int] | None = None
    boot: int | None = None
    counts: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)

    def take(self, section: str, words: list[str]) -> None:
        """Take a line of content."""
        find = _FINDERS.get(section)
        if find is None or not words or words[0].startswith("@"):
            raise Unlike
        self.words = [_WORD] * len(words)
        find(self, section, words)
        self.pattern.append(f"{_BEGIN}{_BREAK.join(self.words)}{_END}")

    def fix(self, step: int, word: str) -> None:
        """Note that this word must stand here in the line."""
        self.words[step] = re.escape(word)

    def name(self, step: int, word: str) -> None:
        """Note the same of a word that others have otherwise."""
        self.names.append((intern(word), self.group(step, _NAME)))

    def whole(self, *steps: int) -> tuple[int, ...]:
        """Give the groups of the whole numbers that stand here in the line."""
        return tuple(self.group(step, _WHOLE) for step in steps)

    def group(self, step: int, pattern: str, groups: int = 1) -> int:
        """Give the first group of a word; a line's groups are asked for in order."""
        self.words[step] = pattern
        self.groups += groups
        return self.groups - groups

    def layout(self) -> Layout:
        """Give what was found."""
        disks = self.counts.get("disk")
        if disks is not None:
            self.counts["disk"] = {name: disks[name] for name in counted_disks(list(disks))}
        kinds = tuple(
            (
                Kind(name, tuple(map(intern, found)), len(next(iter(found.values()), ()))),
                tuple(group for groups in found.values() for group in groups),
            )
            for name, found in self.counts.items()
        )
        is_usual = "uptime_s" in self.pointed and set(self.memory) == set(MEMORY)
        if (
            not is_usual
            or self.tasks is None
            or any(len(one.parts) > MAX_PARTS for one, _ in kinds)
        ):
            raise Unlike
        return Layout(
            pattern=intern("".join([*self.pattern, "@end ([0-9]++)\n"])),
            names=tuple(self.names),
            pointed=tuple(self.pointed.items()),
            plain=tuple(self.plain.items()),
            tasks=self.tasks,
            memory=tuple(self.memory[name] for name in MEMORY),
            boot=self.boot,
            kinds=kinds,
        )

    def count(self, kind: str, part: str, groups: tuple[int, ...]) -> None:
        """Note the groups of a part's counters."""
        counts = self.counts.setdefault(kind, {})
        if part in counts or inert(part, 32) != part:
            raise Unlike
        counts[part] = groups


def _uptime(finder: _Finder, _section: str, _words: list[str]) -> None:
    if "uptime_s" in finder.pointed:
        raise Unlike
    finder.pointed["uptime_s"] = finder.group(0, _POINTED)


def _load(finder: _Finder, _section: str, words: list[str]) -> None:
    if finder.tasks is not None or len(words) < 4:
        raise Unlike
    for step, name in enumerate((1, 5, 15)):
        finder.pointed[f"load{name}"] = finder.group(step, _POINTED)
    running = finder.group(3, f"{_WHOLE}/{_WHOLE}", 2)
    finder.tasks = running, running + 1


def _memory(finder: _Finder, _section: str, words: list[str]) -> None:
    if words[0] in finder.memory or len(words) < 2:
        raise Unlike
    finder.fix(0, words[0])
    (finder.memory[words[0]],) = finder.whole(1)


def _pressure(finder: _Finder, section: str, words: list[str]) -> None:
    metric = PRESSURES[section].get(words[0])
    finder.fix(0, words[0])
    if metric is None:
        return  # the kernel tells `full` of the CPU too, which is always zero
    if metric in finder.pointed or len(words) < 2:
        raise Unlike
    finder.pointed[metric] = finder.group(1, f"{AVERAGE}{_POINTED}")


def _sockets(finder: _Finder, _section: str, words: list[str]) -> None:
    finder.fix(0, words[0])
    for step in range(1, len(words) - 1, 2) if words[0] == "TCP:" else ():
        finder.fix(step, words[step])
        metric = SOCKETS.get(words[step])
        if metric in finder.plain:
            raise Unlike
        if metric is not None:
            (finder.plain[metric],) = finder.whole(step + 1)


def _tcp(finder: _Finder, _section: str, words: list[str]) -> None:
    if words[0] != "Tcp:" or "tcp_established" in finder.plain:
        raise Unlike
    finder.fix(0, words[0])
    if not finder.headings:
        for step, word in enumerate(words):
            finder.fix(step, word)
        finder.headings = words
    elif "CurrEstab" in finder.headings and len(words) == len(finder.headings):
        (finder.plain["tcp_established"],) = finder.whole(finder.headings.index("CurrEstab"))
    else:
        raise Unlike


def _stat(finder: _Finder, _section: str, words: list[str]) -> None:
    name = words[0]
    finder.fix(0, name)
    if name.startswith("cpu"):
        core = name[3:]
        if len(words) <= CPU_TIMES or (core and str(int(core, 10)) != core):
            raise Unlike
        times = finder.whole(*range(1, 1 + CPU_TIMES))
        finder.count("cores" if core else "cpu", core or "cpu", times)
    elif name == "procs_blocked" and "tasks_blocked" not in finder.plain and len(words) > 1:
        (finder.plain["tasks_blocked"],) = finder.whole(1)
    elif name == "btime" and finder.boot is None and len(words) > 1:
        (finder.boot,) = finder.whole(1)
    else:
        raise Unlike


def _paging(finder: _Finder, _section: str, words: list[str]) -> None:
    finder.fix(0, words[0])
    if len(words) < 2:
        raise Unlike
    counter = finder.whole(1)
    finder.count("vmstat", words[0], counter)
    if words[0] == "oom_kill":
        (finder.plain["oom_kills"],) = counter


def _network(finder: _Finder, _section: str, words: list[str]) -> None:
    name = words[0].removesuffix(":")
    if ":" in name or name == words[0] or len(words) < 10:
        raise Unlike
    finder.name(0, words[0])
    finder.counts.setdefault("net", {})
    if is_counted_interface(name):
        finder.count("net", name, finder.whole(1, 9))


def _disk(finder: _Finder, _section: str, words: list[str]) -> None:
    if len(words) < 13:
        raise Unlike
    finder.name(2, words[2])
    finder.count("disk", words[2], finder.whole(5, 9, 12))


_FINDERS = {
    "uptime": _uptime,
    "loadavg": _load,
    "meminfo": _memory,
    "stat": _stat,
    "vmstat": _paging,
    "net/dev": _network,
    "diskstats": _disk,
    "net/sockstat": _sockets,
    "net/snmp": _tcp,
    **dict.fromkeys(PRESSURES, _pressure),
}


def picker(groups: Sequence[int]) -> Pick:
    """Give what picks these groups."""
    if len(groups) > 1:
        return itemgetter(*groups)
    return lambda found: tuple(found[group] for group in groups)
