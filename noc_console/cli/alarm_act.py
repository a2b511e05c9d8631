"""What a person does to alarms from the command line: the same acts as from the window."""

import argparse
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from noc_console.cli.alarm_words import alarm_to_json, name_of
from noc_console.cli.moments import parse_span, parse_until
from noc_console.cli.who import own_name
from noc_console.fleet.records import list_servers
from noc_console.health.alarm import Alarm
from noc_console.health.alarm_acts import (
    Outcome,
    acknowledge,
    claim,
    latch,
    release,
    shelve,
    unlatch,
    unshelve,
)
from noc_console.health.alarm_records import act_on
from noc_console.incidents.times import local_text
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store

Words = argparse.Namespace
Deed = Callable[[Alarm, Words, str, datetime], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act: what it does, which words it needs, how it is done, and what is said of it."""

    what: str
    deed: Deed
    said: str
    reason: bool = False
    ends: str = ""
    """The option that says when it ends: `until` (may be left out) or `for` (needed)."""


def _acknowledge(alarm: Alarm, words: Words, by: str, now: datetime) -> Outcome:
    until = parse_until(words.until, now) if words.until else None
    return acknowledge(alarm, by=by, now=now, reason=words.reason, until=until)


def _shelve(alarm: Alarm, words: Words, by: str, now: datetime) -> Outcome:
    until = now + parse_span(words.span)
    return shelve(alarm, by=by, now=now, until=until, reason=words.reason)


ACTS: Mapping[str, Act] = {
    "ack": Act(
        what="note that you know of alarms, and why they may stay",
        deed=_acknowledge,
        said="Acknowledged",
        reason=True,
        ends="until",
    ),
    "claim": Act(
        what="say that you are on it; every desk sees it",
        deed=lambda alarm, _words, by, now: claim(alarm, by=by, now=now),
        said="Claimed",
    ),
    "release": Act(
        what="give alarms back that somebody claimed",
        deed=lambda alarm, _words, by, _now: release(alarm, by=by),
        said="Given back",
    ),
    "shelve": Act(
        what="put alarms aside for a while",
        deed=_shelve,
        said="Shelved",
        reason=True,
        ends="for",
    ),
    "unshelve": Act(
        what="take alarms off the shelf",
        deed=lambda alarm, _words, _by, _now: unshelve(alarm),
        said="Off the shelf",
    ),
    "latch": Act(
        what="have alarms stay open until somebody acknowledges them",
        deed=lambda alarm, _words, _by, _now: latch(alarm),
        said="Latched",
    ),
    "unlatch": Act(
        what="let alarms clear by themselves again",
        deed=lambda alarm, _words, _by, now: unlatch(alarm, now=now),
        said="Not latched any more",
    ),
}


class AlarmAct:
    """A command that does one act to the alarms that are named, all or none."""

    def __init__(self, act: Act) -> None:
        """Do this act."""
        self._act = act

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare which alarms, and what the act needs."""
        parser.add_argument("ids", type=int, nargs="+", metavar="ID", help="as `alarm list` prints")
        if self._act.reason:
            parser.add_argument("--reason", required=True, metavar="WORDS", help="why")
        if self._act.ends == "until":
            parser.add_argument(
                "--until",
                metavar="WHEN",
                help="from when on it calls again: 2h, 3d, or a time such as 2026-05-01T14:30"
                " (default: when it gets worse)",
            )
        if self._act.ends == "for":
            parser.add_argument(
                "--for", required=True, dest="span", metavar="SPAN", help="such as 30m, 2h, 3d"
            )
        parser.add_argument("--json", action="store_true", help="print the alarms as JSON")

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it and say what holds now.

        Raises:
            ConsoleError: an alarm does not take it, and nothing was done to any.
        """
        by, now = own_name(), datetime.now(UTC)
        with closing(open_store(StoreLocation.parse(arguments.store))) as store:
            alarms = act_on(
                store,
                dict.fromkeys(arguments.ids),
                lambda alarm: self._act.deed(alarm, arguments, by, now),
                by=by,
                at=now,
            )
            servers = {server.id: server for server in list_servers(store)}
        if arguments.json:
            print(json.dumps({"alarms": [alarm_to_json(one, servers) for one in alarms]}))
            return 0
        for one in alarms:
            print(f"{self._act.said}{_until(one, self._act)}: {one.id}, {name_of(one, servers)}")
        return 0


def _until(alarm: Alarm, act: Act) -> str:
    mark = {"until": alarm.acknowledged, "for": alarm.shelved}.get(act.ends)
    return f" until {local_text(mark.until)}" if mark is not None and mark.until else ""
