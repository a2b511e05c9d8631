"""How much of their redundancy the software RAID arrays of a server have lost. Pure.

Source: md(4) and /proc/mdstat, drivers/md/md.c `md_seq_show`. `[2/1] [U_]` are the disks an array
should have, those that work, and which; a rebuild counts as lost until it is done.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from noc_console.fleet.inert import inert

ARRAY_LOST = "raid_redundancy_lost_percent"
MOST_ARRAYS = 64
ARRAY_LINE = re.compile(r"(?P<name>md[\w-]+) : (?P<state>active|inactive)(?P<rest>.*)", re.ASCII)
ARRAY_LEVEL = re.compile(r"\b(raid\d+|linear|multipath|faulty)\b", re.ASCII)
ARRAY_DISKS = re.compile(r"\[(\d{1,4})/(\d{1,4})\] \[([U_]+)\]", re.ASCII)
_CONTAINER = "external:"
"""In the details of what only holds the disks of other arrays, and is never active itself."""
_MAY_LOSE = {"raid4": 1, "raid5": 1, "raid6": 2, "raid10": 1}
"""Disks whose loss is surely survived. A mirror survives with one disk; raid0 loses all at once."""


def read_arrays(lines: Iterable[str]) -> dict[str, float]:
    """Give by name how much of its redundancy each array has lost, in per cent.

    At 100 the next disk is one too many. An array that never had any is left out; one that does
    not run has lost all.
    """
    found: dict[str, float] = {}
    name, level = "", ""
    for line in lines:
        array = ARRAY_LINE.match(line)
        if array is not None:
            name, level = inert(array["name"], 40), _level_of(array["rest"])
            if array["state"] == "inactive" and len(found) < MOST_ARRAYS:
                found[name] = 100.0
        elif not line.startswith(" "):
            name = ""
        elif name and _CONTAINER in line and found.get(name) == 100.0 and not level:
            del found[name]
        elif name and len(found) < MOST_ARRAYS and (disks := ARRAY_DISKS.search(line)) is not None:
            lost = _lost_percent(level, int(disks[1]), int(disks[2]))
            if lost is not None:
                found[name] = lost
    return found


def figures_of(arrays: Mapping[str, float]) -> dict[str, float]:
    """Give them as figures: each by its name, and the worst as that of the server."""
    if not arrays:
        return {}
    return {ARRAY_LOST: max(arrays.values())} | {
        f"{ARRAY_LOST}:{name}": lost for name, lost in arrays.items()
    }


def own_arrays(lines: Sequence[str], devices: Iterable[str]) -> list[str]:
    """Give the lines of the arrays that are devices here: a container is shown its host's too."""
    here, keeps, kept = set(devices), False, []
    for line in lines:
        if line.startswith("md"):
            keeps = line.partition(" ")[0] in here
        if keeps:
            kept.append(line)
    return kept


def _level_of(rest: str) -> str:
    level = ARRAY_LEVEL.search(rest)
    return level[1] if level is not None else ""


def _lost_percent(level: str, wanted: int, working: int) -> float | None:
    may_lose = wanted - 1 if level == "raid1" else _MAY_LOSE.get(level, 0)
    if may_lose < 1:
        return None
    return min(100.0, 100.0 * max(0, wanted - working) / may_lose)
