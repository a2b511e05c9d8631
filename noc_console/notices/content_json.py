"""A notice's content as canonical JSON, and its SHA-256: what is approved is exactly this. Pure.

The same content always gives the same bytes (sorted keys, no blanks, UTF-8), also by a later
program that knows more fields: what was not given is left out. The id is no part of the content.
Reading raises `ContentNotUnderstood` for whatever was not written here.
"""

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.incidents.wall_time import WallChoice
from noc_console.notices.notice import (
    Notice,
    NoticeKind,
    PlannedSend,
    Route,
    RouteKind,
    Send,
    Translation,
    UnscheduledState,
)

FORM = 1
"""Goes up when older content must be read in another way."""
_ENUMS: dict[str, type[Enum]] = {
    "kind": NoticeKind,
    "state": UnscheduledState,
    "wall_choice": WallChoice,
}
_MOMENTS = frozenset({"starts_at", "since", "resolved_at"})
_TUPLES = frozenset({"servers", "groups", "services", "customers"})
_NUMBERS = frozenset({"window_id", "incident_id", "minutes", "next_update_minutes"})


class ContentNotUnderstood(ConsoleError):
    """Stored content that this program did not write, or a newer one did."""


def to_json(notice: Notice) -> str:
    """Give the canonical JSON of a notice's content."""
    told = {"form": FORM} | {key: one for key, one in _given(notice).items() if key != "id"}
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str, notice_id: int = 0) -> Notice:
    """Give the notice that `to_json` wrote. What an older program did not know is left empty.

    Raises:
        ContentNotUnderstood: it is not what we write.
    """
    try:
        told = json.loads(text)
        form = told.pop("form")
        read = {name: _read(name, one) for name, one in told.items()} if form == FORM else None
        notice = Notice(id=notice_id, **read) if read is not None else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ConsoleError):
        notice = None
    if notice is None:
        raise ContentNotUnderstood(
            "The content of this notice cannot be read; a newer version of noc-console may have"
            " written it. Open it with that version."
        )
    return notice


def sha256(notice: Notice) -> str:
    """Give the hash of a notice's content, 64 hexadecimal digits."""
    return hashlib.sha256(to_json(notice).encode("utf-8", "surrogatepass")).hexdigest()


def is_same_content(one: Notice, other: Notice) -> bool:
    """Whether two notices say the same, whatever their ids."""
    return replace(one, id=0) == replace(other, id=0)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Route | PlannedSend | Translation):
        return _given(value)
    return value


def _given(value: Notice | Route | PlannedSend | Translation) -> dict[str, Any]:
    """Give what differs from what holds without saying it."""
    return {
        one.name: _plain(told)
        for one in fields(value)
        if (told := getattr(value, one.name)) != one.default
    }


def _read(name: str, value: Any) -> Any:
    if name in _ENUMS:
        return _ENUMS[name](value)
    if name in _MOMENTS:
        return _moment(value)
    if name in _TUPLES:
        wanted = int if name == "servers" else str
        return tuple(_checked(one, wanted) for one in value)
    if name == "routes":
        return tuple(Route(**(one | {"kind": RouteKind(one["kind"])})) for one in value)
    if name == "translations":
        return tuple(Translation(**one) for one in value)
    if name == "plan":
        return tuple(_planned(one) for one in value)
    return _checked(value, int if name in _NUMBERS else str)


def _planned(told: dict[str, Any]) -> PlannedSend:
    due_at = _moment(told.get("due_at"))
    return PlannedSend(**(told | {"send": Send(told["send"]), "due_at": due_at}))


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).astimezone(UTC)


def _checked(value: Any, wanted: type) -> Any:
    if type(value) is not wanted:
        raise TypeError("a value of another kind")
    return value
