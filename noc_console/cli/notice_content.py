"""A notice as it is written on the command line: its words, and where it begins."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from noc_console.cli.command_module import UsageError
from noc_console.cli.moments import parse_moment
from noc_console.cli.near_names import known_or_near
from noc_console.errors import ConsoleError
from noc_console.fleet.records import get_server, list_servers
from noc_console.incidents.wall_time import WallChoice, zone_of
from noc_console.notices.composing import of_incident, of_window
from noc_console.notices.notice import TRANSLATED, Notice, NoticeKind, Translation, UnscheduledState
from noc_console.notices.notice_file import MOST_BYTES, read_notice
from noc_console.notices.notice_records import get_notice
from noc_console.notices.prepared import begin_with, get_prepared
from noc_console.notices.starting import with_start
from noc_console.notices.support_routes import parse_route, read_routes
from noc_console.notices.template_shelf import read_shelf
from noc_console.store.store import Store

_TEXTS = tuple(name for name in TRANSLATED if name != "title")


class FileNotRead(ConsoleError):
    """A notice file that cannot be opened."""


def add_content(parser: argparse.ArgumentParser) -> None:
    """Declare all that a notice says."""
    parser.add_argument("--title", help="what is done, or what is wrong")
    parser.add_argument(
        "--work", metavar="NAME", help="begin with the prepared texts for a usual work"
    )
    parser.add_argument(
        "--cause", metavar="NAME", help="begin with the prepared texts for a usual cause"
    )
    parser.add_argument("--window", metavar="ID", type=int, help="the window it is for")
    parser.add_argument("--incident", metavar="ID", type=int, help="the incident it is about")
    parser.add_argument("--start", metavar="WHEN", help="such as 'Sat 2026-12-05 02:00'")
    parser.add_argument("--minutes", metavar="N", type=int, help="how long it lasts")
    parser.add_argument("--zone", metavar="ZONE", help="such as Europe/Berlin")
    parser.add_argument(
        "--clock-change",
        choices=[WallChoice.EARLIER.value, WallChoice.LATER.value],
        help="which instant is meant by a time that a change of the clocks skips or doubles",
    )
    parser.add_argument("--since", metavar="MOMENT", help="since when it is noticed")
    parser.add_argument(
        "--next-update", metavar="MIN", type=int, help="in how many minutes customers hear again"
    )
    parser.add_argument("--brand", help="the brand whose templates and routes are used")
    parser.add_argument("--language", metavar="L", help="the language of its texts, such as en")
    for name, what in (
        ("server", "a server it is about"),
        ("group", "a group of servers"),
        ("customer", "only this customer"),
        ("service", "only this service"),
    ):
        parser.add_argument(f"--{name}", metavar="NAME", action="append", help=what)
    parser.add_argument(
        "--route", metavar="KIND:WORDS", action="append", help="how support is reached meanwhile"
    )
    parser.add_argument(
        "--set",
        dest="texts",
        metavar="FIELD=TEXT",
        action="append",
        default=[],
        help="a text, such as reasons='...' or de.reasons='...' for a translation",
    )


def put_content(
    store: Store, notice: Notice, arguments: argparse.Namespace, now: datetime
) -> Notice:
    """Give the notice with all that the command line says of it; what is not named stays.

    Raises:
        ConsoleError: something that was named is not there, or cannot be; nothing was kept.
    """
    notice = replace(notice, **_plain(arguments))
    if arguments.brand is not None and not arguments.route:
        notice = replace(notice, routes=read_routes(store, arguments.brand) or notice.routes)
    if arguments.work or arguments.cause:
        kind, name = _prepared(arguments, notice)
        shelf = read_shelf(store)
        with_cause = notice.state is not UnscheduledState.INVESTIGATING
        begun = begin_with(notice, get_prepared(shelf, kind, name), with_cause=with_cause)
        notice = replace(begun, **_plain(arguments))  # what was typed holds, a title above all
    if arguments.window is not None:
        notice = _linked(store, notice, arguments, now)
    if arguments.incident is not None:
        notice = of_incident(store, notice, arguments.incident)
    notice = _scoped(store, notice, arguments)
    notice = _with_texts(notice, arguments.texts)
    if arguments.since is not None:
        notice = replace(notice, since=parse_moment(arguments.since, now))
    if arguments.route:
        notice = replace(notice, routes=tuple(map(parse_route, arguments.route)))
    if arguments.start is not None or arguments.zone or arguments.clock_change:
        notice = with_start(notice, now)
    return notice


def read_file(store: Store, place: str, now: datetime) -> Notice:
    """Read a notice file; `-` is standard input.

    Raises:
        FileNotRead, FileNotUnderstood: it cannot be opened, or is no notice.
    """
    return read_notice(read_text(place, MOST_BYTES), list_servers(store), now)


def read_text(place: str, most: int) -> str:
    """Give the text of a file, or of standard input for `-`.

    Raises:
        FileNotRead: it cannot be opened, is too large, or is no text.
    """
    try:
        if place == "-":
            return sys.stdin.read(most + 1)
        path = Path(place).expanduser()
        if path.stat().st_size > most:
            raise FileNotRead(f"{place} is too large; is it another file?")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        why = failure.strerror if isinstance(failure, OSError) else "it is no UTF-8 text"
        raise FileNotRead(f"{place} cannot be read: {why}.") from None


def named_notice(store: Store, named: str, now: datetime) -> Notice:
    """Give the notice of a number, or of a file that is not stored.

    Raises:
        ConsoleError: there is none.
    """
    return (
        get_notice(store, int(named)).notice if named.isdecimal() else read_file(store, named, now)
    )


def _plain(arguments: argparse.Namespace) -> dict[str, Any]:
    told = {
        "title": arguments.title,
        "brand": arguments.brand,
        "language": arguments.language,
        "typed_start": arguments.start,
        "minutes": arguments.minutes,
        "zone": zone_of(arguments.zone).key if arguments.zone else None,
        "wall_choice": WallChoice(arguments.clock_change) if arguments.clock_change else None,
        "next_update_minutes": arguments.next_update,
        "services": tuple(arguments.service) if arguments.service else None,
        "customers": tuple(arguments.customer) if arguments.customer else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _prepared(arguments: argparse.Namespace, notice: Notice) -> tuple[NoticeKind, str]:
    if arguments.work and arguments.cause:
        raise UsageError("Give --work or --cause, not both.")
    kind = NoticeKind.SCHEDULED if arguments.work else NoticeKind.UNSCHEDULED
    if kind is not notice.kind:
        raise UsageError(
            "--work is for scheduled notices and --cause for unscheduled ones; this one is"
            f" {notice.kind.value}."
        )
    return kind, arguments.work or arguments.cause


def _linked(store: Store, notice: Notice, arguments: argparse.Namespace, now: datetime) -> Notice:
    """0 takes the link away."""
    if arguments.window == 0:
        return replace(notice, window_id=0)
    linked = of_window(store, notice, arguments.window, now)
    minutes = linked.minutes if arguments.minutes is None else arguments.minutes
    if arguments.start is None:
        return replace(linked, minutes=minutes)
    own = {name: getattr(notice, name) for name in ("typed_start", "zone", "wall_choice")}
    return replace(linked, minutes=minutes, **own)


def _scoped(store: Store, notice: Notice, arguments: argparse.Namespace) -> Notice:
    if arguments.server:
        ids = tuple(get_server(store, name).id for name in dict.fromkeys(arguments.server))
        notice = replace(notice, servers=ids)
    if arguments.group:
        known = {group for server in list_servers(store) for group in server.groups}
        for group in arguments.group:
            known_or_near(group, known, "There is no group called")
        notice = replace(notice, groups=tuple(dict.fromkeys(arguments.group)))
    return notice


def _with_texts(notice: Notice, told: Sequence[str]) -> Notice:
    for one in told:
        field, equals, text = one.partition("=")
        language, dot, name = field.strip().rpartition(".")
        if not equals or name not in (*_TEXTS, *(["title"] if dot else [])):
            raise UsageError(
                f"{one[:60]!r} sets nothing; write FIELD=TEXT, where FIELD is one of"
                f" {', '.join(_TEXTS)}, or LANGUAGE.FIELD."
            )
        if language and language != notice.language:
            notice = _translated(notice, language, name, text)
        else:
            notice = replace(notice, **{name: text})  # type: ignore[arg-type]
    return notice


def _translated(notice: Notice, language: str, name: str, text: str) -> Notice:
    known = {one.language: one for one in notice.translations}
    before = known.get(language, Translation(language=language))
    known[language] = replace(before, **{name: text})
    return replace(notice, translations=tuple(known.values()))
