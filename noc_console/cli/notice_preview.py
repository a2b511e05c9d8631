"""`noc-console notice preview`: what a channel would show; nothing is sent."""

import argparse
import json
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.notice_content import named_notice
from noc_console.cli.terminal_text import inert
from noc_console.incidents.wall_time import zone_of
from noc_console.notices.previewing import (
    KIND_WORDS,
    Shown,
    find_channel,
    read_send,
    show,
    usual_send,
)
from noc_console.notices.rendering import Renderer
from noc_console.notices.template_shelf import read_shelf
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

_FORMS = ("channel", "markdown", "html", "plain", "summary")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which notice, where and when."""
    parser.add_argument("notice", metavar="FILE|ID", help="a notice file, or a notice's number")
    parser.add_argument(
        "--channel",
        default="email",
        metavar="NAME",
        help=f"a channel by name, or one of {', '.join(KIND_WORDS)} (default: email)",
    )
    parser.add_argument("--send", metavar="SEND", help="such as 'day before' (default: the first)")
    parser.add_argument("--language", default="", metavar="L", help="the reader's language")
    parser.add_argument("--zone", default="", metavar="ZONE", help="the reader's time zone")
    parser.add_argument(
        "--words", default="", metavar="TEXT", help="what is said with an update, a cancellation"
    )
    parser.add_argument("--form", choices=_FORMS, default="channel", help="in which form")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print title and text, and what the channel says of its length.

    Raises:
        ConsoleError: there is no such notice, channel or send, or the template cannot be used.
    """
    now = datetime.now(UTC)
    if arguments.zone:
        zone_of(arguments.zone)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        notice = named_notice(store, arguments.notice, now)
        channel = find_channel(store, arguments.channel)
        send = read_send(notice, arguments.send) if arguments.send else usual_send(notice)
        with Renderer(read_shelf(store)) as renderer:
            shown = show(
                store,
                renderer,
                notice,
                channel,
                send,
                now,
                language=arguments.language,
                zone=arguments.zone,
                words=arguments.words,
            )
    if arguments.json:
        print(json.dumps(_as_json(shown)))
    else:
        print(*_lines(shown, arguments.form), sep="\n")
    return 0


def _lines(shown: Shown, form: str) -> list[str]:
    if form != "channel":
        return _inert_lines(getattr(shown.text, form))
    preview = shown.preview
    told = [f"{shown.channel.name} ({shown.channel.kind.value}), {shown.send.value}", ""]
    told += [inert(preview.title), ""] if preview.title else []
    for post, length in zip(preview.posts, preview.counts, strict=True):
        told += _inert_lines(post)
        told.append(f"[{length} of {preview.most}]" if preview.most else f"[{length} characters]")
    return [*told, *(f"look: {inert(one)}" for one in preview.warnings)]


def _inert_lines(text: str) -> list[str]:
    return [inert(line) for line in text.rstrip("\n").split("\n")]


def _as_json(shown: Shown) -> dict[str, str | int | Sequence[str | int]]:
    return {
        "channel": shown.channel.name,
        "kind": shown.channel.kind.value,
        "send": shown.send.value,
        "title": shown.text.title,
        "summary": shown.text.summary,
        "markdown": shown.text.markdown,
        "html": shown.text.html,
        "plain": shown.text.plain,
        "shown_title": shown.preview.title,
        "posts": list(shown.preview.posts),
        "counts": list(shown.preview.counts),
        "most": shown.preview.most,
        "warnings": list(shown.preview.warnings),
    }
