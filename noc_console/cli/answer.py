"""`noc-console answer`: which server a caller's site is on, how it stands, and what to say."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import inert
from noc_console.fleet.records import list_servers
from noc_console.fleet.server import Server
from noc_console.health.records import list_states
from noc_console.health.rules import verdict_now
from noc_console.health.verdict import Judgement
from noc_console.incidents.answer_desk.answer import Answer, nothing_found
from noc_console.incidents.answer_desk.answering import answer_question
from noc_console.incidents.answer_desk.site_index import SiteIndex
from noc_console.store.heartbeat import living_engine
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

EXIT_NOBODY = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the question."""
    parser.add_argument(
        "asked", metavar="WHO", help="a customer's site, address of a page, mail address or name"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the answers, those who are affected first; exits 1 when nobody here is meant.

    Raises:
        ConsoleError: the store cannot be used.
    """
    now = datetime.now(UTC)
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        states = list_states(store)
        is_watched = living_engine(store, now) is not None

        def judge(server: Server) -> Judgement | None:
            state = states.get(server.id)
            if state is None:
                return None
            return verdict_now(
                state.judgement, state.last_sample_at, server.tick_s, now, is_watched=is_watched
            )

        index = SiteIndex(list_servers(store))
        found = answer_question(store, index, arguments.asked, judge, now)
    if arguments.json:
        print(json.dumps({"asked": arguments.asked, "answers": [_to_json(one) for one in found]}))
    elif found:
        print(*(line for one in found for line in _lines(one)), sep="\n")
    else:
        print(inert(nothing_found(arguments.asked)))
    return 0 if found else EXIT_NOBODY


def _to_json(one: Answer) -> dict[str, Any]:
    site = one.hit.site
    return {
        "server": one.hit.server.name,
        "site": None if site is None else site.domain,
        "customer": site.customer if site is not None and site.customer else None,
        "found_by": one.hit.by.value,
        "standing": one.standing.value,
        "since": None if one.since is None else iso(one.since),
        "incident": None if one.incident is None else one.incident.id,
        "said": [{"at": iso(said.at), "by": said.by, "words": said.words} for said in one.said],
        "next_update": None if one.next_update_at is None else iso(one.next_update_at),
        "is_overdue": one.is_overdue,
        "words": one.words,
        "text": one.text,
    }


def _lines(one: Answer) -> list[str]:
    return [inert(one.words), *(f"  | {inert(line)}" for line in one.text.splitlines()), ""]
