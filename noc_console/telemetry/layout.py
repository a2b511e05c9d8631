"""Where the words of one server's frames stand, learnt from one frame. Pure: no I/O, no clock.

From tick to tick the same words stand at the same places and only figures move. A layout says
which words must be the same and at which places the figures are that `parse` would read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from sys import intern

from noc_console.fleet.inert import inert
from noc_console.telemetry.counted import MAX_PARTS, counted_disks, is_counted_interface
from noc_console.telemetry.parse import AVERAGE, CPU_TIMES, PRESSURES, SOCKETS

LINE_END = "\0"
"""Stands among the words for the end of a line, so that equal words are equal lines."""

MEMORY = ("MemTotal:", "MemAvailable:", "SwapTotal:", "SwapFree:")

_PLAIN = bytes(range(ord(" "), ord("~") + 1)) + b"\n"

Words = list[str]
Pick = Callable[[Words], tuple[str, ...]]


class Unlike(Exception):
    """A frame is laid out in a way that is not followed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Counters of one kind: of which parts, and how many figures each part has."""

    name: str
    parts: tuple[str, ...]
    width: int

    def grouped(self, numbers: Sequence[int]) -> list[tuple[int, ...]]:
        """Give the counters of each part, of those of all parts in a row."""
        return list(zip(*(iter(numbers),) * self.width, strict=True))


@dataclass(frozen=True, slots=True)
class Layout:
    """Places are indexes into the words of a frame. Equal for all servers that look alike."""

    contents: int
    """Lines of content."""
    markers: int
    """Other lines, without the first."""
    fixed: tuple[tuple[str, int], ...]
    floats: tuple[tuple[str, int], ...]
    averages: tuple[tuple[str, int], ...]
    """Of pressure: words such as `avg10=0.52`."""
    plain: tuple[tuple[str, int], ...]
    """Whole numbers that are values as they stand."""
    tasks: int
    memory: tuple[int, ...]
    """Of what `MEMORY` names."""
    boot: int | None
    kinds: tuple[tuple[Kind, tuple[int, ...]], ...]


def words_of(text: str) -> Words:
    """Give the words of a frame, with one for the end of each line."""
    return text.replace("\n", f" {LINE_END} ").split()


def is_plain(content: bytes) -> bool:
    """Whether bytes are lines of printable ASCII, in which words can only end at spaces."""
    return not content.translate(None, _PLAIN)


def layout_of(text: str) -> Layout:
    """Give the layout of a frame that `frame` found well formed and `parse` understood.

    Raises:
        Unlike: it is not one of those that are followed.
    """
    finder = _Finder()
    section = ""
    place = 0
    for line in text.split("\n")[:-1]:
        words = line.split()
        if line[0] == "@":
            section = " ".join(words[1:]) if words[0] == "@+" else ""
            if words[0] in {"@+", "@-"}:
                for step, word in enumerate(words):
                    finder.fix(place + step, word)
        else:
            finder.take(section, place, words)
        place += len(words) + 1
        finder.fix(place - 1, LINE_END)
    return finder.layout(text.count("\n "), text.count("\n@"))


@dataclass(slots=True)
class _Finder:
    """What was found of a layout so far."""

    fixed: dict[int, str] = field(default_factory=dict)
    floats: dict[str, int] = field(default_factory=dict)
    averages: dict[str, int] = field(default_factory=dict)
    plain: dict[str, int] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    tasks: int | None = None
    boot: int | None = None
    counts: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)

    def fix(self, place: int, word: str) -> None:
        """Note that this word must stand here."""
        self.fixed[place] = intern(word)

    def take(self, section: str, place: int, words: Words) -> None:
        """Take a line of content whose first word stands at `place`."""
        find = _FINDERS.get(section)
        if find is None or not words or words[0].startswith("@"):
            raise Unlike
        find(self, section, place, words)

    def layout(self, contents: int, markers: int) -> Layout:
        """Give what was found."""
        disks = self.counts.get("disk")
        if disks is not None:
            self.counts["disk"] = {name: disks[name] for name in counted_disks(list(disks))}
        kinds = tuple(
            (
                Kind(name, tuple(map(intern, found)), len(next(iter(found.values()), ()))),
                tuple(place for places in found.values() for place in places),
            )
            for name, found in self.counts.items()
        )
        is_usual = len(self.floats) == 4 and set(self.memory) == set(MEMORY)
        if (
            not is_usual
            or self.tasks is None
            or any(len(one.parts) > MAX_PARTS for one, _ in kinds)
        ):
            raise Unlike
        return Layout(
            contents=contents,
            markers=markers,
            fixed=tuple((word, place) for place, word in self.fixed.items()),
            floats=tuple(self.floats.items()),
            averages=tuple(self.averages.items()),
            plain=tuple(self.plain.items()),
            tasks=self.tasks,
            memory=tuple(self.memory[name] for name in MEMORY),
            boot=self.boot,
            kinds=kinds,
        )

    def count(self, kind: str, part: str, places: Sequence[int]) -> None:
        """Note where a part's counters stand."""
        counts = self.counts.setdefault(kind, {})
        if part in counts or inert(part, 32) != part:
            raise Unlike
        counts[part] = tuple(places)


