"""Backups at the agreed paths: how old, and each series of files against its own past.

Pure: no I/O, no clock. The answer has lines `AGREED<tab>number`, `FOUND<tab>path` (a folder that
looks like backups, where none is agreed), `PATH<tab>path<tab>state<tab>newest<tab>files<tab>bytes`
and `FILE<tab>at<tab>bytes<tab>path`; a time is in seconds since 1970.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from noc_console.audit.parsing.parsed import (
    OutputNotUnderstood,
    Past,
    Row,
    Table,
    Value,
    number_of,
    numbered_lines,
)

LEAST_PAST = 3
"""Files of a series before its newest; with fewer nothing is said to be usual."""
MOST_PAST = 30
_DAY_S = 86_400
_FEW = 5
_PATH_FIELDS = 5
_FILE_FIELDS = 3
_CHANGES = re.compile(
    r"\d+|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:mon|tue|wed|thu|fri|sat|sun)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\d{4}|\d\D\d{2}|day\b|\b(?:mon|tue|wed|thu|fri|sat|sun)\b", re.IGNORECASE)
_IS_BACKUP = re.compile(
    r"\.(?:sql|dump|bak|tar|tgz|tbz2?|txz|tzst|zip|7z|gz|bz2|xz|zst|lz4|enc|gpg|age|vma|qcow2|img)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _File:
    at: int
    size: int
    path: str
    line: int


@dataclass(slots=True)
class _Told:
    agreed: int = 0
    found: list[Row] = field(default_factory=list)
    paths: list[Row] = field(default_factory=list)
    files: dict[str, _File] = field(default_factory=dict)
    """By path: agreed paths may lie within one another."""


def read_backups(output: bytes, options: Mapping[str, Any], past: Past | None = None) -> Table:  # noqa: ARG001
    """Give a row an agreed path (tag `path`) and a row a series of files (tag `series`).

    Where none is agreed: a row a folder that looks like backups (tag `found`).

    A series is files that differ in numbers and weekdays alone: the versions of one thing. Fields:
    path (the series, with `*` where they differ), newest, bytes; of a path state (there, missing,
    repository) and files; of a series usual (bytes), times (the usual), and standing (as usual,
    empty, small, large, stopped, too few). Sums: agreed, found.
    """
    if not output.strip():
        return Table()
    told = _read(output)
    before = [file for one in (past or Past()).earlier for file in _earlier(one)]
    newest = max((_number(row, "newest") for row in told.paths), default=0)
    series = _series(told.files.values(), before, newest)
    found = ", ".join(str(row.fields["path"]) for row in told.found[:_FEW]) or "none"
    rows = (*told.found, *told.paths, *series)
    return Table(rows=rows, sums={"agreed": told.agreed, "found": found})


def series_of(path: str) -> str:
    """Give the name that all versions of a file share."""
    return _CHANGES.sub("*", path)


def _read(output: bytes) -> _Told:
    told = _Told()
    for number, text in numbered_lines(output):
        tag, *parts = text.split("\t")
        if tag == "AGREED" and parts:
            told.agreed = number_of(parts[0], "number of paths")
        elif tag == "FOUND" and parts:
            told.found.append(_found_row(parts[0], number))
        elif tag == "PATH" and len(parts) == _PATH_FIELDS:
            told.paths.append(_path_row(parts, number))
        elif tag == "FILE" and len(parts) >= _FILE_FIELDS:
            at, size = number_of(parts[0], "time"), number_of(parts[1], "size")
            name = "\t".join(parts[2:])
            told.files[name] = _File(at, size, name, number)
        elif tag in {"AGREED", "FOUND", "PATH", "FILE"} or not told.files:
            raise OutputNotUnderstood(f"Line {number} has none of the tags of this check.")
        # what else comes after a file's line is the rest of a name with a line end in it
    return told


def _found_row(path: str, number: int) -> Row:
    fields: dict[str, Value] = {"tag": "found", "path": path, "state": "", "standing": ""}
    return Row(line=number, fields=fields)


def _path_row(parts: list[str], number: int) -> Row:
    path, state, newest, files, size = parts
    fields: dict[str, Value] = {
        "tag": "path",
        "path": path,
        "state": state,
        "newest": number_of(newest, "time"),
        "files": number_of(files, "number of files"),
        "bytes": number_of(size, "size"),
        "standing": "",
    }
    return Row(line=number, fields=fields)


def _earlier(evidence: bytes) -> list[_File]:
    try:
        return list(_read(evidence).files.values())
    except OutputNotUnderstood:
        return []


def _number(row: Row, name: str) -> int:
    return int(row.fields[name])


def _series(files: Iterable[_File], before: Iterable[_File], newest: int) -> Iterator[Row]:
    by_name: dict[str, list[_File]] = {}
    for one in files:
        if _IS_BACKUP.search(one.path):
            by_name.setdefault(series_of(one.path), []).append(one)
    old: dict[str, list[_File]] = {}
    for one in before:
        old.setdefault(series_of(one.path), []).append(one)
    for name, some in sorted(by_name.items()):
        some.sort(key=lambda one: (one.at, one.path))
        yield _series_row(name, some, old.get(name, []), newest)


def _series_row(name: str, some: list[_File], old: list[_File], newest: int) -> Row:
    last = some[-1]
    times = {one.at: one.size for one in (*old, *some) if one.at < last.at}
    sizes = [times[at] for at in sorted(times)][-MOST_PAST:]
    usual = median(sizes) if len(sizes) >= LEAST_PAST else None
    ratio = last.size / usual if usual else 1.0
    fields: dict[str, Value] = {
        "tag": "series",
        "path": name,
        "state": "",
        "newest": last.at,
        "files": len(some),
        "bytes": last.size,
        "usual": "not known" if usual is None else round(usual),
        "times": round(ratio, 2),
        "standing": _standing(last, [*sorted(times), last.at], usual, newest),
    }
    return Row(line=last.line, fields=fields)


def _standing(last: _File, at: list[int], usual: float | None, newest: int) -> str:
    if last.size == 0:
        return "empty"
    if usual is None:
        return "too few"
    if _VERSION.search(last.path) and _has_stopped(at, newest):
        return "stopped"
    if last.size * 2 < usual:
        return "small"
    return "large" if last.size > usual * 3 else "as usual"


def _has_stopped(at: list[int], newest: int) -> bool:
    """Whether a series that came again and again came no more, while others did."""
    gaps = [later - earlier for earlier, later in itertools.pairwise(at)]
    return newest - at[-1] > max(2 * _DAY_S, 3 * median(gaps))
