"""Postings as JSON and as lines for a terminal, and what came of an act. No clock."""

import argparse
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import inert
from noc_console.incidents.times import local_text
from noc_console.notices.acts import Done
from noc_console.notices.posting import Counts, Posting, PostingState
from noc_console.notices.posting_rows import counts_of, postings_of
from noc_console.notices.progress import progress_words
from noc_console.store.store import Store


def add_notice_number(parser: argparse.ArgumentParser) -> None:
    """Declare which notice, and the form of the answer."""
    parser.add_argument("notice", metavar="ID", type=int, help="the notice's number")
    parser.add_argument("--json", action="store_true", help="print JSON")


def posting_json(one: Posting, counts: Counts | None = None, asleep: str = "") -> dict[str, Any]:
    """Give a posting as plain values; `null` where something did not happen."""
    return {
        "id": one.id,
        "notice": one.notice_id,
        "version": one.version,
        "send": one.send,
        "round": one.round,
        "channel": one.channel_name,
        "kind": one.channel_kind,
        "act": one.act.value,
        "state": one.state.value,
        "needs_person": one.state.needs_person,
        "due": iso(one.due_at),
        "next": iso(one.next_at) if one.state.is_open else None,
        "tries": one.tries,
        "ended": _iso(one.ended_at),
        "publishes": _iso(one.publishes_at),
        "words": one.words,
        "reference": one.reference,
        "remote_id": one.remote_id or None,
        "link": one.link or None,
        "mailings": None
        if counts is None
        else {state.value: count for state, count in counts.by_state.items()},
        "nobody_awake": asleep or None,
    }


def posting_lines(
    postings: Iterable[Posting],
    counts: Mapping[int, Counts],
    asleep: Mapping[int, str],
    now: datetime | None = None,
) -> list[str]:
    """Give postings as lines, in their order; with `now` also how long mails will take."""
    lines: list[str] = []
    for one in postings:
        what = one.send if one.act.value == "post" else f"{one.act.value} {one.send}"
        mark = "!" if one.state.needs_person or one.id in asleep else " "
        lines.append(
            f"{mark} {one.id:>5} of {one.notice_id:<4} {local_text(one.due_at)}  {what:<12.24}  "
            f"{inert(one.channel_name)[:24]:<16}  {one.state.value:<10}  {inert(one.words)}"
        )
        if one.link:
            lines.append(f"         {inert(one.link)}")
        if one.id in counts and one.state.is_open:
            words = counts[one.id].words
            if now is not None and one.state is PostingState.SENDING:
                words = progress_words(counts[one.id], one.began_at, now)
            lines.append(f"         {words}")
        if one.id in asleep:
            lines.append(f"         {asleep[one.id]}")
    return lines


def print_done(store: Store, done: Done, sentence: str, *, as_json: bool) -> None:
    """Print what came of an act, with the postings that go."""
    new = [one for one in postings_of(store, done.notice_id) if one.id in done.postings]
    counts = counts_of(store, done.postings)
    if as_json:
        told = {
            "notice": done.notice_id,
            "version": done.version,
            "next_update": _iso(done.next_update_at),
            "waits_for_second": done.waits_for_second,
            "postings": [posting_json(one, counts.get(one.id)) for one in new],
        }
        print(json.dumps(told))
        return
    print(inert(sentence))
    print(*posting_lines(new, counts, {}), sep="\n")
    if not new and not done.waits_for_second:
        print("Nobody had been told of it, so nothing goes.")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
