"""A notice as a TOML file that a person writes by hand; docs/notice-file.md describes it. Pure.

Servers are named, not numbered. Reading what `write_notice` wrote gives the same notice.
"""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.incidents.wall_time import WallChoice
from noc_console.notices.notice import (
    TRANSLATED,
    Notice,
    NoticeKind,
    PlannedSend,
    Route,
    RouteKind,
    Send,
    Translation,
    UnscheduledState,
)
from noc_console.notices.starting import start_text, with_start

MOST_BYTES = 1024 * 1024
_T = TypeVar("_T")
_PLAIN_TEXTS = ("title", "brand", "language", *TRANSLATED[1:], "template")
_NUMBERS = {
    "minutes": "minutes",
    "next_update_minutes": "next_update_minutes",
    "window": "window_id",
    "incident": "incident_id",
}
_MOMENTS = ("since", "resolved_at")
_LISTS = ("groups", "services", "customers")
_KEYS = frozenset(
    {
        *("kind", "servers", "start", "zone", "clock_change", "state"),
        *(*_PLAIN_TEXTS, *_NUMBERS, *_MOMENTS, *_LISTS),
        *("routes", "plan", "translations"),
    }
)


class FileNotUnderstood(ConsoleError):
    """A notice file that cannot be read; the sentence names the place and what to write."""


