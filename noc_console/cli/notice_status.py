"""`noc-console notice status`: what waits, went, and needs a person; of one notice or of all."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.moments import iso
from noc_console.cli.notice_outcome import posting_json, posting_lines
from noc_console.cli.terminal_text import inert
from noc_console.incidents.times import local_text
from noc_console.notices.notice import Notice
from noc_console.notices.notice_records import StoredNotice, get_notice, list_notices
from noc_console.notices.overdue import overdue_of
from noc_console.notices.posting_rows import counts_of, outbox, postings_of
from noc_console.notices.rulings import Fate
from noc_console.notices.settling import in_force, rulings_of
from noc_console.notices.wakefulness import read_wakefulness
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

EXIT_NEEDS_PERSON = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which one."""
    parser.add_argument("notice", metavar="ID", type=int, nargs="?", help="one notice only")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print it; exit 1 when a person is needed.

    Raises:
        ConsoleError: there is no such notice.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if arguments.notice is None:
            notices = list_notices(store, with_over=False)
            postings = outbox(store)
        else:
            notices = [get_notice(store, arguments.notice)]
            postings = postings_of(store, arguments.notice)
        awake = read_wakefulness(store, postings, now)
        counts = counts_of(store, [one.id for one in postings])
        held = _held(store, notices, now)
        live = in_force(store, notices)
    pressing = {one.id: _pressing(one, live[one.id], now) for one in notices}
    if arguments.json:
        told = {
            "notices": [
                _notice_json(one, held.get(one.id, ""), pressing[one.id]) for one in notices
            ],
            "postings": [
                posting_json(one, counts.get(one.id), awake.asleep.get(one.id, ""))
                for one in postings
            ],
            "sender": {"is_awake": awake.is_awake, "words": awake.words},
        }
        print(json.dumps(told))
    else:
        print(*_lines(notices, live, held, pressing, now), sep="\n")
        print(*posting_lines(postings, counts, awake.asleep, now), sep="\n")
        print(inert(awake.words))
    is_needed = any(pressing.values()) or held or any(one.state.needs_person for one in postings)
    return EXIT_NEEDS_PERSON if is_needed else 0


def _held(store: Store, notices: list[StoredNotice], now: datetime) -> dict[int, str]:
    """Give why what goes by the clock is kept back, by notice; nothing where it is not."""
    found: dict[int, str] = {}
    for one in notices:
        if one.live_version is not None and not one.state.is_over:
            held = [
                ruling.words
                for ruling in rulings_of(store, one.id, now)
                if ruling.fate is Fate.HELD
            ]
            if held:
                found[one.id] = held[0]
    return found


def _pressing(one: StoredNotice, told: Notice, now: datetime) -> str:
    """Say what a notice waits for that is late; empty where nothing is."""
    late = overdue_of(one, told if one.live_version is not None else None, now)
    return " ".join(f"OVERDUE since {local_text(found.since)}: {found.words}" for found in late)


def _lines(
    notices: list[StoredNotice],
    told: dict[int, Notice],
    held: dict[int, str],
    pressing: dict[int, str],
    now: datetime,
) -> list[str]:
    lines = []
    for one in notices:
        starts = told[one.id].starts_at or one.notice.since
        when = f", {local_text(starts)}" if starts else ""
        lines.append(
            f"Notice {one.id}: {inert(one.notice.title) or 'without title'} "
            f"({one.notice.kind.value}, {one.state.value}{when})"
        )
        troubles = (pressing[one.id], held.get(one.id, ""))
        lines.extend(f"! {inert(words)}" for words in troubles if words)
        if one.next_update_at is not None and one.next_update_at >= now:
            lines.append(f"  next update promised for {local_text(one.next_update_at)}")
    return lines or ["No notice is open."]


def _notice_json(one: StoredNotice, held: str, pressing: str) -> dict[str, object]:
    return {
        "id": one.id,
        "title": one.notice.title,
        "kind": one.notice.kind.value,
        "state": one.state.value,
        "version": one.live_version,
        "next_update": None if one.next_update_at is None else iso(one.next_update_at),
        "held": held or None,
        "pressing": pressing or None,
    }
