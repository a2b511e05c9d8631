"""YAML as nodes that know their lines: nothing is constructed, and nothing grows beyond bounds.

Made of the parser's events. An alias is the node it names, not a copy, so what a file may make grow
is only what its reader walks; readers count. Pure: no I/O, no clock.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from noc_console.fleet.importing.preview import FileNotRead
from noc_console.fleet.inert import inert

MAX_DEPTH = 60
MAX_EVENTS = 6_000_000
MAX_VALUE = 20_000
"""Nodes of one value that is no single word."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?[0-9]+\.[0-9]*(?:e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class TooLarge(ValueError):
    """A value with more nodes than any has, or an alias that brings that about."""


@dataclass(slots=True, kw_only=True)
class Scalar:
    """One word. `is_plain` is whether it stands without quotes; `tag` is as `!vault`."""

    line: int
    value: str
    is_plain: bool = False
    tag: str = ""


@dataclass(slots=True, kw_only=True)
class Items:
    """A sequence."""

    line: int
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Pairs:
    """A mapping, in its order; a key may be there twice."""

    line: int
    items: list[tuple["Node", "Node"]] = field(default_factory=list)
    key: "Node | None" = None
    """The key that waits for its value while the file is read."""


Node = Scalar | Items | Pairs


def read_nodes(text: str, file: str) -> Node | None:
    """Give the one document of a file, None for an empty one.

    Raises:
        FileNotRead: it is no YAML, holds several documents, or is beyond bounds.
    """
    reader = _NodeReader(file)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" in line {mark.line + 1}" if mark else ""
        raise FileNotRead(
            f"{inert(file)} is no YAML{where}: {inert(error.problem or 'it cannot be parsed')}."
        ) from None
    except (yaml.YAMLError, RecursionError):
        raise FileNotRead(f"{inert(file)} is no YAML; choose the kind of file it is.") from None
    return reader.root


class _NodeReader:
    def __init__(self, file: str) -> None:
        self.root: Node | None = None
        self._file = file
        self._open: list[tuple[Items | Pairs, str | None]] = []
        self._anchors: dict[str, Node] = {}
        self._events = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        self._events += 1
        line = event.start_mark.line + 1 if event.start_mark else 0
        if self._events > MAX_EVENTS or len(self._open) > MAX_DEPTH:
            raise self._refused("is nested too deeply or too large", line)
        if isinstance(event, yaml.ScalarEvent):
            self._put(_scalar(event, line), event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._put(self._named(event.anchor, line), None)
        elif isinstance(event, yaml.CollectionStartEvent):
            is_pairs = isinstance(event, yaml.MappingStartEvent)
            self._open.append((Pairs(line=line) if is_pairs else Items(line=line), event.anchor))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._put(*self._open.pop())
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._refused("holds more than one document", line)

    def _named(self, anchor: str | None, line: int) -> Node:
        if anchor is None or anchor not in self._anchors:
            raise self._refused(f"names *{inert(anchor or '', 40)} before it is there", line)
        return self._anchors[anchor]

    def _put(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self.root = node
            return
        holder, _ = self._open[-1]
        if isinstance(holder, Items):
            holder.items.append(node)
        elif holder.key is None:
            holder.key = node
        else:
            holder.items.append((holder.key, node))
            holder.key = None

    def _refused(self, what: str, line: int) -> FileNotRead:
        return FileNotRead(f"{inert(self._file)} {what} in line {line}; correct it and try again.")


def _scalar(event: yaml.ScalarEvent, line: int) -> Scalar:
    is_plain = event.style is None or event.style == ""
    return Scalar(line=line, value=event.value, is_plain=is_plain, tag=event.tag or "")


def entries(node: Pairs) -> Iterator[tuple[str, Node]]:
    """Give the entries of a mapping, those merged in by `<<` first; keys that are no word are left.

    Raises:
        TooLarge: merges bring in more than any mapping has.
    """
    for count, (key, value) in enumerate(_walk(node, MAX_DEPTH)):
        if count > MAX_EVENTS // 10:
            raise TooLarge
        yield key, value


def _walk(node: Pairs, depth: int) -> Iterator[tuple[str, Node]]:
    if depth == 0:
        raise TooLarge
    own = []
    for key, value in node.items:
        if isinstance(key, Scalar) and key.is_plain and key.value == "<<":
            merged = value.items if isinstance(value, Items) else [value]
            for one in merged:
                if isinstance(one, Pairs):
                    yield from _walk(one, depth - 1)
        elif isinstance(key, Scalar):
            own.append((key.value, value))
    yield from own


def text_of(node: Node) -> str:
    """Give a value as text: a word as it stands, all else as JSON.

    Raises:
        TooLarge: it has more nodes than any value.
    """
    if isinstance(node, Scalar):
        return "" if node.is_plain and node.value.lower() in {"null", "~"} else node.value
    return json.dumps(_plain(node, [MAX_VALUE]), ensure_ascii=False)


def _plain(node: Node, left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0:
        raise TooLarge
    if isinstance(node, Items):
        return [_plain(one, left) for one in node.items]
    if isinstance(node, Pairs):
        return {key: _plain(value, left) for key, value in _walk(node, MAX_DEPTH)}
    if not node.is_plain:
        return node.value
    if node.value.lower() in _WORDS:
        return _WORDS[node.value.lower()]
    if _INTEGER.fullmatch(node.value):
        return int(node.value)
    return float(node.value) if _FLOAT.fullmatch(node.value) else node.value