def _uptime(finder: _Finder, _section: str, place: int, _words: Words) -> None:
    if finder.floats:
        raise Unlike
    finder.floats["uptime_s"] = place


def _load(finder: _Finder, _section: str, place: int, words: Words) -> None:
    if finder.tasks is not None or len(words) < 4:
        raise Unlike
    finder.floats.update({f"load{name}": place + step for step, name in enumerate((1, 5, 15))})
    finder.tasks = place + 3


def _memory(finder: _Finder, _section: str, place: int, words: Words) -> None:
    if words[0] in finder.memory or len(words) < 2:
        raise Unlike
    finder.fix(place, words[0])
    finder.memory[words[0]] = place + 1


def _pressure(finder: _Finder, section: str, place: int, words: Words) -> None:
    metric = PRESSURES[section].get(words[0])
    finder.fix(place, words[0])
    if metric is None:
        return  # the kernel tells `full` of the CPU too, which is always zero
    if metric in finder.averages or len(words) < 2 or not words[1].startswith(AVERAGE):
        raise Unlike
    finder.averages[metric] = place + 1


def _sockets(finder: _Finder, _section: str, place: int, words: Words) -> None:
    finder.fix(place, words[0])
    for step in range(1, len(words) - 1, 2) if words[0] == "TCP:" else ():
        finder.fix(place + step, words[step])
        metric = SOCKETS.get(words[step])
        if metric in finder.plain:
            raise Unlike
        if metric is not None:
            finder.plain[metric] = place + step + 1


def _tcp(finder: _Finder, _section: str, place: int, words: Words) -> None:
    if words[0] != "Tcp:" or "tcp_established" in finder.plain:
        raise Unlike
    finder.fix(place, words[0])
    if not finder.headings:
        for step, word in enumerate(words):
            finder.fix(place + step, word)
        finder.headings = words
    elif "CurrEstab" in finder.headings and len(words) == len(finder.headings):
        finder.plain["tcp_established"] = place + finder.headings.index("CurrEstab")
    else:
        raise Unlike


def _stat(finder: _Finder, _section: str, place: int, words: Words) -> None:
    name = words[0]
    finder.fix(place, name)
    if name.startswith("cpu"):
        core = name[3:]
        if len(words) <= CPU_TIMES or (core and str(int(core, 10)) != core):
            raise Unlike
        times = range(place + 1, place + 1 + CPU_TIMES)
        finder.count("cores" if core else "cpu", core or "cpu", times)
    elif name == "procs_blocked" and "tasks_blocked" not in finder.plain and len(words) > 1:
        finder.plain["tasks_blocked"] = place + 1
    elif name == "btime" and finder.boot is None and len(words) > 1:
        finder.boot = place + 1
    else:
        raise Unlike


def _paging(finder: _Finder, _section: str, place: int, words: Words) -> None:
    finder.fix(place, words[0])
    if len(words) < 2:
        raise Unlike
    finder.count("vmstat", words[0], (place + 1,))
    if words[0] == "oom_kill":
        finder.plain["oom_kills"] = place + 1


def _network(finder: _Finder, _section: str, place: int, words: Words) -> None:
    name = words[0].removesuffix(":")
    if ":" in name or name == words[0] or len(words) < 10:
        raise Unlike
    finder.fix(place, words[0])
    finder.counts.setdefault("net", {})
    if is_counted_interface(name):
        finder.count("net", name, (place + 1, place + 9))


def _disk(finder: _Finder, _section: str, place: int, words: Words) -> None:
    if len(words) < 13:
        raise Unlike
    for step in range(3):
        finder.fix(place + step, words[step])
    finder.count("disk", words[2], (place + 5, place + 9, place + 12))


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


def picker(places: Sequence[int]) -> Pick:
    """Give what picks the words at these places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda words: tuple(words[place] for place in places)
