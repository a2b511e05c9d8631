"""Parsers for answers of plain lines: split at words, matched, tagged, names with values.

Pure: no I/O, no clock. docs/checks.md tells the options of each.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from noc_console.audit.parsing.parsed import (
    OutputNotUnderstood,
    Row,
    Table,
    Value,
    decimal_of,
    number_of,
    numbered_lines,
)


def read_words(output: bytes, options: Mapping[str, Any]) -> Table:
    """Give a row a line, split at white space or `separator`; the last field takes the rest.

    Options: `fields`, `separator`, `numbers` (which fields are whole numbers), `decimals` (which
    may have a fraction), `short` (a line may have fewer fields, which are then empty).
    """
    names: list[str] = list(options["fields"])
    rows = []
    for number, text in numbered_lines(output):
        parts = text.split(options.get("separator"), len(names) - 1)
        rows.append(Row(line=number, fields=_named(names, parts, number, options)))
    return Table(rows=tuple(rows))


def read_matches(output: bytes, options: Mapping[str, Any]) -> Table:
    """Give a row a line with the named groups of `pattern`.

    A line that does not match is an answer not understood, unless `others` is true: then it is
    counted in the sum `other_lines`.
    """
    pattern = re.compile(options["pattern"])
    rows, others = [], 0
    for number, text in numbered_lines(output):
        found = pattern.search(text)
        if found is None:
            others += 1
            if not options.get("others"):
                raise OutputNotUnderstood(f"Line {number} is not of the form this check knows.")
            continue
        fields = {name: part or "" for name, part in found.groupdict().items()}
        rows.append(Row(line=number, fields=_with_numbers(fields, options)))
    return Table(rows=tuple(rows), sums={"other_lines": others} if others else {})


def read_tagged(output: bytes, options: Mapping[str, Any]) -> Table:
    """Give a row a line `TAG<tab>field<tab>field`: several questions answered by one command.

    Options: `tags` (tag to names of fields), `numbers`, `decimals`, `stray` (lines of no tag are
    counted in `stray_count`, not refused: a name of a file may hold a line end), `sums` (tags that
    tell of the answer as a whole: their fields are the sums `TAG_field`, and no row).
    Sums: `TAG_count` for all.
    """
    tags: Mapping[str, list[str]] = options["tags"]
    once = frozenset(options.get("sums", ()))
    counts = Counter[str]()
    sums: dict[str, Value] = {}
    rows = []
    for number, text in numbered_lines(output):
        tag, *parts = text.split("\t")
        names = tags.get(tag)
        if names is None or len(parts) < len(names):
            counts["stray"] += 1
            if not options.get("stray"):
                raise OutputNotUnderstood(f"Line {number} has none of the tags of this check.")
            continue
        parts = [*parts[: len(names) - 1], "\t".join(parts[len(names) - 1 :])]
        fields = {"tag": tag, **_named(names, parts, number, options)}
        counts[tag] += 1
        if tag not in once:
            rows.append(Row(line=number, fields=fields))
        else:
            sums |= {f"{tag}_{name}": fields[name] for name in names}
    if counts:
        sums |= {f"{tag}_count": counts[tag] for tag in (*tags, "stray")}
    return Table(rows=tuple(rows), sums=sums)


def read_pairs(output: bytes, options: Mapping[str, Any]) -> Table:
    """Give a row a line `name value`, with `separator` between; each is also a sum by its name.

    The first of a name holds for the sum, as in sshd_config(5). Names in small letters. A line
    without a value has an empty one. Option `numbers`: names whose values are whole numbers.
    """
    rows = []
    sums: dict[str, Value] = {}
    numbers = frozenset(options.get("numbers", ()))
    for number, text in numbered_lines(output):
        name, _, told = text.strip().partition(options.get("separator", " "))
        name, told = name.strip().lower(), told.strip().strip('"')
        value: Value = number_of(told, name) if name in numbers else told
        rows.append(Row(line=number, fields={"name": name, "value": value}))
        sums.setdefault(name, value)
    return Table(rows=tuple(rows), sums=sums)


def _named(
    names: list[str], parts: list[str], number: int, options: Mapping[str, Any]
) -> dict[str, Value]:
    if len(parts) < len(names):
        if not options.get("short"):
            raise OutputNotUnderstood(
                f"Line {number} has {len(parts)} fields; this check knows {len(names)}."
            )
        parts = parts + [""] * (len(names) - len(parts))
    named = dict(zip(names, (part.strip() for part in parts), strict=True))
    return _with_numbers(named, options)


def _with_numbers(fields: Mapping[str, str], options: Mapping[str, Any]) -> dict[str, Value]:
    numbers, decimals = (frozenset(options.get(one, ())) for one in ("numbers", "decimals"))

    def told(name: str, text: str) -> Value:
        if name in decimals:
            return decimal_of(text, name)
        return number_of(text.partition(".")[0], name) if name in numbers else text

    return {name: told(name, text) for name, text in fields.items()}