def read_notice(text: str, servers: Sequence[Server], now: datetime) -> Notice:
    """Read a notice file; `servers` is the fleet its names are looked up in.

    Raises:
        FileNotUnderstood: it is no TOML, names what there is not, or holds something of a wrong
            kind.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise FileNotUnderstood("The file is too large for a notice; is it another file?")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        raise FileNotUnderstood(f"The file is no TOML: {failure}; mend it there.") from None
    except RecursionError:
        raise FileNotUnderstood("The file is nested too deep; is it another file?") from None
    _refuse_unknown(told, _KEYS, "")
    ids = _ids(_texts(told, "servers", ""), servers)
    read: dict[str, Any] = {
        **{name: _text(told, name, "") for name in _PLAIN_TEXTS if name in told},
        **{name: _number(told, key) for key, name in _NUMBERS.items() if key in told},
        **{name: _moment(told, name, "") for name in _MOMENTS if name in told},
        **{name: _texts(told, name, "") for name in _LISTS if name in told},
    }
    notice = Notice(
        kind=_choice(told, "kind", NoticeKind, NoticeKind.SCHEDULED, ""),
        servers=ids,
        zone=_text(told, "zone", "", "UTC"),
        wall_choice=_choice(told, "clock_change", WallChoice, WallChoice.NOT_MADE, ""),
        typed_start=_start(told),
        state=_choice(told, "state", UnscheduledState, UnscheduledState.INVESTIGATING, ""),
        routes=tuple(_route(one, place) for place, one in _tables(told, "routes")),
        plan=tuple(_planned(one, place) for place, one in _tables(told, "plan")),
        translations=_translations(told),
        **read,
    )
    return with_start(notice, now)


def write_notice(notice: Notice, servers: Sequence[Server]) -> str:
    """Give a notice as a file. A deleted server is left out, for it has no name."""
    names = {server.id: server.name for server in servers}
    lines = [
        "# A notice for noc-console; check it with `noc-console notice check FILE`.",
        f"kind = {_quoted(notice.kind.value)}",
        *_line("title", notice.title),
        *_line("brand", notice.brand),
        *_line("language", notice.language),
        *_line("template", notice.template),
        "",
        *_line("servers", [names[one] for one in notice.servers if one in names]),
        *(line for name in _LISTS for line in _line(name, getattr(notice, name))),
        *(
            line
            for key, name in _NUMBERS.items()
            if key in {"window", "incident"}
            for line in _line(key, getattr(notice, name))
        ),
        "",
        *_line("start", notice.typed_start or _start_told(notice)),
        *_line("minutes", notice.minutes),
        *_line("zone", notice.zone),
        *_line("clock_change", notice.wall_choice.value),
        *_unscheduled_lines(notice),
        "",
        *(line for name in TRANSLATED[1:] for line in _line(name, getattr(notice, name))),
    ]
    for route in notice.routes:
        lines += ["", "[[routes]]", *_line("kind", route.kind.value), *_line("words", route.words)]
        lines += _line("host", route.host)
    for one in notice.translations:
        lines += ["", f"[translations.{_quoted(one.language)}]"]
        lines += [line for name in TRANSLATED for line in _line(name, getattr(one, name))]
    for planned in notice.plan:
        lines += ["", "[[plan]]", *_line("send", planned.send.value)]
        lines += [*_line("channel", planned.channel), f"on = {str(planned.is_on).lower()}"]
        lines += [*_line("due_at", planned.due_at), *_line("title", planned.title)]
        lines += _line("text", planned.text)
    return "\n".join(lines).rstrip() + "\n"


def _start_told(notice: Notice) -> str:
    return start_text(notice.starts_at, notice.zone) if notice.starts_at else ""


def _unscheduled_lines(notice: Notice) -> list[str]:
    if notice.is_scheduled and not notice.since and not notice.next_update_minutes:
        return [] if notice.state is UnscheduledState.INVESTIGATING else _state(notice)
    return [
        *_line("since", notice.since),
        *_line("next_update_minutes", notice.next_update_minutes),
        *_state(notice),
    ]


def _state(notice: Notice) -> list[str]:
    return [*_line("state", notice.state.value), *_line("resolved_at", notice.resolved_at)]


def _line(key: str, value: Any) -> list[str]:
    """Give a line of TOML; nothing for what was not given."""
    if not value:
        return []
    if isinstance(value, datetime):
        return [f"{key} = {value.astimezone(UTC).isoformat()}"]
    if isinstance(value, list | tuple):
        return [f"{key} = [{', '.join(map(_quoted, value))}]"]
    if isinstance(value, int):
        return [f"{key} = {value}"]
    return [f"{key} = {_quoted(value)}"]


def _quoted(text: str) -> str:
    """Give a TOML basic string (TOML 1.0): over several lines where the text has some."""
    if "\n" in text and text.isprintable() is False and _is_plain_but_for_lines(text):
        body = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"""\n{body}"""'
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_plain_but_for_lines(text: str) -> bool:
    """Whether a text holds nothing that TOML wants escaped but line ends."""
    return all(letter == "\n" or letter.isprintable() for letter in text)


def _ids(names: Sequence[str], servers: Sequence[Server]) -> tuple[int, ...]:
    by_name = {server.name: server.id for server in servers}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise FileNotUnderstood(
            f"servers names {', '.join(unknown[:5])}, which the fleet does not have; look at"
            " `noc-console server list`."
        )
    return tuple(by_name[name] for name in dict.fromkeys(names))


def _start(told: Mapping[str, Any]) -> str:
    """A start may be typed as text, or as a TOML date and time without an offset."""
    value = told.get("start", "")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes" if value.second == 0 else "seconds")
    if isinstance(value, date):
        raise FileNotUnderstood("start names a day; add the time, such as 2026-12-05 02:00.")
    return _text(told, "start", "")


def _translations(told: Mapping[str, Any]) -> tuple[Translation, ...]:
    tables = told.get("translations", {})
    if not isinstance(tables, dict):
        raise FileNotUnderstood("translations holds a table a language: [translations.de].")
    found = []
    for language, table in tables.items():
        place = f"translations.{language}: "
        _refuse_unknown(_table(table, place), frozenset(TRANSLATED), place)
        texts = {name: _text(table, name, place) for name in TRANSLATED if name in table}
        found.append(Translation(language=language, **texts))
    return tuple(found)


def _route(told: Mapping[str, Any], place: str) -> Route:
    _refuse_unknown(told, frozenset({"kind", "words", "host"}), place)
    return Route(
        kind=_choice(told, "kind", RouteKind, RouteKind.OTHER, place),
        words=_text(told, "words", place),
        host=_text(told, "host", place),
    )


_PLANNED = {one.name for one in fields(PlannedSend)} - {"is_on"} | {"on"}


def _planned(told: Mapping[str, Any], place: str) -> PlannedSend:
    _refuse_unknown(told, frozenset(_PLANNED), place)
    if "send" not in told:
        raise FileNotUnderstood(f'{place}say which send, such as send = "week before".')
    is_on = told.get("on", True)
    if not isinstance(is_on, bool):
        raise FileNotUnderstood(f"{place}on is true or false.")
    return PlannedSend(
        send=_choice(told, "send", Send, Send.UPDATE, place),
        channel=_text(told, "channel", place),
        is_on=is_on,
        due_at=_moment(told, "due_at", place),
        title=_text(told, "title", place),
        text=_text(told, "text", place),
    )


def _tables(told: Mapping[str, Any], key: str) -> list[tuple[str, Mapping[str, Any]]]:
    tables = told.get(key, [])
    if not isinstance(tables, list):
        raise FileNotUnderstood(f"{key} is a list of tables; write [[{key}]] above each.")
    return [
        (f"{key} {number}: ", _table(one, f"{key} {number}: "))
        for number, one in enumerate(tables, start=1)
    ]


def _table(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise FileNotUnderstood(f"{place}a table is wanted, with a line a word.")
    return value


def _refuse_unknown(told: Mapping[str, Any], known: frozenset[str], place: str) -> None:
    unknown = [key for key in told if key not in known]
    if unknown:
        raise FileNotUnderstood(
            f"{place}{', '.join(unknown[:5])} is not known; there is {', '.join(sorted(known))}."
        )


def _text(told: Mapping[str, Any], key: str, place: str, usual: str = "") -> str:
    value = told.get(key, usual)
    if not isinstance(value, str):
        raise FileNotUnderstood(f'{place}{key} is a text; write {key} = "...".')
    return value


def _texts(told: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    value = told.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise FileNotUnderstood(f'{place}{key} is a list of texts; write {key} = ["...", "..."].')
    return tuple(value)


def _number(told: Mapping[str, Any], key: str) -> int:
    value = told[key]
    if type(value) is not int or value < 0:
        raise FileNotUnderstood(f"{key} is a whole number from 0 on.")
    return value


def _moment(told: Mapping[str, Any], key: str, place: str) -> datetime | None:
    value = told.get(key)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = told
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise FileNotUnderstood(
            f"{place}{key} is a time with its offset; write {key} = 2026-12-05T01:00:00Z."
        )
    return value.astimezone(UTC)


def _choice(
    told: Mapping[str, Any],
    key: str,
    wanted: Callable[[Any], _T],
    usual: _T,
    place: str,
) -> _T:
    if key not in told:
        return usual
    try:
        return wanted(told[key])
    except (ValueError, TypeError):
        choices = ", ".join(repr(one.value) for one in type(usual) if one.value)  # type: ignore[attr-defined]
        raise FileNotUnderstood(f"{place}{key} is one of {choices}.") from None
